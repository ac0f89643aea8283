"""What a policy says about one child: the highest of the floors that its rules set, and what is not known."""

from collections.abc import Iterator, Sequence

from services.triage.policy.compiled import (
    AMBER,
    DISCUSSIONS,
    PATHWAYS,
    RAGS,
    Compiled,
    Look,
    Reach,
    compiled,
    highest,
)
from services.triage.policy.document import PolicyDocument
from services.triage.policy.facts import ChildFacts, Evidence, Unheard
from services.triage.policy.plain_words import NO_AGE, NO_RULE, NOT_KNOWN, SECTORS, UNSETTLED, silence_words
from services.triage.policy.recommendation import FiredRule, Recommendation
from services.triage.policy.routes import conditions_of
from services.triage.policy.single_fact import Asked, single_fact
from shared.codes import INDICATORS_VERSION


def recommend(policy: PolicyDocument, facts: ChildFacts) -> Recommendation:
    """Return the highest level, pathway and colour that any rule of the policy asks for.

    Nothing is averaged and no rule lowers. When no rule sets a level the answer is no level at all, never
    the lowest one. Whatever needs a person (no level, an indicator the hub does not know, a rule that spoke
    only because a fact is missing) is amber at least. Where several referrals are about the child, the answer
    is no lower than the answer to each of them alone.

    Source:
        Hub default policy 2026; docs/guides/threshold-policy.md, "How the answer is made".
    """
    ready = compiled(policy)
    whole = ready.look(facts)
    alone = [ready.look(part) for part in facts.apart]
    apart = highest(*(look.reach for look in alone)) if alone else None
    reach = whole.reach if apart is None else highest(whole.reach, apart)
    silent = tuple(sector for sector in policy.core_sectors if sector in whole.evidence.silent)
    step = ready.steps[reach.place] if reach.place >= 0 else None
    level, pathway = (step.level if step else None), PATHWAYS.get(reach.pathway)
    needs_person = whole.needs_person or any(look.needs_person for look in alone)
    return Recommendation(
        policy_version=policy.version,
        indicators_version=INDICATORS_VERSION,
        level=level,
        local=ready.locals[reach.place] if step else None,
        pathway=pathway,
        rag=RAGS[reach.rag],
        discussion=DISCUSSIONS[reach.discussion],
        fired=_fired(ready, reach, whole, alone),
        conditions=conditions_of(
            whole.evidence,
            level=level,
            pathway=pathway,
            green_without=bool(silent) and not reach.rag,
            council=facts.council,
        ),
        missing=tuple(
            _missing(ready, whole, facts.unheard, unsettled=needs_person and not whole.needs_person)
        ),
        single_fact=single_fact(ready, Asked(facts, whole, reach, apart, silent)),
        provisional=bool(silent),
        needs_person=needs_person,
    )


def _fired(ready: Compiled, answer: Reach, whole: Look, alone: Sequence[Look]) -> tuple[FiredRule, ...]:
    """Return each rule that spoke, once, and whether it decides; what it said of the whole comes first."""
    if not alone:
        return _told(ready, whole.spoken.fired, answer, whole.leaves_open)
    looks = (whole, *alone)
    spoke: dict[int, bool] = {}
    for look in looks:
        for place, assumed in look.spoken.fired:
            spoke.setdefault(place, assumed)
    return _told(ready, tuple(spoke.items()), answer, any(look.leaves_open for look in looks))


def _told(
    ready: Compiled, spoke: tuple[tuple[int, bool], ...], answer: Reach, amber_anyway: bool
) -> tuple[FiredRule, ...]:
    key = (spoke, answer, amber_anyway)
    told = ready.told.get(key)
    if told is None:
        told = ready.told[key] = tuple(
            ready.said(
                place, assumed=assumed, decides=_decides(ready.reach_of(place, assumed), answer, amber_anyway)
            )
            for place, assumed in spoke
        )
    return told


def _decides(reach: Reach, answer: Reach, amber_anyway: bool) -> bool:
    """Say whether a rule reaches as far as the answer in a respect that no rule less would have reached."""
    return (
        reach.place == answer.place >= 0
        or reach.pathway == answer.pathway >= 0
        or reach.rag == answer.rag > (AMBER if amber_anyway else 0)
        or reach.discussion == answer.discussion > 0
    )


def _missing(ready: Compiled, whole: Look, unheard: Sequence[Unheard], *, unsettled: bool) -> Iterator[str]:
    """Say what is not known of the child. The code that was sent is not repeated: it may hold a name."""
    evidence = whole.evidence
    if unsettled:
        yield UNSETTLED
    if whole.spoken.reach.place < 0:
        yield NO_RULE
    if evidence.unknown_count:
        yield f"Concerns that are not on the hub's list, for a person to read: {evidence.unknown_count}."
    if evidence.age_years is None and not evidence.unborn:
        yield NO_AGE
    yield from _not_said(ready, evidence, unheard)


def _not_said(ready: Compiled, evidence: Evidence, unheard: Sequence[Unheard]) -> Iterator[str]:
    for name in ready.may_be_untold:
        if getattr(evidence, name) is None:
            yield NOT_KNOWN[name]
    for sector in ready.policy.core_sectors:
        why = evidence.silent.get(sector)
        if why and unheard:
            yield from silence_words(sector, why, unheard)
        elif why:
            yield f"{SECTORS[sector]}: {why}."

"""What a policy says about one child: the highest of the floors that its rules set, and what is not known."""

from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict

from services.triage.policy.conditions import Answer
from services.triage.policy.document import (
    Discussion,
    Floors,
    PolicyDocument,
    Rule,
    protection,
    urgency,
    weight,
)
from services.triage.policy.facts import ChildFacts, Evidence, weigh
from shared.codes import INDICATORS_VERSION
from shared.schemas import policy as shown
from shared.schemas.words import GradeStatus, Level, Pathway, Rag, Sector

_SECTOR_WORDS: Final = {
    Sector.POLICE: "The police",
    Sector.HEALTH: "Health",
    Sector.EDUCATION: "Education",
    Sector.SOCIAL_CARE: "Children's social care",
    Sector.OTHER: "Another agency",
}

_NO_RULE = "No rule of the policy covers what is known: a person must set the level of need."
_UNSETTLED = "A contact about the child leaves something open that only a person can settle."
_NO_AGE = "The child's age is not known, so the youngest age is assumed."


class FiredRule(BaseModel):
    """A rule that spoke for the child."""

    model_config = ConfigDict(frozen=True)

    rule_id: str
    words: str
    source: str
    then: Floors
    #: It spoke because a fact is missing and the worse case is assumed.
    assumed: bool


class Recommendation(BaseModel):
    """What the policy recommends; never a decision. Stored as it is, beside the facts it was made from."""

    model_config = ConfigDict(frozen=True)

    policy_version: str
    indicators_version: str
    #: None: the policy cannot say, a person must. It never means that all is well.
    level: Level | None
    pathway: Pathway | None
    rag: Rag
    discussion: Discussion | None
    fired: tuple[FiredRule, ...]
    #: What is not known, in plain words, without anything that was sent.
    missing: tuple[str, ...]
    #: A core sector has not said what it knows.
    provisional: bool
    #: A person has to settle something that the policy could not.
    needs_person: bool

    def view(self) -> shown.RecommendationView:
        """Return it as the API shows it."""
        return shown.RecommendationView(
            policy_version=self.policy_version,
            level=self.level,
            pathway=self.pathway,
            rag=self.rag,
            fired=[_shown(rule) for rule in self.fired],
            missing=list(self.missing),
            provisional=self.provisional,
            needs_person=self.needs_person,
            discussion=self.discussion,
        )


def recommend(policy: PolicyDocument, facts: ChildFacts) -> Recommendation:
    """Return the highest level, pathway and colour that any rule of the policy asks for.

    Nothing is averaged and no rule lowers. When no rule sets a level the answer is no level at all, never
    the lowest one. Whatever needs a person (no level, an indicator the hub does not know, a rule that spoke
    only because a fact is missing) is amber at least. Where several referrals are about the child, the answer
    is no lower than the answer to each of them alone.

    Source:
        Hub default policy 2026; docs/guides/threshold-policy.md, "How the answer is made".
    """
    whole = _answer(policy, facts)
    return _raised(whole, [_answer(policy, part) for part in facts.apart]) if facts.apart else whole


def _answer(policy: PolicyDocument, facts: ChildFacts) -> Recommendation:
    evidence = weigh(facts)
    answers = ((rule, rule.when.answer(evidence)) for rule in policy.rules)
    fired = tuple(_fired(rule, answer) for rule, answer in answers if answer is not Answer.NO)
    floors = [rule.then for rule in fired]
    level = max((floor.level for floor in floors if floor.level), default=None)
    needs_person = level is None or evidence.unknown_count > 0 or any(rule.assumed for rule in fired)
    rags = [floor.rag for floor in floors if floor.rag]
    silent = _silent_sectors(policy, facts)
    return Recommendation(
        policy_version=policy.version,
        indicators_version=INDICATORS_VERSION,
        level=level,
        pathway=max((floor.pathway for floor in floors if floor.pathway), key=protection, default=None),
        rag=max([*rags, Rag.AMBER if needs_person else Rag.GREEN], key=urgency),
        discussion=max((floor.discussion for floor in floors if floor.discussion), key=weight, default=None),
        fired=fired,
        missing=(*_missing(evidence, level), *silent),
        provisional=bool(silent),
        needs_person=needs_person,
    )


def _raised(whole: Recommendation, alone: Sequence[Recommendation]) -> Recommendation:
    """Return an answer that stands no lower than what any referral about the child is answered alone.

    More is known together, and still it could be answered lower: a date of birth that one of them gives
    settles what another leaves open, and agencies who differ alone may agree on the whole.
    """
    every = [whole, *alone]
    fired = {rule.rule_id: rule for answer in reversed(every) for rule in answer.fired}
    spoke = {rule.rule_id: None for answer in every for rule in answer.fired}
    unsettled = any(one.needs_person for one in alone) and not whole.needs_person
    return whole.model_copy(
        update={
            "level": max((one.level for one in every if one.level), default=None),
            "pathway": max((one.pathway for one in every if one.pathway), key=protection, default=None),
            "rag": max((one.rag for one in every), key=urgency),
            "discussion": max((one.discussion for one in every if one.discussion), key=weight, default=None),
            "fired": tuple(fired[rule_id] for rule_id in spoke),
            "missing": (*((_UNSETTLED,) if unsettled else ()), *whole.missing),
            "needs_person": any(one.needs_person for one in every),
        }
    )


def _fired(rule: Rule, answer: Answer) -> FiredRule:
    return FiredRule(
        rule_id=rule.id,
        words=rule.words,
        source=rule.source,
        then=rule.then,
        assumed=answer is Answer.UNKNOWN,
    )


def _missing(evidence: Evidence, level: Level | None) -> tuple[str, ...]:
    """Say what is not known of the child. The code that was sent is not repeated: it may hold a name."""
    words = []
    if level is None:
        words.append(_NO_RULE)
    if evidence.unknown_count:
        words.append(
            f"Concerns that are not on the hub's list, for a person to read: {evidence.unknown_count}."
        )
    if evidence.age_years is None and not evidence.unborn:
        words.append(_NO_AGE)
    return tuple(words)


def _silent_sectors(policy: PolicyDocument, facts: ChildFacts) -> tuple[str, ...]:
    """Say which core sectors have not told what they know, one sentence each."""
    said: dict[Sector | None, set[GradeStatus]] = {}
    for given in facts.all_grades:
        said.setdefault(given.sector, set()).add(given.status)
    words = (_silence(sector, said.get(sector, set()), facts) for sector in policy.core_sectors)
    return tuple(sentence for sentence in words if sentence)


def _silence(sector: Sector, said: set[GradeStatus], facts: ChildFacts) -> str | None:
    name = _SECTOR_WORDS[sector]
    if sector in facts.not_answered:
        return f"{name}: asked, not answered."
    # An agency that could not look has answered, but what it knows is still not known.
    if sector in facts.could_not_say or said == {GradeStatus.UNABLE}:
        return f"{name}: could not check."
    return None if said or sector in facts.answered else f"{name}: not asked."


def _shown(rule: FiredRule) -> shown.FiredRule:
    floors = rule.then
    return shown.FiredRule(
        rule_id=rule.rule_id,
        words=rule.words,
        source=rule.source,
        level=floors.level,
        pathway=floors.pathway,
        rag=floors.rag,
        assumed=rule.assumed,
    )

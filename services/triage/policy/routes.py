"""What has to hold before a recommended pathway can be taken: it never lowers what is recommended.

Source:
    docs/adr/0028-what-a-policy-may-say.md; the hub's practice on consent (level 2 is the family's choice).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from services.triage.policy.facts import PLAN_ORDER, CouncilStanding, Evidence, FamilyConsent, Plan
from services.triage.policy.recommendation import RouteCondition
from shared.clock import LONDON
from shared.schemas.words import Level, Pathway

_CONSENT_NEEDED: Final = RouteCondition(
    code="consent_needed",
    words=(
        "Early help is the family's choice, and nobody has recorded that they agree. Seek their consent; "
        "until they give it, the answer is advice to the referrer."
    ),
    until_then=Pathway.ADVICE,
)
_CONSENT_REFUSED: Final = RouteCondition(
    code="consent_refused",
    words=(
        "The family has said no to help, and nobody makes them take it. The answer is advice to the "
        "referrer: how to stay with the family and seek consent again."
    ),
    until_then=Pathway.ADVICE,
)
_REFUSED_AGAIN: Final = RouteCondition(
    code="refused_again",
    words=(
        "The family has said no and the worry has come back. Somebody senior looks at whether a section 17 "
        "assessment is called for, and writes down why or why not."
    ),
)
_OPEN_TO_SOCIAL_CARE: Final = RouteCondition(
    code="open_to_social_care",
    words="Social care has this child already. Tell the worker who has the child today, whatever is decided.",
)
_STANDS: Final[Mapping[str, str]] = {
    "looked_after": "looked after",
    "child_protection_plan": "on a child protection plan",
    "child_in_need_plan": "on a child in need plan",
    "allocated_worker": "with an allocated worker",
}
_GREEN_NOT_FINAL: Final = RouteCondition(
    code="green_not_final",
    words=(
        "A core agency has not said what it knows. A Green is not final before its time is up "
        "unless a manager says so."
    ),
)
_OFTEN: Final = 2


def conditions_of(
    evidence: Evidence,
    *,
    level: Level | None,
    pathway: Pathway | None,
    green_without: bool,
    council: CouncilStanding | None = None,
) -> tuple[RouteCondition, ...]:
    """Return what has to hold for an answer, in the order in which a person reads it.

    Args:
        green_without: the answer is green although a core sector is silent.
        council: what the council's case system says of the child, which is named with it.
    """
    return tuple(_conditions(evidence, level, pathway, green_without, council))


def _conditions(
    evidence: Evidence,
    level: Level | None,
    pathway: Pathway | None,
    green_without: bool,
    council: CouncilStanding | None,
) -> Iterator[RouteCondition]:
    refused = evidence.consent is FamilyConsent.REFUSED
    if pathway is Pathway.EARLY_HELP and evidence.consent is not FamilyConsent.GIVEN:
        yield _CONSENT_REFUSED if refused else _CONSENT_NEEDED
    again = evidence.re_referral_12m or evidence.contacts_12m >= _OFTEN
    if refused and again and level is not None and level >= Level.ADDITIONAL:
        yield _REFUSED_AGAIN
    if council is not None and council.knows_child:
        yield _OPEN_TO_SOCIAL_CARE.model_copy(update={"words": _council_words(council)})
    elif _is_open(evidence):
        yield _OPEN_TO_SOCIAL_CARE
    if green_without:
        yield _GREEN_NOT_FINAL


def _is_open(evidence: Evidence) -> bool:
    on_plan = evidence.plan is not None and PLAN_ORDER[evidence.plan] >= PLAN_ORDER[Plan.CHILD_IN_NEED]
    return bool(on_plan or evidence.allocated_worker or evidence.looked_after)


def _council_words(council: CouncilStanding) -> str:
    """Return how the child stands with the council and who says so; the day is London's."""
    stands = ", ".join(words for name, words in _STANDS.items() if getattr(council, name))
    on = council.as_of.astimezone(LONDON)
    return (
        f"Social care has this child already: {stands}, says the council's own case system as of {on.day} "
        f"{on:%B %Y}. Tell the worker who has the child today, whatever is decided."
    )

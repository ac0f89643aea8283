"""What no published policy may go below, whatever a partnership writes into its own."""

from dataclasses import dataclass
from typing import Any, Final

from services.triage.policy.document import Discussion, Floors, urgency, weight
from services.triage.policy.facts import AgencyGrade, ChildFacts, FamilyConsent, Plan
from services.triage.policy.recommendation import Recommendation
from services.triage.policy.scale import protection
from shared.schemas.words import Level, Pathway, Rag, Sector

_AT_ONCE: Final = Floors(level=Level.SPECIALIST, pathway=Pathway.STRATEGY_DISCUSSION, rag=Rag.RED)
_TALK_TODAY: Final = Floors(
    level=Level.COMPLEX, pathway=Pathway.CHILD_IN_NEED, rag=Rag.RED, discussion=Discussion.SAME_DAY
)
# Which pathway belongs to levels 3 and 4 differs from place to place, so these ask for no more than any has.
_COMPLEX: Final = Floors(level=Level.COMPLEX, pathway=Pathway.EARLY_HELP, discussion=Discussion.RECORDED)
_SPECIALIST: Final = Floors(level=Level.SPECIALIST, pathway=Pathway.CHILD_IN_NEED)

_TALK: Final = Floors(discussion=Discussion.RECORDED)

#: Named alone, each of these calls for a strategy discussion at once.
_SIGNS_AT_ONCE: Final = (
    "abuse.disclosed",
    "physical_abuse.non_mobile_infant_injury",
    "sexual_abuse.disclosed_or_suspected",
    "sexual_abuse.under_13_sexual_activity",
    "domestic_abuse.strangulation",
    "fgm.suspected",
    "trafficking.suspected",
    "exploitation.sexual",
    "exploitation.criminal",
)


@dataclass(frozen=True, slots=True)
class Floor:
    """A child as any policy may meet one, and the least that must be recommended."""

    words: str
    facts: ChildFacts
    least: Floors


def _graded(grade: int, agency: str = "example-police", sector: Sector = Sector.POLICE) -> AgencyGrade:
    return AgencyGrade(agency_id=agency, sector=sector, grade=grade)


def but_for(**given: Any) -> ChildFacts:
    """Return the facts of a child of sixteen: all is known, and nothing is worrying but what is `given`."""
    return _NO_WORRY.model_copy(update=given)


_NO_WORRY: Final = ChildFacts(
    age_years=16,
    looked_after=False,
    plan=Plan.NONE,
    private_fostering=False,
    allocated_worker=False,
    previous_plan=False,
    hot_spot=False,
    consent=FamilyConsent.GIVEN,
    child_seen=True,
    answered=tuple(Sector),
)

FLOORS: Final = (
    Floor("a child in immediate danger", but_for(immediate_danger=True), _AT_ONCE),
    *(Floor(f"the sign {code} alone", but_for(indicators=(code,)), _AT_ONCE) for code in _SIGNS_AT_ONCE),
    Floor("one grade of 5", but_for(grades=(_graded(5),)), _TALK_TODAY),
    Floor("a grade of 5 from the sender", but_for(sender_grade=_graded(5)), _TALK_TODAY),
    Floor("one grade of 4", but_for(grades=(_graded(4),)), _COMPLEX),
    Floor(
        "a grade of 4 from two agencies",
        but_for(grades=(_graded(4), _graded(4, "example-trust", Sector.HEALTH))),
        _SPECIALIST,
    ),
    Floor(
        "a pregnant child under thirteen",
        but_for(indicators=("teenage_pregnancy.under_18",), age_years=12),
        _AT_ONCE,
    ),
    Floor(
        "grades three steps apart",
        but_for(grades=(_graded(3), _graded(0, "example-trust", Sector.HEALTH))),
        _TALK,
    ),
    Floor("a worry for a child under two", but_for(indicators=("neglect.early",), age_years=1), _TALK),
    Floor("a third contact in a year", but_for(contacts_12m=3), _TALK),
    Floor("a return within a year", but_for(re_referral_12m=True), _TALK),
    Floor("a child passed on and back twice in a year", but_for(returns_12m=2), _TALK),
    Floor("an earlier plan", but_for(previous_plan=True), _TALK),
)


def ranks(answer: Recommendation | Floors) -> tuple[int, int, int, int]:
    """Return how high an answer stands in level, pathway, colour and discussion, to compare two."""
    return (
        answer.level or 0,
        -1 if answer.pathway is None else protection(answer.pathway),
        -1 if answer.rag is None else urgency(answer.rag),
        0 if answer.discussion is None else weight(answer.discussion),
    )


def falls_short(recommended: Recommendation, least: Floors) -> bool:
    """Return whether a recommendation is below the least there must be, in any respect."""
    return any(have < must for have, must in zip(ranks(recommended), ranks(least), strict=True))

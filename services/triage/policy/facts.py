"""What the policy looks at for one child, stored with each recommendation to explain it later."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.codes import INDICATORS
from shared.schemas.words import GradeStatus, Sector
from shared.schemas.words_asking import Source

#: Beyond this a date of birth is taken for a slip of the pen, and the age for unknown: services for young
#: people with special needs and care leavers end at 25.
OLDEST_YEARS: Final = 25

_SECTORS: Final = tuple(Sector)
_LEVELS: Final = {code: indicator.level for code, indicator in INDICATORS.items()}
_CODES: Final = frozenset(_LEVELS)

_FACTS = ConfigDict(frozen=True, extra="forbid", strict=True)


class Plan(StrEnum):
    """The plan a child is on."""

    NONE = "none"
    EARLY_HELP = "early_help"
    CHILD_IN_NEED = "child_in_need"
    CHILD_PROTECTION = "child_protection"


#: Plans from none to the one that goes furthest.
PLAN_ORDER: Final = {plan: place for place, plan in enumerate(Plan)}


class FamilyConsent(StrEnum):
    """What the family said to the worry being shared and acted on."""

    GIVEN = "given"
    REFUSED = "refused"
    #: Nobody asked, and the sender says on what ground.
    NOT_SOUGHT = "not_sought"


class AgencyGrade(BaseModel):
    """One agency's level of concern. Nothing known and unable carry no grade: neither is a 0."""

    model_config = _FACTS

    agency_id: str
    sector: Sector | None = None
    status: GradeStatus = GradeStatus.GRADED
    grade: Annotated[int, Field(ge=0, le=5)] | None = None

    @model_validator(mode="after")
    def _a_grade_belongs_to_graded_alone(self) -> Self:
        if (self.grade is None) is (self.status is GradeStatus.GRADED):
            raise ValueError("graded comes with a grade, nothing_known and unable without one")
        return self


class Unheard(BaseModel):
    """What a sector was asked and has not told, by where it should have looked. No rule reads it."""

    model_config = _FACTS

    sector: Sector
    #: Which of the sector's sources; none: it is not divided, or one agency looks in all of them.
    sources: tuple[Source, ...] = ()
    asked_at: datetime
    #: Somebody of the sector has answered, and did not look there.
    left_out: bool = False


class CouncilStanding(BaseModel):
    """What the council's own case system says of a child today. Its yes counts; all else leaves open."""

    model_config = _FACTS

    looked_after: bool | None = None
    child_protection_plan: bool | None = None
    child_in_need_plan: bool | None = None
    allocated_worker: bool | None = None
    #: Up to when it was searched.
    as_of: datetime

    @property
    def knows_child(self) -> bool:
        """Whether it says that social care has the child now."""
        plan = self.child_protection_plan or self.child_in_need_plan
        return bool(self.looked_after or plan or self.allocated_worker)


class ChildFacts(BaseModel):
    """All that a rule may ask about. What is left out is unknown; it is never read as harmless."""

    model_config = _FACTS

    #: Codes of the hub's list. One that is not on it counts as unknown, wherever it stands.
    indicators: tuple[str, ...] = ()
    #: Concerns with a code the hub does not know, or with none: each needs a person to read it.
    unknown_indicators: tuple[str, ...] = ()
    immediate_danger: bool = False
    #: Whole years; None is not known, and then the youngest age is assumed.
    age_years: Annotated[int, Field(ge=0, le=OLDEST_YEARS)] | None = None
    unborn: bool = False
    #: An agency that regraded may appear more than once: its highest counts until a person has decided.
    grades: tuple[AgencyGrade, ...] = ()
    #: What the sender's own agency gave with the referral.
    sender_grade: AgencyGrade | None = None
    #: Sectors that were asked and have not answered yet, even where another agency of the sector has.
    not_answered: tuple[Sector, ...] = ()
    #: Sectors that told what they know, with a grade or without.
    answered: tuple[Sector, ...] = ()
    #: Sectors that answered but could not or would not say: what they know is still not known.
    could_not_say: tuple[Sector, ...] = ()
    #: The same where a sector is silent, by source: for the words of the answer alone.
    unheard: tuple[Unheard, ...] = ()
    #: Referrals about the child in twelve months, under every name it is linked to; 0: nobody counted.
    contacts_12m: Annotated[int, Field(ge=0)] = 0
    #: It was referred within twelve months of a decision that ended the hub's part.
    re_referral_12m: bool = False
    #: How often in twelve months it was passed on or closed and came back, as the hub's decisions show it;
    #: 0: never, or nobody counted.
    returns_12m: Annotated[int, Field(ge=0)] = 0
    #: Whether several other families from where the child lives or learns were referred lately with signs of
    #: exploitation or of going missing. None: neither a postcode nor a school is known.
    hot_spot: bool | None = None
    #: How the child stands with social care. None: nobody has said, which is never no.
    looked_after: bool | None = None
    plan: Plan | None = None
    private_fostering: bool | None = None
    allocated_worker: bool | None = None
    #: The same, as the council's case system says it; it adds to what others say and takes nothing back.
    council: CouncilStanding | None = None
    #: Whether the child was on a plan that ended, as far as anyone has found.
    previous_plan: bool | None = None
    #: None: nobody has said whether the family was asked, or why it was not.
    consent: FamilyConsent | None = None
    #: Whether anyone has seen the child about this.
    child_seen: bool | None = None
    #: Where several referrals are about the child, what each of them tells alone: the whole is never
    #: answered lower than any of these.
    apart: tuple["ChildFacts", ...] = ()

    @model_validator(mode="after")
    def _the_unborn_have_no_age(self) -> Self:
        if self.unborn and self.age_years is not None:
            raise ValueError("an unborn child has no age")
        return self

    @property
    def all_grades(self) -> tuple[AgencyGrade, ...]:
        """What every agency said, the sender's own word included."""
        return self.grades if self.sender_grade is None else (*self.grades, self.sender_grade)


def known_age(
    *, date_of_birth: date | None, expected_date_of_birth: date | None, today: date
) -> tuple[int | None, bool]:
    """Return (age in whole years or None, whether the child is unborn) on a London date.

    A child with an expected date and no date of birth is unborn until somebody records the birth, however
    long ago it was expected. A date of birth that lies ahead, or gives an age beyond `OLDEST_YEARS`, is a
    mistake somewhere and says nothing: the age is unknown. Born on 29 February, a child is a year older on
    1 March in other years.
    """
    if date_of_birth is None:
        return None, expected_date_of_birth is not None
    had_birthday = (today.month, today.day) >= (date_of_birth.month, date_of_birth.day)
    years = today.year - date_of_birth.year - (not had_birthday)
    return (years if 0 <= years <= OLDEST_YEARS else None), False


class Evidence(NamedTuple):
    """The facts in the shape that conditions ask for, worked out once for all rules."""

    indicators: frozenset[str]
    unknown_count: int
    #: The highest level among the indicators; 0 where there is none.
    level: int
    #: One grade for each agency that gave one: its highest.
    grades: tuple[int, ...]
    immediate_danger: bool
    age_years: int | None
    unborn: bool
    contacts_12m: int
    re_referral_12m: bool
    returns_12m: int
    hot_spot: bool | None
    looked_after: bool | None
    plan: Plan | None
    private_fostering: bool | None
    allocated_worker: bool | None
    previous_plan: bool | None
    consent: FamilyConsent | None
    child_seen: bool | None
    #: Sectors that have not said what they know, whether they were asked or not.
    silent: Mapping[Sector, "Silence"]


def weigh(facts: ChildFacts) -> Evidence:
    """Return the facts as evidence."""
    known = _CODES.intersection(facts.indicators)
    unknown = {*facts.indicators, *facts.unknown_indicators} - known
    council = facts.council
    return Evidence(
        indicators=known,
        unknown_count=len(unknown),
        level=max(map(_LEVELS.__getitem__, known), default=0),
        grades=_highest_by_agency(facts),
        immediate_danger=facts.immediate_danger,
        age_years=facts.age_years,
        unborn=facts.unborn,
        contacts_12m=facts.contacts_12m,
        re_referral_12m=facts.re_referral_12m,
        returns_12m=facts.returns_12m,
        hot_spot=facts.hot_spot,
        looked_after=True if council and council.looked_after else facts.looked_after,
        plan=_plan(facts.plan, council) if council else facts.plan,
        private_fostering=facts.private_fostering,
        allocated_worker=True if council and council.allocated_worker else facts.allocated_worker,
        previous_plan=facts.previous_plan,
        consent=facts.consent,
        child_seen=facts.child_seen,
        silent=silences(facts),
    )


def _plan(said: Plan | None, council: CouncilStanding) -> Plan | None:
    """Return the plan that goes furthest of what is said.

    A child in need plan that the council alone knows of does not say that there is no other: that stays
    open, and a rule about child protection plans goes on to speak as assumed.
    """
    if council.child_protection_plan:
        return Plan.CHILD_PROTECTION
    if said is None or not council.child_in_need_plan:
        return said
    return max(said, Plan.CHILD_IN_NEED, key=PLAN_ORDER.__getitem__)


class Silence(StrEnum):
    """Why it is not known what a sector knows."""

    NOT_ANSWERED = "asked, not answered"
    #: An agency that could not look has answered, but what it knows is still not known.
    COULD_NOT_CHECK = "could not check"
    NOT_ASKED = "not asked"


def silences(facts: ChildFacts) -> dict[Sector, Silence]:
    """Return the sectors that have not said what they know, and why not."""
    graded: dict[Sector | None, bool] = {}
    for given in facts.all_grades:
        could = given.status is not GradeStatus.UNABLE
        graded[given.sector] = could or graded.get(given.sector, False)
    silent: dict[Sector, Silence] = {}
    for sector in _SECTORS:
        if sector in facts.not_answered:
            silent[sector] = Silence.NOT_ANSWERED
        elif sector in facts.could_not_say or graded.get(sector) is False:
            silent[sector] = Silence.COULD_NOT_CHECK
        elif sector not in graded and sector not in facts.answered:
            silent[sector] = Silence.NOT_ASKED
    return silent


def _highest_by_agency(facts: ChildFacts) -> tuple[int, ...]:
    highest: dict[str, int] = {}
    for given in facts.all_grades:
        if given.grade is not None:
            highest[given.agency_id] = max(given.grade, highest.get(given.agency_id, 0))
    return tuple(highest.values())

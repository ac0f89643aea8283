"""What the policy looks at for one child, stored with each recommendation to explain it later."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.codes import INDICATORS
from shared.schemas.words import GradeStatus, Sector

#: Beyond this a date of birth is taken for a slip of the pen, and the age for unknown: services for young
#: people with special needs and care leavers end at 25.
OLDEST_YEARS: Final = 25

_FACTS = ConfigDict(frozen=True, extra="forbid", strict=True)


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
    #: Referrals about the child in twelve months, under every name it is linked to; 0: nobody counted.
    contacts_12m: Annotated[int, Field(ge=0)] = 0
    #: It was referred within twelve months of a decision that ended the hub's part.
    re_referral_12m: bool = False
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


@dataclass(frozen=True, slots=True)
class Evidence:
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


def weigh(facts: ChildFacts) -> Evidence:
    """Return the facts as evidence."""
    known = frozenset(code for code in facts.indicators if code in INDICATORS)
    unknown = {*facts.indicators, *facts.unknown_indicators} - known
    return Evidence(
        indicators=known,
        unknown_count=len(unknown),
        level=max((INDICATORS[code].level for code in known), default=0),
        grades=_highest_by_agency(facts),
        immediate_danger=facts.immediate_danger,
        age_years=facts.age_years,
        unborn=facts.unborn,
        contacts_12m=facts.contacts_12m,
        re_referral_12m=facts.re_referral_12m,
    )


def _highest_by_agency(facts: ChildFacts) -> tuple[int, ...]:
    highest: dict[str, int] = {}
    for given in facts.all_grades:
        if given.grade is not None:
            highest[given.agency_id] = max(given.grade, highest.get(given.agency_id, 0))
    return tuple(highest.values())

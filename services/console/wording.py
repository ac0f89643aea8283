"""The words the pages use: codes as the sector says them, times as people count them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from shared.clock import london_date, london_words
from shared.codes.grades import GRADE_STEPS, WITHOUT_A_GRADE
from shared.schemas.cases import ConsentView, FamilyToldView
from shared.schemas.words import (
    AnswerStatus,
    ChildState,
    GradeStatus,
    Handling,
    Pathway,
    Rag,
    RoleInConcern,
    Sector,
)

PATHWAYS: Final = {
    Pathway.ADVICE: "No social care action: advice given",
    Pathway.UNIVERSAL: "Universal services",
    Pathway.EARLY_HELP: "Early help",
    Pathway.CHILD_IN_NEED: "Child in need (section 17)",
    Pathway.STRATEGY_DISCUSSION: "Strategy discussion",
    Pathway.OTHER_AUTHORITY: "Passed to another authority",
    Pathway.ALLOCATED_WORKER: "Straight to allocated worker",
}
LEVELS: Final = {
    1: "Universal: the services that every family has are enough",
    2: "Additional: the family would do better with some early help",
    3: "Complex: unlikely to thrive without help that social care should assess",
    4: "Specialist: suffering significant harm, or likely to",
}
RAGS: Final = {Rag.RED: "Red", Rag.AMBER: "Amber", Rag.GREEN: "Green"}
RAG_MEANINGS: Final = {
    Rag.RED: "someone acts now",
    Rag.AMBER: "someone acts today",
    Rag.GREEN: "someone acts in the usual time",
}
SECTORS: Final = {
    Sector.POLICE: "Police",
    Sector.HEALTH: "Health",
    Sector.EDUCATION: "Education",
    Sector.SOCIAL_CARE: "Social care",
    Sector.OTHER: "Other agency",
}
STATES: Final = {
    ChildState.GATHERING: "Waiting for agencies",
    ChildState.READY: "Ready to decide",
    ChildState.DECIDED: "Decided",
}
ANSWERS: Final = {
    AnswerStatus.INFORMATION: "We hold information",
    AnswerStatus.NOTHING_KNOWN: "Nothing known",
    AnswerStatus.NOTHING_RELEVANT: "Known, but nothing relevant",
    AnswerStatus.UNABLE: "Unable to answer",
    AnswerStatus.DECLINED: "Declined to share",
    AnswerStatus.RING_ME: "Ring me: sensitive",
}
HANDLINGS: Final = {
    Handling.HUB_ONLY: "Hub only",
    Handling.STRATEGY_MEETING: "Hub and strategy meeting",
    Handling.FAMILY_MAY_SEE: "Family may see",
}
ROLES_IN_CONCERN: Final[dict[str, str]] = {
    RoleInConcern.ALLEGED_PERPETRATOR: "Alleged perpetrator",
    RoleInConcern.VICTIM: "Victim",
    RoleInConcern.CARER: "Carer",
    RoleInConcern.OTHER: "Other adult",
    RoleInConcern.UNKNOWN: "Part in this not known",
}
DISCUSSIONS: Final = {
    "same_day": "Hold a threshold discussion today between the hub's manager and the police, and record why.",
    "recorded": "Hold a discussion before deciding, and record it.",
}


class Named(Protocol):
    """A child or an adult as a service names them."""

    @property
    def given_name(self) -> str | None:
        """Null: not known."""

    @property
    def family_name(self) -> str | None:
        """Null: not known."""


class Born(Named, Protocol):
    """A child as a service names it, with when it was born or is expected."""

    @property
    def date_of_birth(self) -> date | None:
        """Null: not known, or not yet born."""

    @property
    def expected_date_of_birth(self) -> date | None:
        """Null: born, or not known."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due time in words: "by 2:05pm today" and "3 h 10 min left" or "overdue by 20 min"."""

    by: str
    left: str
    overdue: bool


def name_of(person: Named) -> str:
    """Return someone's name; a person without one must still be seen on the page."""
    given, family = (person.given_name or "").strip(), (person.family_name or "").strip()
    if family and not given:
        return f"{family} (first name not known)"
    return f"{given} {family}".strip() or "Name not known"


def child_name(child: Born) -> str:
    """Return a child's name; one not yet born rarely has its own."""
    family = (child.family_name or "").strip()
    if child.date_of_birth or not child.expected_date_of_birth or (child.given_name or "").strip():
        return name_of(child)
    return f"Unborn child ({family})" if family else "Unborn child"


def consent_words(consent: ConsentView | None) -> str:
    """Return what was asked of the family and what it said; not asked is never read as refused."""
    if consent is None or consent.sought is None:
        return "The sender did not say whether the family was asked."
    if consent.sought:
        said = _SAID[consent.given]
        told = f" Told about: {', '.join(consent.informed_of)}." if consent.informed_of else ""
        return said + told + _basis(consent)
    return f"Not asked: {_code(consent.not_sought_reason) or 'no reason was given'}." + _basis(consent)


_SAID: Final = {
    True: "The family was asked and agreed.",
    False: "The family was asked and refused.",
    None: "The family was asked; what it said was not recorded.",
}


def _basis(consent: ConsentView) -> str:
    parts = [f"Lawful basis: {_code(consent.lawful_basis)}."] if consent.lawful_basis else []
    parts += [f"Authorised by {consent.authorised_by}."] if consent.authorised_by else []
    return "".join(f" {part}" for part in parts)


def _code(code: str | None) -> str:
    return (code or "").replace("_", " ")


def told_words(told: FamilyToldView | None) -> str:
    """Return what the family knows of the contact, or why it must not be told."""
    if told is None or told.told is None:
        return "The sender did not say what the family knows."
    if told.told:
        return "The family knows of this contact."
    return f"The family has not been told: {told.reason_not or 'no reason was given'}"


def grade_words(status: GradeStatus, grade: int | None) -> str:
    """Return a grade with the words of its step: the figure alone is not the same to every agency."""
    if status is not GradeStatus.GRADED or grade is None:
        return WITHOUT_A_GRADE[status].name if status in WITHOUT_A_GRADE else "Not given"
    return f"{grade} of 5: {GRADE_STEPS[grade].name.lower()}"


def sectors_words(sectors: Iterable[Sector | None]) -> str:
    """Return sectors as a list in words, e.g. "Police, Health"."""
    return ", ".join(SECTORS[sector] if sector else "another agency" for sector in sectors)


def when(at: datetime, now: datetime) -> str:
    """Return an instant as someone says it today: "2:05pm today", "9am on Monday 23 November"."""
    day, _, clock = london_words(at).partition(" at ")
    days = (london_date(at) - london_date(now)).days
    if days in _NEAR_DAYS:
        return f"{clock} {_NEAR_DAYS[days]}"
    this_year = f" {london_date(now).year}"
    return f"{clock} on {day.removesuffix(this_year)}"


_NEAR_DAYS: Final = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def deadline(due_at: datetime, now: datetime) -> Deadline:
    """Return a due time in words, with how long is left or by how much it is missed."""
    overdue = due_at <= now
    length = span(now - due_at if overdue else due_at - now)
    return Deadline(
        f"by {when(due_at, now)}", f"overdue by {length}" if overdue else f"{length} left", overdue
    )


def span(length: timedelta) -> str:
    """Return a length of time in its two largest units, rounded down: "3 h 10 min", "2 days 4 h"."""
    minutes = int(length.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} day{'s' if days > 1 else ''}" + (f" {hours} h" if hours else "")
    if hours:
        return f"{hours} h" + (f" {minutes} min" if minutes else "")
    return f"{minutes} min" if minutes else "less than a minute"


def day_words(day: date) -> str:
    """Return a calendar date: "2 April 2019"."""
    return f"{day.day} {day:%B %Y}"


def age_words(born_on: date | None, expected_on: date | None, now: datetime) -> str:
    """Return how old a child is today in London; an unborn child by its due date."""
    today = london_date(now)
    if born_on is not None:
        return f"{_age(born_on, today)} (born {day_words(born_on)})"
    if expected_on is None:
        return "Age not known"
    passed = " That date has passed and no birth is recorded: find out." if expected_on < today else ""
    return f"Unborn, due {day_words(expected_on)}.{passed}"


def _age(born_on: date, today: date) -> str:
    months = (today.year - born_on.year) * 12 + today.month - born_on.month - (today.day < born_on.day)
    if months < 0:
        return "Date of birth is in the future"
    if months == 0:
        return f"{(today - born_on).days} days old"
    if months < 24:
        return f"{months} month{'s' if months > 1 else ''} old"
    return f"{months // 12} years old"

"""Codes as the sector says them."""

import re
from collections.abc import Iterable
from typing import Final

from markupsafe import Markup, escape

from shared.codes.grades import GRADE_STEPS, WITHOUT_A_GRADE
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

#: Where two parts of a code meet.
_JOINT: Final = re.compile(r"(?<=[a-z0-9])([._])(?=[a-z0-9])")
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

SEXES: Final = {"F": "Female", "M": "Male", "U": "Not known", "I": "Indeterminate"}


def grade_words(status: GradeStatus, grade: int | None, name: str | None = None) -> str:
    """Return a grade with the words of its step: the figure alone is not the same to every agency.

    Args:
        name: the step's name in the edition it was given by; left out, in the one in use.
    """
    if status is not GradeStatus.GRADED or grade is None:
        return name or (WITHOUT_A_GRADE[status].name if status in WITHOUT_A_GRADE else "Not given")
    return f"{grade} of 5: {(name or GRADE_STEPS[grade].name).lower()}"


def sectors_words(sectors: Iterable[Sector | None]) -> str:
    """Return sectors as a list in words, e.g. "Police, Health"."""
    return ", ".join(SECTORS[sector] if sector else "another agency" for sector in sectors)


def with_breaks(words: str) -> Markup:
    """Return words as HTML whose codes, such as `domestic_abuse.child_present`, a narrow page breaks between
    their parts and nowhere else.
    """
    return Markup(_JOINT.sub(r"\1<wbr>", str(escape(words))))  # noqa: S704 - escaped just there

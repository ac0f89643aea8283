"""A child's standing with the council in a few words: what must be known of it before anything is decided."""

from typing import Final

from shared.schemas.chronology import Chronology

COUNCIL: Final = "council_case_system"
_STANDINGS: Final = (
    ("looked_after", "Looked after"),
    ("child_protection_plan", "Child protection plan"),
    ("child_in_need_plan", "Child in need plan"),
    ("previous_plan", "An earlier plan"),
    ("private_fostering", "Private fostering"),
    ("cp_is_flag", "CP-IS flag"),
)


def is_council_searched(history: Chronology | None) -> bool:
    """Whether the council's case system was searched for this child; a history that is away was not."""
    sources = history.sources if history else ()
    return any(source.source == COUNCIL and source.searched for source in sources)


def council_words(history: Chronology | None) -> list[str]:
    """Return what the council's system says that the child is or has, and what it leaves unsaid.

    Nothing unsaid is taken for no. Empty only where nobody has searched.
    """
    found = [
        source
        for source in (history.sources if history else ())
        if source.source == COUNCIL and source.searched
    ]
    if not found:
        return []
    status = found[0].status
    if status is None:
        return ["No match found there" if found[0].found is False else "Nothing is said there of its status"]
    words = [name for field, name in _STANDINGS if getattr(status, field)]
    words += [f"Placed by {status.placing_authority}"] if status.placing_authority else []
    worker = status.allocated_worker
    if worker and (worker.name or worker.team):
        words.append(f"Worker: {worker.name or worker.team}")
    unsaid = [name for field, name in _STANDINGS if getattr(status, field) is None]
    if unsaid:
        words.append(f"Not said, which is not no: {', '.join(name.lower() for name in unsaid)}")
    return words or ["None of looked after, plan, fostering or flag"]

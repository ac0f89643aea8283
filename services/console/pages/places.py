"""Where one can go: the pages that a person works with, in groups, so that each role sees few at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.console.session import Person


@dataclass(frozen=True, slots=True)
class Place:
    """A page one can go to.

    Attributes:
        within: beginnings of the addresses of what one reaches from it, its own included.
    """

    text: str
    href: str
    within: tuple[str, ...]

    def holds(self, path: str) -> int:
        """Return how much of a page's address belongs to this place; 0: none of it."""
        return max((len(each) for each in self.within if _is_within(path, each)), default=0)


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together; of one page alone, that page."""

    text: str
    places: tuple[Place, ...]

    @property
    def name(self) -> str:
        """What leads to it."""
        return self.text if len(self.places) > 1 else self.places[0].text


@dataclass(frozen=True, slots=True)
class Places:
    """Where this person can go, and where they are.

    Attributes:
        here: the group of the page that is open, and `at` the place in it; None outside of all.
    """

    groups: tuple[Group, ...]
    here: Group | None
    at: Place | None

    @property
    def is_choice(self) -> bool:
        """Whether there is more than one place to go to."""
        return sum(len(group.places) for group in self.groups) > 1


def _place(text: str, href: str, *within: str) -> Place:
    return Place(text, href, (href, *within))


_WORK: Final = "Work"


def _groups(person: Person) -> Iterable[tuple[str, list[tuple[Place, bool]]]]:
    """Return every page with whether it is this person's to open: the one list of what stands where."""
    sees_all, represents = person.sees_all, person.represents is not None
    yield (
        _WORK,
        [
            (_place("Work list", "/", "/cases", "/search", "/breached", "/due", "/red"), person.reads_cases),
            (_place("Safe to wait?", "/board"), sees_all),
            (_place("Information requests", "/requests"), represents),
            (_place("Discussions", "/discussions"), represents),
            # Whoever is invited has a list of discussions; whoever decides comes to one from its case.
            (
                _place("Actions", "/discussion-actions", *(() if represents else ("/discussions",))),
                sees_all or represents,
            ),
        ],
    )
    yield (
        "Contacts",
        [
            (_place("Contacts", "/contacts"), person.sees_contacts),
            (_place("Contact by telephone", "/telephone"), person.takes_calls),
            (_place("Further information", "/quality", "/check-receipts"), person.sees_contacts),
            (_place("Held copies", "/held-copies"), sees_all),
        ],
    )
    yield (
        "Families",
        [
            (_place("Find a family", "/find", "/people", "/families"), sees_all),
            (_place("Same child?", "/matches"), sees_all),
            (_place("Overdue births", "/people/overdue"), sees_all),
        ],
    )
    yield (
        "Oversight",
        [
            (_place("Measures", "/measures"), person.reads_measures),
            (_place("Opened in emergencies", "/emergency-accesses"), person.oversees),
            (_place("Searches", "/searches"), person.looks_after_searches),
            (_place("Threshold policy", "/policies", "/policy-replays"), sees_all),
        ],
    )
    yield "System", [(_place("Parked events", "/parked-events"), person.looks_after_events)]


def places_of(person: Person, path: str) -> Places:
    """Return where a person can go from the page at `path`."""
    found = [
        Group(text, tuple(place for place, is_theirs in places if is_theirs))
        for text, places in _groups(person)
    ]
    groups = tuple(group for group in found if group.places)
    held = [(place.holds(path), group, place) for group in groups for place in group.places]
    length, here, at = max(held, key=lambda each: each[0], default=(0, None, None))
    return Places(groups, here, at) if length else Places(groups, None, None)


def _is_within(path: str, beginning: str) -> bool:
    return path == beginning or (beginning != "/" and path.startswith(beginning + "/"))

"""What went before: contacts and closures of a child under all its names; pure, and it only ever adds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from shared.schemas.chronology import ChronologyLine, HistorySourceView
from shared.schemas.council_system import SoughtChild
from shared.schemas.families import ChildLinks
from shared.schemas.ids import ChildId, RecordId, ReferralId
from shared.schemas.words import Pathway, PersonKind

#: Decisions after which the hub has no further part. Until closures are recorded, they stand for them.
CLOSING: Final = frozenset({Pathway.ADVICE, Pathway.UNIVERSAL, Pathway.EARLY_HELP})

#: The council's own case system, connected or not.
COUNCIL: Final = "council_case_system"
COUNCIL_NAME: Final = "The council's own case system"
NOT_CONNECTED: Final = "Not connected to the hub: look there yourself."

#: A change of links is carried to so many other records of the child; the chronology always shows them all.
_CARRIED_TO: Final = 20


@dataclass(frozen=True, slots=True)
class Heard:
    """A referral about a child, by when it arrived."""

    referral_id: ReferralId
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about a child, by when it was made."""

    child_id: ChildId
    pathway: Pathway
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Repeats:
    """What rules about repeated contacts read."""

    contacts_12m: int
    re_referral_12m: bool
    returns_12m: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """How a search went, and what it found."""

    view: HistorySourceView
    lines: Sequence[ChronologyLine] = ()


class HistorySource(Protocol):
    """A place outside the hub where a child's history may lie; a deployment connects its own."""

    #: False: nothing is asked of it, and nobody's name goes anywhere.
    is_connected: bool

    def not_searched(self, why: str) -> HistorySourceView:
        """Return that nobody looked there, and why."""
        ...

    async def search(self, sought: SoughtChild) -> Found:
        """Return what it has. A source that is away says so within its time and raises nothing."""
        ...


class NotConnected:
    """The council's own case system where no deployment has connected it: it is named as not searched."""

    is_connected = False

    def not_searched(self, why: str) -> HistorySourceView:
        """Return that nobody looked there, and why."""
        return HistorySourceView(source=COUNCIL, name=COUNCIL_NAME, searched=False, as_of=None, why_not=why)

    async def search(self, sought: SoughtChild) -> Found:
        """Return that nothing was searched, whoever the child is."""
        del sought
        return Found(self.not_searched(NOT_CONNECTED))


def a_year_before(at: datetime) -> datetime:
    """Return the same moment a year earlier; of 29 February the 28th."""
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return at.replace(year=at.year - 1, day=day)


def linked_children(links: ChildLinks | None) -> dict[ChildId, bool]:
    """Return the other records of a child that are a child's, each with whether a person confirmed it.

    A record of the same person as an adult is another child's history.
    """
    linked = links.linked if links else []
    return {ChildId(one.record_id): one.is_confirmed for one in linked if one.kind is PersonKind.CHILD}


def restricted_children(links: ChildLinks | None) -> set[ChildId]:
    """Return the other records of a child that only managers may read: they count like all others."""
    linked = links.linked if links else []
    return {ChildId(one.record_id) for one in linked if one.kind is PersonKind.CHILD and one.is_restricted}


def is_restricted(links: ChildLinks) -> bool:
    """Say whether a child is restricted, or any other record of the same person."""
    return links.is_restricted or any(one.is_restricted for one in links.linked)


def heard_of(links: ChildLinks, own: Heard) -> dict[ChildId, Heard]:
    """Return the referrals about a child under all its ids, `own` being that of the child itself."""
    return {links.child_id: own} | {
        ChildId(one.record_id): Heard(one.referral_id, one.received_at)
        for one in links.linked
        if one.kind is PersonKind.CHILD
    }


def confirmed_to_be(links: ChildLinks) -> dict[ChildId, RecordId]:
    """Return a child and the children linked to it, each with whom people have confirmed it to be."""
    known = {ChildId(one.record_id): one.confirmed_as for one in links.linked if one.kind is PersonKind.CHILD}
    every = {links.child_id: links.confirmed_as} | known
    return {child_id: record_id for child_id, record_id in every.items() if record_id is not None}


def nearest(links: ChildLinks) -> list[ChildId]:
    """Return a child and as many others of its links, the newest first, as one change is carried to."""
    linked = [one for one in links.linked if one.kind is PersonKind.CHILD]
    linked.sort(key=lambda one: one.received_at, reverse=True)
    return [links.child_id, *(ChildId(one.record_id) for one in linked[:_CARRIED_TO])]


def repeats(own: Heard, linked: Iterable[Heard], decisions: Sequence[Decided], *, now: datetime) -> Repeats:
    """Return how often a child was heard of in the twelve months before now, and whether it came back.

    A link, whoever made it, can only add: the child's own referral always counts.

    Args:
        decisions: of the child under all its ids.
    """
    since = a_year_before(now)
    every = [own, *linked]
    recent = {one.referral_id for one in every if one.received_at > since} | {own.referral_id}
    came_back = is_re_referral(own.received_at, decisions)
    return Repeats(len(recent), came_back, count_returns(every, decisions, since=since))


def count_returns(heard: Iterable[Heard], decisions: Iterable[Decided], *, since: datetime) -> int:
    """Return how often a child was passed on, stepped down or closed after `since`, and then came back.

    It comes back by another contact, or by a decision that social care acts after all. However many say the
    same in between, it counts once; so whatever is added, by a link that nobody has confirmed too, never
    makes it less. What services did without a decision of the hub is not known here, and not counted.

    Source:
        docs/adr/0037-facts-the-policy-lacked.md
    """
    moves = [(one.received_at, True) for one in heard]
    moves += [(one.decided_at, one.pathway not in CLOSING) for one in decisions]
    count, is_away = 0, False
    for at, comes_back in sorted(moves):
        if at > since and comes_back:
            count, is_away = count + is_away, False
        elif at > since:
            is_away = True
    return count


def is_re_referral(received_at: datetime, decisions: Sequence[Decided]) -> bool:
    """Say whether a referral came within twelve months of a decision that ended the hub's part.

    Of each child the decision that stood when the referral arrived counts, not one it replaced.

    Source:
        docs/adr/0020-a-closing-decision-counts-as-closure.md
    """
    since = a_year_before(received_at)
    standing: dict[ChildId, Decided] = {}
    for decided in sorted(decisions, key=lambda one: one.decided_at):
        if decided.decided_at < received_at:
            standing[decided.child_id] = decided
    return any(one.pathway in CLOSING and one.decided_at > since for one in standing.values())

"""Show what has happened to one child under all its names, and say what was not searched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.showing.reading import has_business
from services.triage.actions.showing.restricted import list_closed
from services.triage.evidence.decided import came_into_force
from services.triage.evidence.history import (
    Found,
    a_year_before,
    is_re_referral,
    linked_children,
    restricted_children,
)
from services.triage.models import CaseChild
from services.triage.sight import Sight, View, sight_of
from services.triage.store import cases, discussions, history, oversight
from services.triage.store.cases import ChildPlace, WholeCase
from services.triage.views.cases import children_shown, referrals_of, sees_grades
from services.triage.views.chronology import HUB, ChildHistory, joins_of, lines_of, order_of
from services.triage.views.incidents import count_incidents, mark_incidents
from services.triage.views.restricted import mark_restricted, only_days, without_joins
from services.triage.views.talk import cases_of, talk_of
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.chronology import Chronology, ChronologyLine, HistorySourceView, LineKind, LineLink
from shared.schemas.families import ChildLinks
from shared.schemas.ids import ChildId
from shared.schemas.words import Role


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found outside triage before the transaction began.

    Attributes:
        why_no_links: why the links are not known; None when they are.
        elsewhere: what other sources said of the search, and their lines: kept nowhere.
    """

    links: ChildLinks | None
    why_no_links: str | None
    elsewhere: Sequence[Found]


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a chronology is asked for: so many lines after a place.

    Attributes:
        incident_window: within which time contacts may tell of one incident.
    """

    after: tuple[datetime, int, str] | None
    limit: int
    incident_window: timedelta


async def get_child_shown(tx: AsyncSession, place: ChildPlace, reader: Caller) -> CaseChild:
    """Return a child of a case; raise NotFound where the reader has no business with it or there is none."""
    sight = sight_of(reader.roles, reader.agency_id)
    place = await cases.find_place(tx, place)
    whole = await cases.get_whole_case(tx, place.case_id)
    shown = children_shown(whole, sight) if has_business(whole, sight) else []
    child = next((one for one in shown if one.child_id == place.child_id), None)
    if child is None:
        raise NotFound
    return child


async def read_chronology(
    tx: AsyncSession, place: ChildPlace, reader: Caller, searched: Searched, part: Part, *, now: datetime
) -> Chronology:
    """Return what happened to a child, oldest first, as the reader may see it; `next_cursor` is left open.

    Only deciders see what a link brings that nobody has confirmed: nothing leaves the hub on it. An agency
    sees of other cases those in which it has a part. Of a restricted record in another case everybody but
    managers sees the days on which something happened; it counts in every figure.

    Raises:
        NotFound: no such child in such a case, or the reader has no business in it.
    """
    sight = sight_of(reader.roles, reader.agency_id)
    linked = linked_children(searched.links)
    child = await get_child_shown(tx, place, reader)
    if searched.links is None:
        # What people confirmed within the case is known without asking.
        linked = {one.child_id: True for one in await cases.list_group(tx, child) if one is not child}
    child_ids = [child.child_id, *linked]
    case_ids = await history.list_case_ids(tx, child_ids)
    found = await cases.get_whole_cases(tx, case_ids)
    sight = sight.within(restricted=any(one.restricted for one in found))
    shut = await list_closed(tx, reader, now=now)
    wholes = [without_joins(one, shut.referrals) for one in found]
    histories = await _histories(tx, wholes, place.child_id, linked, sight)
    kept_back = restricted_children(searched.links)
    closed = [
        one for one in histories if one.child.case_id in shut.cases or _is_restricted(one, child, kept_back)
    ]
    lines = [line for one in histories for line in lines_of(one, sight)]
    if sight.view is View.ALL:
        lines += joins_of(histories)
        lines += await _talk(tx, histories)
    lines = mark_restricted(lines, closed)
    if sight.view is View.ALL:
        lines += [line for found in searched.elsewhere for line in found.lines]
    readable = lines if Role.MANAGER in reader.roles else only_days(lines)
    # What is kept back ties nothing together for whoever may not read it, in the figures neither: there each
    # contact that is not shown counts as an incident of its own.
    readable = mark_incidents(readable, histories, place.child_id, window=part.incident_window)
    marked = {line.line_id: line for line in readable}
    readable.sort(key=order_of)
    shown = [line for line in readable if part.after is None or order_of(line) > part.after]
    subjects = [child.case_id, *_ids_of(shown[: part.limit]), *(one.child.child_id for one in histories)]
    await LEDGER.record(
        tx,
        reader,
        "chronology.read",
        at=now,
        subjects=list(dict.fromkeys(subjects)),
        facts={"elsewhere": {one.view.source: one.view.searched for one in searched.elsewhere}},
    )
    sources = _sources(searched, sight, now=now)
    return Chronology(
        case_id=child.case_id,
        child_id=place.child_id,
        given_name=child.given_name,
        family_name=child.family_name,
        date_of_birth=child.date_of_birth,
        expected_date_of_birth=child.expected_date_of_birth,
        sources=sources,
        all_searched=all(source.searched for source in sources),
        **_counts([marked.get(line.line_id, line) for line in lines], now=now),
        re_referral_12m=_came_back(histories, place.child_id) if sight.view is View.ALL else None,
        names_count=len({_name_of(one) for one in histories}),
        items=shown[: part.limit],
        next_cursor=None,
        has_more=len(shown) > part.limit,
    )


async def _talk(tx: AsyncSession, histories: Sequence[ChildHistory]) -> list[ChronologyLine]:
    """Return what was discussed about a child, and what managers entered; for deciders alone."""
    ids = [one.child.child_id for one in histories]
    held = await discussions.list_whole(tx, await discussions.list_ids_about(tx, ids))
    case_ids = {case_id for one in histories for case_id in cases_of(one)}
    return talk_of(histories, held, await oversight.list_about(tx, ids, case_ids))


def _is_restricted(one: ChildHistory, looked_at: CaseChild, kept_back: set[ChildId]) -> bool:
    """Say whether only managers read a history; what stands in the case that is read is read with it."""
    return one.child.child_id in kept_back and one.child.case_id != looked_at.case_id


async def _histories(
    tx: AsyncSession,
    wholes: Sequence[WholeCase],
    child_id: ChildId,
    linked: dict[ChildId, bool],
    sight: Sight,
) -> list[ChildHistory]:
    """Return each child that is shown: the one looked at, and those of its links that the reader may see."""
    made = await history.list_recommendations(tx, [child_id, *linked])
    versions = await history.list_versions(
        tx, [contact.referral_id for whole in wholes for contact in whole.contacts]
    )
    every = [(whole, child) for whole in wholes for child in whole.children]
    is_blind = not any(sees_grades(whole, one, sight) for whole, one in every if one.child_id == child_id)
    found = []
    for whole, child in every:
        link = _link_of(child.child_id, child_id, linked)
        if link is None or not _is_shown(link, whole, child, sight):
            continue
        sees = not is_blind and sees_grades(whole, child, sight)
        found.append(ChildHistory(child, whole, versions, made, link, sees))
    return found


def _link_of(child_id: ChildId, looked_at: ChildId, linked: dict[ChildId, bool]) -> LineLink | None:
    if child_id == looked_at:
        return LineLink.OWN
    if child_id not in linked:
        return None
    return LineLink.CONFIRMED if linked[child_id] else LineLink.PROVISIONAL


def _is_shown(link: LineLink, whole: WholeCase, child: CaseChild, sight: Sight) -> bool:
    match sight.view:
        case View.ALL:
            return True
        case View.ASKED:
            return link is not LineLink.PROVISIONAL and child.referral_id in referrals_of(whole, sight)
        case View.ROUTED:
            # A step-down needs what went before, whichever way it was decided.
            return link is not LineLink.PROVISIONAL


def _ids_of(lines: Iterable[ChronologyLine]) -> list[UUID]:
    """Return the ids of what lines show: each stands in its line's own id."""
    shown = [UUID(line.line_id.split(":")[1]) for line in lines if line.source == HUB]
    return [*shown, *(line.case_id for line in lines if line.case_id is not None)]


def _counts(lines: Iterable[ChronologyLine], *, now: datetime) -> dict[str, Any]:
    """Count contacts and incidents among what is shown, or kept back and shown to be."""
    since = a_year_before(now)
    recent = [line for line in lines if line.kind is LineKind.CONTACT and line.at > since]
    by_link = {line.line_id: line.link for line in recent}
    provisional = sum(link is LineLink.PROVISIONAL for link in by_link.values())
    # Rules go by the contacts that a child carries, three notices of one evening being three: to count too
    # many raises, and that is safe. How many incidents they were is for whoever reads.
    return {
        "contacts_12m": len(by_link),
        "contacts_12m_provisional": provisional,
        "incidents_12m": count_incidents(recent),
    }


def _came_back(histories: Sequence[ChildHistory], child_id: ChildId) -> bool:
    decided = came_into_force(
        made for one in histories for made in one.whole.decisions if made.child_id == one.child.child_id
    )
    own = next(one.contact for one in histories if one.child.child_id == child_id)
    return own is not None and is_re_referral(own.received_at, decided)


def _name_of(one: ChildHistory) -> tuple[str, str]:
    return (one.child.given_name or "").casefold(), (one.child.family_name or "").casefold()


def _sources(searched: Searched, sight: Sight, *, now: datetime) -> list[HistorySourceView]:
    """Return every source; those that this reader is not shown are named as not searched, always."""
    hub = HistorySourceView(
        source=HUB, name="The hub's own contacts, grades and decisions", searched=True, as_of=now
    )
    known = searched.why_no_links is None
    index = HistorySourceView(
        source="person_index",
        name="Other records of this child, by the index of persons",
        searched=known,
        as_of=now if known else None,
        why_not=searched.why_no_links,
    )
    elsewhere = [found.view for found in searched.elsewhere]
    if sight.view is View.ALL:
        return [hub, index, *elsewhere]
    kept_back = HistorySourceView(
        source="not_shown",
        name="Links that nobody has confirmed, and cases you have no part in",
        searched=False,
        as_of=None,
        why_not="Not shown to you: ask the hub.",
    )
    hidden = [
        HistorySourceView(
            source=view.source, name=view.name, searched=False, as_of=None, why_not=kept_back.why_not
        )
        for view in elsewhere
    ]
    return [hub, index, kept_back, *hidden]

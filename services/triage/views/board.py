"""Put the board into the shape that deciders read; pure, nothing is asked of the database."""

from collections.abc import Iterable, Sequence
from typing import Any

from services.triage.evidence.facts import awaits_decision
from services.triage.evidence.night import Night, spoken_for
from services.triage.evidence.silence import silent_words, waiting_for
from services.triage.models import CaseChild, Grade, InformationRequest, Wait
from services.triage.rules import URGENCY
from services.triage.store.cases import WholeCase
from shared.schemas.board import BoardChild, Unknown, WaitKind, WaitView
from shared.schemas.ids import ChildId
from shared.schemas.words import Rag, Sector


def board_children(
    whole: WholeCase, waits: Sequence[Wait], night: Night, held_by: str | None
) -> list[BoardChild]:
    """Return the children of a case that wait for a decision, each once, the most urgent first.

    Args:
        waits: what was said of any child, the oldest first.
    """
    found = []
    for group in groups_of(whole.children):
        if any(awaits_decision(row) for row in group):
            newest = newest_of(waits, group)
            found.append(_board_child(whole, group, newest, night, held_by))
    return sorted(found, key=lambda child: (URGENCY[child.rag], child.decide_by))


def groups_of(children: Iterable[CaseChild]) -> list[list[CaseChild]]:
    """Return the children of a case, those who are one child together."""
    groups: dict[ChildId, list[CaseChild]] = {}
    for child in children:
        groups.setdefault(child.same_child_as or child.child_id, []).append(child)
    return list(groups.values())


def newest_of(waits: Sequence[Wait], group: Sequence[CaseChild]) -> Wait | None:
    """Return what was said last of a child, under whichever of its ids."""
    ids = {row.child_id for row in group}
    return next((wait for wait in reversed(waits) if wait.child_id in ids), None)


def _board_child(
    whole: WholeCase,
    group: Sequence[CaseChild],
    newest: Wait | None,
    night: Night,
    held_by: str | None,
) -> BoardChild:
    waiting = [row for row in group if awaits_decision(row)]
    first = min(waiting, key=lambda row: (URGENCY[Rag(row.rag)], row.decide_by))
    heard = [_heard(whole, row) for row in group]
    looked = [whole.recommendations[row.recommendation_id] for row in group if row.recommendation_id]
    contacts = [one for one in whole.contacts if one.referral_id in {row.referral_id for row in group}]
    silent = list(dict.fromkeys(sector for one in heard for sector in waiting_for(*one)))
    recommended = whole.recommendations[first.recommendation_id] if first.recommendation_id else None
    return BoardChild(
        case_id=whole.case.case_id,
        child_id=first.child_id,
        child_ids=[row.child_id for row in group],
        references=[contact.reference for contact in contacts],
        given_name=first.given_name,
        family_name=first.family_name,
        date_of_birth=first.date_of_birth,
        expected_date_of_birth=first.expected_date_of_birth,
        rag=Rag(first.rag),
        level=recommended.view["level"] if recommended else None,
        received_at=min((one.received_at for one in contacts), default=whole.case.received_at),
        decide_by=min(row.decide_by for row in waiting),
        changed_since_decision=first.changed_at is not None,
        whereabouts=next((row.whereabouts for row in reversed(group) if row.whereabouts), None),
        unknown=_unknown(group, silent),
        waiting_for=silent,
        silent_words=list(dict.fromkeys(words for one in heard for words in silent_words(*one))),
        spoken=spoken_for(newest, max((one.made_at for one in looked), default=None), night),
        wait=wait_view(newest) if newest else None,
        held_by=held_by,
    )


def _heard(
    whole: WholeCase, child: CaseChild
) -> tuple[list[InformationRequest], list[Grade], list[Any] | None]:
    """Return what was asked about a child, what was said of it, and what has yet to be asked."""
    asked = [request for request in whole.requests if request.child_id == child.child_id]
    graded = [grade for grade in whole.grades if grade.child_id == child.child_id]
    return asked, graded, child.prepared


def _unknown(group: Sequence[CaseChild], silent: Sequence[Sector | None]) -> list[Unknown]:
    """Return what is not known of a child from any contact that told of it."""
    seen = {row.seen for row in group}
    named = any(row.given_name and row.family_name for row in group)
    dated = any(row.date_of_birth or row.expected_date_of_birth for row in group)
    said = {
        Unknown.NOT_ANSWERED: bool(silent),
        Unknown.HEALTH_MISSING: Sector.HEALTH in silent,
        Unknown.NOT_SEEN: True not in seen and False in seen,
        Unknown.SEEN_NOT_SAID: seen == {None},
        Unknown.WHEREABOUTS: not any((row.whereabouts or "").strip() for row in group),
        Unknown.WHO_IT_IS: not (named and dated),
    }
    return [what for what, holds in said.items() if holds]


def wait_view(wait: Wait) -> WaitView:
    """Return what was said of a child, and whether the child falls due before it ends."""
    return WaitView(
        wait_id=wait.wait_id,
        child_id=wait.child_id,
        kind=WaitKind(wait.kind),
        safe_until=wait.safe_until,
        why=wait.why,
        handed_to=wait.handed_to,
        read_back_by=wait.read_back_by,
        read_back_at=wait.read_back_at,
        said_by=wait.said_by,
        said_at=wait.said_at,
        decide_by=wait.decide_by,
        beyond_due=wait.safe_until is not None and wait.safe_until > wait.decide_by,
    )

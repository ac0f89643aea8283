"""Discussions and management oversight as lines of a chronology: pure, for those who decide."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.triage.models import Oversight
from services.triage.store.discussions import WholeDiscussion
from services.triage.views.chronology import HUB, ChildHistory
from services.triage.views.discussions import quorum_words
from shared.schemas.chronology import ChronologyLine, LineKind, Significance
from shared.schemas.discussions import DiscussionKind
from shared.schemas.ids import CaseId
from shared.schemas.oversight import OversightKind

_KINDS: Final = {
    DiscussionKind.STRATEGY: "Strategy discussion",
    DiscussionKind.MULTI_AGENCY: "Multi-agency discussion",
    DiscussionKind.THRESHOLD: "Threshold discussion",
}
_OVERSIGHT: Final = {
    OversightKind.DIRECTION: "direction",
    OversightKind.SIGN_OFF: "sign-off",
    OversightKind.REVIEW: "review",
}

_BEGINS: Final = {None: "", True: " Section 47 enquiries begin.", False: " No section 47 enquiries."}


def cases_of(history: ChildHistory) -> set[CaseId]:
    """Return the case of a child and those that its referral came from: what was entered there was of it."""
    child = history.child
    came_from = (
        one.join.from_case_id for one in history.whole.joins if one.join.referral_id == child.referral_id
    )
    return {child.case_id, *came_from}


def talk_of(
    histories: Sequence[ChildHistory], held: Sequence[WholeDiscussion], entries: Sequence[Oversight]
) -> list[ChronologyLine]:
    """Return what was discussed about a child and what managers entered, each once, in no order."""
    lines: dict[str, ChronologyLine] = {}
    for history in histories:
        mine = [one for one in held if history.child.child_id in one.child_ids]
        found = [line for one in mine for line in _discussion(history, one)]
        found += [_entry(history, each) for each in entries if _is_about(each, history)]
        for line in found:
            lines.setdefault(line.line_id, line)
    return list(lines.values())


def _is_about(entry: Oversight, history: ChildHistory) -> bool:
    if entry.child_id is not None:
        return entry.child_id == history.child.child_id
    return entry.case_id in cases_of(history)


def _discussion(history: ChildHistory, whole: WholeDiscussion) -> Iterator[ChronologyLine]:
    one, kind = whole.discussion, _KINDS[DiscussionKind(whole.discussion.kind)]
    is_high = one.kind != DiscussionKind.MULTI_AGENCY
    yield _line(
        history, "called", one.discussion_id, one.called_at,
        words=f"{kind} called.", said=one.called_because, is_high=is_high,
    )  # fmt: skip
    if one.concluded_at is not None:
        settled = whole.record.section_47
        begins = settled.answer if settled else None
        words = f"{kind} concluded. {quorum_words(one.quorum_missing)}{_BEGINS[begins]}"
        is_high = is_high or bool(begins)
        yield _line(
            history, "concluded", one.discussion_id, one.concluded_at,
            words=words, said=one.conclusion, is_high=is_high,
        )  # fmt: skip
    if one.called_off_at is not None:
        yield _line(
            history, "called_off", one.discussion_id, one.called_off_at,
            words=f"{kind} called off.", said=one.called_off_reason,
        )  # fmt: skip


def _entry(history: ChildHistory, entry: Oversight) -> ChronologyLine:
    kind = OversightKind(entry.kind)
    words = f"Management oversight, {_OVERSIGHT[kind]} by {entry.entered_by}."
    if entry.review_on is not None:
        words += f" To be looked at again on {entry.review_on.day} {entry.review_on:%B %Y}."
    is_high = kind is OversightKind.DIRECTION
    return _line(
        history, "entered", entry.oversight_id, entry.entered_at,
        words=words, said=entry.words, is_high=is_high, kind=LineKind.OVERSIGHT,
    )  # fmt: skip


def _line(history: ChildHistory, what: str, key: UUID, at: datetime, **said: Any) -> ChronologyLine:
    child, contact = history.child, history.contact
    is_high, kind = said.pop("is_high", False), said.pop("kind", LineKind.DISCUSSION)
    return ChronologyLine(
        line_id=f"{kind}:{key}:{what}",
        at=at,
        kind=kind,
        source=HUB,
        agency_id=None,
        significance=Significance.HIGH if is_high else Significance.NORMAL,
        case_id=child.case_id,
        reference=contact.reference if contact else None,
        child_id=child.child_id,
        given_name=child.given_name,
        family_name=child.family_name,
        link=history.link,
        **said,
    )

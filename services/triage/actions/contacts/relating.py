"""Put cases of several households side by side, and take them apart again; nothing of either changes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.triage.actions import LEDGER
from services.triage.actions.showing.restricted import NOTHING, Closed, list_closed, require_open
from services.triage.errors import AlreadyRelated, NotACase, RelationUndone, SameCase
from services.triage.models import CaseRelation
from services.triage.store import relations
from shared.platform.auth import Caller
from shared.problems import NotFound
from shared.schemas.ids import CaseId, RelationId, new_id
from shared.schemas.relating import RelatedCase, RelationForm, RelationView, UndoRelationForm
from shared.schemas.words import RelationKind


async def relate(
    tx: AsyncSession, case_id: CaseId, form: RelationForm, by: Caller, *, now: datetime
) -> RelationView:
    """Relate a case to another.

    Neither case's version moves: no child of either is known better for it, and whoever is deciding goes on.

    Raises:
        NotFound: there is no such case.
        NotACase: there is no such other case.
        SameCase: both are one.
        AlreadyRelated: a relation of this kind stands between them.

    Source:
        docs/adr/0024-one-incident-told-by-several.md
    """
    if await relations.find_case(tx, case_id) is None:
        raise NotFound
    if form.case_id == case_id:
        raise SameCase
    if await relations.find_case(tx, form.case_id) is None:
        raise NotACase
    await require_open(tx, by, [form.case_id], now=now)
    relation_id = RelationId(new_id())
    one, other = sorted([case_id, form.case_id])
    values = {
        "relation_id": relation_id,
        "one_case_id": one,
        "other_case_id": other,
        "kind": form.kind,
        "reason": form.reason,
        "made_at": now,
        "made_by": by.name,
        "made_by_id": by.subject,
    }
    if not await relations.add_relation(tx, values):
        raise AlreadyRelated
    made = await relations.get_relation_to_change(tx, relation_id)
    await _record(tx, by, "relation.made", made, now=now)
    return (await _views(tx, {case_id}, [made], NOTHING))[0]


async def undo(
    tx: AsyncSession, relation_id: RelationId, form: UndoRelationForm, by: Caller, *, now: datetime
) -> RelationView:
    """Undo a relation; it stays in the history of both cases.

    Raises:
        NotFound: there is none.
        RelationUndone: it was undone before.
    """
    relation = await relations.get_relation_to_change(tx, relation_id)
    if relation.undone_at is not None:
        raise RelationUndone
    relation.undone_at, relation.undone_reason = now, form.reason
    relation.undone_by, relation.undone_by_id = by.name, by.subject
    await _record(tx, by, "relation.undone", relation, now=now)
    return (await _views(tx, {relation.one_case_id}, [relation], NOTHING))[0]


async def list_related(
    tx: AsyncSession,
    case_id: CaseId,
    reader: Caller,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[list[RelationView], bool]:
    """Return a part of a case's relations, the oldest first, and whether there are more.

    Raises:
        NotFound: there is no such case.
    """
    if await relations.find_case(tx, case_id) is None:
        raise NotFound
    own = await relations.list_with_emptied(tx, case_id)
    found = await relations.page_of_relations(tx, own, after=after, limit=limit)
    views = await _views(tx, own, found[:limit], await list_closed(tx, reader, now=now))
    subjects = [case_id, *(shown for view in views for shown in (view.relation_id, view.related.case_id))]
    await LEDGER.record(tx, reader, "case.related_read", at=now, subjects=subjects)
    return views, len(found) > limit


async def _record(
    tx: AsyncSession, who: Caller, action: str, relation: CaseRelation, *, now: datetime
) -> None:
    subjects = [relation.relation_id, relation.one_case_id, relation.other_case_id]
    await LEDGER.record(tx, who, action, at=now, subjects=subjects, facts={"kind": relation.kind})


async def _views(
    tx: AsyncSession, own: Collection[CaseId], found: Sequence[CaseRelation], closed: Closed
) -> list[RelationView]:
    """Return relations as `own` see them: of the other case, wherever its contacts are now, what names
    nobody in it; of one that is closed to the reader not even its references.
    """
    others = [await relations.find_where_now(tx, _other(each, own)) for each in found]
    known = await relations.get_cases(tx, set(others))
    references = await relations.list_references(tx, set(others))
    return [
        RelationView(
            relation_id=each.relation_id,
            kind=RelationKind(each.kind),
            reason=each.reason,
            made_at=each.made_at,
            made_by=each.made_by,
            undone_at=each.undone_at,
            undone_by=each.undone_by,
            undone_reason=each.undone_reason,
            related=RelatedCase(
                case_id=other,
                references=[said for of, said in references if of == other and other not in closed.cases],
                closed=other in closed.cases,
                received_at=known[other].received_at,
                is_open=known[other].is_open,
            ),
        )
        for each, other in zip(found, others, strict=True)
    ]


def _other(relation: CaseRelation, own: Collection[CaseId]) -> CaseId:
    return relation.other_case_id if relation.one_case_id in own else relation.one_case_id

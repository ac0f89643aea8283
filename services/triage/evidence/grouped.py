"""Who in a case are one child, what ties two cases, and when one is over: pure, by what people confirmed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from services.triage.evidence.facts import awaits_decision
from services.triage.evidence.history import CLOSING
from services.triage.models import CaseChild, Decision
from shared.schemas.families import ReferralLinks
from shared.schemas.ids import CaseId, ChildId, DecisionId, RecordId, ReferralId
from shared.schemas.words import PersonKind, Rag


class Stand(NamedTuple):
    """A child of a case, by whom people have confirmed it to be; None: nobody has been asked."""

    child_id: ChildId
    case_id: CaseId
    confirmed_as: RecordId | None


class Before(BaseModel):
    """What stood for a child before it was first taken for one with another, kept to be given back.

    Attributes:
        decision_id: the decision that stood then; another since was made on what was known of all.
        reopened_at: when it was reopened for what the others brought; None: it was not.
        grouped_with: everyone it has been one child with since.
    """

    model_config = ConfigDict(frozen=True)

    rag: Rag
    decide_by: datetime
    clock_from: datetime | None
    changed_at: datetime | None
    decision_id: DecisionId | None
    reopened_at: datetime | None = None
    grouped_with: tuple[ChildId, ...] = ()


def who_is_who(stands: Sequence[Stand]) -> dict[ChildId, ChildId]:
    """Return for each child of some cases the one that it is: the first heard of in its case, or itself.

    Args:
        stands: those first heard of first.
    """
    first: dict[tuple[CaseId, RecordId], ChildId] = {}
    return {
        one.child_id: one.child_id
        if one.confirmed_as is None
        else first.setdefault((one.case_id, one.confirmed_as), one.child_id)
        for one in stands
    }


def groups_of(ids: Mapping[ChildId, ChildId]) -> dict[ChildId, frozenset[ChildId]]:
    """Return for each child everyone who is one with it, by the one that each of them is."""
    members: dict[ChildId, set[ChildId]] = {}
    for child_id, first in ids.items():
        members.setdefault(first, set()).add(child_id)
    return {child_id: frozenset(members[first]) for child_id, first in ids.items()}


def is_tied(links: ReferralLinks, referral_ids: Collection[ReferralId]) -> bool:
    """Say whether a person has confirmed that somebody in a referral, child or adult, stands in others."""
    return any(
        one.is_confirmed and one.referral_id in referral_ids for item in links.items for one in item.linked
    )


def confirmed_children(links: ReferralLinks) -> dict[ChildId, RecordId]:
    """Return the children in a referral and those linked to them, each with whom it was confirmed to be."""
    found = {
        ChildId(item.record_id): item.confirmed_as for item in links.items if item.kind is PersonKind.CHILD
    }
    for item in links.items:
        for one in item.linked:
            if one.kind is PersonKind.CHILD and one.confirmed_as is not None:
                found[ChildId(one.record_id)] = one.confirmed_as
    return found


def hub_part_over(children: Collection[CaseChild], decisions: Iterable[Decision]) -> bool:
    """Say whether every child of a case stands decided in a way that ends the hub's part."""
    return len(part_over(children, decisions)) == len(children)


def part_over(children: Iterable[CaseChild], decisions: Iterable[Decision]) -> set[ChildId]:
    """Return the children that stand decided in a way that ends the hub's part.

    Source:
        docs/adr/0020-a-closing-decision-counts-as-closure.md
    """
    standing = {made.decision_id: made for made in decisions}

    def is_over(child: CaseChild) -> bool:
        made = standing.get(child.decision_id) if child.decision_id else None
        return not awaits_decision(child) and made is not None and made.pathway in CLOSING

    return {child.child_id for child in children if is_over(child)}

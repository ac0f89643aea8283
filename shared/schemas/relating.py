"""Cases of several households that belong together: told by reference, and nothing of one in the other."""

from datetime import datetime

from pydantic import Field

from shared.schemas.ids import CaseId, RelationId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale
from shared.schemas.words import RelationKind


class RelationForm(Form):
    """Another case that belongs with this one, and why."""

    case_id: CaseId = Field(description="The other case.", examples=["0198f0a0-0000-7000-8000-00000000c002"])
    kind: RelationKind = Field(
        description="`peer_group`: children of several households meet there. `institution`: it happened in"
        " one school, club or home. `same_incident`: one incident touched both.",
        examples=["peer_group"],
    )
    reason: Rationale = Field(
        description="Readers of both cases see it: name no child or household of either.",
        examples=["The same flat, the same adults, three weekends running."],
    )


class UndoRelationForm(Form):
    """Why two cases do not belong together."""

    reason: Rationale = Field(examples=["Another flat: the address was read wrongly."])


class RelatedCase(Answer):
    """The other case, by what names nobody in it."""

    case_id: CaseId
    references: list[str] = Field(
        description="Of its contacts, the oldest first.",
        examples=[["SH-7K3QX9MA-9"]],
    )
    received_at: datetime = Field(description="When its first contact arrived.")
    is_open: bool = Field(description="Whether any child in it waits for a decision.")
    closed: bool = Field(
        False, description="It is restricted, and you are not named for it: `references` is empty."
    )


class RelationView(Answer):
    """Why a case belongs with another; one that was undone stays in the history of both."""

    relation_id: RelationId
    kind: RelationKind
    reason: str = Field(examples=["The same flat, the same adults, three weekends running."])
    made_at: datetime
    made_by: str = Field(examples=["Dana Reid"])
    undone_at: datetime | None = None
    undone_by: str | None = Field(None, examples=["Dana Reid"])
    undone_reason: str | None = Field(None, examples=["Another flat: the address was read wrongly."])
    related: RelatedCase

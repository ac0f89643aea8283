"""Many referrals, one case: which open cases stand beside another, joining one, and undoing it."""

from datetime import datetime

from pydantic import Field

from shared.schemas.ids import AgencyId, CaseId, JoinId, MatchId, RecordId, ReferralId
from shared.schemas.shapes import Answer, Form
from shared.schemas.text import Rationale
from shared.schemas.words import PersonKind


class JoinForm(Form):
    """A referral that belongs in this case, and why."""

    referral_id: ReferralId = Field(
        description="A referral of another case.", examples=["0198f0a0-0000-7000-8000-00000000b001"]
    )
    reason: Rationale = Field(examples=["The same child: the school knows her under both names."])


class UndoJoinForm(Form):
    """Why a referral does not belong in the case it was joined to."""

    reason: Rationale = Field(examples=["They are cousins; the grandmother confirmed it."])


class JoinView(Answer):
    """A referral that came to a case from one of its own; an undone join stays in its history."""

    join_id: JoinId
    case_id: CaseId = Field(description="The case that it joined.")
    from_case_id: CaseId = Field(description="The case that it came from, and goes back to when undone.")
    referral_id: ReferralId
    reference: str = Field(examples=["SH-7K3QX9MA-9"])
    reason: str = Field(examples=["The same child: the school knows her under both names."])
    joined_at: datetime
    joined_by: str = Field(examples=["Dana Reid"])
    undone_at: datetime | None = None
    undone_by: str | None = Field(None, examples=["Dana Reid"])
    undone_reason: str | None = Field(None, examples=["They are cousins; the grandmother confirmed it."])


class JoinMade(Answer):
    """Where a referral stands now, after it was joined or a join was undone."""

    join_id: JoinId
    referral_id: ReferralId
    case_id: CaseId = Field(description="The case that it is considered in now.")
    other_case_id: CaseId = Field(description="The case that it was considered in before.")
    version: int = Field(description="Of the case that was named in the request.", examples=[8])


class Tie(Answer):
    """Somebody of this case who is, or may be, somebody of the other."""

    record_id: RecordId = Field(description="In this case; of a child its `child_id`.")
    kind: PersonKind
    name: str | None = Field(None, description="In this case.", examples=["Maisie Example"])
    of_record_id: RecordId = Field(description="In the other case.")
    of_name: str | None = Field(None, description="In the other case.", examples=["Maisy Exampel"])
    #: False: the machine alone says so, or it is only asked. Nothing is joined on it.
    is_confirmed: bool
    match_id: MatchId | None = Field(None, description="The question that waits for a person, if it is one.")


class CaseBeside(Answer):
    """Another case that people of this one stand in, or may stand in."""

    case_id: CaseId
    references: list[str] = Field(examples=[["SH-7K3QX9MA-9"]])
    agency_ids: list[AgencyId] = Field(description="Who sent each of the references, in their order.")
    received_at: datetime = Field(description="When its first referral arrived.")
    children: list[str] = Field(description="Its children by name.", examples=[["Maisie Example"]])
    is_open: bool = Field(description="Whether the hub still has a part in it.")
    ties: list[Tie]
    can_join: bool = Field(
        description="Whether this case's referrals may join it now: it is open, and a person confirmed a tie."
    )


class CasesBeside(Answer):
    """The other cases of the same people; empty is no history only where `searched` is true."""

    items: list[CaseBeside]
    searched: bool
    why_not: str | None = Field(None, examples=["The index of persons does not answer."])
    restricted_count: int = Field(
        0,
        description="Further cases, in which somebody is restricted: a manager can open them.",
        examples=[0],
    )

"""Every event: a past-tense fact with ids, versions and codes, and no personal data."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.schemas.discussions import DiscussionKind
from shared.schemas.ids import (
    AgencyId,
    BreachId,
    CaseId,
    ChildId,
    DecisionId,
    DiscussionId,
    EventId,
    FurtherInformationId,
    GradeId,
    OnwardId,
    PersonId,
    ReferralId,
    RequestId,
    TimerId,
    WithdrawalId,
    new_id,
)
from shared.schemas.onward import OnwardStep
from shared.schemas.timers import TimerKind


class Event(BaseModel):
    """A fact that a service has committed; whoever hears it asks the owner for what it may see."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str
    event_id: EventId = Field(default_factory=lambda: EventId(new_id()))
    occurred_at: datetime


class ReferralReceived(Event):
    """Intake has stored a version of a referral; triage must consider it."""

    type: Literal["intake.referral_received.v1"] = "intake.referral_received.v1"
    referral_id: ReferralId
    version: int
    agency_id: AgencyId


class FurtherInformationRequested(Event):
    """An agency's own representative asks the sender of a referral for more; the sender must hear of it."""

    type: Literal["intake.further_information_requested.v1"] = "intake.further_information_requested.v1"
    request_id: FurtherInformationId
    referral_id: ReferralId


class WithdrawalDecided(Event):
    """The hub has decided on a sender's wish to take a referral back; the sender must hear of it."""

    type: Literal["intake.withdrawal_decided.v1"] = "intake.withdrawal_decided.v1"
    withdrawal_id: WithdrawalId
    referral_id: ReferralId


class PeopleMatched(Event):
    """Intake has held the people of a version of a referral against all whom it knows."""

    type: Literal["intake.people_matched.v1"] = "intake.people_matched.v1"
    referral_id: ReferralId
    referral_version: int
    #: Whose records the people of the referral now are, each once.
    person_ids: tuple[PersonId, ...]


class LinkChanged(Event):
    """Staff have linked children to a person, or taken them from one; whoever joined them must look again."""

    type: Literal["intake.link_changed.v1"] = "intake.link_changed.v1"
    #: Every child whose links are others than before, the ones left behind included.
    child_ids: tuple[ChildId, ...]
    #: Whose record the one that was decided on is now.
    person_id: PersonId


class RestrictionChanged(Event):
    """Who may read the people of some referrals may have changed; whoever shows them must ask again."""

    type: Literal["intake.restriction_changed.v1"] = "intake.restriction_changed.v1"
    #: Every referral in which one of those people stands; whether it is restricted, intake says when asked.
    referral_ids: tuple[ReferralId, ...]


class CaseCorrected(Event):
    """A later version of a referral has changed its case; whoever was asked or told must be told again."""

    type: Literal["triage.case_corrected.v1"] = "triage.case_corrected.v1"
    case_id: CaseId
    referral_id: ReferralId
    referral_version: int
    #: Who was asked about the case's children before the correction.
    asked_agency_ids: tuple[AgencyId, ...]
    version: int


class CaseOpened(Event):
    """Triage has opened a case for a referral; its sender may be told that the hub is considering it."""

    type: Literal["triage.case_opened.v1"] = "triage.case_opened.v1"
    case_id: CaseId
    referral_id: ReferralId
    child_ids: tuple[ChildId, ...]
    version: int


class GradeRecorded(Event):
    """An agency has said how worried it is about a child."""

    type: Literal["triage.grade_recorded.v1"] = "triage.grade_recorded.v1"
    case_id: CaseId
    child_id: ChildId
    agency_id: AgencyId
    grade_id: GradeId
    version: int


class ChildDecided(Event):
    """A named person has decided for one child; everyone who referred the child must be answered."""

    type: Literal["triage.child_decided.v1"] = "triage.child_decided.v1"
    case_id: CaseId
    child_id: ChildId
    referral_ids: tuple[ReferralId, ...]
    decision_id: DecisionId
    version: int


class TimerBreached(Event):
    """Something was not done in time for a child; it is raised once, and asks a person for a reason."""

    type: Literal["triage.timer_breached.v1"] = "triage.timer_breached.v1"
    case_id: CaseId
    child_id: ChildId
    timer_id: TimerId
    breach_id: BreachId
    kind: TimerKind
    version: int


class OnwardStepRecorded(Event):
    """What follows a decision was done for a child: accepted, assessed, conferred about."""

    type: Literal["triage.onward_step_recorded.v1"] = "triage.onward_step_recorded.v1"
    case_id: CaseId
    child_id: ChildId
    onward_id: OnwardId
    kind: OnwardStep
    version: int


class InformationRequested(Event):
    """An agency is asked what it knows of a child or of adults around it; it must hear of it."""

    type: Literal["triage.information_requested.v1"] = "triage.information_requested.v1"
    case_id: CaseId
    child_id: ChildId
    request_id: RequestId
    agency_id: AgencyId


class AgencyReminded(Event):
    """An agency has not answered in time, or is about not to; it must hear of it."""

    type: Literal["triage.agency_reminded.v1"] = "triage.agency_reminded.v1"
    case_id: CaseId
    child_id: ChildId
    request_id: RequestId
    agency_id: AgencyId


class InvitationsChanged(Event):
    """Agencies are invited to a discussion, or what they were invited to is another time or not held."""

    type: Literal["triage.invitations_changed.v1"] = "triage.invitations_changed.v1"
    discussion_id: DiscussionId
    case_id: CaseId
    kind: DiscussionKind
    invited_agency_ids: tuple[AgencyId, ...]
    #: Invited before, to another time.
    moved_agency_ids: tuple[AgencyId, ...]
    #: Invited before, and no longer: taken off its list, or it is not held.
    withdrawn_agency_ids: tuple[AgencyId, ...]
    version: int


AnyEvent = Annotated[
    ReferralReceived
    | FurtherInformationRequested
    | WithdrawalDecided
    | PeopleMatched
    | LinkChanged
    | RestrictionChanged
    | CaseOpened
    | CaseCorrected
    | GradeRecorded
    | ChildDecided
    | TimerBreached
    | OnwardStepRecorded
    | InformationRequested
    | AgencyReminded
    | InvitationsChanged,
    Field(discriminator="type"),
]

_READER: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)

#: Every event type, for the tables of who listens and for the tests that nothing is forgotten.
EVENT_TYPES: tuple[type[Event], ...] = (
    ReferralReceived,
    FurtherInformationRequested,
    WithdrawalDecided,
    PeopleMatched,
    LinkChanged,
    RestrictionChanged,
    CaseOpened,
    CaseCorrected,
    GradeRecorded,
    ChildDecided,
    TimerBreached,
    OnwardStepRecorded,
    InformationRequested,
    AgencyReminded,
    InvitationsChanged,
)

#: Published for listeners outside the services that exist today; each with the reason.
EXTERNAL: dict[type[Event], str] = {
    GradeRecorded: "measures of agency answer rates read it from the stream",
    TimerBreached: "measures of what is not done in time read it from the stream; staff read a list",
    OnwardStepRecorded: "measures of hand-overs, assessments and conferences read it from the stream",
}


def type_name(event_type: type[Event]) -> str:
    """Return the wire name of `event_type`, which is also its subject on the bus."""
    return str(event_type.model_fields["type"].default)


def read_event(payload: bytes) -> AnyEvent:
    """Return the event in `payload`.

    Raises:
        pydantic.ValidationError: not JSON, an unknown type or version, or a field missing.
    """
    return _READER.validate_json(payload)

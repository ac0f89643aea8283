"""Typed ids, all UUIDv7, so that a case id can never be passed where a child id is meant."""

from typing import NewType
from uuid import UUID

from uuid_utils.compat import uuid7

AgencyId = NewType("AgencyId", UUID)
ClientId = NewType("ClientId", UUID)
StaffId = NewType("StaffId", UUID)
SessionId = NewType("SessionId", UUID)
ReferralId = NewType("ReferralId", UUID)
ChildId = NewType("ChildId", UUID)
CaseId = NewType("CaseId", UUID)
RequestId = NewType("RequestId", UUID)
GradeId = NewType("GradeId", UUID)
RecommendationId = NewType("RecommendationId", UUID)
DecisionId = NewType("DecisionId", UUID)
TimerId = NewType("TimerId", UUID)
EventId = NewType("EventId", UUID)
WebhookId = NewType("WebhookId", UUID)
DeliveryId = NewType("DeliveryId", UUID)
AuditId = NewType("AuditId", UUID)
FurtherInformationId = NewType("FurtherInformationId", UUID)
WithdrawalId = NewType("WithdrawalId", UUID)
HeldCopyId = NewType("HeldCopyId", UUID)
CheckReceiptId = NewType("CheckReceiptId", UUID)
PersonId = NewType("PersonId", UUID)
#: A child or an adult of one referral; of a child the same as its ChildId.
RecordId = NewType("RecordId", UUID)
MatchId = NewType("MatchId", UUID)
LinkDecisionId = NewType("LinkDecisionId", UUID)
PeopleSearchId = NewType("PeopleSearchId", UUID)
JoinId = NewType("JoinId", UUID)
BirthNoteId = NewType("BirthNoteId", UUID)
RestrictionId = NewType("RestrictionId", UUID)
RelationId = NewType("RelationId", UUID)
DepthChangeId = NewType("DepthChangeId", UUID)
LawfulBasisId = NewType("LawfulBasisId", UUID)
BreachId = NewType("BreachId", UUID)
BreachReasonId = NewType("BreachReasonId", UUID)
DriftId = NewType("DriftId", UUID)
TargetId = NewType("TargetId", UUID)
TargetReviewId = NewType("TargetReviewId", UUID)
AlertId = NewType("AlertId", UUID)
OnwardId = NewType("OnwardId", UUID)
DiscussionId = NewType("DiscussionId", UUID)
AttendeeId = NewType("AttendeeId", UUID)
DiscussionActionId = NewType("DiscussionActionId", UUID)
DiscussionMarkId = NewType("DiscussionMarkId", UUID)
DiscussionIssueId = NewType("DiscussionIssueId", UUID)
OversightId = NewType("OversightId", UUID)
PolicySubmissionId = NewType("PolicySubmissionId", UUID)
PolicyReplayId = NewType("PolicyReplayId", UUID)
WaitId = NewType("WaitId", UUID)
AllocationId = NewType("AllocationId", UUID)
AccessId = NewType("AccessId", UUID)

#: Every typed id; SQLAlchemy must be told each one is a UUID column.
ALL = (
    AgencyId,
    ClientId,
    StaffId,
    SessionId,
    ReferralId,
    ChildId,
    CaseId,
    RequestId,
    GradeId,
    RecommendationId,
    DecisionId,
    TimerId,
    EventId,
    WebhookId,
    DeliveryId,
    AuditId,
    FurtherInformationId,
    WithdrawalId,
    HeldCopyId,
    CheckReceiptId,
    PersonId,
    RecordId,
    MatchId,
    LinkDecisionId,
    PeopleSearchId,
    JoinId,
    BirthNoteId,
    RestrictionId,
    RelationId,
    DepthChangeId,
    LawfulBasisId,
    BreachId,
    BreachReasonId,
    DriftId,
    TargetId,
    TargetReviewId,
    AlertId,
    OnwardId,
    DiscussionId,
    AttendeeId,
    DiscussionActionId,
    DiscussionMarkId,
    DiscussionIssueId,
    OversightId,
    PolicySubmissionId,
    PolicyReplayId,
    WaitId,
    AllocationId,
    AccessId,
)


def new_id() -> UUID:
    """Return a fresh UUIDv7: roughly in order of time, never to be relied on for order."""
    return uuid7()

"""Triage's tables."""

from services.triage.models.alerts import Alert, AlertPage
from services.triage.models.asking import Grade, InformationRequest, RecordedBasis
from services.triage.models.cases import (
    Case,
    CaseChild,
    Contact,
    ContactVersion,
    Recommendation,
)
from services.triage.models.day import Allocation, Draft, Lease, Wait
from services.triage.models.decisions import Decision, DepthChange
from services.triage.models.discussions import (
    Discussion,
    DiscussionAction,
    DiscussionChild,
    DiscussionIssue,
    DiscussionMark,
    DiscussionVersion,
)
from services.triage.models.joins import CaseJoin
from services.triage.models.onward import Onward
from services.triage.models.oversight import Oversight
from services.triage.models.policies import Policy
from services.triage.models.policy_changes import PolicyReplay, PolicyReplayChild, PolicySubmission
from services.triage.models.relations import CaseRelation
from services.triage.models.restricted import CaseAccess, ReferralRestriction
from services.triage.models.schema import MAILBOX, Table
from services.triage.models.timers import Breach, BreachReason, ChildTarget, Drift, TargetReview, Timer

__all__ = [
    "MAILBOX",
    "Alert",
    "AlertPage",
    "Allocation",
    "Breach",
    "BreachReason",
    "Case",
    "CaseAccess",
    "CaseChild",
    "CaseJoin",
    "CaseRelation",
    "ChildTarget",
    "Contact",
    "ContactVersion",
    "Decision",
    "DepthChange",
    "Discussion",
    "DiscussionAction",
    "DiscussionChild",
    "DiscussionIssue",
    "DiscussionMark",
    "DiscussionVersion",
    "Draft",
    "Drift",
    "Grade",
    "InformationRequest",
    "Lease",
    "Onward",
    "Oversight",
    "Policy",
    "PolicyReplay",
    "PolicyReplayChild",
    "PolicySubmission",
    "Recommendation",
    "RecordedBasis",
    "ReferralRestriction",
    "Table",
    "TargetReview",
    "Timer",
    "Wait",
]

"""Triage's tables."""

from services.triage.models.cases import (
    Case,
    CaseChild,
    Contact,
    ContactVersion,
    Decision,
    Grade,
    InformationRequest,
    Recommendation,
    Timer,
)
from services.triage.models.discussions import (
    Discussion,
    DiscussionAction,
    DiscussionChild,
    DiscussionIssue,
    DiscussionMark,
    DiscussionVersion,
)
from services.triage.models.joins import CaseJoin
from services.triage.models.oversight import Oversight
from services.triage.models.policies import Policy
from services.triage.models.relations import CaseRelation
from services.triage.models.schema import MAILBOX, Table

__all__ = [
    "MAILBOX",
    "Case",
    "CaseChild",
    "CaseJoin",
    "CaseRelation",
    "Contact",
    "ContactVersion",
    "Decision",
    "Discussion",
    "DiscussionAction",
    "DiscussionChild",
    "DiscussionIssue",
    "DiscussionMark",
    "DiscussionVersion",
    "Grade",
    "InformationRequest",
    "Oversight",
    "Policy",
    "Recommendation",
    "Table",
    "Timer",
]

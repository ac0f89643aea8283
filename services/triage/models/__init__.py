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
from services.triage.models.joins import CaseJoin
from services.triage.models.policies import Policy
from services.triage.models.policy_changes import PolicyReplay, PolicyReplayChild, PolicySubmission
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
    "Grade",
    "InformationRequest",
    "Policy",
    "PolicyReplay",
    "PolicyReplayChild",
    "PolicySubmission",
    "Recommendation",
    "Table",
    "Timer",
]

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
from services.triage.models.day import Allocation, Draft, Lease, Wait
from services.triage.models.joins import CaseJoin
from services.triage.models.policies import Policy
from services.triage.models.relations import CaseRelation
from services.triage.models.schema import MAILBOX, Table

__all__ = [
    "MAILBOX",
    "Allocation",
    "Case",
    "CaseChild",
    "CaseJoin",
    "CaseRelation",
    "Contact",
    "ContactVersion",
    "Decision",
    "Draft",
    "Grade",
    "InformationRequest",
    "Lease",
    "Policy",
    "Recommendation",
    "Table",
    "Timer",
    "Wait",
]

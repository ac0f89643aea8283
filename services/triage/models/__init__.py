"""Triage's tables."""

from services.triage.models.asking import Grade, InformationRequest, RecordedBasis
from services.triage.models.cases import (
    Case,
    CaseChild,
    Contact,
    ContactVersion,
    Recommendation,
    Timer,
)
from services.triage.models.decisions import Decision, DepthChange
from services.triage.models.joins import CaseJoin
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
    "DepthChange",
    "Grade",
    "InformationRequest",
    "Policy",
    "Recommendation",
    "RecordedBasis",
    "Table",
    "Timer",
]

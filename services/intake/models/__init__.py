"""Intake's tables."""

from services.intake.models.arrivals import (
    CheckReceipt,
    ChildProgress,
    FurtherInformation,
    HeldCopy,
    HeldCopyOpening,
    IdempotencyKey,
    QualityCheck,
    Referral,
    SenderReference,
    Withdrawal,
)
from services.intake.models.births import BirthNote
from services.intake.models.persons import (
    LinkDecision,
    Match,
    MatchCandidate,
    PeopleSearch,
    Person,
    PersonKey,
    PersonRecord,
    PersonTerm,
    Restriction,
)
from services.intake.models.schema import MAILBOX, Table

__all__ = [
    "MAILBOX",
    "BirthNote",
    "CheckReceipt",
    "ChildProgress",
    "FurtherInformation",
    "HeldCopy",
    "HeldCopyOpening",
    "IdempotencyKey",
    "LinkDecision",
    "Match",
    "MatchCandidate",
    "PeopleSearch",
    "Person",
    "PersonKey",
    "PersonRecord",
    "PersonTerm",
    "QualityCheck",
    "Referral",
    "Restriction",
    "SenderReference",
    "Table",
    "Withdrawal",
]

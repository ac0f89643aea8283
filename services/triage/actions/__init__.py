"""What triage does: one verb, one transaction, a file for each part of the work."""

from shared.platform.audit import Ledger

LEDGER = Ledger("triage")

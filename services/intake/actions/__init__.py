"""What intake does: one verb, one transaction."""

from shared.platform.audit import Ledger

LEDGER = Ledger("intake")

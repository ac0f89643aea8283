"""What notifications does: one verb, one transaction."""

from typing import Final

from shared.platform.audit import Ledger

LEDGER: Final = Ledger("notifications")

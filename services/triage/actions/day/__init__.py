"""The hub's day: the board, who holds a case, leases, drafts, what the work list draws attention to."""

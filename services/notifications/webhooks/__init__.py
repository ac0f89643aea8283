"""Calling partners' addresses: which may be called, how a call is signed, how one is made. No database."""

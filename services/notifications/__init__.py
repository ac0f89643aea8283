"""Notifications owns what is told to whom: outcomes, the feed they are read from, and webhooks.

Hears that a child was decided. Asks triage what, intake who referred the child, access what kind of agency
that is. Says nothing on the bus.
"""

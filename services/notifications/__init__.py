"""Notifications owns what is told to whom: outcomes and notices, the feeds they are read from, and webhooks.

Hears that a child was decided, that a sender is asked for more, that its wish to take a referral back was
decided on, and that a case was corrected. Asks triage and intake what, intake who sent the referral, access
what kind of agency that is. Says nothing on the bus.
"""

"""Intake owns referrals as they arrive: stored as sent, never edited after, answered with a reference.

Hears of cases opened and children decided, so that a sender can see where its referral is.
Says that a referral was received.
"""

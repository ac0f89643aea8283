"""Intake owns referrals as they arrive: stored as sent, never edited after, answered with a reference.

Owns the index of persons: who the children and adults of referrals are, as far as anyone knows.
Hears of cases opened and children decided, so that a sender can see where its referral is; and itself, so
that people are matched once the sender has its answer.
Says that a referral was received, that its people were matched, and that staff changed who is who.
"""

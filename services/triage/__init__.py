"""Triage owns the case: who was asked, who graded, what the policy recommends, what a person decided.

Hears that a referral was received. Says that a case was opened, a grade recorded, a child decided.
"""

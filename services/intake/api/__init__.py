"""Intake over HTTP: partners send referrals and see where they are; staff and services read them."""

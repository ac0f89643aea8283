"""Threshold policies put forward, approved, and tried on past children."""

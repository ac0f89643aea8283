"""Triage over HTTP, a file for each part of the work."""

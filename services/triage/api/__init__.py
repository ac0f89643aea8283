"""Triage over HTTP: staff work with cases, asked agencies answer and grade, deciders decide."""

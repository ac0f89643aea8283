"""Discussions from the call to their actions, and management oversight."""

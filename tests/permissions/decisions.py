"""A decision to make about a child, whoever may make it."""

from typing import Any


def a_decision(pathway: str, *, supersedes: str | None = None) -> dict[str, Any]:
    """Return a decision that says why it differs, in case it does."""
    return {
        "level": 2 if pathway == "early_help" else 3,
        "pathway": pathway,
        "rag": "amber",
        "rationale": "What the family and the agencies told us.",
        "different_decision_reason": "The family asked for it.",
        "supersedes": supersedes,
    }

"""A decision to make about a child, whoever may make it."""

from typing import Any

from tests.hub import person


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


def of_the_day(case: dict[str, Any]) -> dict[str, str]:
    """Return the ids of a draft of a decision for a case's first child, and of whoever may hold the case."""
    return {
        "subject_id": case["children"][0]["child_id"],
        "form_name": "decision",
        "staff_id": str(person("dana.reid").staff_id),
    }

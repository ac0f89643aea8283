"""Read a policy strictly: what the language does not have is refused, and never skipped."""

import json
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from services.triage.policy.document import PolicyDocument
from services.triage.policy.faults import PolicyFault, PolicyNotPublishable, with_lines
from shared.codes.reading import FileNotReadable, read_yaml

#: The policy a hub starts with.
DEFAULT_POLICY: Final = "hub-2026-4.yaml"
#: Another one, with five levels, to learn from; nobody should work with it as it is.
FIVE_LEVELS: Final = "five-levels-example.yaml"


def read_policy(text: str) -> PolicyDocument:
    """Return the policy that a YAML text holds.

    A field, condition or word the language does not have is refused and never skipped: a misspelt field
    would otherwise be a rule that never speaks.

    Raises:
        PolicyNotPublishable: it is no YAML of the plain kind, or not a policy; one fault for each error,
            with its line.
    """
    try:
        # Through JSON, because strict models take "red" for a colour from JSON and from nothing else. A day
        # is read as it was written: the model says at which line something else is wanted.
        return PolicyDocument.model_validate_json(json.dumps(read_yaml(text), default=str))
    except ValidationError as error:
        raise PolicyNotPublishable(tuple(with_lines(text, _misreadings(error)))) from error
    except FileNotReadable as error:
        raise PolicyNotPublishable((PolicyFault("not_readable", str(error), line=error.line),)) from error
    except (TypeError, ValueError, RecursionError) as error:
        raise PolicyNotPublishable((PolicyFault("not_readable", str(error)),)) from error


@cache
def shipped_policy(name: str) -> PolicyDocument:
    """Return a policy that comes with the hub, by the name of its file."""
    return read_policy((files(__package__) / name).read_text(encoding="utf-8"))


def default_policy() -> PolicyDocument:
    """Return the policy a hub starts with."""
    return shipped_policy(DEFAULT_POLICY)


def _misreadings(error: ValidationError) -> list[PolicyFault]:
    return [
        PolicyFault(
            "not_a_policy",
            f"#/{'/'.join(str(step) for step in found['loc'])}: {_said(found)}",
            path=tuple(found["loc"]),
        )
        for found in error.errors(include_url=False, include_input=False)
    ]


def _said(found: ErrorDetails) -> str:
    if found["type"] == "union_tag_invalid":
        return f"{found['ctx']['tag']} is no question that a rule may ask; the guide lists them"
    return found["msg"]

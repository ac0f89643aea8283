"""Calls drawn from the description of an API: such as it allows, and such as it does not."""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Err, Ok
from schemathesis.schemas import APIOperation

from docs.openapi.write import applications

Operation = APIOperation[Any, Any, Any, Any]
Call = Case[Any]

#: How many calls of each kind are drawn for an operation; each is made by everyone who may ask.
DRAWN = 7

_SAME_EVERY_TIME = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=DRAWN,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@cache
def operations(service: str) -> tuple[Operation, ...]:
    """Return every operation that a service describes to partners."""
    described = applications(demo=True)[service].openapi()
    found = list(schemathesis.openapi.from_dict(described).get_all_operations())
    assert [each.err() for each in found if isinstance(each, Err)] == []
    return tuple(each.ok() for each in found if isinstance(each, Ok))


def draw(operation: Operation, ids: dict[str, str]) -> Iterator[list[Call]]:
    """Yield the calls of an operation kind by kind: allowed and not allowed ones, to what exists and not.

    Args:
        ids: of a record that exists, by their names in paths.
    """
    there = tuple((each.name, ids[each.name]) for each in operation.path_parameters if each.name in ids)
    for fixed in {(), there}:
        for mode in GenerationMode:
            yield _drawn(operation, mode, fixed)


@cache
def _drawn(operation: Operation, mode: GenerationMode, fixed: tuple[tuple[str, str], ...]) -> list[Call]:
    cases: list[Call] = []

    @_SAME_EVERY_TIME
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=dict(fixed) or None))
    def collect(case: Call) -> None:
        cases.append(case)

    # An operation that takes nothing cannot be asked in a way that is not allowed.
    with suppress(Unsatisfiable):
        collect()
    return cases

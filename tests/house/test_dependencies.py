"""What an endpoint asks for in its signature is a coroutine."""

import inspect
from collections.abc import Iterator

from fastapi.dependencies.models import Dependant

from tests.permissions.applications import routes


def _calls(dependant: Dependant) -> Iterator[object]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)


def _is_run_in_a_thread(call: object) -> bool:
    of_instance = getattr(call, "__call__", None)  # noqa: B004 - a callable object's own method is what counts
    kinds = (inspect.iscoroutinefunction, inspect.isasyncgenfunction)
    return not any(kind(one) for kind in kinds for one in (call, of_instance))


def test_no_dependency_costs_a_thread() -> None:
    # FastAPI runs a plain function in a thread: a hop that costs more than all that these do.
    in_threads = {
        (key, getattr(call, "__qualname__", type(call).__name__))
        for key, route in routes().items()
        if (dependant := getattr(route, "dependant", None))
        for call in _calls(dependant)
        if _is_run_in_a_thread(call)
    }
    assert in_threads == set()

"""Time the default policy for one child, and the same table in zen-engine, turn about in one process."""

import gc
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from bench.figures import Figure, say
from bench.policy.children import draw_children
from bench.policy.table import decision_table, row_of
from services.triage.policy.compiled import compiled
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import ChildFacts
from services.triage.policy.reading import default_policy

#: Children of one slice: each child is asked about once in a run, so that no answer is remembered whole.
_SLICE = 4_000
_MICROSECONDS = 1e6


def measure_policy(rounds: int) -> Iterator[Figure]:
    """Yield microseconds for each child, explanation included, beside zen-engine's without one."""
    policy = default_policy()
    ready = compiled(policy)
    children = draw_children(_SLICE * (rounds + 1))
    engine = _engine(json.dumps(decision_table(policy, ready)))
    if engine is None:
        say("zen-engine is not installed: install the bench group for its figure.")
    _agree(engine, children[:500])
    ours: list[float] = []
    theirs: list[float] = []
    # The first slice warms both up, and is not counted.
    for number in range(rounds + 1):
        part = children[number * _SLICE : (number + 1) * _SLICE]
        took = _each(lambda facts: recommend(policy, facts), part)
        other = _each(engine, [row_of(ready, facts) for facts in part]) if engine else None
        if number:
            ours.append(took)
            theirs += [other] if other is not None else []
    n = _SLICE * rounds
    yardstick = statistics.median(theirs) if theirs else None
    value = statistics.median(ours)
    name = "zen-engine on an equal table, without explanation" if yardstick else None
    yield Figure("policy_child", value, "us", name, value / yardstick if yardstick else None, n)
    if yardstick is not None:
        yield Figure("policy_child_zen_engine", yardstick, "us", None, None, n)


def _each(ask: Callable[[Any], object], asked: Sequence[Any]) -> float:
    """Return microseconds of processor for each of those asked."""
    gc.collect()
    began = time.process_time()
    for one in asked:
        ask(one)
    return (time.process_time() - began) / len(asked) * _MICROSECONDS


def _engine(table: str) -> Callable[[Any], Any] | None:
    if find_spec("zen") is None:
        return None
    decision = import_module("zen").ZenEngine().create_decision(table)
    return lambda row: decision.evaluate(row)["result"]


def _agree(engine: Callable[[Any], Any] | None, children: Sequence[ChildFacts]) -> None:
    """Let the comparison stand only where both speak the same rules."""
    policy = default_policy()
    ready = compiled(policy)
    for facts in children if engine else ():
        met = {line["rule"] for line in engine(row_of(ready, facts)) or ()} if engine else set()
        if met != {rule.rule_id for rule in recommend(policy, facts).fired}:
            raise AssertionError("the table of zen-engine is not equal to the policy")

"""The default policy as a decision table of a general rules engine: the same children, the same rules met."""

from typing import Any

from services.triage.policy.compiled import Compiled
from services.triage.policy.document import PolicyDocument
from services.triage.policy.facts import ChildFacts, weigh
from services.triage.policy.scale import protection
from services.triage.policy.signals import Bits
from shared.schemas.words import Rag

#: The questions of the policy become columns that hold yes or no, which is the least work for an engine:
#: it need not weigh the facts itself. Each way to fulfil a rule is a line of the table.
_URGENCY = {Rag.GREEN: 0, Rag.AMBER: 1, Rag.RED: 2}


def decision_table(policy: PolicyDocument, ready: Compiled) -> dict[str, Any]:
    """Return a graph of one table that collects every line that is met."""
    asked = [f"q{place}" for place in range(len(ready.signals.atoms))]
    lines = [_line(policy, number, way, asked) for number, ways in enumerate(ready.ways) for way in ways]
    outputs = ("rule", "level", "pathway", "rag", "words", "source")
    table = {
        "hitPolicy": "collect",
        "inputs": [{"id": name, "name": name, "type": "expression", "field": name} for name in asked],
        "outputs": [
            {"id": f"o_{name}", "name": name, "type": "expression", "field": name} for name in outputs
        ],
        "rules": lines,
    }
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {
            "id": "table",
            "name": "table",
            "type": "decisionTableNode",
            "content": table,
            "position": {"x": 1, "y": 0},
        },
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
    ]
    edges = [
        {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return {"nodes": nodes, "edges": edges}


def _line(policy: PolicyDocument, number: int, way: Bits, asked: list[str]) -> dict[str, Any]:
    rule = policy.rules[number]
    step = policy.step_for(rule.then)
    told = {
        "o_rule": _text(rule.id),
        "o_level": str(int(step.level) if step else 0),
        "o_pathway": str(protection(rule.then.pathway) if rule.then.pathway else -1),
        "o_rag": str(_URGENCY[rule.then.rag] if rule.then.rag else 0),
        "o_words": _text(rule.words),
        "o_source": _text(rule.source),
    }
    needed = {name: "true" if way >> place & 1 else "" for place, name in enumerate(asked)}
    return {"_id": f"r{number}_{way}", **needed, **told}


def _text(words: str) -> str:
    return '"' + words.replace('"', "'") + '"'


def row_of(ready: Compiled, facts: ChildFacts) -> dict[str, bool]:
    """Return what the engine is told of a child: the answer to each question, unknown counting as yes."""
    maybe = ready.signals.heard(weigh(facts)).maybe
    return {f"q{place}": bool(maybe >> place & 1) for place in range(len(ready.signals.atoms))}

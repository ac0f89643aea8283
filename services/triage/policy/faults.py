"""What may be wrong with a policy: where in the text, and in words that say what to mend."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import yaml

#: From the top of the document to a part of it: names of fields and places in lists.
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """One reason why a policy may not be published.

    Attributes:
        code: stable, for programs: duplicate_rule, unknown_indicator, example_does_not_fire, ...
        detail: for the author of the policy.
        path: the part of the document that has to be mended; empty where it is the whole of it.
        line: of the text, counted from 1; None as long as nobody has looked it up.
    """

    code: str
    detail: str
    rule_id: str | None = None
    path: Path = ()
    line: int | None = None

    def __str__(self) -> str:
        line = f"line {self.line}: " if self.line else ""
        place = f"rule {self.rule_id}: " if self.rule_id else ""
        return f"{line}{place}{self.detail} [{self.code}]"


class PolicyNotPublishable(ValueError):
    """The policy was not understood, or would not keep children safe; `faults` says everything found."""

    def __init__(self, faults: tuple[PolicyFault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def with_lines(text: str, faults: Sequence[PolicyFault]) -> list[PolicyFault]:
    """Return faults with the lines of the text they are on, in the order of the lines."""
    try:
        root = yaml.compose(text, yaml.CSafeLoader)
    except yaml.YAMLError:
        root = None
    found = [
        fault if fault.line or root is None else replace(fault, line=_line(root, fault.path))
        for fault in faults
    ]
    return sorted(found, key=lambda fault: fault.line or 0)


def _line(root: yaml.Node, path: Path) -> int:
    """Return the line of the deepest part of a path that is there; what a reader added is passed over."""
    node, line = root, root.start_mark.line
    for step in path:
        below = _below(node, step)
        if below is not None:
            node, line = below
    return int(line) + 1


def _below(node: yaml.Node, step: str | int) -> tuple[yaml.Node, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value, key.start_mark.line
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line
    return None

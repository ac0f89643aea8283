"""What `hub policy` does with files: check one before it is put to anybody for approval."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from deploy.local.faults import LaunchFault
from deploy.local.policy_replay import add_replay
from services.triage.policy.checking import check_text
from services.triage.policy.coverage import Covered, coverage_of
from services.triage.policy.document import PolicyDocument
from services.triage.policy.faults import PolicyFault
from services.triage.policy.reading import read_policy
from shared.codes import INDICATORS_VERSION, LEFT_TO_PERSONS

_GUIDE = "docs/guides/threshold-policy.md"
_HEADINGS = ("Sign", "List", "Policy", "Pathway", "Colour", "Decided by", "Catalogue")


def check(options: argparse.Namespace) -> int:
    """Print what is wrong with a policy, with the lines, and return 1; or what it covers, and return 0."""
    text = _text(options.file)
    faults = check_text(text)
    if faults:
        _tell(options.file, faults)
        return 1
    document = read_policy(text)
    for line in _report(document):
        print(line)
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as fault:
        raise LaunchFault(f"{path} cannot be read: {fault.strerror}. Give the path of a policy.") from fault
    except UnicodeDecodeError as fault:
        raise LaunchFault(f"{path} is not text in UTF-8. Save it as UTF-8 and check it again.") from fault


def _tell(path: Path, faults: Sequence[PolicyFault]) -> None:
    for fault in faults:
        place = f"{path}:{fault.line}" if fault.line else str(path)
        rule = f"rule {fault.rule_id}: " if fault.rule_id else ""
        print(f"{place}: {rule}{fault.detail} [{fault.code}]", file=sys.stderr)
    count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    print(
        f"{count}: this policy cannot be published. Mend each at its line and check again; {_GUIDE} says "
        "what each code means.",
        file=sys.stderr,
    )


def _report(document: PolicyDocument) -> Iterator[str]:
    covered = coverage_of(document)
    examples = sum(len(rule.examples.fires) + len(rule.examples.not_fires) for rule in document.rules)
    entries = sorted({entry for one in covered for entry in one.stands_for})
    yield f"{document.version}: {document.title}"
    yield (
        f"{len(document.steps)} levels, {len(document.rules)} rules, {examples} examples: all as they say, "
        "none overlaps another, each can change an answer, all floors hold."
    )
    yield ""
    yield from _scale(document, covered)
    yield ""
    yield f"Each sign of the list {INDICATORS_VERSION}, named alone for a child of sixteen:"
    yield from _table([_HEADINGS, *(_row(one) for one in covered)])
    yield ""
    placed = sum(one.level is not None for one in covered)
    yield (
        f"{placed} of {len(covered)} signs reach a level, none a lower one than the list gives it; the "
        "others go to a person."
    )
    yield (
        f"They stand for {len(entries)} entries of the catalogue. {len(LEFT_TO_PERSONS)} have no sign: "
        "a concern of their kind comes without a code, to a person, amber at the least."
    )
    for entry, left in LEFT_TO_PERSONS.items():
        yield f"  {entry}: {left.why}. Nearest: {', '.join(left.near)}."
    yield "Next: have it read by a safeguarding practitioner, then put it in force by two people."


def _scale(document: PolicyDocument, covered: Sequence[Covered]) -> Iterator[str]:
    reached = Counter(one.local.step for one in covered if one.local)
    rows = [("Level", "Name", "Counts as", "Pathway", "Signs that reach it")]
    rows += [
        (str(step.step), step.name, f"level {int(step.level)}", step.pathway, str(reached[step.step]))
        for step in document.steps
    ]
    yield from _table(rows)


def _row(one: Covered) -> tuple[str, ...]:
    return (
        one.code,
        f"level {one.points_at}",
        f"{one.local.step} {one.local.name}" if one.local else "a person says",
        one.pathway or "-",
        one.rag,
        ", ".join(one.rules) or "-",
        " ".join(one.stands_for),
    )


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for place, row in enumerate(rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        if place == 0:
            yield "  ".join("-" * width for width in widths)


def add_policy(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `hub policy check` and `hub policy replay` to the command's words."""
    policy = commands.add_parser("policy", help="check a threshold policy, or try it on past children")
    verbs = policy.add_subparsers(required=True, metavar="COMMAND")
    checked = verbs.add_parser("check", help="what is wrong with a policy, with the lines, or what it covers")
    checked.add_argument("file", type=Path, metavar="FILE", help="the policy, as YAML")
    checked.set_defaults(run=check)
    add_replay(verbs)

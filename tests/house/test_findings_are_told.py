"""A partner programs against the codes of findings: each stands in the guide, and none there is made up."""

import ast
import re
from collections.abc import Iterator

from tests.house.source import ROOT, python_files, tree_of

GUIDE = (ROOT / "docs/guides/sending-referrals.md").read_text(encoding="utf-8")


def codes_said() -> Iterator[str]:
    """Yield the code of every finding that intake can make about a first version."""
    for file in python_files("services/intake/findings"):
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                code = node.args[1]
                assert isinstance(code, ast.Constant), f"{file.name}:{node.lineno}: a code is written out"
                yield str(code.value)


def test_every_code_of_a_finding_is_in_the_guide() -> None:
    told = set(re.findall(r"`([a-z0-9_]+)`", GUIDE))
    assert set(codes_said()) - told == set()


def test_the_guide_names_no_code_that_is_never_said() -> None:
    table = GUIDE.partition("### What comes back as findings")[2].partition("## 3.")[0]
    rows = "".join(line for line in table.splitlines() if line.startswith("|"))
    assert set(re.findall(r"`([a-z0-9_]+)`", rows)) == {*codes_said(), "receipt_not_known"}


def test_every_list_that_the_guide_names_is_there() -> None:
    named = re.findall(r"\(\.\./\.\./(shared/codes/[a-z_]+\.yaml)\)", GUIDE)
    assert len(named) > 8
    assert [path for path in named if not (ROOT / path).exists()] == []

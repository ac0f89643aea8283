"""The house's own source, as house tests read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("services", "shared", "deploy", "migrations", "bench", "tests")


def python_files(*rooms: str) -> Iterator[Path]:
    """Yield every Python file of the rooms, by default of all."""
    for room in rooms or ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


@cache
def tree_of(file: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(file.read_text(encoding="utf-8"))


def name_of(file: Path) -> str:
    """Return the path of a file from the top of the house."""
    return str(file.relative_to(ROOT))


def called_methods(file: Path) -> Iterator[tuple[str, int]]:
    """Yield the name of every method that a file calls, `commit` of `session.commit()`, with its line."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node.lineno


def called_functions(file: Path) -> Iterator[tuple[str, int]]:
    """Yield the name of every function that a file calls by its bare name, with its line."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno

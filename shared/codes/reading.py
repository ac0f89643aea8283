"""Reading YAML that decisions rest on: nothing in the file may be silently lost."""

from importlib.resources import files
from typing import Any

import yaml


class FileNotReadable(ValueError):
    """The text is not YAML of the plain kind read here; the message says what and where."""

    def __init__(self, words: str, line: int | None = None) -> None:
        super().__init__(words)
        #: Of the text, counted from 1; None where no line is to blame.
        self.line = line


class _StrictLoader(yaml.CSafeLoader):
    """Plain YAML, except that a key given twice is an error: YAML would quietly keep the last one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                problem = f"the key {name!r} is given twice"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def read_yaml(text: str) -> Any:
    """Return what a YAML text holds.

    Raises:
        FileNotReadable: it is not YAML, gives a key twice, or refers to itself with `*` (which lets a small
            text unfold into an enormous one).
    """
    try:
        for event in yaml.parse(text, yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                words = "the text refers back to an earlier part with `*`; write it out instead"
                raise FileNotReadable(words, _line(event.start_mark))
        return yaml.load(text, _StrictLoader)  # noqa: S506 - a safe loader, made stricter
    except yaml.YAMLError as error:
        raise FileNotReadable(str(error), _line(getattr(error, "problem_mark", None))) from error


def _line(mark: Any) -> int | None:
    """Return the line of a mark, counted from 1; the two parsers of the library mark each in its own way."""
    return None if mark is None else int(mark.line) + 1


def read_code_list(name: str) -> Any:
    """Return a code list that is shipped with the hub, such as "indicators.yaml"."""
    return read_yaml((files(__package__) / name).read_text(encoding="utf-8"))

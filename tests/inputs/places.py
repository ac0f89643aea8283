"""Every place in a document, and how to put something else there."""

import copy
from collections.abc import Iterator
from typing import Any

Place = tuple[str | int, ...]
Document = dict[str, Any]


def places(document: Any, at: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield every place of a document with what stands there, the document itself left out."""
    inner = document.items() if isinstance(document, dict) else enumerate(document)
    for step, value in inner:
        here = (*at, step)
        yield here, value
        if isinstance(value, (dict, list)):
            yield from places(value, here)


def objects(document: Document) -> Iterator[tuple[Place, Document]]:
    """Yield every object of a document, the document itself first."""
    yield (), document
    yield from ((at, value) for at, value in places(document) if isinstance(value, dict))


def pointer(at: Place) -> str:
    """Return the JSON pointer to a place."""
    return "/".join(("#", *(str(step) for step in at)))


def put(document: Document, at: Place, value: Any) -> Document:
    """Return a copy of `document` with `value` at a place."""
    changed = copy.deepcopy(document)
    inner: Any = changed
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return changed


def without(document: Document, at: Place) -> Document:
    """Return a copy of `document` with nothing at a place."""
    changed = copy.deepcopy(document)
    inner: Any = changed
    for step in at[:-1]:
        inner = inner[step]
    del inner[at[-1]]
    return changed

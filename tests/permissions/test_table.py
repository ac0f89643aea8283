"""Every route, asked by everyone, in every state that matters."""

from collections.abc import Callable

import httpx
import pytest

from tests.permissions.asking import KNOWN_BY, asked
from tests.permissions.rows import Row
from tests.permissions.scenes import Record, Scenes
from tests.permissions.states import State
from tests.permissions.subjects import Crowd, Subject
from tests.permissions.table import TABLE

Note = Callable[[str, object], None]


@pytest.mark.parametrize("row", TABLE, ids=str)
async def test_everyone_is_answered_as_the_table_says(
    row: Row, crowd: Crowd, scenes: Scenes, record_property: Note
) -> None:
    wrong = []
    for who, mark in row.cells():
        record = await scenes.get(row.state, afresh=row.uses_up and mark == "+")
        answer = await asked(crowd, row, record, who)
        if fault := await _fault(crowd, row, record, who, mark, answer):
            wrong.append(f"{who}: {fault}")
    record_property("cells", len(row.cells()))
    assert wrong == []


async def _fault(
    crowd: Crowd, row: Row, record: Record, who: Subject, mark: str, answer: httpx.Response
) -> str | None:
    if answer.status_code != row.expected(mark):
        return f"{answer.status_code} instead of {row.expected(mark)}: {answer.text[:200]}"
    if mark == "4":
        absent = await asked(crowd, row, record.beside(), who)
        if _told(absent) != _told(answer):
            return "what is not theirs differs from what is not there"
    if row.route in KNOWN_BY and mark in "+o" and row.state is not State.ABSENT:
        shown = record.ids[KNOWN_BY[row.route]] in await _every_page(crowd.hub.http, answer)
        if shown is not (mark == "+"):
            return "the record is in the list" if shown else "the record is not in the list"
    return None


async def _every_page(http: httpx.AsyncClient, answer: httpx.Response) -> str:
    """Return a list from its first page on, whatever else stands on it."""
    text, request = answer.text, answer.request
    feed = request.url.path.endswith(("/outcomes", "/notices"))
    while (page := answer.json())["has_more"]:
        url = request.url.copy_merge_params({"after" if feed else "cursor": page["next_cursor"]})
        answer = await http.get(url, headers=request.headers)
        text += answer.text
    return text


def _told(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """Return all that an answer says, but for the id of the request."""
    own = answer.headers["x-request-id"].encode()
    headers = sorted(item for item in answer.headers.items() if item[0] != "x-request-id")
    return answer.status_code, answer.content.replace(own, b""), headers

"""How often the database is asked: as often for a list of many as for one, and a fixed number of times."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event

from tests.hub import URLS, Hub
from tests.referrals import a_child
from tests.triage.test_board import a_case, grade

TRIAGE = URLS["triage"]


@contextmanager
def trips() -> Iterator[list[str]]:
    """Note what triage asks of the database."""
    asked: list[str] = []

    def note(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if connection.engine.url.username == "hub_triage":
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


async def test_lists_cases_and_grades_take_few_trips_however_much_there_is(hub: Hub) -> None:
    siblings = [a_child(given_name=name, sender_child_reference=name) for name in ("Ada", "Bo", "Cy")]
    case = await a_case(hub, children=siblings, concerns=[{"narrative": "Alone since Sunday."}])
    for _ in range(3):
        await a_case(hub)
    reader = await hub.as_staff("dana.reid")
    # Decisions, joins and what was recommended before cost one more each where a case has any.
    most = {"/v1/cases?limit=50": 12, "/v1/board?limit=50": 12, f"/v1/cases/{case['case_id']}": 8}
    for path, most_trips in most.items():
        with trips() as asked:
            assert (await hub.http.get(f"{TRIAGE}{path}", headers=reader)).status_code == 200
        assert 0 < len(asked) <= most_trips, (path, asked)
    # It makes the child Red, which is an alert and earlier times, for those who were asked too.
    with trips() as asked:
        await grade(hub, case, 5)
    assert 0 < len(asked) <= 14, asked

"""How many questions wait, for a work list that is drawn every minute: nobody is shown or looked at."""

from tests.hub import URLS, Hub
from tests.intake.known_people import ask, record_of, send
from tests.intake.restricting import a_question, a_rare_child, restrict

COUNTS = "/v1/matches/counts"


async def test_questions_are_counted_by_referral_and_none_is_no_line(hub: Hub) -> None:
    child = a_rare_child()
    first = await send(hub, child)
    said, _ = await a_question(hub, child)
    answer = await ask(hub, "GET", f"{COUNTS}?references={first['reference']},{said['reference']}")
    assert answer.json() == {"items": [{"reference": said["reference"], "open_count": 1}]}


async def test_where_somebody_restricted_stands_only_managers_are_told(hub: Hub) -> None:
    child = a_rare_child()
    await send(hub, child)
    said, _ = await a_question(hub, child)
    assert (await restrict(hub, (await record_of(hub, said)).person_id)).status_code == 200
    path = f"{COUNTS}?references={said['reference']}"
    assert (await ask(hub, "GET", path)).json() == {"items": []}
    managers = await ask(hub, "GET", path, who="priya.nair")
    assert [one["open_count"] for one in managers.json()["items"]] == [1]


async def test_what_is_no_reference_is_refused(hub: Hub) -> None:
    headers = await hub.as_staff("dana.reid")
    answer = await hub.http.get(f"{URLS['intake']}{COUNTS}?references=Maisie", headers=headers)
    assert answer.status_code == 422

"""What arrives at the hub, followed through the console on the real services."""

import re
from html import unescape
from typing import Any
from urllib.parse import urljoin

from tests.console.conftest import hidden_fields
from tests.console.reading import words_of
from tests.hub import URLS, Hub
from tests.journeys.desk import CONSOLE, Desk
from tests.referrals import a_child, a_referral

REFERRALS = f"{URLS['intake']}/v1/referrals"


async def _send(hub: Hub, path: str, key: str, document: dict[str, Any]) -> int:
    """Post something to intake as the police's system, and return the status."""
    headers = await hub.as_client("northshire-police") | {"Idempotency-Key": key}
    return (await hub.http.post(REFERRALS + path, json=document, headers=headers)).status_code


async def _newest_copy(hub: Hub) -> str:
    """Return the id of what was refused last: others may wait on the list before it."""
    answer = await hub.http.get(
        f"{URLS['intake']}/v1/held-copies",
        params={"limit": 1000},
        headers=await hub.as_staff("dana.reid"),
    )
    newest = max(answer.json()["items"], key=lambda copy: copy["last_sent_at"])
    return str(newest["held_copy_id"])


async def _is_listed(desk: Desk, path: str, words: str) -> bool:
    """Say whether a list shows some words, on whichever of its pages: others may wait before them."""
    following: str | None = path
    while following is not None:
        page = (await desk.open(following)).text
        if words in words_of(page):
            return True
        link = re.search(r'href="([^"]*cursor=[^"]*)"', page)
        following = urljoin(path, unescape(link[1])) if link else None
    return False


async def test_a_call_becomes_a_contact_with_its_case(hub: Hub, desk: Desk) -> None:
    await desk.sign_in("dana.reid", "/telephone")
    call = {
        "words": "He was shouting again and she was crying.", "danger": "yes",
        "child_now_with": "His partner", "caller_number": "01632 960321", "safe_to_ring": "no",
        "given_0": "Maisie", "born_0": "about six",
    }  # fmt: skip

    taken = await desk.post("/telephone", call)
    told = words_of((await desk.open(taken.headers["location"])).text)
    reference = taken.headers["location"].rpartition("/")[2]
    await hub.carry_events()
    contact = words_of((await desk.open(f"/contacts/{reference}")).text)
    case = await desk.open(f"/contacts/{reference}/case")

    assert f"The hub has it Reference {reference}" in told
    assert "He was shouting again and she was crying." in contact
    assert "Age as said: about six" in contact
    assert "Is it safe to ring No: do not ring it" in contact
    assert "Written down by Dana Reid as it was said on the telephone." in contact
    assert "He was shouting again" in words_of((await desk.open(case.headers["location"])).text)
    assert "Child in danger" in words_of((await desk.open("/contacts?channel=telephone")).text)


async def test_a_refused_contact_is_read_taken_up_and_settled(hub: Hub, desk: Desk) -> None:
    refused = a_referral(kind="worry", immediate_danger=True)
    refused["concerns"][0]["narrative"] = "He has locked the door."
    assert await _send(hub, "", "refused-1", refused) == 422
    await desk.sign_in("dana.reid", "/held-copies")

    listed = await desk.open("/held-copies")
    page = await _newest_copy(hub)
    copy = f"/held-copies/{page}"
    form = hidden_fields((await desk.open(copy)).text) | {"opening_reason": "It waits on the list."}
    opened = await desk.http.post(f"{CONSOLE}{copy}/opening", data=form, headers={"Origin": CONSOLE})
    filled = await desk.http.post(
        f"{CONSOLE}/telephone/taking-up/{page}", data=hidden_fields(opened.text), headers={"Origin": CONSOLE}
    )
    call = hidden_fields(filled.text) | {"words": "He has locked the door.", "danger": "yes"}
    taken = await desk.http.post(f"{CONSOLE}/telephone", data=call, headers={"Origin": CONSOLE})
    reference = taken.headers["location"].rpartition("/")[2]

    assert "Child in danger Nobody has read it" in words_of(listed.text)
    assert "He has locked the door." not in listed.text
    assert "He has locked the door." in words_of(opened.text)
    assert "He has locked the door.</textarea>" in filled.text
    assert f'href="/contacts/{reference}"' in (await desk.open("/held-copies?part=taken_up")).text


async def test_more_is_asked_for_answered_and_beside_the_case(hub: Hub, desk: Desk) -> None:
    sent = a_referral(children=[a_child(grade={"status": "graded", "grade": 3})])
    told = await hub.send(sent)
    reference = told["reference"]
    await hub.carry_events()
    await desk.sign_in("omar.khan", "/quality")

    waits = await _is_listed(desk, "/quality", reference)
    form = (await desk.open(f"/quality/{reference}")).text
    ticked = form.partition('name="gap_0" type="checkbox" value="')[2].partition('"')[0]
    asked = await desk.post(
        f"/quality/{reference}", {"gap_0": ticked, "question_0": "Who has her?", "due": "4"}
    )
    case_path = (await desk.open(f"/contacts/{reference}/case")).headers["location"]
    beside = words_of((await desk.open(case_path)).text)
    request = words_of((await desk.open("/quality/asked")).text)

    assert waits
    assert asked.headers["location"] == "/quality?done=asked"
    assert "Further information requested" in beside
    assert "The child's clock goes on." in beside
    assert "Who has her?" in request


async def test_a_correction_and_a_wish_to_take_back_are_seen_and_answered(hub: Hub, desk: Desk) -> None:
    sent = a_referral()
    reference = (await hub.send(sent))["reference"]
    corrected = sent | {"actions_taken": "The house was made safe."}
    version = {"reason": "Done since.", "referral": corrected}
    assert await _send(hub, f"/{reference}/versions", "later-1", version) == 201
    assert await _send(hub, f"/{reference}/withdrawal", "wish-1", {"reason": "Sent in error."}) == 201
    await hub.carry_events()
    await desk.sign_in("priya.nair", f"/contacts/{reference}")

    page = words_of((await desk.open(f"/contacts/{reference}")).text)
    older = words_of((await desk.open(f"/contacts/{reference}?version=1")).text)
    answer = {"agreed": "no", "decision_reason": "The worry stands."}
    answered = await desk.post(f"/contacts/{reference}/withdrawal", answer)
    after = words_of((await desk.open(answered.headers["location"])).text)

    assert "What changed: What was done already." in page
    assert "What the sender has done already The house was made safe." in page
    assert "You are reading version 1, an older one." in older
    assert "What the sender has done already Not said." in older
    assert "Not taken back: the contact stands" in after
    assert "The worry stands." in after

"""One child's way through the hub as staff see it: pages, cookies and forms on the real services."""

from tests.console.conftest import hidden_fields
from tests.console.reading import words_of
from tests.hub import URLS, Hub
from tests.journeys.desk import CONSOLE, Desk
from tests.referrals import a_child, a_referral

ALFIE = {"given_name": "Alfie", "family_name": "Example"}


async def _case_page(hub: Hub) -> tuple[str, str]:
    maisie = a_child(family_name="Example")
    told = await hub.send(a_referral(children=[maisie, a_child("c2", **ALFIE)]))
    case = await hub.case_of(told["reference"])
    return f"/cases/{case['case_id']}", case["children"][0]["child_id"]


async def test_a_child_is_graded_blind_asked_about_and_decided(hub: Hub, desk: Desk) -> None:
    case_path, child_id = await _case_page(hub)
    child = f"{case_path}/children/{child_id}"

    blind = words_of((await desk.sign_in("ines.moreau", case_path)).text)
    assert "Hidden until your agency has graded Maisie Example" in blind
    assert "of 5" not in blind
    graded = await desk.post(f"{child}/grade", {"answer": "4", "rationale": "Two visits to A and E."})
    assert graded.status_code == 303
    seen = words_of((await desk.open(graded.headers["location"])).text)
    assert "4 of 5: high concern" in seen
    assert "3 of 5: considerable concern" in seen


async def test_a_decision_maker_sees_all_and_decides(hub: Hub, desk: Desk) -> None:
    case_path, child_id = await _case_page(hub)
    child = f"{case_path}/children/{child_id}"

    page = words_of((await desk.sign_in("dana.reid", case_path)).text)
    assert "has not answered" in page
    assert "Alfie Example" in page
    refused = await desk.post(f"{child}/decision", {"level": "1"})
    assert refused.status_code == 422
    assert "Choose who acts next" in words_of(refused.text)
    decision = {"level": "4", "pathway": "strategy_discussion", "rag": "red", "rationale": "Third time."}
    decision["different_decision_reason"] = "He has come back."
    decided = await desk.post(f"{child}/decision", decision)
    assert decided.status_code == 303
    told = words_of((await desk.open(decided.headers["location"])).text)
    assert "Decision recorded Maisie Example" in told
    assert "Still to be decided in this case: Alfie Example" in told


async def test_signing_out_shuts_the_door(hub: Hub, desk: Desk) -> None:
    page = await desk.sign_in("dana.reid", "/")

    await desk.http.post(f"{CONSOLE}/sign-out", data=hidden_fields(page.text), headers={"Origin": CONSOLE})

    assert (await desk.open("/")).headers["location"].startswith(f"{URLS['access']}/sign-in")

"""The second look at the console, what the decision form sends, and how deep the hub goes."""

from tests.console.conftest import Browser
from tests.console.reading import words_of
from tests.console.scenes import CASE, MAISIE
from tests.console.test_decision_form import CHILD, DECISION, TRIAGE_CHILD
from tests.console.waiting import PENDING, a_looked_at_case, a_waiting_case

LOOK = f"{CHILD}/second-look"
APPROVAL = f"/v1/decisions/{PENDING}/approval"


async def test_recommendation_and_decision_stand_side_by_side_with_both_reasons(marge: Browser) -> None:
    marge.hub.cases[CASE] = a_waiting_case()
    words = words_of((await marge.open(LOOK)).text)
    for said in (
        "In force now: Amber level 3, Child in need (section 17).",
        "What the policy recommends",
        "What Priya Shah decided",
        "Nan has moved in and takes her to school.",
        "The policy cannot know that Nan has moved in.",
        "A lower level of need than the policy recommends.",
        "The policy recommended before anybody was asked: level 2, Early help",
        "Had not answered: Northshire Children's Health Trust (health).",
        "What is working well? Not recorded",
        "Father: not told. He would know who rang.",
    ):
        assert said in words, said


async def test_a_manager_approves_with_a_reason_on_the_version_read(marge: Browser) -> None:
    marge.hub.cases[CASE] = a_waiting_case()
    form = await marge.open(LOOK)
    bare = await marge.post(LOOK, {})
    assert bare.status_code == 422
    assert "Choose whether the decision comes into force" in words_of(bare.text)
    assert "Say why; it is kept under your name" in words_of(bare.text)
    done = await marge.post(LOOK, {"approved": "yes", "look_reason": "I rang Nan."})
    assert done.headers["location"] == f"/cases/{CASE}?child={MAISIE}&done=approved"
    sent = marge.hub.asked_of("POST", APPROVAL)[-1]
    assert (sent.body, sent.headers["if-match"]) == ({"approved": True, "reason": "I rang Nan."}, '"7"')
    marge.hub.cases[CASE] = a_looked_at_case(approved=True)
    words = words_of((await marge.open(done.headers["location"])).text)
    assert "Approved. The decision is in force now" in words
    assert "Approved by Marge Hill" in words
    assert "Health's grade, " in words
    late = await marge.post(LOOK, {"approved": "no", "look_reason": "Nobody saw her."}, form)
    assert late.status_code == 409
    assert words_of(late.text).startswith("Somebody else was quicker")
    assert "Nobody saw her." in late.text
    # Nothing waits any more: an old link leads to the case.
    assert (await marge.open(LOOK)).status_code == 303


async def test_who_decided_and_who_is_no_manager_read_it_without_a_form(priya: Browser) -> None:
    priya.hub.cases[CASE] = a_waiting_case()
    page = (await priya.open(LOOK)).text
    assert "You made this decision." in words_of(page)
    assert "look_reason" not in page
    case = words_of((await priya.open(f"/cases/{CASE}")).text)
    assert "Waits for a second look: level 2, Early help, decided by Priya Shah." in case
    assert "In force meanwhile: level 3" in case
    assert "Accountable: Priya Shah, who decided." in case
    decided = words_of((await priya.open(f"{CHILD}/decided")).text)
    assert decided.startswith("It waits for a second look")


async def test_what_was_typed_beside_the_decision_is_sent_as_its_record(priya: Browser) -> None:
    typed = {
        "risk_worried_about": "He may come back.",
        "risk_working_well": " ",
        "child_voice": "I like it when Nan is here.",
        "looked_after": "no",
        "previous_plan": "",
        "plan": "none",
        "consulted_1_who": "Ms Lowe",
        "told_2_who": "Father",
        "told_2_told": "no",
        "told_2_why_not": "He would know who rang.",
        "proceed_now_reason": "The school can begin today.",
    }
    assert (await priya.post(f"{CHILD}/decision", DECISION | typed)).status_code == 303
    body = priya.hub.asked_of("POST", f"{TRIAGE_CHILD}/decisions")[0].body
    assert body["risk_analysis"] == [{"key": "worried_about", "text": "He may come back."}]
    assert body["child_status"] == {"looked_after": False, "plan": "none"}
    assert body["consulted"] == [{"who": "Ms Lowe"}]
    assert body["family_told"] == [{"who": "Father", "told": False, "why_not": "He would know who rang."}]
    assert (body["child_voice"], body["proceed_now_reason"]) == (
        "I like it when Nan is here.",
        "The school can begin today.",
    )
    bare = await priya.post(f"{CHILD}/decision", DECISION | {"told_1_who": "Father", "told_1_told": "no"})
    assert bare.status_code == 422
    assert "Say why somebody was not told" in words_of(bare.text)


async def test_how_deep_the_hub_goes_is_set_with_a_reason_and_shown(priya: Browser) -> None:
    sent = await priya.post(f"{CHILD}/depth", {"depth": "light", "depth_reason": "Her worker knows her."})
    assert sent.headers["location"] == f"/cases/{CASE}?child={MAISIE}&done=depth"
    asked = priya.hub.asked_of("PUT", f"/v1/cases/{CASE}/children/{MAISIE}/depth")[0]
    assert asked.body == {"depth": "light", "reason": "Her worker knows her."}
    words = words_of((await priya.open(f"{CHILD}/depth")).text)
    assert "Now: Light." in words
    assert "Her worker knows her." in words

"""Who holds a case and has it open, on the pages of those who decide; drafts on every form that keeps one."""

from tests.console.conftest import Browser
from tests.console.fake_day import SAM, a_lease, an_allocation
from tests.console.lines import a_line
from tests.console.reading import words_of
from tests.console.scenes import CASE, MAISIE, PRIYA, a_case, a_child

ALLOCATION = f"/cases/{CASE}/allocation"
DECISION = f"/cases/{CASE}/children/{MAISIE}/decision"
GRADE = f"/cases/{CASE}/children/{MAISIE}/grade"


async def test_a_case_says_who_holds_it_and_who_has_it_open(priya: Browser) -> None:
    own = a_lease(staff_id=PRIYA.staff_id, staff_name="Priya Shah")
    priya.hub.day.leases = [a_lease(), own]
    unheld = words_of((await priya.open(f"/cases/{CASE}")).text)
    taken = await priya.post(ALLOCATION, {"holder": "me"}, await priya.open(f"/cases/{CASE}"))
    held = words_of((await priya.open(taken.headers["location"])).text)
    form = words_of((await priya.open(DECISION)).text)
    assert "Nobody holds this case." in unheld
    assert "Held by Priya Shah, North team" in held.replace(" ,", ",")
    for words in (unheld, form):
        assert "Sam Okoro has had this case open since 10:12am today." in words
        assert "Priya Shah has had this case open" not in words
    [sent] = priya.hub.asked_of("PUT", f"/v1/cases/{CASE}/allocation")
    assert sent.body == {"staff_id": "me"}
    assert priya.hub.asked_of("PUT", f"/v1/cases/{CASE}/lease")


async def test_a_manager_gives_a_case_to_somebody_by_name(marge: Browser) -> None:
    marge.hub.day.history = [an_allocation(reason="Priya knows the family.")]
    page = await marge.open(ALLOCATION)
    nobody = await marge.post(ALLOCATION, {"holder": "other", "allocation_reason": "Leave."}, page)
    given = await marge.post(
        ALLOCATION,
        {"holder": "other", "staff_id": str(SAM), "team": "north", "allocation_reason": "Leave."},
        page,
    )
    back = await marge.post(ALLOCATION, {"holder": "nobody"}, page)
    nothing = await marge.post(ALLOCATION, {}, page)
    assert "Priya knows the family." in words_of(page.text)
    assert [answer.status_code for answer in (nobody, given, back, nothing)] == [422, 303, 303, 422]
    assert "Leave." in nobody.text
    bodies = [asked.body for asked in marge.hub.asked_of("PUT", f"/v1/cases/{CASE}/allocation")]
    assert bodies == [{"staff_id": str(SAM), "team": "north", "reason": "Leave."}, {"staff_id": None}]


async def test_the_work_list_has_a_part_for_each_way_a_case_is_held(priya: Browser) -> None:
    holding = {"held_by": "Dana Reid", "team": "north", "leases": [a_lease()]}
    priya.hub.lines = [a_line(holding=holding)]
    words = words_of((await priya.open("/?queue=mine")).text)
    assert "Mine 0 My team's 5 Unallocated 2 All to decide 24 Second look 1 Breached 0 Decided" in words
    assert "Held by Dana Reid." in words
    assert "Sam Okoro has had it open since 10:12am today." in words
    priya.hub.lines = []
    empty = [
        words_of((await priya.open(f"/?queue={queue}")).text) for queue in ("mine", "my_team", "unallocated")
    ]
    assert [
        "You hold no case" in empty[0],
        "Your teams hold no case" in empty[1],
        "held by somebody" in empty[2],
    ]
    assert [asked.query["queue"] for asked in priya.hub.asked_of("GET", "/v1/cases")][-3:] == [
        "mine", "my_team", "unallocated",
    ]  # fmt: skip


async def test_a_half_written_decision_is_kept_and_shown_again_and_its_draft_left_to_the_act_to_end(
    priya: Browser,
) -> None:
    left = await priya.post(DECISION, {"draft": "save", "level": "3", "rationale": "She said that"})
    page = await priya.open(DECISION)
    kept = priya.hub.day.drafts["decision", str(MAISIE)].fields
    filled = {"level": "3", "pathway": "child_in_need", "rag": "amber", "rationale": "She said that."}
    made = await priya.post(DECISION, filled, page)
    assert left.headers["location"] == f"/cases/{CASE}?child={MAISIE}&done=draft"
    assert kept == {"level": "3", "rationale": "She said that"}
    assert "Your draft of 10:55am today is filled in below." in words_of(page.text)
    assert "She said that</textarea>" in page.text
    # Triage ends the draft with the decision: an answer that is lost on its way here changes nothing.
    assert (made.status_code, priya.hub.asked_of("DELETE", f"/v1/drafts/decision/{MAISIE}")) == (303, [])
    assert priya.hub.asked_of("DELETE", f"/v1/cases/{CASE}/lease")


async def test_a_draft_is_kept_by_itself_and_deleted_at_a_press(nia: Browser) -> None:
    nia.hub.cases[CASE] = a_case(children=[a_child(grades=None, own_grade_given=False)])
    page = await nia.open(GRADE)
    by_itself = await nia.post(f"/drafts/grade/{MAISIE}", {"answer": "4", "rationale": "Two"}, page)
    again = await nia.open(GRADE)
    deleted = await nia.post(f"/drafts/grade/{MAISIE}/delete", {"back": GRADE}, again)
    elsewhere = await nia.post(f"/drafts/grade/{MAISIE}/delete", {"back": "https://elsewhere.test"}, page)
    unknown = await nia.post(f"/drafts/poem/{MAISIE}", {"answer": "4"}, page)
    assert (by_itself.status_code, unknown.status_code) == (204, 404)
    assert "Your draft of 10:55am today" in words_of(again.text)
    assert [deleted.headers["location"], elsewhere.headers["location"]] == [GRADE, "/"]
    assert nia.hub.day.drafts == {}

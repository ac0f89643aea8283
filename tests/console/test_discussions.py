"""Discussions at the console: called from the case, recorded, concluded, issued, followed up."""

from datetime import timedelta

from services.console.pages.measures import months_covered
from shared.problems import Conflict, FieldError
from shared.schemas.depth import CoverageLine
from shared.schemas.discussions import DiscussionView
from shared.schemas.words_deciding import Depth
from tests.console.conftest import Browser
from tests.console.reading import words_of
from tests.console.scenes import CASE, MAISIE, NOW, POLICE, TRUST
from tests.console.talking import (
    ACTION,
    DISCUSSION,
    DOCTOR,
    NURSE,
    a_concluded_discussion,
    a_discussion,
    a_pack,
    an_action,
    an_entry,
    an_invitation,
    an_owed,
)

CALL = f"/cases/{CASE}/discussions/new"
ONE = f"/discussions/{DISCUSSION}"


def hold(browser: Browser, held: DiscussionView | None = None) -> None:
    browser.hub.related.talking.discussions.append(held or a_discussion())


async def test_the_child_shows_that_a_discussion_is_called_for_until_there_is_one(priya: Browser) -> None:
    talking = priya.hub.related.talking
    talking.owed = [an_owed()]
    page = await priya.open(f"/cases/{CASE}")
    assert "A discussion is called for today" in words_of(page.text)
    assert "Due today. Call it for Maisie Example" in words_of(page.text)
    assert f'href="{CALL}?child={MAISIE}&amp;kind=threshold"' in page.text
    talking.owed = [an_owed(called=DISCUSSION)]
    hold(priya)
    talking.entries = [an_entry()]
    words = words_of((await priya.open(f"/cases/{CASE}")).text)
    assert "One is called: go to it" in words
    assert "Strategy discussion Called about Maisie Example Priya Shah" in words
    assert (
        "Management oversight: direction about Maisie Example To be looked at again on 30 November 2026"
        in words
    )


async def test_an_agency_sees_nothing_of_it_on_the_case(nia: Browser) -> None:
    hold(nia)
    nia.hub.related.talking.owed = [an_owed()]
    assert "iscussion" not in words_of((await nia.open(f"/cases/{CASE}")).text).replace("Discussions", "", 1)
    for path in (CALL, ONE, f"{ONE}/attendance", f"{ONE}/record", f"/cases/{CASE}/oversight", "/measures"):
        assert (await nia.open(path)).status_code == 403, path


async def test_a_discussion_is_called_from_the_case(priya: Browser) -> None:
    form = {
        "kind": "strategy",
        f"child-{MAISIE}": "yes",
        "called_because": "A bruise.",
        "planned_day": "2026-11-23",
        "planned_clock": "14:30",
        "name_1": "Omar Hill",
        "from_1": str(POLICE),
        "name_4": "Dr Lee",
        "from_4": "other:health",
        "organisation_4": "Mill Lane practice",
    }
    done = await priya.post(CALL, form)
    assert (done.status_code, done.headers["location"]) == (303, f"{ONE}?done=called")
    body = priya.hub.asked_of("POST", f"/v1/cases/{CASE}/discussions")[0].body
    assert body == {
        "kind": "strategy",
        "called_because": "A bruise.",
        "child_ids": [str(MAISIE)],
        "planned_at": "2026-11-23T14:30:00+00:00",
        "invited": [
            {"name": "Omar Hill", "agency_id": str(POLICE)},
            {"name": "Dr Lee", "organisation": "Mill Lane practice", "sector": "health"},
        ],
    }


async def test_half_a_call_is_kept_for_its_writer(priya: Browser) -> None:
    half = {"called_because": "A bru", "name_7": "Aunt", f"child-{MAISIE}": "yes"}
    left = await priya.post(CALL, half | {"draft": "save"})
    assert left.headers["location"] == f"/cases/{CASE}?child={MAISIE}&done=draft"
    page = await priya.open(CALL)
    assert ("A bru</textarea>" in page.text, page.text.count('name="name_')) == (True, 11)


async def test_half_a_record_is_kept_and_says_when_somebody_wrote_since(priya: Browser) -> None:
    hold(priya)
    people = {"name_0": "Omar Hill", "from_0": str(POLICE), "held_day": "2026-11-23", "draft": "save"}
    left = [
        await priya.post(f"{ONE}/attendance", people),
        await priya.post(f"{ONE}/record", {"minutes": "She was hea", "draft": "save"}),
    ]
    assert [each.headers["location"] for each in left] == [f"{ONE}?done=draft"] * 2
    assert "Your draft is kept." in words_of((await priya.open(f"{ONE}?done=draft")).text)
    attendance, record = await priya.open(f"{ONE}/attendance"), await priya.open(f"{ONE}/record")
    # A list is a whole: whom the draft leaves out is not put back on it.
    assert ("Omar Hill" in attendance.text, "Nia Morgan" in attendance.text) == (True, False)
    assert "She was hea</textarea>" in record.text
    assert "after your draft" not in words_of(record.text)
    priya.hub.day.drafts["minutes", str(DISCUSSION)] = priya.hub.day.drafts[
        "minutes", str(DISCUSSION)
    ].model_copy(update={"saved_at": NOW - timedelta(days=9)})
    assert "after your draft. What you save here takes its place" in words_of(
        (await priya.open(f"{ONE}/record")).text
    )
    gone = await priya.post(f"/drafts/minutes/{DISCUSSION}/delete", {"back": f"{ONE}/record"}, record)
    assert gone.headers["location"] == f"{ONE}/record"


async def test_what_is_left_out_is_said_beside_its_field(priya: Browser) -> None:
    nobody = await priya.post(CALL, {"name_0": "Omar Hill", "from_0": ""})
    no_time = await priya.post(CALL, {"planned_day": "2026-11-23", "planned_clock": ""})
    nothing = await priya.post(CALL, {"from_0": ""})
    assert [page.status_code for page in (nobody, no_time, nothing)] == [422, 422, 422]
    assert "Choose where they come from" in words_of(nobody.text)
    assert "Enter the day and the time" in words_of(no_time.text)
    words = words_of(nothing.text)
    assert "Choose what kind of discussion it is" in words
    assert "Say why it is called" in words
    assert "Choose at least one child" in words


async def test_who_was_there_is_recorded_row_by_row(priya: Browser) -> None:
    hold(priya)
    page = await priya.open(f"{ONE}/attendance")
    assert page.text.count('name="name_') == 7
    form = {"name_0": "Omar Hill", "from_0": str(POLICE), "attendance_0": "attended"}
    form |= {"name_1": "Nia Morgan", "from_1": str(TRUST), "attendance_1": "absent", "reason_1": "On leave."}
    form |= {"name_2": "", "held_day": "2026-11-23", "held_clock": "09:00"}
    done = await priya.post(f"{ONE}/attendance", form)
    assert done.status_code == 303
    asked = priya.hub.asked_of("POST", f"/v1/discussions/{DISCUSSION}/record")[0]
    assert asked.headers["if-match"] == '"3"'
    assert [each["name"] for each in asked.body["attendees"]] == ["Omar Hill", "Nia Morgan"]
    assert asked.body["attendees"][1] | {"attendee_id": str(NURSE)} == asked.body["attendees"][1]
    assert asked.body["attendees"][1]["absent_reason"] == "On leave."
    more = await priya.post(f"{ONE}/attendance", form | {"role_6": "Aunt", "more": "7", "version": "2"})
    assert (more.text.count('name="name_'), 'value="Aunt"' in more.text) == (10, True)
    assert 'name="version" value="2"' in more.text
    crowd = {f"name_{row}": f"Guest {row}" for row in range(40)} | {"more": "40"}
    crowd |= {f"from_{row}": "family" for row in range(40)}
    full = await priya.post(f"{ONE}/attendance", crowd)
    assert (full.text.count('name="name_'), "holds 40 people" in words_of(full.text)) == (40, True)
    assert len(priya.hub.asked_of("POST", f"/v1/discussions/{DISCUSSION}/record")) == 1
    silent = await priya.post(f"{ONE}/attendance", form | {"reason_1": " "})
    assert (silent.status_code, "Say why" in words_of(silent.text)) == (422, True)


async def test_only_what_changes_is_recorded_and_nothing_typed_is_lost(priya: Browser) -> None:
    hold(priya, a_concluded_discussion())
    form = {"minutes": "Put right.", "conference_on": "2026-12-10", "joint_visit_answer": "no"}
    form |= {"joint_visit_reason": "No officer before six.", "interim_safety_plan": ""}
    assert (await priya.post(f"{ONE}/record", form)).status_code == 303
    path = f"/v1/discussions/{DISCUSSION}/record"
    assert priya.hub.asked_of("POST", path)[0].body == {
        "minutes": "Put right.",
        "conference_on": "2026-12-10",
        "interim_safety_plan": None,
    }
    stale = await priya.post(f"{ONE}/record", form | {"version": "1"})
    assert (stale.status_code, "Put right." in stale.text) == (412, True)
    assert 'name="version" value="3"' in stale.text
    bare = await priya.post(f"{ONE}/record", form | {"medical_answer": "no", "medical_reason": ""})
    assert (bare.status_code, "Say why" in words_of(bare.text)) == (422, True)


async def test_what_is_not_settled_is_named_when_it_is_concluded(priya: Browser) -> None:
    hold(priya)
    error = FieldError("missing", "Record when it was held.", pointer="#/held_at")
    priya.hub.related.talking.refusal = Conflict("Not all is recorded.", errors=(error,))
    shown = await priya.open(ONE)
    page = await priya.post(f"{ONE}/conclusion", {"conclusion": "Enquiries begin."}, shown)
    assert (page.status_code, "Record when it was held." in words_of(page.text)) == (409, True)
    assert "Enquiries begin." in page.text
    priya.hub.related.talking.refusal = None
    done = await priya.post(f"{ONE}/conclusion", {"conclusion": "Enquiries begin."}, shown)
    assert done.headers["location"] == f"{ONE}?done=concluded"
    off = await priya.post(f"{ONE}/calling-off", {"off_reason": " "}, shown)
    assert "Say why it will not be held" in words_of(off.text)


async def test_a_concluded_one_says_its_quorum_its_dates_and_who_has_the_minutes(
    priya: Browser,
) -> None:
    hold(priya, a_concluded_discussion())
    shown = await priya.open(f"{ONE}?done=concluded")
    words = words_of(shown.text)
    for said in (
        "Held without health: no quorum.",
        "The child protection conference is later than it is due",
        "19 December 2026; due by 14 December 2026",
        "Given the minutes 10:45am today, by Priya Shah",
        "Not yet given to Nia Morgan, Marge Hill, Dr Lee.",
        "Was not there On leave. Pack of Nia Morgan",
        "By 20 November 2026 Overdue",
        "Section 47 enquiries They begin . A likely inflicted injury.",
    ):
        assert said in words, said
    done = await priya.post(f"{ONE}/issues", {}, shown)
    assert done.headers["location"] == f"{ONE}?done=issued"
    action = {"words": "See her.", "owner": "Priya Shah", "due_on": "2026-11-24"}
    added = await priya.post(f"{ONE}/actions", action, shown)
    assert added.headers["location"] == f"{ONE}?done=added#actions"
    wrong = await priya.post(f"{ONE}/actions", action | {"due_on": ""}, shown)
    assert "Enter the day by which it is done" in words_of(wrong.text)


async def test_an_invited_agency_reads_its_pack_and_marks_what_falls_to_it(omar: Browser) -> None:
    talking = omar.hub.related.talking
    talking.invitations = [an_invitation()]
    talking.actions = [an_action(case_id=None), an_action(action_id=DOCTOR, agency_id=TRUST)]
    assert "Strategy discussion Called about Maisie Example" in words_of(
        (await omar.open("/discussions")).text
    )
    words = words_of((await omar.open(f"{ONE}/packs/{NURSE}")).text)
    assert "Why it was called is shown once the agency has graded." in words
    assert "Northshire Police: We hold information Hub and strategy meeting" in words
    assert "1 agency keeps what it knows from this pack." in words
    listed = await omar.open("/discussion-actions")
    assert listed.text.count("/marks") == 1
    assert "Overdue" in words_of(listed.text)
    done = await omar.post(f"/discussion-actions/{ACTION}/marks", {"note": "At 4pm."}, listed)
    assert done.headers["location"] == "/discussion-actions?done=done"
    (sent,) = omar.hub.asked_of("POST", f"/v1/discussion-actions/{ACTION}/marks")
    assert sent.body == {"done": True, "note": "At 4pm."}


async def test_staff_see_what_an_attendee_would_be_given(priya: Browser) -> None:
    priya.hub.related.talking.pack = a_pack(
        case_id=CASE, called_because="A bruise.", withheld=[], minutes="All."
    )
    page = await priya.open(f"{ONE}/packs/{NURSE}")
    words = words_of(page.text)
    assert f'href="{ONE}"' in page.text
    assert "Why it was called A bruise." in words
    assert "Minutes All." in words


async def test_a_manager_signs_oversight_and_sees_how_much_there_is(marge: Browser) -> None:
    path = f"/cases/{CASE}/oversight"
    silent = await marge.post(path, {"words": " "})
    done = await marge.post(path, {"kind": "review", "words": "Seen.", "child_id": str(MAISIE)})
    assert (silent.status_code, "Choose what kind of entry it is" in words_of(silent.text)) == (422, True)
    assert "Say it in your own words" in words_of(silent.text)
    assert done.headers["location"] == f"/cases/{CASE}?child={MAISIE}&done=overseen#talk"


async def test_a_manager_sees_how_deep_the_hub_went_and_how_much_oversight_there_was(marge: Browser) -> None:
    words = words_of((await marge.open("/measures")).text)
    assert "Full: 39" in words
    assert "Light: 2 Only what" in words
    assert "November 2026 38 2 0 4 36: 3 agencies heard 2: 1 agency heard 2: not recorded" in words
    assert "October 2026 1 0 0 2 1: nobody heard" in words
    assert "November 2026 33 40 82%" in words
    assert "November 2026: an agency 12 11 3 30 24 4 2" in words
    assert "November 2026: Hand-over not accepted in time: 5, 4 with a reason" in words
    by_week = words_of((await marge.open("/measures?by=week")).text)
    assert "Week of 16 November 2026: an agency 12 11 3 30 24 4 2" in by_week
    for span, said in (("from=2026-1-1", "Enter the day"), ("from=2026-12-01&to=2026-11-01", "swap them")):
        wrong = await marge.open(f"/measures?{span}")
        assert (wrong.status_code, said in words_of(wrong.text)) == (422, True)


def test_a_bar_shows_every_child_and_ends_within_its_frame() -> None:
    line = CoverageLine(month="2026-11", depth=Depth.FULL, children=999, core_answers={}, proceeded_now=0)
    straight = line.model_copy(update={"depth": Depth.STRAIGHT, "children": 1})
    [month] = months_covered([line, straight])
    assert [(each.x, each.length) for each in month.stripes] == [(0, 99), (99, 0), (99, 1)]


async def test_oversight_is_not_a_decision_makers_to_sign(priya: Browser) -> None:
    assert (await priya.open(f"/cases/{CASE}/oversight")).status_code == 403
    assert "Add management oversight" not in words_of((await priya.open(f"/cases/{CASE}")).text)

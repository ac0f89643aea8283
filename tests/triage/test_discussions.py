"""Discussions between agencies, from the call to the minutes in everybody's hands."""

import asyncio
from uuid import UUID, uuid4

from services.triage.actions.discussions.reading_discussions import find_views_missing
from services.triage.models import CaseChild
from shared.platform.database import transaction
from shared.schemas.words import Pathway, Rag
from tests.hub import Hub
from tests.triage.talking import (
    COUNCIL,
    POLICE,
    THREE,
    TRUST,
    WHY,
    Said,
    a_case,
    ask,
    attended,
    call,
    concluded,
    grade,
    invitee,
    owed,
    settled,
    step,
    take,
)


async def test_a_strategy_discussion_is_called_recorded_step_by_step_and_concluded(hub: Hub) -> None:
    case = await a_case(hub)
    held = await call(hub, case)
    to_come = await step(hub, held, "record", {"held_at": "2096-11-20T14:00:00Z"})
    assert (to_come.status_code, to_come.json()["errors"][0]["code"]) == (422, "not_held_yet")
    held = await take(hub, held, "record", {"attendees": attended(held), "held_at": "2026-11-20T14:00:00Z"})
    early = await step(hub, held, "conclusion", {"conclusion": "Enquiries begin."})
    held = await take(hub, held, "record", settled(held) | {"conference_on": "2026-12-19"})
    assert held["warnings"] == [
        "The child protection conference is later than it is due: 11 December 2026, 15 working days after"
        " this discussion.",
        "The day of the child protection conference is no working day.",
    ]
    held = await take(hub, held, "conclusion", {"conclusion": "Enquiries begin today."})
    late = await step(hub, held, "record", {"section_47": {"answer": False, "reason": "On reflection."}})
    held = await take(
        hub, held, "record", {"minutes": "Written up the day after.", "conference_on": "2026-12-10"}
    )

    assert (early.status_code, early.json()["code"]) == (409, "record_incomplete")
    assert {error["pointer"] for error in early.json()["errors"]} == {
        "#/referrer", "#/joint_visit", "#/medical", "#/interim_safety_plan", "#/section_47"
    }  # fmt: skip
    assert (late.status_code, late.json()["code"]) == (409, "discussion_over")
    assert held["quorum"] == {"met": True, "missing": [], "words": "All who must be there were."}
    assert (held["state"], held["conference_due_on"], held["warnings"]) == ("concluded", "2026-12-11", [])
    assert [each["number"] for each in held["history"]] == [1, 2, 3, 4]
    assert held["history"][3]["changed"] == ["conference_on", "minutes"]
    first = await ask(hub, "GET", f"/discussions/{held['discussion_id']}?record_number=3")
    assert first.json()["record"]["minutes"] == "The police gave 5: the bruise is not explained."
    none = await ask(hub, "GET", f"/discussions/{held['discussion_id']}?record_number=9")
    assert none.status_code == 404


async def test_without_a_quorum_it_says_so_in_words_and_a_later_one_is_called_for(hub: Hub) -> None:
    case = await a_case(hub)
    held = await concluded(hub, case, "Ines Moreau")
    assert held["quorum"]["missing"] == ["health"]
    assert held["quorum"]["words"] == "Held without health: no quorum. Hold a later one with them."
    assert held["conference_due_on"] == "2026-12-11"
    assert "hold_again" in await owed(hub, case)
    await concluded(hub, case)
    assert "hold_again" not in await owed(hub, case)


async def test_a_five_is_owed_a_discussion_on_the_same_day_and_blocks_no_decision(hub: Hub) -> None:
    case = await a_case(hub)
    await grade(hub, case, 5)
    assert "same_day" in await owed(hub, case)
    off = await call(hub, case, "threshold")
    off = await take(hub, off, "calling-off", {"reason": "Called twice."})
    assert "same_day" in await owed(hub, case)
    held = await call(hub, case, "threshold")
    known = await hub.get_case(case["case_id"])
    body = {"attendees": attended(held), "held_at": "2026-11-20T14:00:00Z"}
    held = await take(hub, held, "record", body)
    held = await take(hub, held, "conclusion", {"conclusion": "Protect today, with reasons."})
    assert "same_day" not in await owed(hub, case)
    moved = await hub.get_case(case["case_id"])
    assert (off["state"], moved["version"]) == ("called_off", known["version"] + 1)
    over = await step(hub, off, "conclusion", {"conclusion": "Late."})
    assert (over.status_code, over.json()["code"]) == (409, "discussion_over")


async def test_a_five_is_lowered_once_its_agencys_view_is_on_record(hub: Hub) -> None:
    case = await a_case(hub)
    await grade(hub, case, 5)

    async def missing() -> list[str]:
        async with transaction(hub.sessions["triage"], "tests") as tx:
            child = await tx.get_one(CaseChild, UUID(case["children"][0]["child_id"]))
            lower = (1, Pathway.ADVICE, Rag.GREEN)
            return [str(agency) for agency in await find_views_missing(tx, child, lower)]

    assert await missing() == [TRUST]
    view = {"agency_id": TRUST, "words": "We agree: the injury is explained."}
    await concluded(hub, case, kind="threshold", grading_agency_views=[view])
    assert await missing() == []


async def test_a_step_on_an_old_version_is_refused_and_the_same_again_writes_nothing(hub: Hub) -> None:
    held = await call(hub, await a_case(hub))
    after = await take(hub, held, "record", {"minutes": "First."})
    stale = await step(hub, held, "record", {"minutes": "Second."})
    again = await take(hub, after, "record", {"minutes": "First."})
    bare = await ask(hub, "POST", f"/discussions/{held['discussion_id']}/record", {"minutes": "x"})
    both = await asyncio.gather(*(step(hub, again, "record", {"minutes": words}) for words in ("A", "B")))
    assert (stale.status_code, stale.json()["code"], bare.status_code) == (412, "discussion_changed", 428)
    assert again == after
    assert sorted(answer.status_code for answer in both) == [200, 412]


async def test_a_discussion_names_those_who_are_there(hub: Hub) -> None:
    case = await a_case(hub)
    path = f"/cases/{case['case_id']}/discussions"
    child_id = case["children"][0]["child_id"]
    good = {"kind": "strategy", "child_ids": [child_id], "called_because": WHY}
    held = await call(hub, case)
    wrong: list[tuple[str, Said, str, str]] = [
        (path, good | {"child_ids": [child_id, str(uuid4())]}, "child_not_in_case", "#/child_ids/1"),
        (path, good | {"invited": [invitee("X", str(uuid4()))]}, "agency_not_known", "#/invited/0/agency_id"),
        (path, good | {"invited": [invitee("X", None)]}, "one_origin", "#/invited/0"),
        (path, good | {"invited": [invitee("X", POLICE, organisation="Y")]}, "one_origin", "#/invited/0"),
        (
            path,
            good | {"invited": [invitee("X", POLICE, part="family")]},
            "family_of_no_agency",
            "#/invited/0",
        ),
        (path, good | {"called_because": " "}, "blank", "#/called_because"),
        (path, good | {"child_ids": []}, "too_few", "#/child_ids"),
    ]
    record = f"/discussions/{held['discussion_id']}/record"
    absent = invitee("X", POLICE, attendance="absent")
    wrong += [
        (record, {"attendees": [absent]}, "absent_reason_missing", "#/attendees/0"),
        (
            record,
            {"attendees": [invitee("X", POLICE, attendee_id=str(uuid4()))]},
            "attendee_not_known",
            "#/attendees/0/attendee_id",
        ),
        (record, {"joint_visit": {"answer": False}}, "reason_missing", "#"),
    ]
    for at, body, code, pointer in wrong:
        answer = await ask(hub, "POST", at, body, **{"If-Match": '"1"'})
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["code"], error["pointer"]) == (422, code, pointer), answer.text
    assert (await ask(hub, "GET", path)).json()["items"] == [held]


async def test_minutes_are_issued_to_all_and_it_is_kept_who_had_which(hub: Hub) -> None:
    case = await a_case(hub)
    open_one = await call(hub, case)
    soon = await step(hub, open_one, "issues", {})
    assert (soon.status_code, soon.json()["code"]) == (409, "nothing_to_issue")
    held = await concluded(hub, case)
    first = held["record"]["attendees"][0]["attendee_id"]
    stranger = await step(hub, held, "issues", {"attendee_ids": [str(uuid4())]})
    assert (stranger.status_code, stranger.json()["code"]) == (422, "attendee_not_known")
    held = await take(hub, held, "issues", {"attendee_ids": [first]})
    assert (len(held["issued"]), held["issued_to_all"]) == (1, False)
    held = await take(hub, held, "record", {"minutes": "Put right."})
    held = await take(hub, held, "issues", {})
    assert [each["record_number"] for each in held["issued"]] == [2, 3, 3]
    assert held["issued_to_all"] is True
    pack = await ask(hub, "GET", f"/discussions/{held['discussion_id']}/pack?attendee={first}")
    # Given before it was put right: whose hands hold which is not guessed.
    assert pack.json()["minutes"] == "The police gave 5: the bruise is not explained."


async def test_actions_have_an_owner_and_a_day_and_are_marked_by_whose_they_are(hub: Hub) -> None:
    case = await a_case(hub)
    held = await call(hub, case)
    path = f"/discussions/{held['discussion_id']}/actions"
    body = {"words": "Secure the scene.", "owner": "Omar Khan", "agency_id": POLICE, "due_on": "2020-01-02"}
    made = await ask(hub, "POST", path, body)
    other = await ask(
        hub, "POST", path, body | {"owner": "Dana Reid", "agency_id": COUNCIL, "due_on": "2099-01-02"}
    )
    assert (made.status_code, other.status_code) == (201, 201)
    action_id = made.json()["action_id"]
    marks = f"/discussion-actions/{action_id}/marks"
    foreign = await ask(hub, "POST", marks, {"done": True}, "ines.moreau")
    assert foreign.status_code == 404
    mine = (
        await ask(hub, "GET", "/discussion-actions?open=true&mine=true&limit=1000", who="omar.khan")
    ).json()
    assert action_id in [each["action_id"] for each in mine["items"]]
    assert next(each for each in mine["items"] if each["action_id"] == action_id)["overdue"] is True
    assert all(each["agency_id"] == POLICE and each["case_id"] is None for each in mine["items"])
    done = await ask(hub, "POST", marks, {"done": True, "note": "At 4pm."}, "omar.khan")
    assert (done.json()["done"], done.json()["overdue"]) == (True, False)
    undone = await ask(hub, "POST", marks, {"done": False, "note": "Not all of it."})
    assert [mark["marked_by"] for mark in undone.json()["marks"]] == ["Omar Khan", "Dana Reid"]
    url = "http://triage/v1/discussion-actions"
    listed = await hub.every(url, await hub.as_staff("ben.ashworth"), open="true", limit="1")
    assert [each["due_on"] for each in listed] == sorted(each["due_on"] for each in listed)
    assert action_id in {each["action_id"] for each in listed}
    assert action_id not in {each["action_id"] for each in await hub.every(
        url, await hub.as_staff("dana.reid"), mine="true"
    )}  # fmt: skip


async def test_the_chronology_tells_of_discussions_and_oversight_to_deciders_alone(hub: Hub) -> None:
    case = await a_case(hub)
    child_id = case["children"][0]["child_id"]
    await concluded(hub, case, "Ines Moreau")
    entry = {"kind": "direction", "words": "See her today.", "review_on": "2096-11-30", "child_id": child_id}
    assert (
        await ask(hub, "POST", f"/cases/{case['case_id']}/oversight", entry, "priya.nair")
    ).status_code == 201
    path = f"/cases/{case['case_id']}/children/{child_id}/chronology"
    told = (await ask(hub, "GET", path)).json()["items"]
    lines = {
        line["words"]: line["significance"] for line in told if line["kind"] in ("discussion", "oversight")
    }
    assert lines == {
        "Strategy discussion called.": "high",
        "Strategy discussion concluded. Held without health: no quorum. Hold a later one with them."
        " Section 47 enquiries begin.": "high",
        "Management oversight, direction by Priya Nair. To be looked at again on 30 November 2096.": "high",
    }
    agencys = (await ask(hub, "GET", path, who="omar.khan")).json()["items"]
    assert not {"discussion", "oversight"} & {line["kind"] for line in agencys}


async def test_invited_is_who_is_on_the_list_now(hub: Hub) -> None:
    case = await a_case(hub)
    held = await call(hub, case)
    url = "http://triage/v1/discussions"

    async def invited() -> bool:
        found = await hub.every(url, await hub.as_staff("ines.moreau"))
        return held["discussion_id"] in {each["discussion_id"] for each in found}

    assert await invited()
    await take(hub, held, "record", {"attendees": [THREE[0]]})
    assert not await invited()

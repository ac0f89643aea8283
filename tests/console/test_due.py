"""What falls due on the pages: beside each child, on a list that asks for reasons, and a Red that is seen."""

from datetime import timedelta

from tests.console.conftest import Browser
from tests.console.fake_timers import ALERT, BREACH, EXPLAINED, TARGET, an_alert, an_explained_breach
from tests.console.reading import words_of
from tests.console.scenes import CASE, MAISIE, NOW

PAGE = f"/cases/{CASE}"
REASON = f"{PAGE}/breaches/{BREACH}"
SET = f"{PAGE}/children/{MAISIE}/target"
ONWARD = f"{PAGE}/children/{MAISIE}/onward"
A_DAY = {"target_day": "4", "target_month": "12", "target_year": "2026", "reason": "A baby is due."}


async def test_clocks_stand_beside_who_is_waited_for_and_do_not_pause(priya: Browser) -> None:
    priya.hub.timers.fill()
    words = words_of((await priya.open(PAGE)).text)
    assert "What falls due Decide by 2:05pm today 3 h 10 min left" in words
    # Who is waited for is said once, right above.
    assert words.count("(health) has not answered") == 1
    assert "Waiting on" not in words
    assert "Nobody has said that they have looked at it. Screen by 1:55pm today" in words
    assert "Decide by 1:55pm today, which holds for every child." in words
    assert "Everyone who was asked has answered: could this be decided now?" in words
    assert "Nothing has happened since 10:55am on Wednesday 18 November." in words
    assert "Breached Not decided in time, due 10:35am today; not done yet. Say why" in words
    assert "Marge Hill: The nurse was at court." in words


async def test_nobody_blind_is_told_of_any_clock_but_their_own(nia: Browser) -> None:
    nia.hub.timers.fill()
    assert "What falls due" not in (await nia.open(PAGE)).text
    assert not nia.hub.asked_of("GET", f"/v1/cases/{CASE}/timers")
    assert "Red child" not in (await nia.open("/")).text
    assert not nia.hub.asked_of("GET", "/v1/alerts")
    refused = [await nia.open(path) for path in ("/breached", REASON, SET, "/red", "/due", ONWARD)]
    assert [page.status_code for page in refused] == [403] * 6


async def test_a_case_is_screened_by_a_press(priya: Browser) -> None:
    priya.hub.timers.fill()
    done = await priya.post(f"{PAGE}/screened", {"child": str(MAISIE)}, page=await priya.open(PAGE))
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?child={MAISIE}&done=screened")
    words = words_of((await priya.open(done.headers["location"])).text)
    assert "you have looked at every contact of this case" in words
    assert "I have looked at every contact" not in words


async def test_what_was_not_done_asks_for_a_reason(priya: Browser) -> None:
    priya.hub.timers.fill()
    words = words_of((await priya.open("/breached")).text)
    assert "Nothing happens Maisie Example" in words
    assert "Not done in time Maisie Example SH-7K3QX9MA-9 Breached Not decided in time" in words
    assert "The nurse" not in words
    blank = await priya.post(REASON, {"reason": " "})
    assert (blank.status_code, "Say why; it is kept under your name" in blank.text) == (422, True)
    done = await priya.post(REASON, {"reason": "We waited for the ward.", "code": "agency_late"})
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?child={MAISIE}&done=explained")
    explained = words_of((await priya.open("/breached?reasoned=true")).text)
    assert "The nurse was at court." in explained
    assert "done late, 10:55am today: 20 min after it was due." in explained
    assert "We waited for the ward." in explained


async def test_what_follows_a_decision_is_listed_until_somebody_records_it(marge: Browser) -> None:
    marge.hub.timers.fill()
    words = words_of((await marge.open("/due")).text)
    assert "Maisie Example SH-7K3QX9MA-9 Second look: due by 1:55pm today, 3 h left, counted from" in words
    assert "Assessment complete: due by" in words
    one = words_of((await marge.open("/due?kind=conference")).text)
    assert ("Child protection conference: due" in one, "Assessment complete: due" in one) == (True, False)
    assert "A decision waits for a second look: due by 1:55pm today, 3 h left" in words_of(
        (await marge.open(PAGE)).text
    )
    form = words_of((await marge.open(ONWARD)).text)
    assert "No conference needed" in form
    left_out = await marge.post(ONWARD, {"done_day": "2026-11-23"})
    assert left_out.status_code == 422
    for sentence in ("Choose what was done", "Say who did it, by name and team", "leave both empty for now"):
        assert sentence in left_out.text
    said = {"step": "handover_accepted", "done_by": "Ruth Ellis, north team"}
    to_come = await marge.post(ONWARD, said | {"done_day": "2090-11-23", "done_clock": "10:00"})
    assert (to_come.status_code, "That is still to come" in to_come.text) == (422, True)
    silent = await marge.post(ONWARD, said | {"step": "conference_not_needed"})
    assert "Say why no conference is needed" in silent.text
    done = await marge.post(ONWARD, said | {"done_day": "2026-11-20", "done_clock": "10:00"})
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?child={MAISIE}&done=onward")
    assert marge.hub.asked_of("POST", f"/v1{ONWARD}-steps")[-1].body == said | {
        "done_at": "2026-11-20T10:00:00+00:00"
    }
    words = words_of((await marge.open(done.headers["location"])).text)
    assert "Hand-over accepted 10am on Friday 20 November, Ruth Ellis, north team." in words
    assert "The clock that watched over it has ended." in words


async def test_that_no_conference_is_needed_is_for_managers_to_say(priya: Browser) -> None:
    priya.hub.timers.fill()
    page = (await priya.open(ONWARD)).text
    assert ("conference held" in page, "No conference needed" in page) == (True, False)


async def test_a_later_reason_stands_beside_the_first(marge: Browser) -> None:
    marge.hub.timers.breaches = [an_explained_breach()]
    path = f"{PAGE}/breaches/{EXPLAINED}"
    await marge.post(path, {"reason": "And her deputy was ill.", "code": "too_few_staff"})
    words = words_of((await marge.open(path)).text)
    assert words.count("Too few people were at work") == 2
    assert words.index("The reason Marge Hill") < words.index("Said later Priya Shah")
    assert (await marge.open(f"{PAGE}/breaches/{CASE}")).status_code == 404


async def test_a_manager_sets_a_target_for_one_child(marge: Browser) -> None:
    done = await marge.post(SET, A_DAY | {"purpose": "assessment"})
    (asked,) = marge.hub.asked_of("POST", f"/v1{SET}s")
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?child={MAISIE}&done=target")
    assert asked.body == {"target_on": "2026-12-04", "reason": "A baby is due.", "purpose": "assessment"}


async def test_a_day_that_is_none_is_said_beside_its_boxes(marge: Browser) -> None:
    left_out = await marge.post(SET, {"reason": "A baby is due."})
    no_day = await marge.post(SET, A_DAY | {"target_day": "soon"})
    assert ([left_out.status_code, no_day.status_code]) == [422, 422]
    assert all("Enter a day to come, such as 4 12 2026" in page.text for page in (left_out, no_day))
    marge.hub.timers.bad_day = "not_a_working_day"
    assert "enter a working day" in (await marge.post(SET, A_DAY)).text


async def test_only_a_manager_is_asked_for_targets(priya: Browser) -> None:
    priya.hub.timers.fill()
    assert "Set a target" not in (await priya.open(PAGE)).text
    refused = [await priya.open(path) for path in (SET, f"{PAGE}/targets/{TARGET}")]
    assert [page.status_code for page in refused] == [403, 403]


async def test_a_manager_looks_at_a_target_again(marge: Browser) -> None:
    marge.hub.timers.fill()
    path = f"{PAGE}/targets/{TARGET}"
    assert "Decide by 4 December 2026." in words_of((await marge.open(path)).text)
    assert (await marge.post(path, {})).status_code == 422
    done = await marge.post(path, {"words": "Both visits are made.", "reached": "yes"})
    assert done.headers["location"] == f"{PAGE}?child={MAISIE}&done=reviewed"
    said = marge.hub.asked_of("POST", f"/v1/targets/{TARGET}/review")[-1].body
    assert said == {"words": "Both visits are made.", "reached": True}


async def test_a_red_child_stands_above_the_list_until_somebody_has_it(priya: Browser) -> None:
    priya.hub.timers.alerts = [an_alert(escalated_at=NOW - timedelta(minutes=1))]
    page = await priya.open("/")
    words = words_of(page.text)
    assert 'role="alert"' in page.text
    assert "1 Red child nobody has said they have seen Red Maisie Example" in words
    assert "Nobody acknowledged it in time: ring the hub's manager." in words
    done = await priya.post(f"/red/{ALERT}", {}, page=page)
    assert (done.status_code, done.headers["location"]) == (303, PAGE)
    assert "nobody has said they have seen" not in (await priya.open("/")).text
    assert "nobody has said" not in (await priya.open("/red")).text


async def test_what_cannot_be_read_is_said_and_holds_nothing_back(priya: Browser) -> None:
    priya.hub.timers.routes.clear()
    gone = ("/timers", "/v1/alerts")
    priya.hub._routes = [route for route in priya.hub._routes if not route[1].pattern.endswith(gone)]
    assert "This cannot be read just now. The clocks go on." in words_of((await priya.open(PAGE)).text)
    words = words_of((await priya.open("/")).text)
    assert "Whether a Red child waits to be seen cannot be read just now." in words
    assert "Maisie Example" in words

"""What whoever is not named sees in the place of a restricted case, whom a manager names, and emergencies."""

from services.triage.errors.restricted import RestrictedCase
from shared.schemas.restricted import AccessKind, RestrictedWaiting
from shared.schemas.words import Rag
from tests.console.conftest import Browser
from tests.console.fake_closed import ACCESS, OPENER, an_access
from tests.console.lines import a_line
from tests.console.reading import words_of
from tests.console.scenes import CASE, MAISIE, NOW

PAGE, CLOSED, ACCESSES = f"/cases/{CASE}", f"/cases/{CASE}/closed", f"/cases/{CASE}/accesses"
EMERGENCY = f"/v1/cases/{CASE}/emergency-access"
WHY = "Police are at the door and no manager answers."


async def test_a_closed_case_says_what_to_do_and_opens_for_an_hour(priya: Browser) -> None:
    priya.hub.refusal = RestrictedCase()
    there = await priya.open(PAGE)
    assert there.headers["location"] == CLOSED
    page = await priya.open(CLOSED)
    assert (page.status_code, "Ask a manager of the hub" in words_of(page.text)) == (403, True)
    priya.hub.refusal = None
    short = await priya.post(CLOSED, {"emergency_reason": "Now."}, page)
    assert (short.status_code, 'href="#emergency_reason"' in short.text) == (422, True)
    opened = await priya.post(CLOSED, {"emergency_reason": WHY}, page)
    assert opened.headers["location"] == f"{PAGE}?done=opened"
    assert priya.hub.asked_of("POST", EMERGENCY)[-1].body == {"reason": WHY}
    # Once it is open, the page leads to the case, and until it closes again every page says when that is.
    assert (await priya.open(CLOSED)).headers["location"] == PAGE
    for path in (PAGE, f"{PAGE}/history", f"{PAGE}/children/{MAISIE}/decision", "/contacts"):
        assert "it closes to you at 11:45am today." in (await priya.open(path)).text, path
    assert "A restricted case is open to you." in (await priya.open("/")).text
    # A manager may close it before: then nothing says that it is open.
    priya.hub.refusal = RestrictedCase()
    assert "it closes to you" not in (await priya.open(CLOSED)).text
    priya.hub.refusal = None
    assert "it closes to you" not in (await priya.open(PAGE)).text


async def test_on_lists_it_is_there_under_no_name(priya: Browser) -> None:
    priya.hub.lines = [
        a_line(closed=True, restricted=True, references=[], agency_ids=[], children=[]),
    ]
    waiting = RestrictedWaiting(case_id=CASE, rag=Rag.RED, decide_by=NOW)
    priya.hub.day.board, priya.hub.day.closed = [], [waiting]
    for path in ("/", "/board"):
        page = await priya.open(path)
        assert f'href="{CLOSED}"' in page.text
        assert "Restricted case" in words_of(page.text)
        assert "Every child is decided" not in words_of(page.text)


async def test_a_manager_names_somebody_takes_it_back_and_looks_at_emergencies(marge: Browser) -> None:
    named = an_access(kind=AccessKind.NAMED, given_by="Marge Hill", expires_at=None)
    marge.hub.closed.accesses = [named]
    page = await marge.open(ACCESSES)
    nobody = await marge.post(ACCESSES, {"staff_id": "", "naming_reason": "Knows nobody there."}, page)
    assert (nobody.status_code, 'href="#staff_id"' in nobody.text) == (422, True)
    form = {"staff_id": str(OPENER), "naming_reason": "Knows nobody there."}
    assert (await marge.post(ACCESSES, form, page)).headers["location"] == ACCESSES
    ended = await marge.post(f"{ACCESSES}/{ACCESS}/end", {}, page)
    assert (ended.status_code, len(marge.hub.asked_of("POST", f"/v1/accesses/{ACCESS}/end"))) == (303, 1)
    marge.hub.closed.accesses = [an_access()]
    assert "A restricted case was opened in an emergency." in words_of((await marge.open("/")).text)
    list_page = await marge.open("/emergency-accesses")
    assert "4 within a day" in words_of(list_page.text)
    blank = await marge.post(f"/emergency-accesses/{ACCESS}", {"words": " "}, list_page)
    assert (blank.status_code, "Say what you found" in words_of(blank.text)) == (422, True)
    looked = await marge.post(f"/emergency-accesses/{ACCESS}", {"words": "Right."}, list_page)
    assert looked.headers["location"] == "/emergency-accesses"


async def test_nobody_but_a_manager_has_these_pages(priya: Browser) -> None:
    assert [(await priya.open(path)).status_code for path in (ACCESSES, "/emergency-accesses")] == [403, 403]

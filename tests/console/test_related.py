"""Cases of other households beside a case: by reference, with a reason, and to be undone."""

from shared.problems import Conflict, FieldError
from tests.console.conftest import Browser
from tests.console.fake_related import OTHERS_REFERENCE, RELATION, a_relation, an_undone_relation
from tests.console.lines import a_line
from tests.console.reading import words_of
from tests.console.scenes import CASE, OTHER_CASE

PAGE = f"/cases/{CASE}/related"
UNDO = f"{PAGE}/{RELATION}/undo"
WHY = "The same flat, three weekends running."
FILLED = {"related_reference": OTHERS_REFERENCE, "related_kind": "peer_group", "related_reason": WHY}


def know_the_other(browser: Browser) -> None:
    browser.hub.lines.append(a_line(case_id=OTHER_CASE, references=[OTHERS_REFERENCE]))


async def test_the_case_leads_deciders_to_its_related_cases(priya: Browser) -> None:
    assert f'href="{PAGE}"' in (await priya.open(f"/cases/{CASE}")).text


async def test_nobody_else_is_led_there_or_gets_there(nia: Browser) -> None:
    assert f'href="{PAGE}"' not in (await nia.open(f"/cases/{CASE}")).text
    assert (await nia.open(PAGE)).status_code == 403


async def test_relations_stand_by_reference_date_kind_and_reason(priya: Browser) -> None:
    priya.hub.related.relations = [a_relation(), an_undone_relation()]
    page = await priya.open(PAGE)
    words = words_of(page.text)
    assert f"Case of contact {OTHERS_REFERENCE}" in words
    assert "Peer group: children of several households meet. Related 10:35am today, by Marge Hill" in words
    assert words.index("by Priya Shah: Two clubs of one name.") > words.index("Undone")
    assert page.text.count(f'href="{UNDO}"') == 1


async def test_a_case_without_relations_says_so(priya: Browser) -> None:
    assert "Nobody has related another case to this one." in words_of((await priya.open(PAGE)).text)


async def test_a_case_is_related_by_a_reference_of_the_other(marge: Browser) -> None:
    know_the_other(marge)
    done = await marge.post(PAGE, FILLED)
    asked = marge.hub.asked_of("POST", f"/v1/cases/{CASE}/related")[0]
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?done=related")
    assert asked.body == {"case_id": str(OTHER_CASE), "kind": "peer_group", "reason": WHY}
    assert "The cases are related." in words_of((await marge.open(done.headers["location"])).text)


async def test_what_is_left_out_is_said_beside_its_field_and_nothing_is_lost(priya: Browser) -> None:
    know_the_other(priya)
    no_reference = await priya.post(PAGE, FILLED | {"related_reference": " "})
    unknown = await priya.post(PAGE, FILLED | {"related_reference": "SH-00000000-0"})
    no_rest = await priya.post(PAGE, {"related_reference": OTHERS_REFERENCE, "related_reason": " "})
    assert [page.status_code for page in (no_reference, unknown, no_rest)] == [422, 422, 422]
    assert "Enter the reference of a contact of the other case" in no_reference.text
    assert WHY in no_reference.text
    assert "No case has a contact with this reference" in unknown.text
    words = words_of(no_rest.text)
    assert "Choose how they belong together" in words
    assert "Say why; it is kept under your name" in words


async def test_cases_that_are_related_already_are_said_to_be(priya: Browser) -> None:
    know_the_other(priya)
    priya.hub.related.refusal = Conflict("These cases are related in this way already.")
    page = await priya.post(PAGE, FILLED)
    assert page.status_code == 409
    assert "These cases are related in this way already." in words_of(page.text)


async def test_a_contact_of_the_case_itself_is_pointed_out(priya: Browser) -> None:
    know_the_other(priya)
    error = FieldError("same_case", "This is the case itself.", pointer="#/case_id")
    priya.hub.related.refusal = Conflict("Name another case.", errors=(error,))
    assert "This is a contact of the case itself" in (await priya.post(PAGE, FILLED)).text


async def test_a_relation_is_undone_with_a_reason_once(priya: Browser) -> None:
    priya.hub.related.relations = [a_relation()]
    silent = await priya.post(UNDO, {"undo_reason": " "})
    done = await priya.post(UNDO, {"undo_reason": "Another flat."})
    again = await priya.open(UNDO)
    assert (silent.status_code, done.status_code) == (422, 303)
    assert done.headers["location"] == f"{PAGE}?done=undone"
    assert "It is undone already" in again.text
    assert (await priya.open(f"{PAGE}/{CASE}/undo")).status_code == 404

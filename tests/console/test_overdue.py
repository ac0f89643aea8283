"""Overdue births on a page, the note about one, and what a contact prompts about others of the family."""

from datetime import date, timedelta

import pytest

from shared.problems import Conflict
from shared.schemas.births import OverdueBirth
from shared.schemas.families import AdultTie, OtherChild, OtherChildren
from shared.schemas.people_index import NameGiven
from tests.browser.contact_scenes import fill_contacts
from tests.console.conftest import Browser
from tests.console.known import KNOWN_PERSON, a_known_record, a_person, a_record, a_told, an_adults_record
from tests.console.reading import words_of
from tests.console.scenes import NIA, NOW, REFERENCE, an_id

NOTE = f"/people/{KNOWN_PERSON}/birth-note"


def an_overdue_birth() -> OverdueBirth:
    """Return an unborn child due nineteen days before now."""
    due = NOW.date() - timedelta(days=19)
    told = a_told(
        name=NameGiven(family_name="Example"), date_of_birth=None, expected_date_of_birth=due.isoformat()
    )
    return OverdueBirth(
        person_id=KNOWN_PERSON,
        due_on=due,
        days_overdue=19,
        is_alarm=True,
        alarm_on=due + timedelta(days=15),
        records=[a_record(told=told, person_id=KNOWN_PERSON)],
        mothers=[an_adults_record()],
        notes=[],
    )


@pytest.fixture
def waiting(priya: Browser) -> Browser:
    """Priya Shah's browser, with one birth that nobody has told of, and Ruby known with Dean."""
    fill_contacts(priya.hub)
    priya.hub.people.overdue = [an_overdue_birth()]
    priya.hub.people.persons = {KNOWN_PERSON: a_person()}
    ruby = a_known_record(person_id=an_id(799), told=a_told(name=NameGiven(given_name="Ruby")))
    tie = AdultTie(
        person_id=an_id(798),
        name=NameGiven(given_name="Dean", family_name="Example"),
        relationships=["father"],
        reference=ruby.reference,
        is_confirmed=False,
    )
    child = OtherChild(person_id=an_id(799), record=ruby, last_heard_at=ruby.received_at, ties=[tie])
    priya.hub.people.other_children = OtherChildren(items=[child], is_matched=True, adults_count=1)
    return priya


async def test_a_due_date_that_has_passed_stands_with_its_days_and_mother(waiting: Browser) -> None:
    words = words_of((await waiting.open("/people/overdue")).text)

    assert "Unborn child (Example)" in words
    assert "19 days ago, no birth linked" in words
    assert "Mother: Dean Example" in words
    assert "Say what you found out" in words


async def test_what_was_found_out_is_sent_and_said_to_be_recorded(waiting: Browser) -> None:
    fields = {"birth_found": "wrong_date", "birth_reason": "The midwife told us.", "due_day": "14",
              "due_month": "2", "due_year": "2027"}  # fmt: skip
    answer = await waiting.post(NOTE, fields)

    assert (answer.status_code, answer.headers["location"]) == (303, "/people/overdue?done=noted")
    assert waiting.hub.asked_of("POST", f"/v1/people/{KNOWN_PERSON}/birth-note")[0].body == {
        "what": "wrong_date", "reason": "The midwife told us.", "new_due_on": date(2027, 2, 14).isoformat(),
    }  # fmt: skip


async def test_a_note_that_says_nothing_is_asked_for_again_with_what_was_typed(waiting: Browser) -> None:
    answer = await waiting.post(NOTE, {"birth_reason": "The midwife told us."})

    words = words_of(answer.text)
    assert answer.status_code == 422
    assert "Choose what you found out" in words
    assert "The midwife told us." in answer.text
    # Both are told at once, in the order in which they stand.
    both = words_of((await waiting.post(NOTE, {"birth_found": "wrong_date"})).text).partition("problem")[2]
    assert both.index("Enter the day, month and year") < both.index("Say how you know")


async def test_a_note_that_cannot_be_kept_says_why(waiting: Browser) -> None:
    waiting.hub.people.refusal_of_forms = Conflict("The hub alone takes these records for one child.")
    answer = await waiting.post(NOTE, {"birth_found": "born_elsewhere", "birth_reason": "By telephone."})

    assert answer.status_code == 409
    assert "The hub alone takes these records for one child." in words_of(answer.text)


async def test_a_contact_prompts_for_the_other_children_of_its_adults(waiting: Browser) -> None:
    words = words_of((await waiting.open(f"/contacts/{REFERENCE}")).text)

    assert "Also known with Dean Example: Ruby" in words
    assert "Not in this contact." in words
    assert "nothing may leave the hub on it" in words
    assert "19 days ago, no birth linked" in words


async def test_a_contact_asks_whether_there_are_others_where_none_is_known(waiting: Browser) -> None:
    waiting.hub.people.other_children = OtherChildren(items=[], is_matched=True, adults_count=1)
    words = words_of((await waiting.open(f"/contacts/{REFERENCE}")).text)

    assert "Are there other children of these adults, here or elsewhere?" in words


async def test_only_those_who_work_with_all_families_see_the_list(browser: Browser) -> None:
    await browser.sign_in(NIA)
    assert (await browser.open("/people/overdue")).status_code == 403

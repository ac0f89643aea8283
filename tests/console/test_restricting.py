"""A manager restricts a person, or opens them again; others have no form for it."""

import pytest

from shared.problems import Conflict
from shared.schemas.joining import CasesBeside
from tests.console.conftest import Browser
from tests.console.known import KNOWN_PERSON, a_person
from tests.console.reading import words_of
from tests.console.scenes import CASE

PAGE = f"/people/{KNOWN_PERSON}"
FORM = f"{PAGE}/restriction"
RESTRICTION = f"/v1/people/{KNOWN_PERSON}/restriction"
WHY = {"restricted": "yes", "restriction_reason": "The father works in the front office."}


@pytest.fixture
def managing(marge: Browser) -> Browser:
    """Marge Hill's browser: a manager, who knows a child under two names."""
    marge.hub.people.persons = {KNOWN_PERSON: a_person()}
    return marge


async def test_a_manager_restricts_a_person_and_the_page_says_so(managing: Browser) -> None:
    form = await managing.open(PAGE)

    answer = await managing.post(FORM, WHY, form)

    assert answer.headers["location"] == f"{PAGE}?done=restricted"
    sent = managing.hub.asked_of("POST", RESTRICTION)[0].body
    assert sent == {"restricted": True, "reason": "The father works in the front office."}


async def test_a_manager_lifts_it_again(managing: Browser) -> None:
    managing.hub.people.persons = {KNOWN_PERSON: a_person(restricted=True)}
    form = await managing.open(PAGE)
    assert "Open this person to everybody again" in words_of(form.text)

    answer = await managing.post(FORM, WHY | {"restricted": "no"}, form)

    assert answer.headers["location"] == f"{PAGE}?done=opened"
    assert managing.hub.asked_of("POST", RESTRICTION)[0].body["restricted"] is False


async def test_without_a_reason_it_is_asked_for_where_it_belongs(managing: Browser) -> None:
    form = await managing.open(PAGE)

    answer = await managing.post(FORM, WHY | {"restriction_reason": " "}, form)

    assert answer.status_code == 422
    assert 'href="#restriction_reason"' in answer.text


async def test_what_stands_so_already_keeps_what_was_typed(managing: Browser) -> None:
    form = await managing.open(PAGE)
    managing.hub.people.refusal_of_forms = Conflict("It stands so already.")

    answer = await managing.post(FORM, WHY, form)

    assert answer.status_code == 409
    assert "It stands so already." in words_of(answer.text)
    assert "The father works in the front office." in answer.text


async def test_a_decision_maker_has_no_form_and_may_not_send_one(priya: Browser) -> None:
    priya.hub.people.persons = {KNOWN_PERSON: a_person()}
    page = await priya.open(PAGE)

    assert "restriction_reason" not in page.text
    assert (await priya.post(FORM, WHY, page)).status_code == 403
    assert priya.hub.asked_of("POST", RESTRICTION) == []


async def test_a_case_beside_that_only_a_manager_opens_is_counted(priya: Browser) -> None:
    priya.hub.joining.beside[CASE] = CasesBeside(items=[], searched=True, restricted_count=1)

    words = words_of((await priya.open(f"/cases/{CASE}")).text)

    assert "1 case in which somebody is restricted stands beside this one. A manager can open it" in words

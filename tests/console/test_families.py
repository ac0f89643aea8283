"""Finding a family for a purpose that is kept, and the family on one page, adults first."""

import pytest

from shared.problems import Invalid
from shared.schemas.families import PersonFound, ReferralPeople
from shared.schemas.words import Role
from tests.browser.contact_scenes import fill_contacts
from tests.console.conftest import Browser
from tests.console.contacts import OTHER_REFERENCE
from tests.console.known import (
    DEAN,
    KNOWN_PERSON,
    MATCH,
    PERSON,
    TWIN_PERSON,
    a_known_record,
    a_provisional_record,
    a_record,
    an_adults_record,
)
from tests.console.known_families import a_family, a_standing
from tests.console.reading import words_of
from tests.console.scenes import NIA, PRIYA, REFERENCE, an_id

SEARCH = "/v1/people/search"
LOOKING = {
    "purpose": "call", "search_reason": "The grandmother rang.", "find_name": "Kathryn Exampel",
    "find_telephone": "960001",
}  # fmt: skip


@pytest.fixture
def finding(priya: Browser) -> Browser:
    """Priya Shah's browser, with two families to be found: Dean and Maisie, and another child."""
    apart = a_known_record(person_id=TWIN_PERSON, referral_id=an_id(609))
    priya.hub.people.found = [
        PersonFound(person_id=KNOWN_PERSON, records=[a_provisional_record()]),
        PersonFound(person_id=TWIN_PERSON, records=[apart]),
        PersonFound(person_id=DEAN, records=[an_adults_record()]),
    ]
    priya.hub.people.families = {KNOWN_PERSON: a_family()}
    return priya


async def test_the_purpose_is_asked_before_anyone_is_named(finding: Browser) -> None:
    words = words_of((await finding.open("/find")).text)

    assert words.index("Why do you look?") < words.index("Whom do you look for?")


async def test_what_was_looked_for_is_sent_with_the_purpose_and_stands_in_no_address(
    finding: Browser,
) -> None:
    answer = await finding.post("/find", LOOKING)

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert str(answer.url).endswith("/find")
    assert finding.hub.asked_of("POST", SEARCH)[0].body == {
        "purpose": "call", "reason": "The grandmother rang.", "name": "Kathryn Exampel",
        "telephone": "960001",
    }  # fmt: skip
    assert all(asked.query == {} for asked in finding.hub.asked_of("POST", SEARCH))


async def test_those_of_one_contact_are_found_as_one_family_led_to_by_its_adult(finding: Browser) -> None:
    answer = await finding.post("/find", LOOKING)

    words = words_of(answer.text)
    assert "2 families, those last heard of first." in words
    assert "Maisie Example, Dean Example" in words
    assert f'href="/families/{DEAN}"' in answer.text
    assert f'href="/families/{TWIN_PERSON}"' in answer.text
    assert f'href="/families/{KNOWN_PERSON}"' not in answer.text
    assert "NOT SEARCHED: the council's case system." in words


async def test_that_nobody_was_found_is_not_said_to_be_no_history(finding: Browser) -> None:
    finding.hub.people.found = []

    words = words_of((await finding.post("/find", LOOKING)).text)

    assert "Nobody was found. That does not mean that there is no history" in words


async def test_that_more_fit_than_are_shown_is_said(finding: Browser) -> None:
    finding.hub.people.has_more = True

    assert "More fit than are shown" in words_of((await finding.post("/find", LOOKING)).text)


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ({"purpose": ""}, "Choose why you look"),
        ({"search_reason": " "}, "Say in your own words why you look; it is kept under your name"),
        (
            {"find_name": "", "find_telephone": ""},
            "Give a name, a telephone number, part of an address or a reference.",
        ),
    ],
)
async def test_nobody_is_looked_for_without_a_purpose_and_something_known(
    finding: Browser, left_out: dict[str, str], words: str
) -> None:
    answer = await finding.post("/find", LOOKING | left_out)

    assert answer.status_code == 422
    assert words in words_of(answer.text)


async def test_the_family_is_on_one_page_adults_first_with_what_a_visitor_must_know(finding: Browser) -> None:
    words = words_of((await finding.open(f"/families/{KNOWN_PERSON}")).text)

    assert words.index("Adult Born 14 September 1989 Alleged perpetrator Father") < words.index("Child Born")
    assert "Not safe to contact: Dean Example" in words
    assert "Before anyone visits. Dean Example: Large dog, loose. Threatened staff in 2025." in words
    assert "Also known as: Deano Example (alias)" in words


async def test_an_adults_other_households_are_named_with_everyone_there(finding: Browser) -> None:
    page = await finding.open(f"/families/{KNOWN_PERSON}")
    words = words_of(page.text)

    assert "Other households Dean Example belongs to Dean Example , Kit Other Contact" in words
    assert f'href="/contacts/{OTHER_REFERENCE}"' in page.text


async def test_who_is_provisional_in_a_family_is_said(finding: Browser) -> None:
    words = words_of((await finding.open(f"/families/{KNOWN_PERSON}")).text)

    assert "Provisional Linked provisionally by the hub: nobody has confirmed it" in words


@pytest.mark.parametrize("path", ["/find", f"/families/{KNOWN_PERSON}"])
async def test_a_representative_finds_nobody(browser: Browser, path: str) -> None:
    await browser.sign_in(NIA)

    assert (await browser.open(path)).status_code == 403


async def test_an_auditor_looks_for_a_purpose_too(browser: Browser) -> None:
    await browser.sign_in(PRIYA.model_copy(update={"roles": [Role.PRACTICE_AUDITOR]}))

    answer = await browser.post("/find", LOOKING | {"purpose": "audit"})

    assert answer.status_code == 200
    assert browser.hub.asked_of("POST", SEARCH)[0].body["purpose"] == "audit"


async def test_search_words_outlive_a_service_that_is_away(finding: Browser) -> None:
    page = await finding.open("/find")
    finding.hub.people.refusal_of_forms = Invalid("It could not be read.")

    answer = await finding.post("/find", LOOKING, page)

    assert answer.status_code == 422
    assert "Kathryn Exampel" in answer.text


async def test_a_contact_shows_whom_its_people_are_taken_for(priya: Browser) -> None:
    fill_contacts(priya.hub)
    asked = a_standing(record=a_record(person_id=PERSON), linked=[], open_match_ids=[MATCH])
    priya.hub.people.of_contacts = {REFERENCE: ReferralPeople(items=[a_standing(), asked])}

    page = await priya.open(f"/contacts/{REFERENCE}")
    words = words_of(page.text)

    assert "Provisional Linked by the hub to 1 other contact: nobody has confirmed it" in words
    assert (
        f"Little Wick Primary School, {OTHER_REFERENCE} , 11:55am on Sunday 19 October 2025 (provisional)"
        in words
    )
    assert f'href="/people/{KNOWN_PERSON}"' in page.text
    assert f'href="/matches/{MATCH}"' in page.text
    assert "Asked May be known already: nobody has answered" in words


async def test_a_contact_is_shown_when_nobody_can_say_who_is_who(priya: Browser) -> None:
    fill_contacts(priya.hub)

    words = words_of((await priya.open(f"/contacts/{REFERENCE}")).text)

    assert "This cannot be looked up just now. That does not mean that nobody is known." in words
    assert "What was said" in words


async def test_people_not_compared_yet_are_not_called_unknown(priya: Browser) -> None:
    fill_contacts(priya.hub)
    priya.hub.people.of_contacts = {REFERENCE: ReferralPeople(items=[])}

    words = words_of((await priya.open(f"/contacts/{REFERENCE}")).text)

    assert "Nobody in this contact has been held against those the hub knows yet." in words

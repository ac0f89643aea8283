"""A person under every name: confirmed and provisional told apart, links undone and made with a reason."""

import pytest

from shared.problems import Conflict, FieldError, Invalid
from shared.schemas.families import PersonFound
from shared.schemas.words import Role
from tests.console.conftest import Browser
from tests.console.contacts import OTHER_REFERENCE
from tests.console.known import (
    KNOWN_PERSON,
    KNOWN_RECORD,
    OTHER_MATCH,
    TWIN_PERSON,
    TWIN_RECORD,
    a_known_record,
    a_person,
)
from tests.console.reading import words_of
from tests.console.scenes import MAISIE, NIA, PRIYA, REFERENCE

PAGE = f"/people/{KNOWN_PERSON}"
RECORD = f"{PAGE}/records/{MAISIE}"
LINKS = f"/v1/people/{KNOWN_PERSON}/links"
UNLINK = f"/v1/links/{MAISIE}/unlink"
SEARCH = "/v1/people/search"


@pytest.fixture
def knowing(priya: Browser) -> Browser:
    """Priya Shah's browser, with a child known under two names."""
    priya.hub.people.persons = {KNOWN_PERSON: a_person()}
    other = a_known_record(record_id=TWIN_RECORD, person_id=TWIN_PERSON)
    priya.hub.people.found = [PersonFound(person_id=TWIN_PERSON, records=[other])]
    return priya


async def test_every_name_and_record_is_shown_with_where_it_comes_from(knowing: Browser) -> None:
    page = await knowing.open(PAGE)
    words = words_of(page.text)

    assert "Every name Maisie Example Maisy Sample May Sample (alias)" in words
    assert f"Northshire Police Contact {REFERENCE} Received 10:10am today" in words
    assert f'href="/contacts/{OTHER_REFERENCE}"' in page.text
    assert "Sender's reference NP-2026-114226" in words


async def test_what_is_provisional_is_told_in_words_from_what_stands(knowing: Browser) -> None:
    words = words_of((await knowing.open(PAGE)).text)

    assert "Provisional Linked provisionally by the hub: nobody has confirmed it" in words
    assert "The first that the hub heard of this person" in words
    assert "1 of these records is linked provisionally." in words
    assert "Very likely the same: 99 in 100" in words


async def test_open_questions_lead_to_their_answer_and_history_is_kept(knowing: Browser) -> None:
    page = await knowing.open(PAGE)

    assert f'href="/matches/{OTHER_MATCH}"' in page.text
    assert f"Linked, provisionally Contact {REFERENCE} The hub itself, 10:11am today" in words_of(page.text)


async def test_a_provisional_link_is_confirmed_with_a_reason(knowing: Browser) -> None:
    page = await knowing.open(RECORD)
    answer = await knowing.post(
        RECORD, {"link_answer": "confirm", "link_reason": "The school knows her."}, page
    )

    assert answer.headers["location"] == f"{PAGE}?done=confirmed"
    sent = knowing.hub.asked_of("POST", LINKS)[0].body
    assert sent == {"record_id": str(MAISIE), "reason": "The school knows her."}


async def test_a_link_is_undone_with_a_reason(knowing: Browser) -> None:
    answer = await knowing.post(RECORD, {"link_answer": "unlink", "link_reason": "They are cousins."})

    assert answer.headers["location"] == f"{PAGE}?done=unlinked"
    assert knowing.hub.asked_of("POST", UNLINK)[0].body == {"reason": "They are cousins."}
    assert "The link is undone." in words_of((await knowing.open(answer.headers["location"])).text)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"link_reason": "Cousins."}, "Choose what you make of it"),
        ({"link_answer": "unlink", "link_reason": " "}, "Say why; it is kept under your name"),
        ({"link_answer": "confirm"}, "Say why; it is kept under your name"),
    ],
)
async def test_nothing_is_changed_without_answer_and_reason(
    knowing: Browser, typed: dict[str, str], words: str
) -> None:
    answer = await knowing.post(RECORD, typed)

    assert answer.status_code == 422
    assert words in words_of(answer.text)


async def test_a_refusal_of_the_index_keeps_what_was_typed(knowing: Browser) -> None:
    knowing.hub.people.refusal_of_forms = Conflict("Nothing else is of the same person.")

    answer = await knowing.post(RECORD, {"link_answer": "unlink", "link_reason": "They are cousins."})

    assert answer.status_code == 409
    assert "Nothing else is of the same person." in words_of(answer.text)
    assert "They are cousins." in answer.text


async def test_a_record_that_stands_elsewhere_is_not_there(knowing: Browser) -> None:
    assert (await knowing.open(f"{PAGE}/records/{TWIN_RECORD}")).status_code == 404


async def test_another_record_is_found_by_its_reference_for_a_reason_and_then_linked(
    knowing: Browser,
) -> None:
    form = await knowing.open(f"{PAGE}/link")
    chosen = await knowing.post(
        f"{PAGE}/link/choosing",
        {"link_reference": OTHER_REFERENCE, "link_reason": "Same mother and school."},
        form,
    )
    answer = await knowing.post(
        f"{PAGE}/link", {"link_record": str(TWIN_RECORD), "link_reason": "Same mother and school."}, chosen
    )

    looked = knowing.hub.asked_of("POST", SEARCH)[0].body
    assert looked == {
        "reference": OTHER_REFERENCE, "purpose": "possible_match", "reason": "Same mother and school.",
    }  # fmt: skip
    assert "Same mother and school." in chosen.text
    assert answer.headers["location"] == f"{PAGE}?done=linked"
    linked = knowing.hub.asked_of("POST", LINKS)[0].body
    assert linked == {"record_id": str(TWIN_RECORD), "reason": "Same mother and school."}


async def test_no_contact_is_looked_into_without_a_reason(knowing: Browser) -> None:
    answer = await knowing.post(
        f"{PAGE}/link/choosing", {"link_reference": OTHER_REFERENCE}, await knowing.open(f"{PAGE}/link")
    )

    assert answer.status_code == 422
    assert "Say why; it is kept under your name" in words_of(answer.text)


async def test_those_who_stand_with_the_person_already_are_not_offered(knowing: Browser) -> None:
    knowing.hub.people.found = [PersonFound(person_id=KNOWN_PERSON, records=[a_known_record()])]

    answer = await knowing.post(
        f"{PAGE}/link/choosing",
        {"link_reference": OTHER_REFERENCE, "link_reason": "Same."},
        await knowing.open(f"{PAGE}/link"),
    )

    assert "Nobody else was found under that reference." in words_of(answer.text)
    assert str(KNOWN_RECORD) not in answer.text


async def test_a_record_must_be_chosen(knowing: Browser) -> None:
    page = await knowing.open(f"{PAGE}/link")

    answer = await knowing.post(
        f"{PAGE}/link", {"link_reference": OTHER_REFERENCE, "link_reason": "Same."}, page
    )

    assert answer.status_code == 422
    assert "Choose who is the same person" in words_of(answer.text)


async def test_what_the_index_says_of_a_reference_stands_beside_it(knowing: Browser) -> None:
    error = FieldError("nothing_to_look_for", "Nothing.", pointer="#/reference")
    knowing.hub.people.refusal_of_forms = Invalid("No.", errors=(error,))

    answer = await knowing.post(
        f"{PAGE}/link/choosing",
        {"link_reference": "-", "link_reason": "Same."},
        await knowing.open(f"{PAGE}/link"),
    )

    assert "Enter the contact's reference" in words_of(answer.text)


async def test_an_auditor_reads_a_person_and_changes_nothing(browser: Browser) -> None:
    browser.hub.people.persons = {KNOWN_PERSON: a_person()}
    await browser.sign_in(PRIYA.model_copy(update={"roles": [Role.PRACTICE_AUDITOR]}))

    page = await browser.open(PAGE)

    assert "Every record, newest first" in words_of(page.text)
    assert "Link another record" not in words_of(page.text)
    assert [(await browser.open(path)).status_code for path in (RECORD, f"{PAGE}/link")] == [403, 403]
    answer = await browser.post(RECORD, {"link_answer": "unlink", "link_reason": "x"}, page)
    assert answer.status_code == 403


async def test_a_representative_reads_no_person(browser: Browser) -> None:
    browser.hub.people.persons = {KNOWN_PERSON: a_person()}
    await browser.sign_in(NIA)

    assert (await browser.open(PAGE)).status_code == 403

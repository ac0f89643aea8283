"""A contact by telephone: the caller's words are enough, nothing is made up, lost or sent twice."""

from uuid import UUID

import pytest

from services.console.forms import Typed
from services.console.pages.telephone import birth, compact, telephone_body
from shared.problems import Conflict, FieldError, Invalid
from shared.schemas.words import Role
from tests.console.conftest import Browser, hidden_fields
from tests.console.contacts import HELD, a_progress, an_acceptance
from tests.console.reading import words_of
from tests.console.scenes import POLICE, PRIYA, REFERENCE

TAKEN = f"/telephone/taken/{REFERENCE}"
BY_TELEPHONE = "/v1/referrals/by-telephone"
WORDS = {"words": "He was shouting again and she was crying."}


@pytest.fixture
def calling(priya: Browser) -> Browser:
    """Priya Shah's browser, with an intake that takes calls."""
    priya.hub.intake.accepted = an_acceptance()
    return priya


async def test_the_callers_words_come_first_and_are_enough(calling: Browser) -> None:
    form = await calling.open("/telephone")
    answer = await calling.post("/telephone", WORDS, form)

    assert form.text.index('name="words"') < form.text.index('name="danger"')
    assert "The caller rings 999 first, or you do." in words_of(form.text)
    assert answer.headers["location"] == TAKEN
    assert calling.hub.asked_of("POST", BY_TELEPHONE)[0].body == WORDS | {"immediate_danger": False}


async def test_everything_the_caller_knows_is_sent_and_nothing_else(calling: Browser) -> None:
    fields = WORDS | {
        "danger": "yes", "child_now_with": "His partner", "caller_name": "T Example",
        "caller_number": "01632 1", "safe_to_ring": "no", "call_note": "After six",
        "given_0": "Maisie", "born_0": "2/4/2019",
        "family_2": "Example", "born_2": "about six", "address": "12 Test Row", "source_code": "1B",
        "agency_id": str(POLICE), "sender_reference": " ",
    }  # fmt: skip

    await calling.post("/telephone", fields)

    assert calling.hub.asked_of("POST", BY_TELEPHONE)[0].body == WORDS | {
        "immediate_danger": True,
        "child_now_with": "His partner",
        "call_back": {
            "name": "T Example", "telephone": "01632 1", "note": "After six", "is_safe": False,
        },
        "children": [
            {"given_name": "Maisie", "date_of_birth": "2019-04-02"},
            {"family_name": "Example", "age_as_said": "about six"},
        ],
        "address": "12 Test Row",
        "source_code": "1B",
        "agency_id": str(POLICE),
    }  # fmt: skip


@pytest.mark.parametrize("answer", ["", "unknown", "perhaps"])
def test_whether_it_is_safe_to_ring_is_not_made_up(answer: str) -> None:
    assert "call_back" not in telephone_body(Typed(WORDS | {"safe_to_ring": answer}))


@pytest.mark.parametrize(
    ("said", "sent"),
    [
        ("2/4/2019", {"date_of_birth": "2019-04-02"}),
        ("2019-04-02", {"date_of_birth": "2019-04-02"}),
        (" 2 April 2019 ", {"date_of_birth": "2019-04-02"}),
        ("02.04.2019", {"date_of_birth": "2019-04-02"}),
        ("31/2/2019", {"age_as_said": "31/2/2019"}),
        ("2/4/19", {"age_as_said": "2/4/19"}),
        ("about six", {"age_as_said": "about six"}),
        ("6", {"age_as_said": "6"}),
        ("", {}),
    ],
)
def test_an_age_that_is_no_date_stays_as_it_was_said(said: str, sent: dict[str, str]) -> None:
    assert birth(said) == sent


def test_children_move_up_into_rows_that_nobody_filled() -> None:
    typed = compact(
        Typed(WORDS | {"given_0": " ", "given_3": "Maisie", "born_3": "six", "family_5": "Example"})
    )

    assert (typed["given_0"], typed["born_0"], typed["family_1"], typed["given_3"]) == (
        "Maisie",
        "six",
        "Example",
        "",
    )


async def test_a_call_without_words_is_asked_for_them(calling: Browser) -> None:
    answer = await calling.post("/telephone", {"words": " ", "caller_name": "T Example", "danger": "yes"})

    assert answer.status_code == 422
    assert "Write down what the caller said" in words_of(answer.text)
    assert 'href="#words"' in answer.text
    assert 'value="T Example"' in answer.text
    assert 'value="yes" checked' in answer.text
    assert "autofocus" not in answer.text


async def test_what_intake_finds_wrong_is_said_beside_its_field(calling: Browser) -> None:
    calling.hub.intake.refusal_of_forms = Invalid(
        "See errors.",
        errors=(
            FieldError("too_long", "Too long.", pointer="#/call_back/telephone"),
            FieldError("too_long", "At most 200 characters.", pointer="#/children/1/given_name"),
        ),
    )
    fields = WORDS | {"given_1": "Maisie", "given_4": "A long name", "caller_number": "1"}

    answer = await calling.post("/telephone", fields)

    assert 'href="#caller_number"' in answer.text
    assert 'id="given_1-error"' in answer.text
    assert 'id="given_1" name="given_1" type="text" value="A long name"' in answer.text
    assert '<details class="govuk-details" open>' in answer.text


async def test_the_same_page_sent_twice_carries_the_same_key(calling: Browser) -> None:
    form = await calling.open("/telephone")

    await calling.post("/telephone", WORDS, form)
    await calling.post("/telephone", WORDS, form)

    keys = [asked.headers["idempotency-key"] for asked in calling.hub.asked_of("POST", BY_TELEPHONE)]
    assert len(set(keys)) == 1
    assert UUID(keys[0]).version == 7


async def test_what_was_refused_is_sent_again_under_a_key_of_its_own(calling: Browser) -> None:
    form = await calling.open("/telephone")
    calling.hub.intake.refusal_of_forms = Conflict("The caller's reference is in use.")

    refused = await calling.post("/telephone", WORDS, form)

    assert refused.status_code == 409
    assert hidden_fields(refused.text)["key"] != hidden_fields(form.text)["key"]


async def test_a_session_that_ends_over_a_call_keeps_every_word(calling: Browser) -> None:
    form = await calling.open("/telephone")
    calling.hub.signed_in.clear()

    kept = await calling.post("/telephone", WORDS | {"child_now_with": "His partner"}, form)
    await calling.sign_in(PRIYA)
    confirm = await calling.post("/telephone", {}, kept)
    answer = await calling.post("/telephone", {}, confirm)

    assert kept.status_code == 401
    assert "What the caller says He was shouting again" in words_of(kept.text)
    assert "Who is with the child now His partner" in words_of(kept.text)
    assert answer.headers["location"] == TAKEN
    assert calling.hub.asked_of("POST", BY_TELEPHONE)[0].body["words"] == WORDS["words"]


async def test_a_call_whose_fate_is_unknown_is_sent_again_with_its_key(calling: Browser) -> None:
    form = await calling.open("/telephone")
    calling.hub.away.add("intake")

    kept = await calling.post("/telephone", WORDS, form)

    assert kept.status_code == 503
    assert hidden_fields(kept.text)["key"] == hidden_fields(form.text)["key"]


async def test_a_call_that_takes_up_a_held_copy_names_it(calling: Browser) -> None:
    await calling.post("/telephone", WORDS | {"held_copy_id": str(HELD)})

    assert calling.hub.asked_of("POST", BY_TELEPHONE)[0].body["held_copy_id"] == str(HELD)


async def test_afterwards_the_reference_is_there_to_be_read_out(calling: Browser) -> None:
    calling.hub.intake.progress = {REFERENCE: a_progress(immediate_danger=True)}

    page = await calling.open(TAKEN)
    words = words_of(page.text)

    assert "The hub has it Reference SH-7K3QX9MA-9" in words
    assert "an agency that rang is answered by 9:55am tomorrow" in words
    assert words.index("ring 999 first") < words.index("Tell the caller")
    assert f'href="/contacts/{REFERENCE}/case"' in page.text


async def test_a_coordinator_takes_calls_and_reads_no_contacts(browser: Browser) -> None:
    browser.hub.intake.accepted = an_acceptance()
    await browser.sign_in(PRIYA.model_copy(update={"roles": [Role.EARLY_HELP_COORDINATOR]}))

    answer = await browser.post("/telephone", WORDS)
    page = await browser.open(answer.headers["location"])

    assert "The hub has it" in page.text
    assert f'href="/contacts/{REFERENCE}"' not in page.text
    assert browser.hub.asked_of("GET", f"/v1/referrals/{REFERENCE}") == []


@pytest.mark.parametrize("path", ["/telephone/taken/nonsense", "/telephone/taken/SH-00000000-1"])
async def test_a_reference_that_is_none_has_no_page(calling: Browser, path: str) -> None:
    assert (await calling.open(path)).status_code == 404

"""What was refused at the door: why, in plain words; read for a reason; settled or taken up."""

import json
from typing import Any

import pytest

from services.console.pages.taking_up import fields_of
from shared.problems import Conflict, FieldError, Invalid
from shared.schemas.words import HeldCopyState, Role
from tests.console.conftest import Browser, hidden_fields
from tests.console.contacts import DOCUMENT, HELD, a_held_copy
from tests.console.reading import words_of
from tests.console.scenes import NOW, POLICE, PRIYA, REFERENCE, an_id

PAGE = f"/held-copies/{HELD}"
OPENING = f"/v1/held-copies/{HELD}/opening"
SETTLEMENT = f"/v1/held-copies/{HELD}/settlement"


@pytest.fixture
def holding(priya: Browser) -> Browser:
    """Priya Shah's browser, with one refused contact that nobody has read."""
    priya.hub.intake.held = [a_held_copy()]
    return priya


async def opened(browser: Browser) -> Any:
    return await browser.post(f"{PAGE}/opening", {"opening_reason": "On the list."}, await browser.open(PAGE))


async def test_the_list_says_why_in_plain_words_and_not_what(holding: Browser) -> None:
    words = words_of((await holding.open("/held-copies")).text)

    assert "Nobody has read it Has waited 2 h Northshire Police, 8:55am today" in words
    assert "It was read, but something in it is missing or cannot be taken." in words
    assert "A new contact Northshire Police records system Sent 3 times, last 9:55am today" in words
    assert "Shouting" not in words


async def test_danger_is_said_in_words(holding: Browser) -> None:
    holding.hub.intake.held = [a_held_copy(immediate_danger=True)]

    assert "Child in danger Nobody has read it" in words_of((await holding.open("/held-copies")).text)


async def test_what_is_settled_is_apart_and_leads_to_its_contact(holding: Browser) -> None:
    settled = {"state": HeldCopyState.TAKEN_UP, "settled_by": "Priya Shah", "settled_at": NOW}
    holding.hub.intake.held = [a_held_copy(reference=REFERENCE, **settled)]

    assert "No refused contact waits" in words_of((await holding.open("/held-copies")).text)
    assert f'href="/contacts/{REFERENCE}"' in (await holding.open("/held-copies?part=taken_up")).text


async def test_nothing_is_read_without_a_reason(holding: Browser) -> None:
    page = await holding.open(PAGE)

    answer = await holding.post(f"{PAGE}/opening", {"opening_reason": " "}, page)

    assert answer.status_code == 422
    assert "Say why you read it; it is recorded under your name" in words_of(answer.text)
    assert "Shouting" not in page.text + answer.text


async def test_what_was_sent_is_shown_as_text_and_never_as_markup(holding: Browser) -> None:
    answer = await opened(holding)

    assert holding.hub.asked_of("POST", OPENING)[0].body == {"reason": "On the list."}
    assert "Shouting &lt;b&gt;again&lt;/b&gt;." in answer.text
    assert "<b>again" not in answer.text
    assert "Whether it asks to act or for advice: This is required." in words_of(answer.text)


async def test_a_copy_of_a_correction_names_the_contact_it_was_meant_for(holding: Browser) -> None:
    path = f"/v1/referrals/{REFERENCE}/versions"
    holding.hub.intake.held = [a_held_copy(request="POST /v1/referrals/{reference}/versions", path=path)]

    answer = await opened(holding)

    assert f'href="/contacts/{REFERENCE}"' in answer.text
    assert "A correction, or an answer to a request for more" in words_of(answer.text)


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        (
            {"settlement": "set_aside", "settlement_reason": "Sent twice.", "settled_as": "SH-1"},
            {"state": "set_aside", "reason": "Sent twice."},
        ),
        (
            {"settlement": "taken_up", "settlement_reason": "It came again.", "settled_as": REFERENCE},
            {"state": "taken_up", "reason": "It came again.", "reference": REFERENCE},
        ),
    ],
)
async def test_a_copy_is_settled_with_a_reason(
    holding: Browser, fields: dict[str, str], sent: dict[str, str]
) -> None:
    answer = await holding.post(f"{PAGE}/settlement", fields, await opened(holding))

    assert answer.headers["location"] == f"/held-copies?done={sent['state']}"
    assert holding.hub.asked_of("POST", SETTLEMENT)[0].body == sent


async def test_a_settlement_that_is_refused_keeps_what_was_typed(holding: Browser) -> None:
    page = await opened(holding)
    unknown = FieldError("not_known", "The hub has no referral by this reference.", pointer="#/reference")
    holding.hub.intake.refusal_of_forms = Invalid("See errors.", errors=(unknown,))

    fields = {"settlement": "taken_up", "settlement_reason": "It came again.", "settled_as": REFERENCE}
    answer = await holding.post(f"{PAGE}/settlement", fields, page)

    assert answer.status_code == 422
    assert 'href="#settled_as"' in answer.text
    assert "It came again." in answer.text
    assert f'value="{REFERENCE}"' in answer.text


async def test_a_copy_settled_meanwhile_says_so(holding: Browser) -> None:
    page = await opened(holding)
    holding.hub.intake.refusal_of_forms = Conflict("Someone has taken up this copy or set it aside.")

    answer = await holding.post(f"{PAGE}/settlement", {"settlement": "set_aside"}, page)

    assert answer.status_code == 409
    assert "Someone has taken up this copy or set it aside." in words_of(answer.text)


async def test_an_auditor_sees_the_list_and_opens_nothing(browser: Browser) -> None:
    browser.hub.intake.held = [a_held_copy()]
    await browser.sign_in(PRIYA.model_copy(update={"roles": [Role.PRACTICE_AUDITOR]}))

    page = await browser.open(PAGE)
    answer = await opened(browser)

    assert "Only those who decide open a held copy." in words_of(page.text)
    assert answer.status_code == 403
    assert browser.hub.asked_of("POST", OPENING) == []


@pytest.mark.parametrize("path", [f"/held-copies/{an_id(1)}", "/held-copies/none"])
async def test_a_copy_that_is_not_there_is_not_there(holding: Browser, path: str) -> None:
    assert (await holding.open(path)).status_code == 404


async def test_taking_a_copy_up_fills_the_telephone_form_and_keeps_its_words_out_of_addresses(
    holding: Browser,
) -> None:
    answer = await holding.post(f"/telephone/taking-up/{HELD}", {}, await opened(holding))

    assert len(holding.hub.asked_of("POST", OPENING)) == 2
    assert "Shouting &lt;b&gt;again&lt;/b&gt;." in answer.text.partition("<textarea")[2]
    assert hidden_fields(answer.text)["held_copy_id"] == str(HELD)
    assert f'<option value="{POLICE}" selected>' in answer.text
    assert "Shouting" not in str(answer.url)


def test_a_copy_that_can_be_read_fills_every_field_it_speaks_of() -> None:
    copy = a_held_copy(content=json.dumps(DOCUMENT | {"immediate_danger": True}))

    fields = fields_of(copy)

    assert fields["words"].startswith("Officers attended at 22:40.\n")
    assert fields["words"].endswith("<b>The kitchen window</b> was broken.")
    assert (fields["danger"], fields["caller_name"], fields["source_code"]) == ("yes", "J Okafor", "6")
    assert (fields["given_0"], fields["born_0"], fields["family_1"]) == ("Maisie", "2019-04-02", "Example")
    assert fields["address"] == "1 Test Row, Northtown"
    assert fields["child_now_with"] == "At home with mother."


@pytest.mark.parametrize(
    "content",
    ['{"concerns": [', "[1, 2]", '"words"', '{"concerns": "x", "children": {"a": 1}, "referrer": 7}',
     "ring me", "[" * 100_000],
)  # fmt: skip
def test_a_copy_that_cannot_be_read_goes_into_the_words_as_it_came(content: str) -> None:
    fields = fields_of(a_held_copy(content=content))

    assert fields["words"].startswith(content[:1000])
    assert len(fields["words"]) <= 20_000
    assert fields["caller_name"] == ""


def test_a_copy_of_a_correction_is_read_through_to_its_referral() -> None:
    fields = fields_of(a_held_copy(content=json.dumps({"reason": "New.", "referral": DOCUMENT})))

    assert fields["given_0"] == "Maisie"

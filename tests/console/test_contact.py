"""One contact in full: what was said, what is not said, what is odd, what was asked for."""

import pytest

from shared.problems import Conflict
from shared.schemas.words import Channel, WithdrawalState
from tests.console.conftest import Browser
from tests.console.contacts import WISH, a_document, a_progress, a_version, a_wish, an_asking
from tests.console.reading import words_of
from tests.console.scenes import NOW, REFERENCE

PAGE = f"/contacts/{REFERENCE}"


def put(browser: Browser, **given: object) -> None:
    """Put the police's contact on the hub, in one version; its document changed by what is given."""
    browser.hub.intake.progress = {REFERENCE: a_progress()}
    browser.hub.intake.versions = {(REFERENCE, 1): a_version(document=a_document(**given))}


async def read(browser: Browser, query: str = "") -> str:
    return words_of((await browser.open(PAGE + query)).text)


async def test_what_was_said_stays_as_it_was_said(priya: Browser) -> None:
    put(priya)

    page = await priya.open(PAGE)

    assert "Officers attended at 22:40. Mother had a cut lip; Maisie on the stairs." in words_of(page.text)
    assert "&lt;b&gt;The kitchen window&lt;/b&gt; was broken." in page.text
    assert "Since 1 September 2026" in page.text


async def test_each_child_has_its_voice_its_standing_and_where_it_is_now(priya: Browser) -> None:
    put(priya)

    words = await read(priya)
    maisie, _, unborn = words.partition("Unborn child (Example) Unborn, due 14 February 2027.")

    assert "Where the child is now At home with mother." in maisie
    assert "Seen alone No In their own words, or what was observed Hid upstairs" in maisie
    assert "Looked after No Plan A child in need plan Allocated worker K Brandt" in maisie
    assert "Where the child is now Not said." in unborn
    assert "Not given. That is not a 0." in unborn


async def test_what_is_not_said_is_named(priya: Browser) -> None:
    put(priya, professionals=[], actions_taken=None, police=None)

    words = await read(priya)

    assert "Not said: Last seen." in words
    assert "Not said: GP practice, First language" in words
    assert "Who else works with the family Not said." in words
    assert "What the sender has done already Not said." in words
    assert "Police matters" not in words


async def test_codes_of_the_lists_are_words(priya: Browser) -> None:
    put(priya)

    words = await read(priya)

    assert "Ethnicity White: British" in words
    assert "Disability Asked, and there are none" in words
    assert "Sample (A name from before, such as a birth name)" in words
    assert (
        "Domestic abuse risk High (serious harm could come at any time); by its score; 15 answered" in words
    )
    assert "Kind of source The police (6)" in words


async def test_who_must_not_be_contacted_and_what_workers_must_know_stand_at_the_top(priya: Browser) -> None:
    put(priya)

    words = await read(priya)

    assert "Not safe to contact: Dean Example (alleged perpetrator)" in words[:200]
    assert "Before anyone visits. Dean Example: Large dog, loose." in words[:260]
    assert "Rosa Victim Safe to contact: not said, ask first" in words
    assert "father of Maisie Example, has parental responsibility, lives in the household" in words


async def test_danger_comes_before_everything(priya: Browser) -> None:
    put(priya, immediate_danger=True)

    words = await read(priya)

    assert words.index("ring 999 first") < words.index("Not safe to contact")


@pytest.mark.parametrize(
    ("consent", "words"),
    [
        (None, "Consent. Not said whether anyone was asked. That is not a refusal. Told."),
        ({"sought": False}, "Consent. Not asked: no reason was given. Nobody refused."),
        (
            {"sought": False, "not_sought_reason": "risk_of_harm", "lawful_basis": "public_task"},
            "Not asked: asking would put someone at risk of harm. Nobody refused. Lawful basis Public task",
        ),
        (
            {"sought": True, "given": False, "given_by": "Ms Example"},
            "Asked, and refused. Who was asked Ms Ex",
        ),
        (
            {"sought": True, "given": True},
            "Consent. Asked, and agreed. Not said: Who was asked, Has parental",
        ),
        ({"sought": True}, "Consent. Asked; what was answered is not said."),
    ],
)
async def test_not_asked_is_never_shown_as_refused(
    priya: Browser, consent: dict[str, object] | None, words: str
) -> None:
    put(priya, consent=consent)

    shown = await read(priya)

    assert words in shown
    assert ("refused. Who" in shown) == bool(consent and consent.get("given") is False)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (None, "Told. Not said whether the family knows. Find out before anyone writes or rings. "),
        ({"told": False, "reason_not": "It would increase the risk."}, "has not been told. Why not It would"),
        (
            {"told": True, "who": ["mother"], "by": "J Okafor"},
            "The family knows of this contact. Who was told m",
        ),
    ],
)
async def test_what_the_family_was_told_is_a_fact(
    priya: Browser, told: dict[str, object] | None, words: str
) -> None:
    put(priya, family_told=told)

    assert words in await read(priya)


async def test_a_finding_stands_beside_the_part_it_concerns(priya: Browser) -> None:
    put(priya)

    words = await read(priya)

    assert "Odd or missing here The agency's grade: why that grade: Why this grade and not another?" in words
    unborn = words.partition("Unborn child (Example) Unborn")[2]
    assert "What the child said or showed: What did the child say or show" in unborn
    assert "why the family was not told: Say why the family was not told. Police matters" in words
    assert words.index("Is help or advice wanted?") < words.index("What was said Officers")


async def test_a_contact_by_telephone_says_who_wrote_it_down(priya: Browser) -> None:
    put(priya, children=[{"given_name": "Maisie", "age_as_said": "about six"}])
    written = a_version(
        document=a_document(children=[{"age_as_said": "about six"}]), recorded_by="Lucy Grant"
    )
    priya.hub.intake.versions[REFERENCE, 1] = written
    priya.hub.intake.progress[REFERENCE] = a_progress(channel=Channel.TELEPHONE)

    words = await read(priya)

    assert "Northshire Police, by telephone" in words
    assert "Written down by Lucy Grant as it was said on the telephone." in words
    assert "Age as said: about six" in words


async def test_versions_say_why_they_came_and_what_changed(priya: Browser) -> None:
    put(priya)
    later = a_version(version=2, reason="New address.", changed=["#/children/0/address", "#/concerns/1"])
    priya.hub.intake.versions[REFERENCE, 2] = later
    priya.hub.intake.progress[REFERENCE] = a_progress(version=2)

    words = await read(priya)

    assert (
        "Version 2, shown here From its system, 10:10am today 5 things odd or missing New address." in words
    )
    assert "What changed: Maisie Example: address; What was said." in words
    assert words.index("Version 2, shown here") < words.index("Version 1 From its system")


async def test_an_older_version_can_be_opened_and_says_that_it_is_old(priya: Browser) -> None:
    put(priya)
    priya.hub.intake.versions[REFERENCE, 2] = a_version(version=2, document=a_document(actions_taken="Rang."))
    priya.hub.intake.progress[REFERENCE] = a_progress(version=2)

    words = await read(priya, "?version=1")

    assert "You are reading version 1, an older one. Read the newest, version 2 ." in words
    assert "The house was made safe for the night." in words


@pytest.mark.parametrize("path", [f"{PAGE}?version=9", "/contacts/SH-00000000-0", "/contacts/Maisie"])
async def test_what_is_not_there_is_not_there(priya: Browser, path: str) -> None:
    put(priya)

    assert (await priya.open(path)).status_code == 404


async def test_what_was_asked_of_the_sender_does_not_stop_the_clock(priya: Browser) -> None:
    put(priya)
    asked = [an_asking(), an_asking(state="not_answered", closed_at=NOW)]
    priya.hub.intake.progress[REFERENCE] = a_progress(further_information=asked)

    words = await read(priya)

    assert "Further information requested due by 1:55pm today: 3 h left Asked by Omar Hill" in words
    assert "Did anyone speak with Maisie alone? Please ring the officer who was there." in words
    assert "The child's clock goes on" in words
    assert "Asked, not answered 10:55am today" in words


async def test_a_wish_to_take_a_contact_back_leads_to_the_hubs_answer(priya: Browser) -> None:
    put(priya)
    priya.hub.intake.progress[REFERENCE] = a_progress(withdrawal=a_wish())

    assert "Until the hub has answered, the contact stands; nothing is ever deleted." in await read(priya)
    assert f'href="{PAGE}/withdrawal"' in (await priya.open(PAGE)).text


@pytest.mark.parametrize(("agreed", "sent"), [("yes", True), ("no", False)])
async def test_the_hub_answers_a_wish_with_a_reason(priya: Browser, agreed: str, sent: bool) -> None:
    priya.hub.intake.progress = {REFERENCE: a_progress(withdrawal=a_wish())}
    priya.hub.intake.withdrawals = [a_wish()]

    answer = await priya.post(f"{PAGE}/withdrawal", {"agreed": agreed, "decision_reason": "It stands."})

    assert answer.headers["location"] == f"{PAGE}?done=withdrawal"
    asked = priya.hub.asked_of("POST", f"/v1/withdrawals/{WISH}/decision")[0]
    assert asked.body == {"agreed": sent, "reason": "It stands."}


async def test_an_answer_to_a_wish_needs_a_choice_and_a_reason(priya: Browser) -> None:
    priya.hub.intake.progress = {REFERENCE: a_progress(withdrawal=a_wish())}

    answer = await priya.post(f"{PAGE}/withdrawal", {"decision_reason": " "})

    words = words_of(answer.text)
    assert answer.status_code == 422
    assert "Choose whether the contact may be taken back" in words
    assert "Say why; the sender reads it" in words


async def test_a_wish_answered_meanwhile_keeps_what_was_typed_in_sight(priya: Browser) -> None:
    priya.hub.intake.progress = {REFERENCE: a_progress(withdrawal=a_wish())}
    form = await priya.open(f"{PAGE}/withdrawal")
    declined = a_wish(state=WithdrawalState.DECLINED, decided_at=NOW, decision_reason="It stands.")
    priya.hub.intake.progress = {REFERENCE: a_progress(withdrawal=declined)}
    priya.hub.intake.refusal_of_forms = Conflict("Somebody has decided on this withdrawal already.")

    answer = await priya.post(f"{PAGE}/withdrawal", {"agreed": "yes", "decision_reason": "An error."}, form)

    assert answer.status_code == 409
    assert "that answer stands. It stands. What you typed, not recorded An error." in words_of(answer.text)


async def test_nobody_answers_a_wish_that_there_is_not(priya: Browser) -> None:
    put(priya)

    assert (await priya.open(f"{PAGE}/withdrawal")).status_code == 404

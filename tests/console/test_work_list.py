"""The work list."""

from datetime import timedelta

from shared.problems import NotPermitted
from shared.schemas.progress import ReferralProgress
from shared.schemas.words import ChildState, Rag, Role, Sector
from tests.console.conftest import Browser
from tests.console.lines import a_child_line, a_line
from tests.console.reading import words_of
from tests.console.scenes import (
    ALFIE,
    NOW,
    OTHER_CASE,
    PRIYA,
    REFERENCE,
    TRUST,
    a_request,
    an_answer,
    an_id,
)

OTHER_REFERENCE = "SH-00000000-0"


async def test_how_urgent_a_case_is_stands_in_words_beside_the_colour(priya: Browser) -> None:
    words = words_of((await priya.open("/")).text)

    assert "Amber Decide by 2:05pm today 3 h 10 min left" in words
    assert "From Northshire Police, SH-7K3QX9MA-9" in words
    assert "Not answered: Health" in words


async def test_what_is_overdue_says_so(priya: Browser) -> None:
    priya.hub.lines = [a_line(rag=Rag.RED, due_at=NOW - timedelta(minutes=20))]

    words = words_of((await priya.open("/")).text)

    assert "Red Decide by 10:35am today overdue by 20 min" in words
    assert "1 overdue 1 Red" in words


async def test_every_child_is_named(priya: Browser) -> None:
    alfie = a_child_line(child_id=ALFIE, given_name="Alfie", state=ChildState.DECIDED, rag=Rag.GREEN, level=1)
    nobody = a_child_line(child_id=an_id(203), given_name=None, family_name=None)
    priya.hub.lines = [a_line(children=[a_child_line(), alfie, nobody])]

    words = words_of((await priya.open("/")).text)

    assert "Maisie Example, Name not known, Alfie Example" in words
    assert "Alfie Example, 7 years old (born 2 April 2019): Green, level 1, decided" in words


async def test_a_sibling_already_decided_keeps_nobody_waiting(priya: Browser) -> None:
    alfie = a_child_line(child_id=ALFIE, state=ChildState.DECIDED, waiting_for=[Sector.POLICE])
    priya.hub.lines = [a_line(children=[a_child_line(), alfie])]

    words = words_of((await priya.open("/")).text)

    assert "Not answered: Health From" not in words
    assert "Police" not in words.partition("Not answered:")[2]


async def test_an_agency_sees_its_own_due_time_and_no_colour(nia: Browser) -> None:
    blind = a_child_line(rag=None, level=None, decide_by=None)
    nia.hub.lines = [a_line(rag=None, due_at=NOW + timedelta(hours=1), children=[blind])]

    page = await nia.open("/")

    assert "Answer by 11:55am today 1 h left" in words_of(page.text)
    assert "Maisie Example" in page.text
    assert "hub-rag" not in page.text
    assert "Waiting for your agency" in page.text


async def test_the_decided_are_asked_for_by_their_queue(priya: Browser) -> None:
    priya.hub.lines = [a_line(children=[a_child_line(state=ChildState.DECIDED)])]

    page = await priya.open("/?queue=decided")

    assert priya.hub.asked_of("GET", "/v1/cases")[-1].query["queue"] == "decided"
    assert 'href="/?queue=decided" aria-current="page"' in page.text
    assert "console-tally__late" not in page.text


async def test_the_next_page_is_asked_for_with_its_cursor(priya: Browser) -> None:
    priya.hub.next_cursor = "opaque+/="
    page = await priya.open("/")

    await priya.open("/?queue=to_decide&cursor=opaque%2B/%3D")

    assert "cursor=opaque%2B/%3D" in page.text
    assert priya.hub.asked_of("GET", "/v1/cases")[-1].query["cursor"] == "opaque+/="


async def test_an_empty_list_says_that_nothing_waits(priya: Browser) -> None:
    priya.hub.lines = []

    assert "Nothing waits for a decision now." in words_of((await priya.open("/")).text)


async def test_a_reference_is_found_however_it_was_heard(priya: Browser) -> None:
    answer = await priya.post("/search", {"reference": "sh 7k3qx9ma 9"}, await priya.open("/"))
    page = await priya.open(answer.headers["location"])

    assert answer.headers["location"] == f"/?reference={REFERENCE}"
    assert "Maisie Example" in page.text


async def test_what_is_no_reference_never_reaches_an_address(priya: Browser) -> None:
    answer = await priya.post("/search", {"reference": "Maisie Example"}, await priya.open("/"))

    assert answer.status_code == 422
    assert "Enter a whole reference" in words_of(answer.text)
    assert 'value="Maisie Example"' in answer.text


async def test_a_contact_without_a_case_yet_is_not_said_to_be_missing(priya: Browser) -> None:
    priya.hub.lines = []
    priya.hub.intake.progress[REFERENCE] = ReferralProgress(
        reference=REFERENCE, referral_id=an_id(600), sender_reference=None, version=1, stage="received",
        received_at=NOW, respond_by=NOW + timedelta(days=1), held_by="The hub", children=[],
        agency_id=an_id(601), kind="referral", channel="api", immediate_danger=False, findings_count=0,
    )  # fmt: skip

    assert "The hub has this contact" in words_of((await priya.open(f"/?reference={REFERENCE}")).text)


async def test_an_unknown_reference_is_said_to_be_unknown(priya: Browser) -> None:
    priya.hub.lines = []

    assert "There is no case with this reference" in words_of(
        (await priya.open(f"/?reference={REFERENCE}")).text
    )


async def test_an_agencys_questions_name_their_child_and_are_soonest_first(nia: Browser) -> None:
    nia.hub.requests = [a_request(), an_answer()]

    words = words_of((await nia.open("/requests")).text)

    assert "Answer by 11:55am today 1 h left Maisie Example" in words
    assert "Is the family known to health visiting" in words
    assert "Late on eleven mornings" not in words


async def test_answered_questions_are_apart(nia: Browser) -> None:
    nia.hub.requests = [a_request(), an_answer(agency_id=TRUST, child_id=OTHER_CASE)]

    words = words_of((await nia.open("/requests?answered=true")).text)

    assert "We hold information" in words
    assert "A child, named in the case" in words


async def test_whoever_reads_no_cases_is_told_so_and_can_leave(browser: Browser) -> None:
    nobody = PRIYA.model_copy(update={"roles": []})
    browser.hub.refusal = NotPermitted()

    page = await browser.sign_in(nobody)

    assert page.status_code == 403
    assert "There are no pages for your role" in words_of(page.text)
    assert "Sign out" in page.text


async def test_a_coordinator_sees_what_was_decided_for_early_help(browser: Browser) -> None:
    coordinator = PRIYA.model_copy(update={"roles": [Role.EARLY_HELP_COORDINATOR]})
    decided = a_child_line(rag=None, level=None, decide_by=None, state=ChildState.DECIDED)
    browser.hub.lines = [a_line(rag=None, due_at=None, children=[decided])]

    words = words_of((await browser.sign_in(coordinator)).text)

    assert "Decided for early help Early help Maisie Example" in words
    assert "your agency" not in words

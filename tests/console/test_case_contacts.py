"""What a case page says of its contacts: what runs beside them, and what their senders put right."""

from datetime import date, timedelta

from shared.schemas.case_details import ChildDetails, ConcernView, KnownStatusView, TakenBack
from shared.schemas.words import WithdrawalState
from tests.console.conftest import Browser
from tests.console.contacts import a_progress, a_wish, an_asking
from tests.console.lines import a_child_line, a_line
from tests.console.reading import words_of
from tests.console.scenes import (
    CASE,
    NOW,
    POLICE,
    REFERENCE,
    TRUST,
    a_blind_child,
    a_case,
    a_child,
    a_contact,
    a_decision,
    a_request,
    an_adult,
    an_answer,
)
from tests.console.test_decision_form import CHILD, DECISION

PAGE = f"/cases/{CASE}"


async def read(browser: Browser) -> str:
    return words_of((await browser.open(PAGE)).text)


async def test_a_contact_leads_to_its_own_page(priya: Browser) -> None:
    assert f'href="/contacts/{REFERENCE}"' in (await priya.open(PAGE)).text


async def test_another_agencys_contact_is_neither_linked_nor_asked_for(nia: Browser) -> None:
    nia.hub.cases[CASE] = a_case(version=None, children=[a_blind_child()])

    page = await nia.open(PAGE)

    assert f'href="/contacts/{REFERENCE}"' not in page.text
    assert REFERENCE in page.text
    assert nia.hub.asked_of("GET", f"/v1/referrals/{REFERENCE}") == []


async def test_a_representative_reads_what_its_own_agency_was_asked(nia: Browser) -> None:
    contact = a_contact(agency_id=TRUST)
    nia.hub.cases[CASE] = a_case(version=None, children=[a_blind_child()], contacts=[contact])
    nia.hub.intake.progress = {REFERENCE: a_progress(agency_id=TRUST, further_information=[an_asking()])}

    assert "Further information requested , due by 1:55pm today" in await read(nia)


async def test_what_was_asked_of_a_sender_never_stops_the_childs_clock(priya: Browser) -> None:
    asked = [an_asking(), an_asking(state="not_answered")]
    priya.hub.intake.progress = {REFERENCE: a_progress(further_information=asked)}

    words = await read(priya)

    assert (
        "Further information requested , due by 1:55pm today: 3 h left. The child's clock goes on." in words
    )
    assert words.count("The child's clock goes on.") == 1


async def test_a_wish_to_take_a_contact_back_is_said_and_can_be_answered(priya: Browser) -> None:
    priya.hub.intake.progress = {REFERENCE: a_progress(withdrawal=a_wish())}

    page = await priya.open(PAGE)

    assert "The sender wishes to take this contact back." in words_of(page.text)
    assert f'href="/contacts/{REFERENCE}/withdrawal"' in page.text


async def test_a_wish_that_was_answered_is_no_longer_asked_about(priya: Browser) -> None:
    answered = a_wish(state=WithdrawalState.DECLINED)
    priya.hub.intake.progress = {REFERENCE: a_progress(withdrawal=answered)}

    words = await read(priya)

    assert "Not taken back: the contact stands." in words
    assert "wishes to take" not in words


async def test_a_case_is_not_held_back_for_an_intake_that_is_away(priya: Browser) -> None:
    priya.hub.away.add("intake")

    page = await priya.open(PAGE)

    assert page.status_code == 200
    assert "Whether its sender was asked for more cannot be read just now." in words_of(page.text)


async def test_what_came_after_a_decision_asks_for_another_look(priya: Browser) -> None:
    child = a_child(state="decided", decisions=[a_decision()], changed_since_decision=True)
    priya.hub.cases[CASE] = a_case(children=[child])
    line = a_child_line(state="decided", changed_since_decision=True)
    priya.hub.lines = [a_line(children=[line])]

    assert "Changed after the decision:" in await read(priya)
    assert "Changed since: look again." in words_of((await priya.open("/?queue=decided")).text)


async def test_what_a_sender_took_back_counts_until_a_person_decides(priya: Browser) -> None:
    taken_back = [
        TakenBack(fact="date_of_birth", said="2026-06-01", version=1, taken_back_in=2),
        TakenBack(fact="immediate_danger", said="true", version=1, taken_back_in=2),
        TakenBack(fact="family_name", said="Sample", version=1, taken_back_in=3),
    ]
    concern = ConcernView(
        indicator=None, indicator_words=None, narrative="A bruise.", occurred_at=None,
        since_on=date(2026, 9, 1), taken_back_in=2,
    )  # fmt: skip
    child = a_child(taken_back=taken_back, concerns=[concern], left_out_in=4)
    priya.hub.cases[CASE] = a_case(children=[child])

    words = await read(priya)

    assert "Version 2 took back: the date of birth, 1 June 2026. It counts until a person decides." in words
    assert "Version 2 took back: that a child is in danger now. It counts" in words
    assert "Version 3 took back: the family name, Sample." in words
    assert "A bruise. Version 2 no longer says this." in words
    assert "Version 4 no longer names this child." in words
    assert "Since 1 September 2026" in words


async def test_a_corrected_contact_says_so(priya: Browser) -> None:
    contact = a_contact(version=3, corrected_at=NOW - timedelta(minutes=5))
    priya.hub.cases[CASE] = a_case(contacts=[contact])

    assert "Corrected by its sender 10:50am today: this is version 3." in await read(priya)


async def test_an_agency_that_answered_before_a_correction_is_told_to_read_again(nia: Browser) -> None:
    corrected = {"corrected_at": NOW, "corrected_version": 2}
    answer = an_answer(agency_id=TRUST, **corrected)
    nia.hub.cases[CASE] = a_case(version=None, children=[a_blind_child(requests=[answer])])
    nia.hub.requests = [a_request(**corrected)]

    said = "The sender corrected this 10:55am today , after the agency was asked: version 2. Read it again."
    assert said in await read(nia)
    assert said in words_of((await nia.open("/requests")).text)


async def test_a_correction_is_news_to_whoever_was_deciding(priya: Browser) -> None:
    form = await priya.open(f"{CHILD}/decision")
    priya.hub.cases[CASE] = a_case(version=8, contacts=[a_contact(version=2)])

    answer = await priya.post(f"{CHILD}/decision", DECISION, form)

    assert f"Northshire Police corrected contact {REFERENCE}." in words_of(answer.text)


async def test_the_childs_standing_is_there_before_the_decision(priya: Browser) -> None:
    details = ChildDetails(status=KnownStatusView(looked_after=True, plan="child_protection"))
    priya.hub.cases[CASE] = a_case(children=[a_child(details=details)])

    words = await read(priya)

    assert "Looked after: Yes. Plan: A child protection plan. Not said: Private fostering, Alloc" in words


async def test_what_a_worker_who_visits_must_know_is_at_the_top(priya: Browser) -> None:
    adult = an_adult(
        worker_safety="Large dog, loose.", safe_contact_note="Text only.", interpreter_needed=True
    )
    priya.hub.cases[CASE] = a_case(adults=[adult])

    words = await read(priya)

    assert "Before anyone visits. Dean Example: Large dog, loose." in words[:400]
    assert "How and when contact is safe: Text only. Interpreter needed" in words


async def test_a_contact_of_ones_own_agency_is_told_from_others(omar: Browser) -> None:
    omar.hub.intake.progress = {REFERENCE: a_progress(withdrawal=a_wish(agency_id=POLICE))}

    page = await omar.open(PAGE)

    assert "The sender wishes to take this contact back." in words_of(page.text)
    assert "/withdrawal" not in page.text

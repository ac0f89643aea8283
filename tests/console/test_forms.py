"""Grades, questions and answers: what is sent, what is said when it is refused, what is kept."""

import pytest

from shared.problems import Conflict
from shared.schemas.asking import AdultAskedView
from shared.schemas.words_asking import Source
from tests.console.conftest import Browser
from tests.console.reading import words_of
from tests.console.scenes import (
    CASE,
    MAISIE,
    NOW,
    SCHOOL,
    TO_TRUST,
    TRUST,
    a_blind_child,
    a_case,
    a_child,
    a_contact,
    a_request,
    an_adult,
    an_id,
)

CHILD = f"/cases/{CASE}/children/{MAISIE}"
TRIAGE_CHILD = f"/v1/cases/{CASE}/children/{MAISIE}"


@pytest.mark.parametrize("page", ["decision", "ask"])
async def test_a_representative_neither_decides_nor_asks(nia: Browser, page: str) -> None:
    answer = await nia.open(f"{CHILD}/{page}")

    words = words_of(answer.text)
    assert (answer.status_code, "You cannot do this" in words) == (403, True)
    # A refusal is no dead end: who is signed in, and every way on, stand on it as on any page.
    assert all(each in answer.text for each in ("Nia Morgan", "Sign out", "Information requests"))


async def test_what_was_typed_outlives_a_refusal_that_no_form_answers(nia: Browser) -> None:
    typed = "Seen twice with bruises."
    elsewhere = CHILD.replace(str(CASE), str(an_id(999)))

    answer = await nia.post(f"{elsewhere}/grade", {"answer": "9", "rationale": typed})

    words = words_of(answer.text)
    assert (answer.status_code, typed in words, "It was not recorded." in words) == (404, True, True)


async def test_a_decider_grades_for_nobody(priya: Browser) -> None:
    assert (await priya.open(f"{CHILD}/grade")).status_code == 403


async def test_every_step_of_the_scale_stands_with_its_words(nia: Browser) -> None:
    nia.hub.cases[CASE] = a_case(version=None, children=[a_blind_child()])

    words = words_of((await nia.open(f"{CHILD}/grade")).text)

    for step in (
        "5: Highest concern",
        "4: High concern",
        "0: No concern",
        "Nothing known",
        "Unable to grade",
    ):
        assert step in words
    assert "This is not a 0." in words
    assert "You will see the other agencies' grades once you have given yours." in words


@pytest.mark.parametrize(
    ("chosen", "sent"),
    [
        ("0", {"status": "graded", "grade": 0}),
        ("5", {"status": "graded", "grade": 5}),
        ("nothing_known", {"status": "nothing_known"}),
        ("unable", {"status": "unable"}),
    ],
)
async def test_a_grade_and_no_grade_are_sent_apart(
    nia: Browser, chosen: str, sent: dict[str, object]
) -> None:
    answer = await nia.post(f"{CHILD}/grade", {"answer": chosen, "rationale": "Two visits to A and E."})

    assert answer.headers["location"] == f"/cases/{CASE}?child={MAISIE}&done=graded#child-{MAISIE}"
    asked = nia.hub.asked_of("PUT", f"{TRIAGE_CHILD}/grades/{TRUST}")[0]
    assert asked.body == {"rationale": "Two visits to A and E."} | sent


@pytest.mark.parametrize("chosen", ["", "9", "certain", "²"])
async def test_a_grade_that_is_none_is_asked_for_again(nia: Browser, chosen: str) -> None:
    answer = await nia.post(f"{CHILD}/grade", {"answer": chosen, "rationale": "Two visits."})

    assert answer.status_code == 422
    assert 'href="#answer"' in answer.text
    assert "Two visits." in answer.text


async def test_agencies_are_asked_about_a_child_and_an_adult_with_a_reason_and_by_when(
    priya: Browser,
) -> None:
    dean = an_adult(referral_id=an_id(600), place=0)
    priya.hub.cases[CASE] = a_case(adults=[dean], contacts=[a_contact(version=3)])
    fields = {
        f"agency_{SCHOOL}": "yes",
        f"agency_{TRUST}": "yes",
        "source_gp": "yes",
        f"child_{MAISIE}": "yes",
        f"adult_{an_id(600)}_3_0": "yes",
        "reason": "Attendance this term?",
        "due": "1",
        "basis": "public_task",
        "basis_reason": "Nobody answers the door.",
    }

    answer = await priya.post(f"{CHILD}/ask", fields)

    assert answer.headers["location"].startswith(f"/cases/{CASE}?child={MAISIE}&done=asked")
    assert priya.hub.asked_of("POST", f"/v1/cases/{CASE}/information-requests/several")[0].body == {
        "child_ids": [str(MAISIE)],
        "about_child": True,
        "adults": [{"referral_id": str(an_id(600)), "version": 3, "place": 0}],
        "agencies": [{"agency_id": str(SCHOOL)}, {"agency_id": str(TRUST), "sources": ["gp"]}],
        "reason": "Attendance this term?",
        "lawful_basis": "public_task",
        "lawful_basis_reason": "Nobody answers the door.",
        "due_at": "2026-11-23T11:55:00+00:00",
    }


async def test_a_question_without_agency_or_reason_is_not_asked(priya: Browser) -> None:
    answer = await priya.post(f"{CHILD}/ask", {"reason": " ", "due": "usual"})

    words = words_of(answer.text)
    assert "Choose at least one agency to ask" in words
    assert "Say why this information is necessary" in words


async def test_an_answer_goes_with_how_far_it_may_travel(nia: Browser) -> None:
    nia.hub.requests = [a_request()]
    fields = {"status": "information", "text": "Two visits.", "handling": "strategy_meeting"}

    answer = await nia.post(f"{CHILD}/requests/{TO_TRUST}", fields)

    assert answer.headers["location"].startswith(f"/cases/{CASE}?child={MAISIE}&done=answered")
    assert nia.hub.asked_of("POST", f"/v1/information-requests/{TO_TRUST}/answer")[0].body == fields


async def test_an_answer_says_where_was_looked_and_speaks_of_an_adult_apart(nia: Browser) -> None:
    dean = AdultAskedView(
        referral_id=an_id(600),
        place=0,
        version=1,
        given_name="Dean",
        family_name=None,
        role_in_concern="carer",
    )
    asked = a_request(sources=[Source.GP, Source.CAMHS], adults=[dean])
    nia.hub.cases[CASE] = a_case(children=[a_child(requests=[asked])])
    nia.hub.requests = [asked]
    apart = {f"status_{an_id(600)}_0": "information", f"text_{an_id(600)}_0": "Seen in May."}
    fields = {"status": "nothing_known", "handling": "hub_only", **apart}
    earlier = {
        "earlier_child_protection_plan": "yes",
        "earlier_looked_after": "no",
        "earlier_child_in_need_plan": "",
    }

    nowhere = await nia.post(f"{CHILD}/requests/{TO_TRUST}", fields)
    unchosen = await nia.post(
        f"{CHILD}/requests/{TO_TRUST}", fields | {"source_gp": "yes", f"status_{an_id(600)}_0": ""}
    )
    answer = await nia.post(f"{CHILD}/requests/{TO_TRUST}", fields | {"source_gp": "yes"} | earlier)

    assert "Tick where you looked" in words_of(nowhere.text)
    assert f'href="#status_{an_id(600)}_0">Choose what your agency can say of this person' in unchosen.text
    assert "Seen in May." in unchosen.text
    assert answer.status_code == 303
    [sent] = nia.hub.asked_of("POST", f"/v1/information-requests/{TO_TRUST}/answer")
    assert sent.body["sources_checked"] == ["gp"]
    assert sent.body["earlier"] == {"child_protection_plan": True, "looked_after": False}
    assert sent.body["adults"] == [
        {"referral_id": str(an_id(600)), "status": "information", "place": 0, "text": "Seen in May."}
    ]


async def test_an_answer_without_a_choice_keeps_its_words(nia: Browser) -> None:
    answer = await nia.post(
        f"{CHILD}/requests/{TO_TRUST}", {"status": "", "text": "Two visits.", "handling": "hub_only"}
    )

    assert "Choose what your agency can say" in words_of(answer.text)
    assert "Two visits." in answer.text


async def test_another_agencys_question_is_not_there(nia: Browser) -> None:
    nia.hub.cases[CASE] = a_case(children=[a_child(requests=[a_request(agency_id=SCHOOL)])])

    assert (await nia.open(f"{CHILD}/requests/{TO_TRUST}")).status_code == 404


async def test_a_question_answered_meanwhile_keeps_what_was_typed_in_sight(nia: Browser) -> None:
    form = await nia.open(f"{CHILD}/requests/{TO_TRUST}")
    nia.hub.cases[CASE] = a_case(children=[a_child(requests=[a_request(answered_at=NOW, status="unable")])])
    nia.hub.refusal_of_answers = Conflict("This request has been answered; the first answer stands.")

    answer = await nia.post(
        f"{CHILD}/requests/{TO_TRUST}", {"status": "information", "text": "Two visits."}, form
    )

    assert answer.status_code == 409
    assert "that answer stands" in words_of(answer.text)
    assert "Two visits." in answer.text


async def test_the_case_says_what_was_done(nia: Browser) -> None:
    words = words_of((await nia.open(f"/cases/{CASE}?done=graded")).text)

    assert "Your agency's grade is recorded." in words

"""The decision form: on which version, what is asked for, what is kept when the case changed meanwhile."""

from shared.problems import Conflict, FieldError, NotPermitted
from shared.schemas.decisions import DecisionWarning
from shared.schemas.words_deciding import Misfit
from tests.console.conftest import Browser, hidden_fields
from tests.console.reading import title_of, words_of
from tests.console.scenes import (
    CASE,
    MAISIE,
    NOW,
    TRUST,
    UNBORN,
    a_case,
    a_child,
    a_decision,
    a_grade,
    a_request,
    an_id,
    an_unborn_sibling,
)

CHILD = f"/cases/{CASE}/children/{MAISIE}"
TRIAGE_CHILD = f"/v1/cases/{CASE}/children/{MAISIE}"
DECISION = {
    "level": "3",
    "pathway": "child_in_need",
    "rag": "amber",
    "rationale": "Violence three times\nin six weeks.",
    "different_decision_reason": "",
}


async def test_a_decision_is_sent_with_the_version_its_page_was_made_with(priya: Browser) -> None:
    answer = await priya.post(f"{CHILD}/decision", DECISION)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"{CHILD}/decided"
    sent = priya.hub.asked_of("POST", f"{TRIAGE_CHILD}/decisions")[0]
    assert sent.headers["if-match"] == '"7"'
    assert sent.body == {
        "level": 3,
        "pathway": "child_in_need",
        "rag": "amber",
        "rationale": "Violence three times\nin six weeks.",
    }


async def test_what_must_be_known_stands_on_the_decision_form(priya: Browser) -> None:
    fives = [a_grade(grade=5, rationale="He has a knife.")]
    priya.hub.cases[CASE] = a_case(children=[a_child(grades=fives)])

    words = words_of((await priya.open(f"{CHILD}/decision")).text)

    assert "Northshire Children's Health Trust (health) has not answered" in words
    assert "The policy recommends Provisional Amber Level 3" in words
    assert "Northshire Police graded 5." in words
    assert "By the policy: Early help or more." in words
    assert "By the policy: Strategy discussion." in words
    assert words.count("NOT SEARCHED: The council's own case system.") == 1
    assert "Before you decide, look in the council's case system for plans" in words


async def test_an_empty_decision_says_what_is_missing_field_by_field(priya: Browser) -> None:
    answer = await priya.post(f"{CHILD}/decision", {})

    assert answer.status_code == 422
    assert title_of(answer.text).startswith("Error: ")
    words = words_of(answer.text)
    summary = words.partition("There is a problem")[2].partition("Decide for")[0]
    assert (
        "Choose the level of need Choose who acts next Choose how fast Say in your own words why" in summary
    )
    assert '<a href="#level">Choose the level of need</a>' in answer.text
    assert "Error: Choose the level of need" in words


async def test_a_different_decision_asks_for_its_reason_and_keeps_the_rest(priya: Browser) -> None:
    answer = await priya.post(
        f"{CHILD}/decision", DECISION | {"level": "1", "rationale": "Aunt has <moved> in."}
    )

    assert answer.status_code == 422
    assert "Say why you decide differently from what the policy recommends" in words_of(answer.text)
    assert "Aunt has &lt;moved&gt; in." in answer.text
    assert 'id="level" name="level" type="radio" value="1" checked' in answer.text
    assert 'value="child_in_need" checked' in answer.text


async def test_a_case_that_changed_meanwhile_shows_what_is_new_and_keeps_the_words(priya: Browser) -> None:
    form = await priya.open(f"{CHILD}/decision")
    answered = a_request(answered_at=NOW, status="information", text="Two visits to A and E.")
    graded = a_grade(grade_id=an_id(402), agency_id=TRUST, grade=4)
    priya.hub.cases[CASE] = a_case(
        version=9, children=[a_child(requests=[answered], grades=[a_grade(), graded], waiting_for=[])]
    )

    answer = await priya.post(f"{CHILD}/decision", DECISION, form)

    assert answer.status_code == 412
    words = words_of(answer.text)
    assert "Nothing has been recorded." in words
    assert "Northshire Children's Health Trust answered about Maisie Example: We hold information." in words
    assert "Northshire Children's Health Trust graded Maisie Example: 4 of 5: high concern." in words
    assert "Northshire Police graded" not in words
    assert "Violence three times\nin six weeks." in answer.text
    assert hidden_fields(answer.text)["version"] == "9"


async def test_the_decision_is_recorded_once_what_is_new_was_read(priya: Browser) -> None:
    form = await priya.open(f"{CHILD}/decision")
    priya.hub.cases[CASE] = a_case(version=9)
    changed = await priya.post(f"{CHILD}/decision", DECISION, form)

    answer = await priya.post(f"{CHILD}/decision", DECISION, changed)

    assert answer.status_code == 303


async def test_a_mistake_corrected_still_speaks_of_the_case_as_it_was_read(priya: Browser) -> None:
    form = await priya.open(f"{CHILD}/decision")
    priya.hub.cases[CASE] = a_case(version=8)
    priya.hub.refusal = None
    wrong = await priya.post(f"{CHILD}/decision", DECISION | {"level": ""}, form)

    assert wrong.status_code == 422
    assert hidden_fields(wrong.text)["version"] == "7"


async def test_a_decision_already_made_is_replaced_by_name(priya: Browser) -> None:
    child = a_child(state="decided", decisions=[a_decision(decided_by="Tom Reed")])
    priya.hub.cases[CASE] = a_case(children=[child])

    form = await priya.open(f"{CHILD}/decision")
    await priya.post(f"{CHILD}/decision", DECISION, form)

    assert "Decided by Tom Reed" in words_of(form.text)
    assert priya.hub.asked_of("POST", f"{TRIAGE_CHILD}/decisions")[0].body["supersedes"] == str(an_id(500))


async def test_a_form_opened_from_an_older_page_says_that_the_case_changed(priya: Browser) -> None:
    words = words_of((await priya.open(f"{CHILD}/decision?read=6")).text)

    assert "The case changed after you opened it." in words


async def test_a_decision_that_the_state_forbids_is_refused_in_words(priya: Browser) -> None:
    form = await priya.open(f"{CHILD}/decision")
    priya.hub.on_decided = _refuse

    answer = await priya.post(f"{CHILD}/decision", DECISION, form)

    assert answer.status_code == 409
    assert "The present state says no." in words_of(answer.text)
    assert "Violence three times" in answer.text


def _refuse(_form: object) -> None:
    raise Conflict("The present state says no.")


async def test_the_confirmation_says_who_will_be_told_and_who_still_waits(priya: Browser) -> None:
    words = "Child in need belongs to a higher level than 1, by the policy in force."
    said = DecisionWarning(pointer="#/pathway", code=Misfit.PATHWAY_ABOVE_LEVEL, detail=words)
    decided = a_child(state="decided", decisions=[a_decision(warnings=[said])])
    priya.hub.cases[CASE] = a_case(children=[decided, an_unborn_sibling()])

    words = words_of((await priya.open(f"{CHILD}/decided")).text)

    assert words.count("Did you mean both? Child in need belongs to a higher level than 1") == 1
    assert "Decision recorded Maisie Example" in words
    assert "Northshire Police , PC J Okafor, response officer, contact SH-7K3QX9MA-9" in words
    assert "Still to be decided in this case: Unborn child (Example)" in words
    assert f"#child-{UNBORN}" in (await priya.open(f"{CHILD}/decided")).text


async def test_a_confirmation_without_a_decision_is_the_case(priya: Browser) -> None:
    assert (await priya.open(f"{CHILD}/decided")).headers["location"] == f"/cases/{CASE}"


async def test_a_right_taken_away_meanwhile_keeps_what_was_typed(priya: Browser) -> None:
    form = await priya.open(f"{CHILD}/decision")
    priya.hub.on_decided = _not_permitted

    answer = await priya.post(f"{CHILD}/decision", DECISION, form)

    assert answer.status_code == 403
    assert "Violence three times" in answer.text


def _not_permitted(_form: object) -> None:
    raise NotPermitted


async def test_while_it_is_open_who_the_child_is_the_form_leads_to_each_question(priya: Browser) -> None:
    form = await priya.open(f"{CHILD}/decision")
    priya.hub.on_decided = _match_open

    answer = await priya.post(f"{CHILD}/decision", DECISION | {"pathway": "advice"}, form)

    assert answer.status_code == 409
    words = words_of(answer.text)
    assert "no social care action cannot be decided until somebody has said" in words
    assert "Every other pathway can be decided now" in words
    for question in (an_id(730), an_id(731)):
        assert f'href="/matches/{question}"' in answer.text
    assert "Violence three times" in answer.text


def _match_open(_form: object) -> None:
    errors = [
        FieldError(
            "possible_match_open",
            f"Answer first whether this child is one the hub knows: question {one}, at /v1/matches/{one}.",
            pointer="#/pathway",
        )
        for one in (an_id(730), an_id(731))
    ]
    raise Conflict("It is open who the child is.", errors=tuple(errors))


async def test_a_decision_that_needs_a_manager_says_so_without_saying_why(priya: Browser) -> None:
    form = await priya.open(f"{CHILD}/decision")
    priya.hub.on_decided = _second_decider

    answer = await priya.post(f"{CHILD}/decision", DECISION | {"pathway": "early_help"}, form)

    assert answer.status_code == 409
    words = words_of(answer.text)
    assert "A manager must decide this: ask yours. You can decide now for anybody who goes on" in words
    assert "estricted" not in words
    assert "Violence three times" in answer.text


def _second_decider(_form: object) -> None:
    error = FieldError("needs_second_decider", "A manager must decide this pathway.", pointer="#/pathway")
    raise Conflict("This decision needs a manager.", errors=(error,))

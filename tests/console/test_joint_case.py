"""A case of several contacts: one section for a child, each sender's own answer, and every join undoable."""

import pytest

from services.console.standing import as_one, same_children
from shared.problems import Conflict, FieldError, Invalid, Stale
from shared.schemas.joining import UndoJoinForm
from shared.schemas.words import ChildState, Rag
from tests.console.conftest import Browser
from tests.console.contacts import OTHER_REFERENCE
from tests.console.fake_joining import JOIN
from tests.console.joint import MAISY, a_join, a_joint_case, the_polices_row, the_schools_row
from tests.console.known import MATCH, a_match
from tests.console.lines import a_line
from tests.console.reading import words_of
from tests.console.scenes import (
    CASE,
    MAISIE,
    NOW,
    OTHER_CASE,
    POLICE,
    REFERENCE,
    SCHOOL,
    TO_TRUST,
    UNBORN,
    a_blind_child,
    a_case,
    a_decision,
    an_unborn_sibling,
)

PAGE = f"/cases/{OTHER_CASE}"
UNDO = f"{PAGE}/joins/{JOIN}/undo"
UNDOING = f"/v1/joins/{JOIN}/undo"


@pytest.fixture
def joint(priya: Browser) -> Browser:
    """Priya Shah's browser, with a joint case."""
    priya.hub.cases[OTHER_CASE] = a_joint_case()
    return priya


def test_rows_of_one_child_stand_together_with_the_first_heard_of_first() -> None:
    rows = [the_polices_row(), an_unborn_sibling(), the_schools_row()]

    found = [[row.child_id for row in group] for group in same_children(rows)]

    assert sorted(found, key=len) == [[UNBORN], [MAISY, MAISIE]]


def test_of_several_rows_the_most_urgent_and_the_soonest_speak() -> None:
    one = as_one([the_schools_row(rag=Rag.AMBER), the_polices_row(rag=Rag.RED, decide_by=NOW)])

    assert (one.rag, one.decide_by, one.child_id) == (Rag.RED, NOW, MAISY)
    assert one.views == "Hid upstairs when the shouting began."


def test_a_child_is_decided_only_under_every_contact() -> None:
    decided = the_schools_row(state=ChildState.DECIDED, decisions=[a_decision()])

    assert as_one([decided, the_polices_row()]).state is ChildState.GATHERING
    assert as_one([decided, the_polices_row(state=ChildState.DECIDED)]).state is ChildState.DECIDED


async def test_a_child_of_two_contacts_has_one_section_and_one_decision_form(joint: Browser) -> None:
    page = (await joint.open(PAGE)).text
    words = words_of(page)

    assert page.count('class="console-child"') == 1
    assert "Also told of as Maisie Example" in words
    assert words.count("Decide for Maisy Sample") == 1
    assert f"One decision answers both senders: Little Wick Primary School {OTHER_REFERENCE}" in words


async def test_each_contact_keeps_its_own_clock_on_the_page(joint: Browser) -> None:
    words = words_of((await joint.open(PAGE)).text)

    assert f"Contact {OTHER_REFERENCE} From Ms A Teacher. Received 10:55am on Friday" in words
    assert "Decide by 11:55am today" in words
    assert "Decide by 2:05pm today" in words


async def test_concerns_grades_and_facts_say_whose_contact_told_them(joint: Browser) -> None:
    words = words_of((await joint.open(PAGE)).text)

    assert words.index(f"Contact {REFERENCE}") < words.index("Hid upstairs") < words.index("Not searched")
    assert f"About Little Wick Primary School {OTHER_REFERENCE}" in words
    assert "Does not want to go home." in words
    assert "Hid upstairs when the shouting began." in words


async def test_an_agency_asked_under_both_contacts_is_missed_once(joint: Browser) -> None:
    words = words_of((await joint.open(PAGE)).text)

    assert words.count("Northshire Children's Health Trust (health) has not answered") == 1
    assert "Asked 2 times, first 10:12am today" in words


async def test_the_decision_form_names_both_senders_and_posts_to_the_first_heard_of(joint: Browser) -> None:
    page = await joint.open(f"{PAGE}/children/{MAISIE}/decision")

    assert "This answers both senders:" in words_of(page.text)
    assert f'action="{PAGE}/children/{MAISY}/decision"' in page.text
    assert "This decides for Maisy Sample alone" not in words_of(page.text)
    joint.hub.cases[OTHER_CASE] = a_joint_case(
        children=[the_schools_row(), the_polices_row(), an_unborn_sibling()]
    )
    words = words_of((await joint.open(f"{PAGE}/children/{MAISIE}/decision")).text)
    assert "This decides for Maisy Sample alone , one of 2 children of this case." in words
    assert "Unborn child (Example) , not decided" in words


async def test_a_join_stands_with_its_contact_and_can_be_undone(joint: Browser) -> None:
    undone: list[UndoJoinForm] = []
    joint.hub.joining.on_undone = undone.append
    case = await joint.open(PAGE)
    form = await joint.open(UNDO)

    answer = await joint.post(UNDO, {"undo_reason": "They are cousins."}, form)

    assert "Joined this case 10:50am today, by Priya Shah: The same mother. Undo this join" in (
        words_of(case.text)
    )
    assert "The contact goes back to the case it came from, with Maisie Example" in words_of(form.text)
    assert [each.reason for each in undone] == ["They are cousins."]
    assert answer.headers["location"] == f"/cases/{CASE}?done=undone"
    assert joint.hub.asked_of("POST", UNDOING)[0].headers["if-match"] == '"12"'


async def test_undoing_asks_for_a_reason(joint: Browser) -> None:
    joint.hub.joining.refusals = [
        Invalid("No reason.", errors=(FieldError("missing", "Missing.", pointer="#/reason"),))
    ]

    answer = await joint.post(UNDO, {"undo_reason": ""}, await joint.open(UNDO))

    assert answer.status_code == 422
    assert "Say why; it is kept under your name" in words_of(answer.text)


async def test_a_case_that_changed_before_a_join_is_undone_asks_once_more(joint: Browser) -> None:
    form = await joint.open(UNDO)
    joint.hub.joining.refusals = [Stale("It changed.")]

    answer = await joint.post(UNDO, {"undo_reason": "They are cousins."}, form)

    assert answer.status_code == 412
    assert "Nothing was undone." in words_of(answer.text)
    assert "They are cousins." in answer.text


async def test_a_join_undone_by_somebody_else_is_said(joint: Browser) -> None:
    form = await joint.open(UNDO)
    joint.hub.joining.refusals = [Conflict("Somebody has undone it already.")]

    answer = await joint.post(UNDO, {"undo_reason": "They are cousins."}, form)

    assert answer.status_code == 409
    assert "Somebody has undone it already." in words_of(answer.text)


async def test_an_undone_join_stays_in_the_history(joint: Browser) -> None:
    undone = a_join(undone_at=NOW, undone_by="Marge Hill", undone_reason="They are cousins.")
    joint.hub.cases[OTHER_CASE] = a_joint_case(joins=[undone])

    case, history = await joint.open(PAGE), await joint.open(f"{PAGE}/history")

    assert "and joins that were undone" in words_of(case.text)
    assert "Undone 10:55am today, by Marge Hill: They are cousins." in words_of(history.text)
    assert f"{UNDO}" not in case.text


async def test_a_case_whose_contact_joined_another_leads_there(joint: Browser) -> None:
    joint.hub.cases[CASE] = a_case(contacts=[], children=[], adults=[], joined_into=OTHER_CASE)

    answer = await joint.open(f"/cases/{CASE}")
    form = await joint.open(f"/cases/{CASE}/children/{MAISIE}/decision")

    assert answer.headers["location"] == f"{PAGE}?done=moved"
    assert "This answers both senders:" in words_of(form.text)


async def test_a_representative_answers_and_grades_under_the_contact_it_was_asked_about(nia: Browser) -> None:
    blind = {"grades": None, "rag": None, "recommendation": None, "decisions": None, "decide_by": None}
    rows = [the_schools_row(**blind), a_blind_child(same_child_as=MAISY)]
    nia.hub.cases[OTHER_CASE] = a_joint_case(children=rows, joins=[])

    page = (await nia.open(PAGE)).text

    assert f"{PAGE}/children/{MAISIE}/requests/{TO_TRUST}" in page
    assert f"{PAGE}/children/{MAISY}/requests/" in page
    assert f"{PAGE}/children/{MAISIE}/grade" in page
    assert "Hidden until your agency has graded Maisy Sample" in page
    assert "4 of 5" not in page


async def test_a_joint_case_is_one_line_with_its_contacts_and_its_questions(priya: Browser) -> None:
    priya.hub.lines = [a_line(references=[REFERENCE, OTHER_REFERENCE], agency_ids=[POLICE, SCHOOL])]
    priya.hub.people.matches = {MATCH: a_match()}

    words = words_of((await priya.open("/")).text)

    assert "May be known: 1 question" in words
    assert f"2 contacts From Northshire Police, {REFERENCE}" in words
    assert f"From Little Wick Primary School, {OTHER_REFERENCE}" in words


async def test_a_work_list_without_the_index_of_persons_says_so(priya: Browser) -> None:
    priya.hub.away.add("intake")

    words = words_of((await priya.open("/")).text)

    assert "Whether any of them may be known already cannot be read just now." in words
    assert "Maisie Example" in words

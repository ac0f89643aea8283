"""The case page: what must stand before a decision."""

import re
from datetime import timedelta

from shared.schemas.earlier import EarlierPlanSource, WhoSaysEarlier
from shared.schemas.words import Rag
from tests.console.conftest import Browser
from tests.console.reading import words_of
from tests.console.scenes import (
    CASE,
    MAISIE,
    NOW,
    TRUST,
    UNBORN,
    a_blind_child,
    a_case,
    a_child,
    a_contact,
    a_decision,
    a_grade,
    a_recommendation,
    a_request,
    an_adult,
    an_answer,
    an_id,
    an_unborn_sibling,
)

PAGE = f"/cases/{CASE}"


async def test_who_has_not_answered_stands_out_with_since_when(priya: Browser) -> None:
    words = words_of((await priya.open(PAGE)).text)

    assert "What is missing Northshire Children's Health Trust (health) has not answered" in words
    assert "Asked 10:12am today, answer due by 11:55am today: 1 h left." in words


async def test_the_case_is_told_in_the_senders_words(priya: Browser) -> None:
    words = words_of((await priya.open(PAGE)).text)

    assert "Officers attended at 22:40. Mother had a cut lip; Maisie on the stairs." in words
    assert "A child was there when an adult was abused at home" in words
    assert "Happened 10:55pm yesterday" in words
    assert "Hid upstairs when the shouting began." in words
    assert "At home with mother." in words
    assert "7 years old (born 2 April 2019)" in words


async def test_an_answer_carries_its_handling_mark(priya: Browser) -> None:
    words = words_of((await priya.open(PAGE)).text)

    assert "Little Wick Primary School: We hold information Hub only 10:50am today Late on eleven" in words


async def test_a_grade_never_stands_without_its_words(priya: Browser) -> None:
    words = words_of((await priya.open(PAGE)).text)

    assert "Northshire Police 3 of 5: considerable concern Third call in six weeks" in words
    assert (
        "Northshire Children's Health Trust Not graded Has not answered. That is not a 0. Due by 11:55am"
        in words
    )
    assert words.index("3 of 5") < words.index("Not graded")


async def test_an_earlier_grade_is_kept_beside_the_later(priya: Browser) -> None:
    later = a_grade(grade_id=an_id(401), grade=4, rationale="Dean was seen at the school gate.")
    child = a_child(grades=[a_grade(superseded=True), later])
    priya.hub.cases[CASE] = a_case(children=[child])

    words = words_of((await priya.open(PAGE)).text)

    assert "1 earlier grade, replaced Northshire Police: 3 of 5: considerable concern Replaced" in words
    assert words.index("4 of 5") < words.index("3 of 5")


async def test_the_policy_says_why_and_what_it_did_not_know(priya: Browser) -> None:
    words = words_of((await priya.open(PAGE)).text)

    assert "The policy recommends Provisional Amber Level 3 Child in need (section 17)" in words
    assert "A child was there when an adult was abused at home. Hub default policy 2026, section 3" in words
    assert "Not known when this was worked out: Health: asked, not answered." in words


async def test_what_was_not_searched_is_said(priya: Browser) -> None:
    words = words_of((await priya.open(PAGE)).text)

    assert "NOT SEARCHED: the council's case system." in words


async def test_an_adult_who_must_not_be_rung_is_named_at_the_top(priya: Browser) -> None:
    mother = an_adult(given_name="Rosa", role_in_concern="victim", safe_to_contact=None, relationships=[])
    priya.hub.cases[CASE] = a_case(adults=[an_adult(), mother])

    words = words_of((await priya.open(PAGE)).text)

    assert "Not safe to contact: Dean Example (alleged perpetrator)" in words[:400]
    assert "Rosa Example Victim Safe to contact: not known, ask first" in words


async def test_siblings_are_apart_and_an_unborn_child_is_one_of_them(priya: Browser) -> None:
    priya.hub.cases[CASE] = a_case(children=[a_child(), an_unborn_sibling()])

    page, other = (await priya.open(PAGE)).text, (await priya.open(f"{PAGE}?child={MAISIE}")).text
    glance, _, sibling = words_of(page).partition("Shown below")

    # Whoever is most urgent is shown, and nobody is hidden by it.
    for shown in (page, other):
        assert f'id="child-{MAISIE}"' in shown
        assert f'id="child-{UNBORN}"' in shown
        assert shown.count('class="console-child"') == 1
    assert "Unborn, due 1 November 2026. That date has passed and no birth is recorded: find out." in glance
    assert "Red Decide by 10:35am today overdue by 20 min No level: a person must say" in sibling
    assert "Health has not been asked" in sibling
    assert "Nobody has said whether the child has been seen" in sibling
    assert "Hold a threshold discussion today between the hub's manager and the police" in sibling
    assert "This decides for Unborn child (Example) alone. Still to decide in this case: Maisie" in sibling
    assert "Decide for Maisie" not in sibling
    assert "Decide for Maisie Example" in words_of(other)


async def test_a_child_that_is_gone_from_the_case_is_said_to_be(priya: Browser) -> None:
    words = words_of((await priya.open(f"{PAGE}?child={UNBORN}")).text)

    assert "The child you looked for is not in this case any more." in words
    assert "Decide for Maisie Example" in words


async def test_who_says_that_there_was_a_plan_before_is_named(priya: Browser) -> None:
    told = [
        EarlierPlanSource(who=WhoSaysEarlier.AGENCY, agency_id=TRUST, as_of=NOW),
        EarlierPlanSource(who=WhoSaysEarlier.COUNCIL_CASE_SYSTEM),
    ]
    priya.hub.cases[CASE] = a_case(children=[a_child(earlier_plan_said_by=told)])
    words = words_of((await priya.open(PAGE)).text)

    assert (
        "On a plan, or in care, before: Northshire Children's Health Trust says so (10:55am today);"
        " the council's case system says so."
    ) in words


async def test_the_page_follows_one_thought_from_what_happened_to_the_decision(priya: Browser) -> None:
    page = (await priya.open(PAGE)).text

    assert re.findall(r'<h3 class="govuk-heading-m" id="([a-z]+)"', page) == [
        "happened", "known", "agencies", "policy", "missing", "decide",
    ]  # fmt: skip
    assert words_of(page).index("NOT SEARCHED") < words_of(page).index("What happened")
    # Nothing that keeps a child safe is behind something that has to be pressed first.
    folded = words_of("<main>" + " ".join(re.findall(r"<details.*?</details>", page, re.DOTALL)) + "</main>")
    for words in ("NOT SEARCHED", "has not answered", "Not safe to contact", "Restricted", "Red"):
        assert words not in folded


async def test_immediate_danger_comes_before_everything(priya: Browser) -> None:
    priya.hub.cases[CASE] = a_case(contacts=[a_contact(immediate_danger=True)])

    words = words_of((await priya.open(PAGE)).text)

    assert words.index("ring 999 first") < words.index("at a glance")


async def test_earlier_decisions_stand_with_what_was_recommended_then(priya: Browser) -> None:
    first = a_decision(
        decision_id=an_id(501),
        level=1,
        rag=Rag.GREEN,
        different_decision_reason="Family support is in place.",
    )
    second = a_decision(supersedes=first.decision_id, decided_by="Tom Reed")
    child = a_child(state="decided", decisions=[first, second])
    priya.hub.cases[CASE] = a_case(children=[child])

    words = words_of((await priya.open(PAGE)).text)

    assert "Decided by Tom Reed, 10:55am today" in words
    earlier = words.partition("1 earlier decision, replaced")[2]
    assert "Replaced by a later decision" in earlier
    assert "Different decision, with reason: Family support is in place." in earlier
    assert "Replace the decision for Maisie Example" in words


async def test_a_blind_reader_sees_that_something_is_hidden_and_nothing_of_it(nia: Browser) -> None:
    nia.hub.cases[CASE] = a_case(version=None, children=[a_blind_child()])

    page = await nia.open(PAGE)

    assert "Hidden until your agency has graded Maisie Example" in page.text
    assert "hub-rag" not in page.text
    for word in ("Amber", "of 5", "Provisional", "Decisions", "Decide by", "Level", "version"):
        assert word not in words_of(page.text)
    assert "Late on eleven mornings" in page.text


async def test_an_agency_is_offered_its_answer_and_its_grade(nia: Browser) -> None:
    nia.hub.cases[CASE] = a_case(version=None, children=[a_blind_child()])

    words = words_of((await nia.open(PAGE)).text)

    assert "Answer: what do you know of Maisie Example?" in words
    assert "Grade your agency's concern for Maisie Example" in words
    assert "Ask an agency" not in words


async def test_an_agency_that_has_graded_may_grade_again(nia: Browser) -> None:
    child = a_child(own_grade_given=True, requests=[an_answer(agency_id=TRUST)])
    nia.hub.cases[CASE] = a_case(children=[child])

    words = words_of((await nia.open(PAGE)).text)

    assert "Grade Maisie Example again: both grades are kept" in words
    assert "3 of 5" in words


async def test_an_answer_kept_to_the_hub_is_said_to_be_kept(nia: Browser) -> None:
    hidden = an_answer(text=None)
    nia.hub.cases[CASE] = a_case(version=None, children=[a_blind_child(requests=[a_request(), hidden])])

    assert "Its words are not shown to you" in words_of((await nia.open(PAGE)).text)


async def test_words_from_outside_cannot_become_markup(priya: Browser) -> None:
    child = a_child(whereabouts='<script>alert("x")</script>', given_name="<b>Maisie</b>")
    priya.hub.cases[CASE] = a_case(children=[child])

    page = (await priya.open(PAGE)).text

    assert "<script>alert" not in page
    assert "<b>" not in page
    assert "&lt;b&gt;Maisie&lt;/b&gt;" in page


async def test_a_page_is_shown_without_names_of_agencies_when_access_is_away(priya: Browser) -> None:
    priya.hub.away.add("access")

    page = await priya.open(PAGE)

    assert page.status_code == 200
    assert "Maisie Example" in page.text


async def test_names_of_agencies_outlive_an_outage(priya: Browser) -> None:
    await priya.open(PAGE)
    priya.hub.away.add("access")

    assert "Northshire Police" in (await priya.open(PAGE)).text


async def test_a_policy_that_assumed_the_worse_says_so(priya: Browser) -> None:
    view = a_recommendation()
    assumed = view.model_copy(update={"fired": [view.fired[0].model_copy(update={"assumed": True})]})
    priya.hub.cases[CASE] = a_case(children=[a_child(recommendation=assumed)])

    assert "Assumed: a fact is missing" in words_of((await priya.open(PAGE)).text)


async def test_a_case_is_as_urgent_as_its_most_urgent_child(priya: Browser) -> None:
    calm = a_child(recommendation=a_recommendation(rag=Rag.GREEN), decide_by=NOW + timedelta(days=2))
    priya.hub.cases[CASE] = a_case(children=[calm, an_unborn_sibling()])

    words = words_of((await priya.open(PAGE)).text)

    assert words.index("Red Decide by 10:35am today overdue by 20 min") < words.index("Amber Decide by")

"""Triage's rules: when things fall due, where a child may go, what counts as a different decision."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.triage import rules
from services.triage.errors import StepNotAllowed
from services.triage.rules import Times
from services.triage.sight import Sight, View, sight_of
from shared.problems import NotPermitted
from shared.schemas.decisions import DecisionForm
from shared.schemas.ids import AgencyId
from shared.schemas.policy import RecommendationView
from shared.schemas.words import ChildState, Handling, Pathway, Rag, Role

TWO_ON_MONDAY = datetime(2026, 11, 23, 14, tzinfo=UTC)
TEN_ON_SATURDAY_NIGHT = datetime(2026, 11, 21, 22, tzinfo=UTC)
OWN, OTHER = AgencyId(uuid4()), AgencyId(uuid4())


@pytest.mark.parametrize(
    ("received_at", "rag", "due_at"),
    [
        # One working day, whatever the colour.
        (TWO_ON_MONDAY, Rag.GREEN, datetime(2026, 11, 24, 14, tzinfo=UTC)),
        (TWO_ON_MONDAY, Rag.AMBER, datetime(2026, 11, 24, 14, tzinfo=UTC)),
        # Red sooner, and through the night.
        (TWO_ON_MONDAY, Rag.RED, datetime(2026, 11, 23, 18, tzinfo=UTC)),
        (TEN_ON_SATURDAY_NIGHT, Rag.RED, datetime(2026, 11, 22, 2, tzinfo=UTC)),
        (TEN_ON_SATURDAY_NIGHT, Rag.AMBER, datetime(2026, 11, 23, 17, tzinfo=UTC)),
    ],
)
def test_a_child_is_decided_within_a_working_day_and_a_red_one_sooner(
    received_at: datetime, rag: Rag, due_at: datetime
) -> None:
    assert rules.decide_by(received_at, rag, Times()) == due_at


@pytest.mark.parametrize("rag", list(Rag))
def test_an_agency_answers_before_the_child_is_decided(rag: Rag) -> None:
    decide_by = rules.decide_by(TWO_ON_MONDAY, rag, Times())
    assert rules.return_by(TWO_ON_MONDAY, rag, Times(), decide_by=decide_by) <= decide_by


def test_an_agency_asked_after_the_deadline_still_has_its_time() -> None:
    passed = TWO_ON_MONDAY - timedelta(hours=1)
    assert rules.return_by(TWO_ON_MONDAY, Rag.RED, Times(), decide_by=passed) == TWO_ON_MONDAY + timedelta(
        hours=2
    )


@pytest.mark.parametrize("now", list(ChildState))
@pytest.mark.parametrize("to", list(ChildState))
def test_a_child_goes_only_where_the_table_says(now: ChildState, to: ChildState) -> None:
    if to in rules.STEPS[now]:
        assert rules.step(now, to) is to
    else:
        with pytest.raises(StepNotAllowed):
            rules.step(now, to)


def test_a_decided_child_is_never_quietly_undecided() -> None:
    assert rules.STEPS[ChildState.DECIDED] == {ChildState.DECIDED}


def test_a_colour_worked_out_anew_never_lowers_the_one_in_force() -> None:
    assert rules.more_urgent(Rag.RED, Rag.GREEN) is Rag.RED
    assert rules.more_urgent(Rag.GREEN, Rag.AMBER) is Rag.AMBER


def a_recommendation(level: int | None = 3) -> RecommendationView:
    return RecommendationView(
        policy_version="x",
        level=level,
        pathway=Pathway.CHILD_IN_NEED if level else None,
        rag=Rag.AMBER,
        fired=[],
        missing=[],
        provisional=False,
        needs_person=level is None,
    )


@pytest.mark.parametrize(
    ("level", "pathway", "rag", "different"),
    [
        (3, Pathway.CHILD_IN_NEED, Rag.AMBER, False),
        (4, Pathway.CHILD_IN_NEED, Rag.AMBER, True),
        (3, Pathway.EARLY_HELP, Rag.AMBER, True),
        (3, Pathway.CHILD_IN_NEED, Rag.RED, True),
    ],
)
def test_a_decision_is_different_when_any_part_of_it_is(
    level: int, pathway: Pathway, rag: Rag, different: bool
) -> None:
    form = DecisionForm(level=level, pathway=pathway, rag=rag, rationale="Because.")
    assert rules.is_different(form, a_recommendation()) is different


def test_where_the_policy_cannot_say_no_decision_is_different() -> None:
    form = DecisionForm(level=1, pathway=Pathway.ADVICE, rag=Rag.GREEN, rationale="Because.")
    assert not rules.is_different(form, a_recommendation(level=None))


@pytest.mark.parametrize(
    ("roles", "view"),
    [
        ({Role.DECISION_MAKER}, View.ALL),
        ({Role.MANAGER}, View.ALL),
        ({Role.PRACTICE_AUDITOR}, View.ALL),
        ({Role.AGENCY_REPRESENTATIVE}, View.ASKED),
        ({Role.EARLY_HELP_COORDINATOR}, View.ROUTED),
    ],
)
def test_a_role_looks_at_cases_in_one_way(roles: set[Role], view: View) -> None:
    assert sight_of(frozenset(roles), OWN).view is view


@pytest.mark.parametrize("role", [Role.INFORMATION_GOVERNANCE, Role.ADMINISTRATOR])
def test_some_roles_read_no_case(role: Role) -> None:
    with pytest.raises(NotPermitted):
        sight_of(frozenset({role}), OWN)


def test_an_agency_sees_grades_only_after_its_own() -> None:
    asked = Sight(View.ASKED, OWN)
    assert [asked.sees_grades(own_grade_given=given) for given in (False, True)] == [False, True]


def test_the_owner_of_an_answer_says_how_far_it_travels() -> None:
    asked = Sight(View.ASKED, OWN)
    assert asked.reads_answer(OWN, Handling.HUB_ONLY)
    assert asked.reads_answer(OTHER, Handling.FAMILY_MAY_SEE)
    assert not asked.reads_answer(OTHER, Handling.STRATEGY_MEETING)
    assert Sight(View.ALL, OWN).reads_answer(OTHER, Handling.HUB_ONLY)

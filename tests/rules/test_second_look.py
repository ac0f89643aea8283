"""When a second person looks at a decision, and what protects the child until then."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest

from services.triage.errors.deciding import LookedAtBefore, SelfApproval
from services.triage.policy.document import urgency
from services.triage.policy.facts import AgencyGrade, ChildFacts
from services.triage.policy.floors import FLOORS
from services.triage.policy.reading import default_policy, shipped_policy
from services.triage.policy.scale import ScaleStep, protection
from services.triage.second_look import (
    IN_FORCE,
    NO_ACTION,
    STEPS,
    Course,
    Known,
    has_risen,
    is_below_its_level,
    look,
    misfit_of,
    protect,
    settle,
    why,
)
from shared.schemas.policy import RecommendationView, RouteCondition
from shared.schemas.words import Pathway, Rag, Sector
from shared.schemas.words_deciding import DecisionStanding, Misfit, SecondLook

FOUR, FIVE = default_policy().steps, shipped_policy("five-levels-example.yaml").steps
EVERY_COURSE = [Course(level, pathway, Rag.AMBER) for level, pathway in product(range(1, 5), Pathway)]


def advises(level: int | None, pathway: Pathway | None, rag: Rag = Rag.AMBER) -> RecommendationView:
    """Return what a policy recommends."""
    return RecommendationView(
        policy_version="2026",
        level=level,
        pathway=pathway,
        rag=rag,
        fired=[],
        missing=[],
        provisional=False,
        needs_person=False,
    )


def known(
    *, seen: bool = True, had_plan: bool = False, contacts: int = 1, owed: bool = False, **facts: Any
) -> Known:
    """Return what is known of a child about whom nothing is uncertain, but for what is said."""
    certain = {"age_years": 7, "answered": (Sector.HEALTH, Sector.POLICE)}
    return Known(
        ChildFacts(**certain | facts),
        contacts_12m=contacts,
        seen=seen,
        had_plan=had_plan,
        same_day_discussion_owed=owed,
    )


def graded(grade: int, sector: Sector = Sector.POLICE) -> AgencyGrade:
    """Return what an agency gave."""
    return AgencyGrade(agency_id="one", sector=sector, grade=grade)


ADVICE = Course(1, Pathway.ADVICE, Rag.GREEN)
IN_NEED = Course(3, Pathway.CHILD_IN_NEED, Rag.AMBER)


@pytest.mark.parametrize(
    ("of_the_child", "because"),
    [
        ({}, []),
        ({"grades": (graded(2),)}, []),
        ({"grades": (graded(3),)}, [SecondLook.GRADE_OF_THREE]),
        ({"sender_grade": graded(5)}, [SecondLook.GRADE_OF_THREE]),
        ({"contacts": 2}, []),
        ({"contacts": 3}, [SecondLook.THREE_CONTACTS]),
        ({"contacts_12m": 3}, [SecondLook.THREE_CONTACTS]),
        ({"age_years": 1}, []),
        ({"age_years": 0}, [SecondLook.UNDER_ONE]),
        # Nobody said how old: it may be a baby.
        ({"age_years": None}, [SecondLook.UNDER_ONE]),
        ({"age_years": None, "unborn": True}, [SecondLook.UNDER_ONE]),
        ({"had_plan": True}, [SecondLook.PREVIOUS_PLAN]),
        ({"answered": ()}, [SecondLook.HEALTH_NOT_ANSWERED]),
        ({"not_answered": (Sector.HEALTH,)}, [SecondLook.HEALTH_NOT_ANSWERED]),
        ({"could_not_say": (Sector.HEALTH,)}, [SecondLook.HEALTH_NOT_ANSWERED]),
        # A grade is an answer too.
        ({"answered": (), "grades": (graded(0, Sector.HEALTH),)}, []),
        ({"seen": False}, [SecondLook.NOT_SEEN]),
        ({"owed": True}, [SecondLook.SAME_DAY_DISCUSSION_OWED]),
        ({"seen": False, "contacts": 4}, [SecondLook.THREE_CONTACTS, SecondLook.NOT_SEEN]),
    ],
)
def test_no_social_care_action_needs_a_second_person_where_it_is_uncertain(
    of_the_child: dict[str, Any], because: list[SecondLook]
) -> None:
    of = known(**of_the_child)
    assert list(why(ADVICE, advises(1, Pathway.ADVICE), of, FOUR)) == because
    # For whoever goes on with the child, none of it is asked.
    assert why(IN_NEED, advises(3, Pathway.CHILD_IN_NEED), of, FOUR) == ()


def test_downward_is_a_lower_level_or_less_protection_and_nothing_else() -> None:
    for decided, recommended in product(EVERY_COURSE, EVERY_COURSE):
        view = advises(recommended.level, recommended.pathway)
        because = set(why(decided, view, known(), FOUR)) - {SecondLook.BELOW_ITS_LEVEL}
        assert (SecondLook.LOWER_LEVEL in because) is (decided.level < recommended.level)
        less = protection(decided.pathway) < protection(recommended.pathway)
        assert (SecondLook.LESS_PROTECTIVE in because) is less
        assert bool(because) is decided.is_below(recommended)


def test_one_person_lets_no_red_go_and_what_nothing_is_said_of_needs_nobody() -> None:
    in_need, green = Pathway.CHILD_IN_NEED, Course(3, Pathway.CHILD_IN_NEED, Rag.GREEN)
    for decided, advised in product(Rag, Rag):
        because = why(Course(3, in_need, decided), advises(3, in_need, advised), known(), FOUR)
        lets_go = advised is Rag.RED and decided is not Rag.RED
        assert because == ((SecondLook.LESS_URGENT,) if lets_go else ())
    # Every floor there is under a colour is a Red: nothing less than that would have to be held.
    assert {floor.least.rag for floor in FLOORS} == {None, Rag.RED}
    # It stays a Red meanwhile, as is recommended, or as stands already.
    red = Course(3, in_need, Rag.RED)
    assert protect(green, advises(3, in_need, Rag.RED), None, FOUR) == red
    assert protect(green, advises(3, in_need, Rag.RED), green, FOUR) == red
    assert protect(green, advises(3, in_need, Rag.RED), red, FOUR) is None
    # Whoever cannot be placed may be as urgent as anybody.
    assert why(green, advises(None, None, Rag.RED), known(), FOUR) == (SecondLook.LESS_URGENT,)
    assert why(Course(2, Pathway.EARLY_HELP, Rag.GREEN), advises(None, None), known(), FOUR) == ()
    # But no action on what no rule covers is as uncertain as ever.
    assert why(ADVICE, advises(None, None), known(seen=False), FOUR) == (SecondLook.NOT_SEEN,)


def test_what_protects_meanwhile_is_no_lower_than_what_is_recommended_decided_or_stands() -> None:
    urgent = [replace(one, rag=Rag.RED) for one in EVERY_COURSE[::3]]
    for decided, recommended, stands in product(EVERY_COURSE, EVERY_COURSE + urgent, [None, *EVERY_COURSE]):
        view = advises(recommended.level, recommended.pathway, recommended.rag)
        meanwhile = protect(decided, view, stands, FOUR)
        is_less = decided.pathway not in NO_ACTION and is_below_its_level(decided, view, FOUR)
        if not decided.is_below(recommended) and not is_less:
            assert meanwhile is None
        elif meanwhile is None:
            assert stands is not None
            assert not stands.is_below(recommended if decided.is_below(recommended) else decided)
        else:
            assert not any(meanwhile.is_below(one) for one in (decided, recommended, stands) if one)
            assert meanwhile.rag is max(recommended.rag, decided.rag, key=urgency)


UP, DOWN = Misfit.PATHWAY_ABOVE_LEVEL, Misfit.PATHWAY_BELOW_LEVEL
U, A, E, N, S = (
    Pathway.UNIVERSAL,
    Pathway.ADVICE,
    Pathway.EARLY_HELP,
    Pathway.CHILD_IN_NEED,
    Pathway.STRATEGY_DISCUSSION,
)


@pytest.mark.parametrize(
    ("steps", "fits", "up", "down"),
    [
        (
            FOUR,
            {1: {U, A}, 2: {E}, 3: {N}, 4: {S}},
            {1: {E, N, S}, 2: {N, S}, 3: {S}},
            {2: {U, A}, 3: {U, A, E}},
        ),
        # Of five levels two count as the hub's third: less of it is targeted early help.
        (
            FIVE,
            {1: {U, A}, 2: {E}, 3: {E, N}, 4: {S}},
            {1: {E, N, S}, 2: {N, S}, 3: {S}},
            {2: {U, A}, 3: {U, A}},
        ),
    ],
)
def test_level_and_pathway_belong_together_by_the_scale_of_the_policy(
    steps: Sequence[ScaleStep],
    fits: dict[int, set[Pathway]],
    up: dict[int, set[Pathway]],
    down: dict[int, set[Pathway]],
) -> None:
    """A high level with less than it calls for needs a second person; more than it calls for never waits."""
    nothing = advises(None, None)
    for decided in EVERY_COURSE:
        level, pathway = decided.level, decided.pathway
        misfit = misfit_of(decided, nothing, steps)
        because = why(decided, nothing, known(), steps)
        if pathway in (Pathway.OTHER_AUTHORITY, Pathway.ALLOCATED_WORKER):
            assert misfit is (DOWN if level == 4 else None)
        else:
            said = {UP: up, DOWN: down | {4: {U, A, E, N}}, None: fits}
            assert pathway in said[misfit].get(level, set())
        assert (SecondLook.BELOW_ITS_LEVEL in because) is (misfit is DOWN and level > 2)
        meanwhile = protect(decided, nothing, None, steps)
        assert meanwhile == (decided if because and pathway not in NO_ACTION else None)
        # What the policy itself says for the child is neither.
        as_said = advises(level, pathway)
        assert misfit_of(decided, as_said, steps) is None
        assert SecondLook.BELOW_ITS_LEVEL not in why(decided, as_said, known(), steps)
    until_agreed = RouteCondition(code="consent_needed", words="Ask them.", until_then=A)
    waits = advises(2, E).model_copy(update={"conditions": [until_agreed]})
    assert misfit_of(Course(2, A, Rag.GREEN), waits, steps) is None
    assert misfit_of(Course(2, U, Rag.GREEN), waits, steps) is DOWN


@pytest.mark.parametrize(
    ("now", "on", "risen"),
    [
        (advises(3, Pathway.CHILD_IN_NEED), advises(3, Pathway.CHILD_IN_NEED), False),
        (advises(4, Pathway.STRATEGY_DISCUSSION), advises(3, Pathway.CHILD_IN_NEED), True),
        (advises(3, Pathway.CHILD_IN_NEED, Rag.RED), advises(3, Pathway.CHILD_IN_NEED), True),
        (advises(2, Pathway.EARLY_HELP), advises(3, Pathway.CHILD_IN_NEED), False),
        # Approved for less: only what is more than was known then brings it back.
        (advises(4, Pathway.STRATEGY_DISCUSSION), advises(4, Pathway.STRATEGY_DISCUSSION), False),
        (advises(3, Pathway.CHILD_IN_NEED), advises(None, None), True),
        (advises(None, None), advises(None, None), False),
    ],
)
def test_only_what_rises_above_the_decision_and_above_what_it_was_made_on_brings_a_child_back(
    now: RecommendationView, on: RecommendationView, risen: bool
) -> None:
    assert has_risen(now, on=on, decided=Course(2, Pathway.EARLY_HELP, Rag.AMBER)) is risen
    assert not has_risen(now, on=on, decided=Course(4, Pathway.STRATEGY_DISCUSSION, Rag.RED))


def test_a_decision_is_looked_at_once_and_by_another() -> None:
    for now, to in product(DecisionStanding, DecisionStanding):
        if to in STEPS[now]:
            assert settle(now, to) is to
        else:
            with pytest.raises(LookedAtBefore):
                settle(now, to)
    with pytest.raises(SelfApproval):
        look(DecisionStanding.PENDING, "dana", "dana", approved=False)
    assert look(DecisionStanding.PENDING, "dana", "priya", approved=True) in IN_FORCE
    assert DecisionStanding.PENDING not in IN_FORCE
    assert {Pathway.ADVICE, Pathway.UNIVERSAL} == NO_ACTION

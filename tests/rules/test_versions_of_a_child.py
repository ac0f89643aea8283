"""What versions of a referral say of a child: kept with the version that said it, and never lowering."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from services.triage.evidence.facts import awaits_decision, facts_of, facts_of_draft
from services.triage.evidence.said import (
    bring_concerns_up,
    concerns_about,
    first_concerns,
    grade_given,
    is_left_out,
    take_back,
)
from services.triage.models import CaseChild
from shared.schemas.children import ReferredGrade
from shared.schemas.ids import CaseId, ChildId
from shared.schemas.referrals import ReferralDraft
from shared.schemas.words import GradeStatus

NOW = datetime(2026, 11, 23, 14, tzinfo=UTC)
FIRST_HEARD_ON = date(2026, 11, 1)


def a_concern(narrative: str, indicator: str | None = "neglect.early") -> dict[str, Any]:
    return {"indicator": indicator, "narrative": narrative, "occurred_at": None, "since_on": None}


def a_draft(**given: Any) -> ReferralDraft:
    said = {"children": ({"sender_child_reference": "c1"}, {"sender_child_reference": "c2"})} | given
    return ReferralDraft.model_validate(said, strict=False)


def values(**given: Any) -> dict[str, Any]:
    return {
        "given_name": "Maisie",
        "family_name": None,
        "date_of_birth": None,
        "expected_date_of_birth": None,
        "immediate_danger": False,
    } | given


def taken(before: dict[str, Any], after: dict[str, Any], kept: tuple[Any, ...] = ()) -> list[str]:
    entries = take_back(kept, values(**before), values(**after), versions=(1, 2), born_since=FIRST_HEARD_ON)
    return [entry["fact"] for entry in entries]


def a_child_of_a_case(**given: Any) -> CaseChild:
    known = {
        "child_id": ChildId(uuid4()),
        "case_id": CaseId(uuid4()),
        "concerns": [],
        "taken_back": [],
        "immediate_danger": False,
        "date_of_birth": None,
        "expected_date_of_birth": None,
        "state": "ready",
        "changed_at": None,
        "contacts_12m": 1,
        "re_referral_12m": False,
    }
    return CaseChild(**known | given)


def test_a_concern_keeps_the_version_that_brought_it_and_the_one_that_took_it_back() -> None:
    first = first_concerns([a_concern("One."), a_concern("Two.")], 1)
    second = bring_concerns_up(first, [a_concern("Two."), a_concern("Three.")], 2)
    third = bring_concerns_up(second, [a_concern("One.")], 3)
    marks = {one["narrative"]: (one["version"], one["taken_back_in"]) for one in third}
    assert marks == {"One.": (1, None), "Two.": (1, 3), "Three.": (2, 3)}


def test_a_concern_from_before_there_were_versions_counts_as_of_the_first() -> None:
    old = {"indicator": "neglect.early", "narrative": "One.", "occurred_at": None}
    [kept] = bring_concerns_up([old], [], 2)
    assert kept["taken_back_in"] == 2


@pytest.mark.parametrize(
    ("children", "about_first", "about_second"),
    [
        ((), True, True),
        (("c1",), True, False),
        (("c1", "c2"), True, True),
        # Better read twice than not at all.
        (("c9",), True, True),
        (("c9", "c2"), False, True),
    ],
)
def test_a_concern_is_about_whom_it_names_or_about_all(
    children: tuple[str, ...], about_first: bool, about_second: bool
) -> None:
    draft = a_draft(concerns=({"narrative": "One.", "children": children},))
    found = [bool(concerns_about(draft, child)) for child in draft.children]
    assert found == [about_first, about_second]


def test_only_a_version_that_names_children_leaves_one_out() -> None:
    assert is_left_out(a_draft(), 2)
    assert not is_left_out(a_draft(), 1)
    assert not is_left_out(a_draft(children=()), 0)


@pytest.mark.parametrize(
    ("before", "after", "facts"),
    [
        ({}, {}, []),
        ({}, {"given_name": "Masie"}, ["given_name"]),
        ({"given_name": None}, {}, []),
        ({"date_of_birth": date(2026, 6, 1)}, {"date_of_birth": date(2016, 6, 1)}, ["date_of_birth"]),
        ({"date_of_birth": date(2026, 6, 1)}, {}, ["date_of_birth"]),
        ({"immediate_danger": True}, {}, ["immediate_danger"]),
        ({}, {"immediate_danger": True}, []),
        # A birth takes nothing back; a date of birth from before the hub heard of an unborn child does.
        ({"expected_date_of_birth": date(2026, 11, 20)}, {"date_of_birth": date(2026, 11, 10)}, []),
        ({"expected_date_of_birth": date(2026, 11, 20)}, {"date_of_birth": date(2019, 1, 1)}, ["unborn"]),
        ({"expected_date_of_birth": date(2026, 11, 20)}, {}, ["unborn"]),
        (
            {"expected_date_of_birth": date(2026, 11, 20)},
            {"expected_date_of_birth": date(2026, 12, 2)},
            [],
        ),
    ],
)
def test_what_a_version_takes_back_is_named(
    before: dict[str, Any], after: dict[str, Any], facts: list[str]
) -> None:
    assert taken(before, after) == facts


def test_what_is_said_again_or_born_since_is_no_longer_taken_back() -> None:
    danger = {"fact": "immediate_danger", "said": "true", "version": 1, "taken_back_in": 2}
    unborn = danger | {"fact": "unborn"}
    assert taken({}, {"immediate_danger": True}, (danger,)) == []
    assert taken({}, {"date_of_birth": date(2026, 11, 10)}, (unborn,)) == []
    assert taken({}, {}, (danger, unborn)) == ["immediate_danger", "unborn"]


@pytest.mark.parametrize(
    ("known", "age", "unborn"),
    [
        ({"date_of_birth": date(2016, 6, 1)}, 0, False),
        # Where nothing is known any more, the youngest age is assumed anyway.
        ({}, None, False),
        ({"expected_date_of_birth": date(2027, 2, 1)}, None, True),
    ],
)
def test_the_youngest_age_ever_said_counts(known: dict[str, Any], age: int | None, unborn: bool) -> None:
    earlier = {"fact": "date_of_birth", "said": "2026-06-01", "version": 1, "taken_back_in": 2}
    facts = facts_of(a_child_of_a_case(**known, taken_back=[earlier]), [], [], now=NOW)
    assert (facts.age_years, facts.unborn) == (age, unborn)


def test_a_child_once_said_to_be_unborn_counts_as_unborn() -> None:
    earlier = {"fact": "unborn", "said": "true", "version": 1, "taken_back_in": 2}
    child = a_child_of_a_case(date_of_birth=date(2016, 6, 1), taken_back=[earlier])
    assert facts_of(child, [], [], now=NOW).unborn


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (ReferredGrade(status=GradeStatus.GRADED, grade=3), (GradeStatus.GRADED, 3)),
        (ReferredGrade(grade=0), (GradeStatus.GRADED, 0)),
        (ReferredGrade(status=GradeStatus.UNABLE), (GradeStatus.UNABLE, None)),
        # Half said: neither a grade nor a 0.
        (ReferredGrade(status=GradeStatus.GRADED), None),
        (ReferredGrade(rationale="Worried."), None),
        (None, None),
    ],
)
def test_a_half_said_grade_is_none(
    given: ReferredGrade | None, kept: tuple[GradeStatus, int | None] | None
) -> None:
    assert grade_given(given) == kept


def test_a_draft_tells_what_a_first_version_alone_would() -> None:
    draft = a_draft(
        immediate_danger=True,
        concerns=({"indicator": "neglect.early"}, {"indicator": "not.known"}, {"children": ("c1",)}),
    )
    facts = facts_of_draft(draft, draft.children[0], now=NOW)
    assert (facts.indicators, facts.unknown_indicators) == (("neglect.early",), ("not.known",))
    assert (facts.immediate_danger, facts.not_answered, facts.sender_grade) == (True, (), None)


def test_a_decided_child_awaits_a_decision_only_when_more_was_heard() -> None:
    assert awaits_decision(a_child_of_a_case())
    assert not awaits_decision(a_child_of_a_case(state="decided"))
    assert awaits_decision(a_child_of_a_case(state="decided", changed_at=NOW))

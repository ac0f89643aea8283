"""What several referrals tell of one child: never answered lower than any of them alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.triage.evidence.together import together
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import AgencyGrade, ChildFacts
from services.triage.policy.floors import ranks
from services.triage.policy.reading import default_policy
from shared.schemas.words import GradeStatus, Sector
from tests.rules.test_policy_evaluate import some_facts

POLICY = default_policy()


def graded(grade: int, agency: str = "example-police") -> AgencyGrade:
    return AgencyGrade(agency_id=agency, sector=Sector.POLICE, grade=grade)


@given(st.lists(some_facts(), min_size=2, max_size=4))
def test_the_whole_is_never_answered_lower_than_any_part(parts: list[ChildFacts]) -> None:
    whole = recommend(POLICY, together(parts))
    for part in parts:
        alone = recommend(POLICY, part)
        assert all(more >= less for more, less in zip(ranks(whole), ranks(alone), strict=True))
        assert whole.needs_person or not alone.needs_person
        assert {rule.rule_id for rule in alone.fired} <= {rule.rule_id for rule in whole.fired}


@given(st.lists(some_facts(), min_size=2, max_size=3), some_facts())
def test_one_more_referral_never_lowers_the_whole(parts: list[ChildFacts], another: ChildFacts) -> None:
    before, after = recommend(POLICY, together(parts)), recommend(POLICY, together([*parts, another]))
    assert all(more >= less for more, less in zip(ranks(after), ranks(before), strict=True))


@given(some_facts())
def test_one_referral_tells_what_it_tells(alone: ChildFacts) -> None:
    assert together([alone]) is alone


@given(st.lists(some_facts(), min_size=2, max_size=3))
def test_the_whole_can_be_worked_out_again_from_what_was_stored(parts: list[ChildFacts]) -> None:
    whole = together(parts)
    stored = ChildFacts.model_validate_json(whole.model_dump_json())
    assert recommend(POLICY, stored) == recommend(POLICY, whole)


@pytest.mark.parametrize(
    ("one", "other", "age_years", "unborn"),
    [
        (ChildFacts(age_years=9), ChildFacts(age_years=3), 3, False),
        (ChildFacts(age_years=9), ChildFacts(), None, False),
        (ChildFacts(age_years=9), ChildFacts(unborn=True), None, True),
        (ChildFacts(), ChildFacts(unborn=True), None, True),
    ],
)
def test_the_youngest_that_is_said_counts_and_what_is_not_known_stays_so(
    one: ChildFacts, other: ChildFacts, age_years: int | None, unborn: bool
) -> None:
    whole = together([one, other])
    assert (whole.age_years, whole.unborn) == (age_years, unborn)


def test_every_sender_is_heard_and_the_most_worried_speaks() -> None:
    unable = AgencyGrade(agency_id="example-school", status=GradeStatus.UNABLE)
    parts = [ChildFacts(sender_grade=unable), ChildFacts(sender_grade=graded(4)), ChildFacts()]
    whole = together(parts)
    assert (whole.sender_grade, whole.grades) == (graded(4), (unable,))


def test_who_answered_about_one_and_not_about_the_other_is_still_waited_for() -> None:
    answered = ChildFacts(answered=(Sector.HEALTH,), could_not_say=(Sector.POLICE,))
    silent = ChildFacts(not_answered=(Sector.HEALTH,), answered=(Sector.POLICE,))
    whole = together([answered, silent])
    assert (whole.not_answered, whole.could_not_say, whole.answered) == (
        (Sector.HEALTH,),
        (Sector.POLICE,),
        (),
    )


def test_a_child_that_no_rule_covers_alone_is_amber_with_whatever_it_is_joined() -> None:
    nothing, early = ChildFacts(age_years=9), ChildFacts(age_years=9, indicators=("neglect.early",))
    whole = recommend(POLICY, together([nothing, early]))
    assert (recommend(POLICY, early).rag, whole.rag, whole.needs_person) == ("green", "amber", True)

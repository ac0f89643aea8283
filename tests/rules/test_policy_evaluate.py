"""The default policy on one child: floors hold, worry only raises, and what is not known never reassures."""

from hypothesis import given
from hypothesis import strategies as st

from services.triage.policy.document import Discussion, PolicyDocument
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import OLDEST_YEARS, AgencyGrade, ChildFacts
from services.triage.policy.floors import ranks
from services.triage.policy.reading import default_policy
from services.triage.policy.recommendation import Recommendation
from shared.codes import INDICATORS
from shared.schemas.words import GradeStatus, Pathway, Rag, Sector

POLICY: PolicyDocument = default_policy()

codes = st.sampled_from(sorted(INDICATORS))
agencies = st.sampled_from(["example-police", "example-school", "example-trust", "example-council"])


@st.composite
def a_grade(draw: st.DrawFn) -> AgencyGrade:
    """Return what one agency said, in any of the ways it may be said."""
    status = draw(st.sampled_from(GradeStatus))
    grade = draw(st.integers(0, 5)) if status is GradeStatus.GRADED else None
    sector = draw(st.none() | st.sampled_from(Sector))
    return AgencyGrade(agency_id=draw(agencies), sector=sector, status=status, grade=grade)


@st.composite
def some_facts(draw: st.DrawFn) -> ChildFacts:
    """Return the facts of any child that the hub might meet."""
    unborn = draw(st.booleans())
    return ChildFacts(
        indicators=tuple(draw(st.lists(codes, max_size=4))),
        unknown_indicators=tuple(draw(st.lists(st.just("not_coded"), max_size=1))),
        immediate_danger=draw(st.sampled_from([False, False, False, True])),
        age_years=None if unborn else draw(st.none() | st.integers(0, OLDEST_YEARS)),
        unborn=unborn,
        grades=tuple(draw(st.lists(a_grade(), max_size=4))),
        sender_grade=draw(st.none() | a_grade()),
        not_answered=tuple(draw(st.lists(st.sampled_from(Sector), max_size=3))),
        contacts_12m=draw(st.integers(0, 9)),
        re_referral_12m=draw(st.booleans()),
        returns_12m=draw(st.integers(0, 3)),
        hot_spot=draw(st.none() | st.booleans()),
    )


def advise(facts: ChildFacts) -> Recommendation:
    """Return what the default policy says."""
    return recommend(POLICY, facts)


def but(facts: ChildFacts, **changed: object) -> ChildFacts:
    """Return the same facts with something changed."""
    return facts.model_copy(update=changed)


def is_at_least(more: Recommendation, less: Recommendation) -> bool:
    """Return whether nothing was lowered.

    To learn enough for a first level is no lowering: until then the colour is amber for want of knowledge.
    """
    respects = 4 if less.level else 2
    pairs = list(zip(ranks(more), ranks(less), strict=True))
    return all(high >= low for high, low in pairs[:respects])


@given(facts=some_facts())
def test_a_concern_nobody_can_read_never_lowers_and_always_reaches_a_person(facts: ChildFacts) -> None:
    answer = advise(but(facts, unknown_indicators=("something.new",)))

    assert is_at_least(answer, advise(facts))
    assert answer.needs_person
    assert answer.rag is not Rag.GREEN


@given(facts=some_facts(), status=st.sampled_from([GradeStatus.NOTHING_KNOWN, GradeStatus.UNABLE, None]))
def test_silence_nothing_known_and_unable_weigh_as_if_nobody_had_been_asked(
    facts: ChildFacts, status: GradeStatus | None
) -> None:
    said = () if status is None else (AgencyGrade(agency_id="another", sector=Sector.OTHER, status=status),)
    answer = advise(but(facts, grades=facts.grades + said))

    assert ranks(answer) == ranks(advise(facts))


@given(facts=some_facts())
def test_no_level_means_a_person_and_never_green(facts: ChildFacts) -> None:
    answer = advise(facts)

    assert (answer.level is None) is (answer.pathway is None)
    assert answer.level is not None or (answer.needs_person and answer.rag is not Rag.GREEN)
    assert answer.level != 1


def test_a_child_about_whom_nothing_is_known_is_not_universal() -> None:
    answer = advise(ChildFacts(indicators=("universal.needs_met",), age_years=9))

    assert (answer.level, answer.pathway, answer.rag, answer.needs_person) == (None, None, Rag.AMBER, True)
    assert answer.missing[0].startswith("No rule of the policy covers what is known")


def test_a_five_among_noughts_is_red_and_calls_people_together_without_opening_section_47() -> None:
    noughts = tuple(AgencyGrade(agency_id=f"agency-{n}", grade=0) for n in range(5))
    answer = advise(ChildFacts(age_years=9, grades=(*noughts, AgencyGrade(agency_id="a", grade=5))))

    assert (answer.level, answer.pathway, answer.rag) == (3, Pathway.CHILD_IN_NEED, Rag.RED)
    assert answer.discussion is Discussion.SAME_DAY


def test_a_child_present_at_domestic_abuse_is_complex_need() -> None:
    sender = AgencyGrade(agency_id="example-police", sector=Sector.POLICE, grade=3)
    answer = advise(
        ChildFacts(indicators=("domestic_abuse.child_present",), age_years=7, sender_grade=sender)
    )

    assert (answer.level, answer.pathway, answer.rag) == (3, Pathway.CHILD_IN_NEED, Rag.AMBER)
    assert [(rule.rule_id, rule.decides) for rule in answer.fired] == [
        ("complex-need", True),
        ("early-help", False),
    ]


def test_a_small_concern_of_unknown_age_is_treated_as_a_baby_s_and_says_so() -> None:
    answer = advise(ChildFacts(indicators=("neglect.early",)))

    assert (answer.level, answer.rag, answer.needs_person) == (3, Rag.AMBER, True)
    assert [(rule.rule_id, rule.assumed) for rule in answer.fired] == [
        ("early-help", False),
        ("unborn-or-under-one", True),
        ("under-two", True),
    ]
    assert "The child's age is not known, so the youngest age is assumed." in answer.missing


def test_a_recommendation_is_provisional_until_each_core_sector_has_said_what_it_knows() -> None:
    police = AgencyGrade(agency_id="p", sector=Sector.POLICE, status=GradeStatus.NOTHING_KNOWN)
    health = AgencyGrade(agency_id="h", sector=Sector.HEALTH, status=GradeStatus.UNABLE)
    school = AgencyGrade(agency_id="s", sector=Sector.EDUCATION, grade=3)
    facts = ChildFacts(age_years=9, grades=(police, health), not_answered=(Sector.EDUCATION,))

    answered = but(facts, grades=(police, but_status(health), school), not_answered=())

    assert advise(facts).provisional
    assert advise(facts).missing[3:] == ("Health: could not check.", "Education: asked, not answered.")
    assert not advise(answered).provisional


def but_status(given_grade: AgencyGrade) -> AgencyGrade:
    """Return the answer of an agency that has looked after all and found nothing."""
    return given_grade.model_copy(update={"status": GradeStatus.NOTHING_KNOWN})


def test_one_of_several_health_services_is_not_health_answered() -> None:
    gp = AgencyGrade(agency_id="gp", sector=Sector.HEALTH, grade=1)
    answer = advise(ChildFacts(age_years=9, grades=(gp,), not_answered=(Sector.HEALTH,)))

    assert "Health: asked, not answered." in answer.missing


def test_what_was_sent_is_never_repeated_in_what_is_missing() -> None:
    answer = advise(ChildFacts(unknown_indicators=("Dean Example hits him",), age_years=9))

    assert "Dean" not in answer.model_dump_json()


def test_a_recommendation_is_shown_and_stored_with_its_reasons() -> None:
    answer = advise(ChildFacts(immediate_danger=True, age_years=9))

    assert Recommendation.model_validate_json(answer.model_dump_json()) == answer
    view = answer.view()
    assert (view.policy_version, view.level, view.rag) == ("hub-2026-4", 4, Rag.RED)
    assert [(rule.rule_id, rule.level) for rule in view.fired] == [("immediate-danger", 4)]

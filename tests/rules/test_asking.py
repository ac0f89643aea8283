"""Silence by sector and source, grounds for asking, reminders, re-grading: pure, row by row."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from services.triage.evidence.basis import STANDING, basis_for
from services.triage.evidence.consent import reviews_under_section_17
from services.triage.evidence.facts import facts_of
from services.triage.evidence.people import adults_around, with_new_adults
from services.triage.evidence.regrading import regrade_because
from services.triage.evidence.reminders import remind_at, reminders_due
from services.triage.evidence.silence import open_sources, silent_words, unheard_shortly, waiting_for
from services.triage.models import CaseChild, Contact, Grade, InformationRequest, RecordedBasis
from services.triage.policy.evaluate import recommend
from services.triage.policy.reading import default_policy
from services.triage.settings import Settings
from shared.codes.grades import GRADES_VERSION, SCALES, find_step
from shared.schemas.words import GradeStatus, Sector
from shared.schemas.words_asking import SOURCES_OF, ConsentPolicy, Source

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
TRUST, GP, POLICE = (UUID(int=number) for number in (1, 2, 3))
HEALTH = list(SOURCES_OF[Sector.HEALTH])


def asked(agency: UUID = TRUST, **given: Any) -> InformationRequest:
    return InformationRequest(
        **{
            "request_id": uuid4(), "agency_id": agency, "sector": "health", "sources": HEALTH,
            "sources_checked": None,
            "asked_at": NINE, "due_at": NINE + timedelta(hours=2), "answered_at": None, "status": None,
            "reminded_at": None, "reminders": 0,
        } | given
    )  # fmt: skip


def answered(agency: UUID = TRUST, **given: Any) -> InformationRequest:
    return asked(agency, **{"answered_at": NINE, "status": "information"} | given)


def graded(agency: UUID, grade: int | None, minutes: int = 0, given: str = "when_asked") -> Grade:
    status = "nothing_known" if grade is None else "graded"
    at = NINE + timedelta(minutes=minutes)
    return Grade(agency_id=agency, status=status, grade=grade, given=given, graded_at=at)


WITHOUT_GP = HEALTH[1:]


@pytest.mark.parametrize(
    ("requests", "grades", "open_now"),
    [
        ([answered()], [], None),
        ([asked()], [graded(TRUST, 2)], None),
        ([asked()], [graded(TRUST, 2, given="with_referral")], HEALTH),
        ([asked()], [], HEALTH),
        ([answered(sources_checked=["gp"])], [], WITHOUT_GP),
        # A grade widens no answer that names where its agency looked.
        ([answered(sources_checked=["gp"])], [graded(TRUST, 2)], WITHOUT_GP),
        ([answered(sources_checked=[])], [], HEALTH),
        ([answered(sources_checked=["gp"]), answered(GP, sources=WITHOUT_GP)], [], None),
        ([answered(sources=WITHOUT_GP), asked(GP, sources=["gp"])], [], ["gp"]),
        # The one who is silent was looked in by another.
        ([answered(sources=WITHOUT_GP, sources_checked=HEALTH), asked(GP, sources=["gp"])], [], None),
        # Asked as a whole, before sources were named or by choice.
        ([answered(sources=[])], [], None),
        ([asked(sources=[])], [], []),
        ([answered(sources=[], sources_checked=["gp"])], [], WITHOUT_GP),
        ([asked(sector=None)], [], None),
    ],
)
def test_one_source_is_not_the_sector(
    requests: list[InformationRequest], grades: list[Grade], open_now: list[str] | None
) -> None:
    expected = {} if open_now is None else {Sector.HEALTH: tuple(open_now)}
    assert open_sources(requests, grades) == expected
    assert waiting_for(requests, grades) == tuple(expected)


def test_what_is_silent_is_said_in_words() -> None:
    police = asked(POLICE, sector="police", sources=[])
    left_out = [answered(sources_checked=WITHOUT_GP), police]
    assert silent_words(left_out, []) == [
        "Health: GP, asked 23 November at 09:00, not checked.",
        "The police: asked 23 November at 09:00, not answered.",
    ]
    assert unheard_shortly(left_out, []) == ["GP", "police"]
    # A surgery of its own has answered, the trust has not; who is asked again is waited for since then.
    again = asked(GP, sources=["camhs"], asked_at=NINE + timedelta(hours=2))
    apart = [answered(GP, sources=["gp"]), asked(sources=["midwifery", "camhs"]), again]
    assert silent_words(apart, []) == [
        "Health: CAMHS, asked 23 November at 11:00, not answered.",
        "Health: midwifery, asked 23 November at 09:00, not answered.",
    ]
    facts = facts_of(
        a_child(concerns=[], taken_back=[], contacts_12m=1, re_referral_12m=False), [], apart, now=NINE
    )
    answer = recommend(default_policy(), facts)
    assert "Health: midwifery, asked 23 November at 09:00, not answered." in answer.missing
    assert unheard_shortly(apart, []) == ["midwifery", "CAMHS"]
    # All that health is, silent, is health.
    assert silent_words([asked()], []) == ["Health: asked 23 November at 09:00, not answered."]
    assert unheard_shortly([asked()], []) == ["health"]
    prepared = [{"sector": "education"}]
    assert silent_words([], [], prepared) == ["Education: not asked yet, a lawful basis is wanted first."]
    assert waiting_for([], [], prepared) == (Sector.EDUCATION,)


def a_child(**given: Any) -> CaseChild:
    return CaseChild(**{"immediate_danger": False, "rag": "green", "given_name": "Maisie"} | given)


AT_ONCE, FIRST = ConsentPolicy.PUBLIC_TASK, ConsentPolicy.ASK_FIRST


@pytest.mark.parametrize(
    ("consent", "child", "grave", "policy", "basis"),
    [
        ({"given": True}, {}, False, FIRST, "consent"),
        ({"lawful_basis": "legal_obligation"}, {}, False, FIRST, "legal_obligation"),
        ({"not_sought_reason": "emergency"}, {}, False, FIRST, "public_task"),
        ({"given": False}, {}, False, AT_ONCE, "public_task"),
        ({"given": False}, {}, False, FIRST, None),
        ({"given": False, "lawful_basis": "consent"}, {}, False, FIRST, None),
        (None, {}, False, FIRST, None),
        (None, {}, False, AT_ONCE, "public_task"),
        (None, {"rag": "red"}, False, FIRST, "public_task"),
        (None, {"immediate_danger": True}, False, FIRST, "vital_interests"),
        (None, {}, True, FIRST, "public_task"),
    ],
)
def test_a_ground_is_found_for_everyone_and_red_waits_for_none(
    consent: dict[str, Any] | None,
    child: dict[str, Any],
    grave: bool,
    policy: ConsentPolicy,
    basis: str | None,
) -> None:
    found = basis_for(a_child(**child), Contact(consent=consent), [], is_grave=grave, policy=policy)
    assert (found.basis if found else None) == basis
    assert found is None or found.reason


def test_what_a_person_recorded_counts_before_all_else() -> None:
    rows = [
        RecordedBasis(basis=basis, reason=f"Because of {basis}.", recorded_by="Dana Reid")
        for basis in ("public_task", "vital_interests")
    ]
    found = basis_for(a_child(), Contact(consent={"given": True}), rows, is_grave=False, policy=FIRST)
    assert found is not None
    assert (found.basis, found.reason, found.by) == (
        "vital_interests", "Because of vital_interests.", "Dana Reid",
    )  # fmt: skip


def test_the_standing_ground_tells_no_colour() -> None:
    reasons = {
        basis_for(a_child(rag=rag), Contact(consent=None), [], is_grave=grave, policy=AT_ONCE)
        for rag in ("red", "amber", "green")
        for grave in (True, False)
    }
    assert [found.reason for found in reasons if found] == [STANDING]


@pytest.mark.parametrize(
    ("refusals", "level", "review"),
    [(1, 1, False), (2, 1, True), (2, 2, True), (3, None, True), (2, 3, False), (5, 4, False)],
)
def test_refused_again_at_level_2_is_reviewed(refusals: int, level: int | None, review: bool) -> None:
    assert reviews_under_section_17(refusals, level) is review


def test_an_agency_is_reminded_at_half_time_when_due_and_daily_up_to_five_times() -> None:
    request, moments = asked(), []
    for minutes in range(0, 60 * 24 * 10, 15):
        now = NINE + timedelta(minutes=minutes)
        if reminders_due([request], now):
            request.reminded_at, request.reminders = now, request.reminders + 1
            moments.append(minutes / 60)
    assert moments == [1, 2, 26, 50, 74]


def test_a_scheduler_that_was_down_reminds_once() -> None:
    late, done = NINE + timedelta(hours=9), answered()
    request = asked()
    assert reminders_due([request, done], late) == [request]
    request.reminded_at, request.reminders = late, 1
    assert reminders_due([request], late + timedelta(hours=1)) == []
    assert remind_at(request) == late + timedelta(hours=24)


@pytest.mark.parametrize(
    ("grades", "because"),
    [
        ([], 0),
        ([graded(TRUST, 1)], 0),
        ([graded(POLICE, 4, given="with_referral")], 0),
        ([graded(POLICE, 3), graded(TRUST, 1, 1)], 1),
        ([graded(TRUST, 1), graded(POLICE, 3, 1)], 1),
        ([graded(TRUST, 1), graded(POLICE, 4, 1)], 2),
        ([graded(TRUST, 1), graded(POLICE, None, 1)], 1),
        ([graded(TRUST, 1), graded(POLICE, 4, 1), graded(TRUST, 2, 2)], 0),
        ([graded(TRUST, 1), graded(POLICE, 4, 1), graded(TRUST, 2, 2), graded(POLICE, 5, 3)], 2),
    ],
)
def test_a_new_grade_is_welcome_until_one_was_given_with_the_others_in_sight(
    grades: list[Grade], because: int
) -> None:
    assert len(regrade_because(grades, TRUST)) == because  # type: ignore[arg-type]


def an_adult(name: str, role: str = "carer", *ties: dict[str, Any]) -> dict[str, Any]:
    return {
        "given_name": name,
        "family_name": "Example",
        "role_in_concern": role,
        "relationships": list(ties),
    }


def test_every_adult_around_a_child_is_asked_about_and_a_stranger_to_it_is_not() -> None:
    other = {"child": "Noah", "in_household": False}
    contact = Contact(
        referral_id=UUID(int=9),
        version=2,
        adults=[
            an_adult("Dean", "alleged_perpetrator", other),
            an_adult("Rosa", "victim", {"child": "Maisie"}),
            an_adult("Joan", "other", other),
            an_adult("Tom"),
        ],
    )
    around = adults_around(contact, a_child())
    assert [(one["given_name"], one["place"], one["version"]) for one in around] == [
        ("Dean", 0, 2), ("Rosa", 1, 2), ("Tom", 3, 2),
    ]  # fmt: skip
    again = with_new_adults(around[:2], [{**around[0], "given_name": " dean", "place": 5}, around[2]])
    assert [one["given_name"] for one in again] == ["Dean", "Rosa", "Tom"]


def test_an_edition_of_the_scale_keeps_its_words() -> None:
    step = find_step(GRADES_VERSION, GradeStatus.GRADED, 5)
    unable = find_step(GRADES_VERSION, GradeStatus.UNABLE, None)
    assert step == SCALES[GRADES_VERSION].grades[5]
    assert unable == SCALES[GRADES_VERSION].without_a_grade[GradeStatus.UNABLE]
    assert find_step("1999-1", GradeStatus.GRADED, 5) is None


def settings(**core: Any) -> Settings:
    places = {"intake_url": "http://intake", "access_url": "http://access", "database_url": "postgresql://x"}
    others = {"nats_url": "nats://x", "port": 1, "public_url": "http://x", "key_file": "/x"}
    return Settings.model_validate({**places, **others, "core_agencies": core})


def test_one_agency_is_responsible_for_all_sources_unless_several_are_named() -> None:
    assert settings(health=str(TRUST), police=str(POLICE)).core_sources() == {
        (Sector.HEALTH, TRUST): tuple(HEALTH),
        (Sector.POLICE, POLICE): (),
    }
    several = settings(health={"gp": str(GP), "camhs": str(TRUST), "hospital": str(TRUST)})
    assert several.core_sources() == {
        (Sector.HEALTH, GP): (Source.GP,),
        (Sector.HEALTH, TRUST): (Source.CAMHS, Source.HOSPITAL),
    }
    every: tuple[dict[str, Any], ...] = (
        {"police": {"gp": str(GP)}},
        {"health": {}},
        {"health": {"vet": str(GP)}},
    )
    for wrong in every:
        with pytest.raises(ValidationError):
            settings(**wrong)

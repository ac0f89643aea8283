"""A case that has everything on it, so that every part of every page is looked at."""

from datetime import timedelta

from shared.schemas.cases import CaseLine, CaseView
from shared.schemas.decisions import DecisionForm
from shared.schemas.words import ChildState, Rag, Sector
from tests.console.fakes import FakeHub
from tests.console.lines import a_child_line, a_line
from tests.console.scenes import (
    ALFIE,
    CASE,
    MAISIE,
    NOW,
    OTHER_CASE,
    SCHOOL,
    TRUST,
    UNBORN,
    a_blind_child,
    a_case,
    a_child,
    a_contact,
    a_decision,
    a_grade,
    a_request,
    an_adult,
    an_answer,
    an_id,
    an_unborn_sibling,
)


def a_full_case() -> CaseView:
    """Return a case of three children: one silent agency, one decided child, one not yet born and overdue."""
    alfie = a_child(
        child_id=ALFIE,
        given_name="Alfie",
        state=ChildState.DECIDED,
        requests=[an_answer(request_id=an_id(303), child_id=ALFIE)],
        waiting_for=[],
        decisions=[
            a_decision(decision_id=an_id(501), level=2, rag=Rag.GREEN, pathway="early_help"),
            a_decision(
                supersedes=an_id(501), different_decision_reason="Nan has moved in and knows the school."
            ),
        ],
    )
    maisie = a_child(
        grades=[
            a_grade(superseded=True, grade=2, rationale="First call.", graded_at=NOW - timedelta(days=2)),
            a_grade(grade_id=an_id(401)),
            a_grade(
                grade_id=an_id(402), agency_id=SCHOOL, grade=None, status="nothing_known", rationale=None
            ),
        ]
    )
    return a_case(
        contacts=[
            a_contact(),
            a_contact(
                referral_id=an_id(601), reference="SH-2M4N6P8Q-B", agency_id=SCHOOL, referrer="Head teacher",
                respond_by=NOW - timedelta(hours=1), immediate_danger=True,
            ),
        ],
        children=[an_unborn_sibling(), maisie, alfie],
        adults=[
            an_adult(),
            an_adult(given_name="Rosa", role_in_concern="victim", safe_to_contact=None),
            an_adult(given_name="Joan", role_in_concern="other", safe_to_contact=True, relationships=[]),
        ],
    )  # fmt: skip


def fill_for_decider(hub: FakeHub) -> None:
    """Put a morning's work on the hub, as a decision-maker finds it."""
    maisie = a_child_line()
    alfie = a_child_line(child_id=ALFIE, given_name="Alfie", state=ChildState.DECIDED, rag=Rag.GREEN, level=2)
    unborn = a_child_line(
        child_id=UNBORN, given_name=None, rag=Rag.RED, level=None, waiting_for=[Sector.HEALTH]
    )
    hub.cases[CASE] = a_full_case()
    hub.lines = [
        a_line(
            rag=Rag.RED, due_at=NOW - timedelta(minutes=20), children=[unborn, maisie, alfie],
            references=["SH-7K3QX9MA-9", "SH-2M4N6P8Q-B"], agency_ids=[a_contact().agency_id, SCHOOL],
        ),
        _line(Rag.RED, 102, "Jayden Made-Up", [Sector.POLICE, Sector.EDUCATION], timedelta(hours=1)),
        _line(Rag.AMBER, 103, "Aisha Sample", [Sector.HEALTH], timedelta(hours=3, minutes=10)),
        _line(Rag.GREEN, 104, "Tomos Specimen", [], timedelta(hours=23)),
    ]  # fmt: skip
    hub.next_cursor = "opaque"


def _line(rag: Rag, number: int, name: str, silent: list[Sector], left: timedelta) -> CaseLine:
    given_name, family_name = name.split()
    state = ChildState.GATHERING if silent else ChildState.READY
    child = a_child_line(
        child_id=an_id(number),
        given_name=given_name,
        family_name=family_name,
        rag=rag,
        waiting_for=silent,
        state=state,
    )
    return a_line(
        case_id=an_id(number), rag=rag, due_at=NOW + left, children=[child], references=["SH-9T7V5W3X-6"]
    )


def fill_for_representative(hub: FakeHub) -> None:
    """Put on the hub what the health trust was asked, as its representative finds it."""
    blind = a_child_line(rag=None, level=None, decide_by=None)
    late = a_child_line(child_id=ALFIE, given_name="Alfie", rag=None, level=None, decide_by=None)
    hub.cases[CASE] = a_case(version=None, children=[a_blind_child()])
    hub.lines = [
        a_line(case_id=OTHER_CASE, rag=None, due_at=NOW - timedelta(minutes=12), children=[late]),
        a_line(rag=None, due_at=NOW + timedelta(hours=1), children=[blind]),
    ]
    hub.requests = [
        a_request(request_id=an_id(310), child_id=ALFIE, due_at=NOW - timedelta(minutes=12)),
        a_request(),
        an_answer(request_id=an_id(311), agency_id=TRUST),
    ]


def decide_for_maisie(hub: FakeHub, form: DecisionForm) -> None:
    """Let the case stand as it does after Maisie's decision."""
    case = hub.cases[CASE]
    made = a_decision(level=form.level, pathway=form.pathway, rag=form.rag, rationale=form.rationale)
    children = [
        child.model_copy(update={"state": ChildState.DECIDED, "decisions": [made]})
        if child.child_id == MAISIE
        else child
        for child in case.children
    ]
    hub.cases[CASE] = case.model_copy(update={"version": 8, "children": children})

"""No route of triage reads a case that is closed to its caller: each is asked at one place, or is a list."""

import re

from services.triage.api.permits import CasePermit
from services.triage.store.restricted import LEADS_TO_CASES
from tests.permissions.applications import permit_of, routes

#: In addresses, and leading to no case.
HARMLESS = {"agency_id", "event_id", "form_name", "handler", "replay_id", "version"}
#: Whoever calls it comes because the case is closed; and intake's own question who may read a referral.
ASKED_ELSEWHERE = {
    "POST /v1/cases/{case_id}/emergency-access",
    "GET /internal/referrals/{referral_id}/readers/{staff_id}",
}
#: They have no case in their address, and keep closed ones back, or tell of none.
LISTS = {
    "GET /v1/alerts",
    "GET /v1/board",
    "GET /v1/board/changes",
    "GET /v1/breaches",
    "GET /v1/cases",
    "GET /v1/discussion-actions",
    "GET /v1/discussions",
    "GET /v1/drifting",
    "GET /v1/due",
    "GET /v1/emergency-accesses",
    "GET /v1/information-requests",
    "GET /v1/work-lists",
}
#: What no case stands in: figures, words and rules.
NO_CASE = re.compile(
    r"/v1/(measures|policies|policy-replays|grade-scale|risk-frame|parked-events)|/internal/evalu"
)

TRIAGE = {key[1]: permit_of(key) for key in routes() if key[0] == "triage"}
PERMITTED = {route: permit for route, permit in TRIAGE.items() if permit is not None}


def test_every_route_of_triage_asks_whether_what_it_names_is_open() -> None:
    others = {route for route, permit in PERMITTED.items() if not isinstance(permit, CasePermit)}
    assert {route for route in others if "/parked-events" not in route} == ASKED_ELSEWHERE


def test_every_id_in_an_address_is_known_to_lead_to_a_case_or_to_none() -> None:
    named = {name for route in set(PERMITTED) - ASKED_ELSEWHERE for name in re.findall(r"{(\w+)}", route)}
    assert named - LEADS_TO_CASES == HARMLESS


def test_a_new_list_says_how_it_keeps_closed_cases_back() -> None:
    without_an_id = {route for route in PERMITTED if not LEADS_TO_CASES & set(re.findall(r"{(\w+)}", route))}
    assert {route for route in without_an_id - ASKED_ELSEWHERE if not NO_CASE.search(route)} == LISTS

"""Who may do what of restricted people: their contacts and cases, whom managers name, and emergencies."""

from typing import Any

from tests.hub import URLS, Hub
from tests.permissions.rows import (
    CHILD,
    CHRONOLOGY,
    DECISION,
    FOR_TRIAGE,
    REFERRAL,
    VERSION,
    VERSIONS,
    Row,
    S,
)

ACCESSES = "GET /v1/cases/{case_id}/accesses"
NAMING = "POST /v1/cases/{case_id}/accesses"
ACCESS_END = "POST /v1/accesses/{access_id}/end"
EMERGENCY = "POST /v1/cases/{case_id}/emergency-access"
EMERGENCIES = "GET /v1/emergency-accesses"
LOOK = "POST /v1/emergency-accesses/{access_id}/look"
READER = "GET /internal/referrals/{referral_id}/readers/{staff_id}"
ASKED_OF_INTAKE = "GET /internal/referrals/{referral_id}/restriction"
_MANAGER = "111 3333 3+3 333 333 3333"
_DECISION_MAKER = "111 3333 +33 333 333 3333"
_RUTH = "0198f0a0-0000-7000-8000-000000000102"

# Marks: of no, a bad and an expired token, systems, deciders, persons, others, services.
# An agency keeps its own part; to whoever is on no list of such cases they are not there.
CLOSED = [
    Row("intake", REFERRAL, S.RESTRICTED, 200, "111 +344 3+3 +44 333 3333"),
    Row("intake", VERSIONS, S.RESTRICTED, 200, "111 +344 3+3 +44 333 3333"),
    Row("intake", VERSION, S.RESTRICTED, 200, "111 +344 3+3 +44 333 3333"),
    Row("intake", "GET /v1/referrals", S.RESTRICTED, 200, "111 +3oo o+o +oo 333 3333"),
    Row("intake", "GET /v1/quality-checks", S.RESTRICTED, 200, "111 3333 o+o +oo 333 3333"),
    Row("intake", ASKED_OF_INTAKE, S.RESTRICTED, 200, FOR_TRIAGE),
    Row("intake", ASKED_OF_INTAKE, S.ABSENT, 404, FOR_TRIAGE),
    # On its list a case that waits is there for all who decide; looked for, it is not found.
    Row("triage", "GET /v1/cases", S.RESTRICTED, 200, "111 3333 +++ ++o o33 3333"),
    Row("triage", "GET /v1/cases", S.RESTRICTED, 200, "111 3333 o+o ++o o33 3333", how="by reference"),
    Row("triage", "GET /v1/cases/{case_id}", S.RESTRICTED, 200, "111 3333 3+3 ++4 433 3333"),
    Row("triage", CHRONOLOGY, S.RESTRICTED, 200, "111 3333 3+3 ++4 433 3333"),
    Row("triage", DECISION, S.RESTRICTED, 201, _MANAGER, uses_up=True),
    Row("triage", f"GET {CHILD}/depth", S.RESTRICTED, 200, _MANAGER),
    Row("triage", ACCESSES, S.RESTRICTED, 200, _MANAGER),
    Row("triage", ACCESSES, S.ABSENT, 404, _MANAGER),
    Row("triage", NAMING, S.RESTRICTED, 201, _MANAGER),
    Row("triage", NAMING, S.UNDECIDED, 409, _MANAGER),
    Row("triage", NAMING, S.ABSENT, 404, _MANAGER),
    Row("triage", ACCESS_END, S.RESTRICTED, 200, _MANAGER, uses_up=True),
    Row("triage", ACCESS_END, S.ABSENT, 404, _MANAGER),
    Row("triage", EMERGENCY, S.RESTRICTED, 201, _DECISION_MAKER, uses_up=True),
    Row("triage", EMERGENCY, S.UNDECIDED, 409, _DECISION_MAKER),
    Row("triage", EMERGENCY, S.ABSENT, 404, _DECISION_MAKER),
    Row("triage", EMERGENCIES, S.RESTRICTED, 200, _MANAGER),
    Row("triage", LOOK, S.RESTRICTED, 200, _MANAGER, uses_up=True),
    Row("triage", LOOK, S.ABSENT, 404, _MANAGER),
    Row("triage", READER, S.RESTRICTED, 200, "111 3333 333 333 333 +3+3"),
]
CLOSED_BODIES: dict[str, dict[str, Any]] = {
    NAMING: {"staff_id": _RUTH, "reason": "Knows nobody of the family."},
    EMERGENCY: {"reason": "Police are at the door and no manager answers."},
    LOOK: {"words": "Right: the child was moved that night."},
    ACCESS_END: {},
}
CLOSED_KNOWN_BY = {EMERGENCIES: "access_id"}
_WRITTEN = "SELECT xmin FROM triage.case_access WHERE access_id = ANY($1)"
CLOSED_WRITTEN = dict.fromkeys((NAMING, ACCESS_END, EMERGENCY, LOOK), _WRITTEN)


async def close(hub: Hub, ids: dict[str, str], person_id: str) -> dict[str, str]:
    """Restrict a child, have the case opened once in an emergency, and return what came of it."""
    answers = [
        await hub.http.post(
            f"{URLS['intake']}/v1/people/{person_id}/restriction",
            json={"restricted": True, "reason": "The father works in the front office."},
            headers=await hub.as_staff("priya.nair"),
        )
    ]
    await hub.carry_events()
    answers.append(
        await hub.http.post(
            f"{URLS['triage']}/v1/cases/{ids['case_id']}/emergency-access",
            json=CLOSED_BODIES[EMERGENCY],
            headers=await hub.as_staff("ruth.adeyemi"),
        )
    )
    assert [answer.status_code for answer in answers] == [200, 201], [answer.text for answer in answers]
    return {"person_id": person_id, "access_id": answers[1].json()["access_id"]}

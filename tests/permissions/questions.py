"""Who may ask agencies, lay the ground for it, and read the scale; and how each of these is asked."""

from collections.abc import Callable
from typing import Any

from tests.hub import agency_id_of
from tests.permissions.rows import WHO_DECIDES, Row, S
from tests.permissions.scenes import Record
from tests.permissions.subjects import OTHER_SYSTEM

SEVERAL = "POST /v1/cases/{case_id}/information-requests/several"
LAWFUL_BASIS = "POST /v1/cases/{case_id}/lawful-basis"
SCALE = "GET /v1/grade-scale"

_ASKERS = "111 3333 +33 333 333 3333"
QUESTIONS = [
    Row("triage", SEVERAL, S.UNDECIDED, 201, _ASKERS, uses_up=True),
    Row("triage", SEVERAL, S.ABSENT, 404, _ASKERS),
    Row("triage", LAWFUL_BASIS, S.UNDECIDED, 201, WHO_DECIDES, uses_up=True),
    Row("triage", LAWFUL_BASIS, S.ABSENT, 404, WHO_DECIDES),
    Row("triage", SCALE, S.UNDECIDED, 200, "111 ++++ +++ +++ +++ ++++"),
]
WRITTEN_BY_ASKING = {
    SEVERAL: "SELECT xmin FROM triage.information_request WHERE request_id = ANY($1)",
    LAWFUL_BASIS: "SELECT xmin FROM triage.lawful_basis WHERE basis_id = ANY($1)",
}


def _several(_row: Row, record: Record) -> dict[str, Any]:
    agencies = [{"agency_id": str(agency_id_of(OTHER_SYSTEM))}]
    body = {"child_ids": [record.ids["child_id"]], "agencies": agencies, "reason": "She is seen there."}
    return {"json": body}


BODIES: dict[str, Callable[[Row, Record], dict[str, Any]]] = {
    SEVERAL: _several,
    LAWFUL_BASIS: lambda _row, _record: {"json": {"basis": "public_task", "reason": "Nobody answers."}},
}

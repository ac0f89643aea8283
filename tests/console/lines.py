"""Lines of the work list, as triage gives them."""

from datetime import date, timedelta
from typing import Any

from shared.schemas.cases import CaseChildLine, CaseLine
from shared.schemas.words import Rag, Sector
from tests.console.scenes import CASE, MAISIE, NOW, POLICE, REFERENCE


def a_child_line(**given: Any) -> CaseChildLine:
    """Return Maisie on the work list; changed by what is given."""
    return CaseChildLine(
        **{
            "child_id": MAISIE,
            "given_name": "Maisie",
            "family_name": "Example",
            "date_of_birth": date(2019, 4, 2),
            "expected_date_of_birth": None,
            "state": "gathering",
            "rag": Rag.AMBER,
            "level": 3,
            "waiting_for": [Sector.HEALTH],
            "decide_by": NOW + timedelta(hours=3, minutes=10),
        }
        | given
    )


def a_line(**given: Any) -> CaseLine:
    """Return Maisie's case on the work list; changed by what is given."""
    return CaseLine(
        **{
            "case_id": CASE,
            "references": [REFERENCE],
            "agency_ids": [POLICE],
            "received_at": NOW - timedelta(minutes=45),
            "rag": Rag.AMBER,
            "due_at": NOW + timedelta(hours=3, minutes=10),
            "children": [a_child_line()],
        }
        | given
    )

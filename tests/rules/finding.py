"""What the hub finds in a referral, as tables of cases ask it."""

import json
from datetime import UTC, datetime
from typing import Any

from services.intake.findings import find
from shared.schemas.progress import Finding
from shared.schemas.referrals import ReferralIn
from tests.referrals import a_child, a_referral

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def findings_in(**changed: Any) -> list[Finding]:
    """Return what is found in a good referral, changed by what is given."""
    form = ReferralIn.model_validate_json(json.dumps(a_referral(**changed)))
    return find(form, today=NOON.date(), received_at=NOON)


def found(**changed: Any) -> set[tuple[str, str]]:
    """Return pointer and code of every finding in a good referral that was changed."""
    return {(finding.pointer, finding.code) for finding in findings_in(**changed)}


def found_in_child(**changed: Any) -> set[tuple[str, str]]:
    """Return pointer, from the child, and code of every finding in a good referral about a changed child."""
    at = "#/children/0/"
    return {(pointer.removeprefix(at), code) for pointer, code in found(children=[a_child(**changed)])}

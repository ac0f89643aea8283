"""What those who may not open restricted records and cases see of them: that they are there, nothing else."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any, Final

from services.triage.store.cases import WholeCase
from services.triage.views.chronology import ChildHistory
from shared.clock import LONDON, london_date
from shared.schemas.alerts import AlertView
from shared.schemas.cases import CaseLine
from shared.schemas.chronology import ChronologyLine, LineKind, LineLink, Significance
from shared.schemas.ids import ReferralId

_WORDS: Final = "Restricted record"


def closed_line(line: CaseLine) -> CaseLine:
    """Return the line of a case that is closed to its reader: that it waits, and how much it presses."""
    kept: dict[str, Any] = {
        "references": [],
        "agency_ids": [],
        "children": [],
        "holding": None,
        "closed": True,
    }
    return line.model_copy(update=kept)


def closed_alert(alert: AlertView) -> AlertView:
    """Return an alert about a child of such a case: that somebody is Red, and nothing of who."""
    nobody = {"given_name": None, "family_name": None, "date_of_birth": None, "expected_date_of_birth": None}
    return alert.model_copy(update=nobody | {"reference": None, "closed": True})


def without_joins(whole: WholeCase, closed: Collection[ReferralId]) -> WholeCase:
    """Return a case without the joins of referrals that are closed to its reader: each names its own."""
    return replace(whole, joins=[one for one in whole.joins if one.join.referral_id not in closed])


def mark_restricted(lines: Iterable[ChronologyLine], closed: Iterable[ChildHistory]) -> list[ChronologyLine]:
    """Return the lines of a chronology, those marked that come from cases of restricted records."""
    closed_cases = {one.child.case_id for one in closed}
    return [line.model_copy(update={"restricted": line.case_id in closed_cases}) for line in lines]


def only_days(lines: Iterable[ChronologyLine]) -> list[ChronologyLine]:
    """Return the lines that are open, and one line for each day on which something restricted happened.

    Neither ids nor times of it are told, nor how much happened that day: cases and work lists show them too,
    beside a name.
    """
    lines = list(lines)
    kept_back = {(london_date(line.at), line.link) for line in lines if line.restricted}
    return [line for line in lines if not line.restricted] + [_line(day, link) for day, link in kept_back]


def _line(day: date, link: LineLink) -> ChronologyLine:
    return ChronologyLine(
        line_id=f"{LineKind.RESTRICTED}:{day.isoformat()}:{link}",
        at=datetime.combine(day, time(), LONDON).astimezone(UTC),
        kind=LineKind.RESTRICTED,
        source=None,
        agency_id=None,
        words=_WORDS,
        significance=Significance.NORMAL,
        case_id=None,
        reference=None,
        child_id=None,
        given_name=None,
        family_name=None,
        link=link,
        restricted=True,
    )

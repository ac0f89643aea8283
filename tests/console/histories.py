"""What has happened to a child, as triage puts it together."""

from datetime import date, timedelta
from typing import Any

from shared.schemas.chronology import (
    Chronology,
    ChronologyLine,
    HistorySourceView,
    LineKind,
    LineLink,
    Significance,
)
from tests.console.contacts import OTHER_REFERENCE
from tests.console.scenes import CASE, MAISIE, NOW, OTHER_CASE, POLICE, REFERENCE, SCHOOL, an_id


def a_history_line(**given: Any) -> ChronologyLine:
    """Return the police's contact of today; changed by what is given."""
    return ChronologyLine(
        **{
            "line_id": "contact:1", "at": NOW - timedelta(minutes=45), "kind": LineKind.CONTACT,
            "source": "hub", "agency_id": POLICE, "words": "Referral. A child was there.",
            "said": "Mother had a cut lip.", "significance": Significance.HIGH, "case_id": CASE,
            "reference": REFERENCE, "child_id": MAISIE, "given_name": "Maisie", "family_name": "Example",
            "link": LineLink.OWN,
        }
        | given
    )  # fmt: skip


def an_earlier_line(**given: Any) -> ChronologyLine:
    """Return the school's contact of last year, under another name, by a link nobody confirmed."""
    return a_history_line(
        **{
            "line_id": "contact:0", "at": NOW - timedelta(days=100), "agency_id": SCHOOL,
            "words": "Referral. Often late and hungry.", "said": None, "significance": Significance.NORMAL,
            "case_id": OTHER_CASE, "reference": OTHER_REFERENCE, "child_id": an_id(721),
            "given_name": "Maisy", "family_name": "Sample", "link": LineLink.PROVISIONAL,
        }
        | given
    )  # fmt: skip


def a_chronology(**given: Any) -> Chronology:
    """Return the history of two contacts, the council's system not searched; changed by what is given."""
    return Chronology(
        **{
            "case_id": CASE,
            "child_id": MAISIE,
            "given_name": "Maisie",
            "family_name": "Example",
            "date_of_birth": date(2019, 4, 2),
            "sources": [
                HistorySourceView(source="hub", name="The hub's own records", searched=True, as_of=NOW),
                HistorySourceView(
                    source="council_case_system",
                    name="The council's own case system",
                    searched=False,
                    as_of=None,
                    why_not="Not connected to the hub: look there yourself.",
                ),
            ],
            "all_searched": False,
            "contacts_12m": 2,
            "contacts_12m_provisional": 1,
            "incidents_12m": 2,
            "re_referral_12m": True,
            "names_count": 2,
            "items": [an_earlier_line(), a_history_line()],
            "next_cursor": None,
            "has_more": False,
        }
        | given
    )


def nothing_before(**given: Any) -> Chronology:
    """Return a history without a line; changed by what is given."""
    plain = {
        "items": [],
        "contacts_12m": 0,
        "contacts_12m_provisional": 0,
        "incidents_12m": 0,
        "names_count": 1,
    }
    return a_chronology(**plain | {"re_referral_12m": False} | given)

"""Contacts of one incident stand as one entry, with each of them below it, on screen and on paper."""

from datetime import timedelta
from typing import Any

import pytest

from services.console.wording.incidents import contacts_together, lines_together, told_by
from shared.schemas.cases import IncidentView
from shared.schemas.chronology import ChronologyLine, LineIncident, LineKind, LineLink
from tests.console.conftest import Browser
from tests.console.contacts import OTHER_REFERENCE
from tests.console.histories import a_chronology, a_history_line
from tests.console.reading import words_of
from tests.console.scenes import CASE, MAISIE, NOW, POLICE, REFERENCE, SCHOOL, TRUST, a_case, a_contact, an_id

WHY = "They give the same occurrence number."
PAGE = f"/cases/{CASE}/children/{MAISIE}/chronology"
INCIDENT = LineIncident(incident_id=an_id(600), words=WHY)
THIRD_REFERENCE = "SH-5Q9ZK2MB-1"
HEADING = (
    "One incident, told by 3: Northshire Police, Little Wick Primary School,"
    " Northshire Children's Health Trust"
)


def three_lines() -> list[ChronologyLine]:
    """Return what three agencies told of one evening, and what was asked between the first two."""
    given = [(POLICE, REFERENCE, 90), (SCHOOL, OTHER_REFERENCE, 60), (TRUST, THIRD_REFERENCE, 30)]
    told = [
        a_history_line(
            line_id=f"contact:{place}", agency_id=agency, reference=reference, incident=INCIDENT,
            at=NOW - timedelta(minutes=minutes), link=LineLink.CONFIRMED if place else LineLink.OWN,
        )
        for place, (agency, reference, minutes) in enumerate(given)
    ]  # fmt: skip
    asked = a_history_line(
        line_id="question:1", kind=LineKind.QUESTION, at=NOW - timedelta(minutes=80), words="Asked."
    )
    return [told[0], asked, *told[1:]]


def three_contacts() -> dict[str, Any]:
    """Return a case's contacts, of which the first and the last tell of one incident."""
    given = [(POLICE, REFERENCE), (TRUST, THIRD_REFERENCE), (SCHOOL, OTHER_REFERENCE)]
    contacts = [
        a_contact(referral_id=an_id(600 + place), agency_id=agency, reference=reference)
        for place, (agency, reference) in enumerate(given)
    ]
    incident = IncidentView(referral_ids=[an_id(600), an_id(602)], words=WHY)
    return {"contacts": contacts, "incidents": [incident]}


def test_who_told_it_twice_is_named_once() -> None:
    assert told_by(["Police", "School"]) == "One incident, told by 2: Police, School"
    assert told_by(["Police", "School", "Police"]) == (
        "One incident, told 3 times by 2: Police (2 times), School"
    )


def test_lines_of_one_incident_stand_where_the_first_of_them_does() -> None:
    lines = three_lines()
    newest_first = lines_together(reversed(lines))
    assert [len(told.parts) for told in lines_together(lines)] == [3, 1]
    assert [len(told.parts) for told in newest_first] == [3, 1]
    assert newest_first[0].parts == (lines[0], lines[2], lines[3])


def test_a_line_whose_others_are_on_another_page_stands_alone() -> None:
    assert [told.words for told in lines_together(three_lines()[:2])] == [None, None]


def test_contacts_of_one_incident_stand_together_and_the_others_keep_their_place() -> None:
    told = contacts_together(a_case(**three_contacts()))
    assert [[part.agency_id for part in each.parts] for each in told] == [[POLICE, SCHOOL], [TRUST]]
    assert [each.words for each in told] == [WHY, None]


@pytest.fixture
def told(priya: Browser) -> Browser:
    """A browser of someone who reads of an incident that three agencies told of."""
    lines = three_lines()
    priya.hub.people.histories[MAISIE] = a_chronology(items=lines, contacts_12m=3, incidents_12m=1)
    return priya


async def test_the_chronology_shows_it_as_one_entry_with_each_contact_below(told: Browser) -> None:
    words = words_of((await told.open(PAGE)).text)
    parts = (HEADING, WHY, REFERENCE, OTHER_REFERENCE, THIRD_REFERENCE, "Asked.")
    places = [words.index(part) for part in parts]
    assert places == sorted(places)
    assert "3 contacts in the last 12 months that tell of 1 incident" in words


async def test_in_short_it_counts_as_one_of_the_newest(told: Browser) -> None:
    words = words_of((await told.open(f"/cases/{CASE}/children/{MAISIE}/decision")).text)
    assert "The newest 1 of 1 lines, without questions to agencies" in words
    assert HEADING in words


async def test_the_case_shows_its_contacts_as_one_entry_and_each_can_be_opened(priya: Browser) -> None:
    priya.hub.cases[CASE] = a_case(**three_contacts())
    page = await priya.open(f"/cases/{CASE}")
    words = words_of(page.text)
    heading = "One incident, told by 2: Northshire Police, Little Wick Primary School"
    begin = words.index(heading)
    # The newest of the incident first; what tells of other children alone is named after it.
    places = [words.index(part, begin) for part in (WHY, OTHER_REFERENCE, REFERENCE, THIRD_REFERENCE)]
    assert places == sorted(places)
    for reference in (REFERENCE, OTHER_REFERENCE, THIRD_REFERENCE):
        assert f'href="/contacts/{reference}"' in page.text


async def test_where_every_contact_tells_of_its_own_incident_nothing_is_said_of_it(priya: Browser) -> None:
    priya.hub.people.histories[MAISIE] = a_chronology()
    words = words_of((await priya.open(PAGE)).text)
    assert "2 contacts in the last 12 months , 1 of them by a link" in words
    assert "incident" not in words

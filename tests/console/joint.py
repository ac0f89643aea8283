"""Two contacts about one child: as cases beside each other, and as the joint case they become."""

from datetime import date, timedelta
from typing import Any

from shared.schemas.cases import CaseChildView, CaseView, ContactView
from shared.schemas.families import ReferralPeople
from shared.schemas.joining import CaseBeside, CasesBeside, JoinView, Tie
from shared.schemas.words import PersonKind
from tests.console.contacts import OTHER_REFERENCE
from tests.console.fake_joining import JOIN
from tests.console.fakes import FakeHub
from tests.console.known import (
    DEANS_RECORD,
    KNOWN_PERSON,
    KNOWN_RECORD,
    MATCH,
    a_match,
    a_person,
    a_provisional_record,
)
from tests.console.known_families import a_standing
from tests.console.scenes import (
    CASE,
    MAISIE,
    NOW,
    OTHER_CASE,
    REFERENCE,
    SCHOOL,
    a_case,
    a_child,
    a_contact,
    a_grade,
    a_request,
    an_id,
)

MAISY = KNOWN_RECORD
OTHER_REFERRAL = an_id(601)


def a_tie(**given: Any) -> Tie:
    """Return Maisie, of whom it is asked whether she is the school's Maisy; changed by what is given."""
    return Tie(
        **{
            "record_id": MAISIE,
            "kind": PersonKind.CHILD,
            "name": "Maisie Example",
            "of_record_id": MAISY,
            "of_name": "Maisy Sample",
            "is_confirmed": False,
            "match_id": MATCH,
        }
        | given
    )


def an_adults_tie(**given: Any) -> Tie:
    """Return Dean, whom the machine linked to the Dean of the other case; changed by what is given."""
    return a_tie(
        **{
            "record_id": DEANS_RECORD,
            "kind": PersonKind.ADULT,
            "name": "Dean Example",
            "of_record_id": an_id(726),
            "of_name": "Dean Sample",
            "match_id": None,
        }
        | given
    )


def a_case_beside(**given: Any) -> CaseBeside:
    """Return the school's open case, there before the police's; changed by what is given."""
    return CaseBeside(
        **{
            "case_id": OTHER_CASE,
            "references": [OTHER_REFERENCE],
            "agency_ids": [SCHOOL],
            "received_at": NOW - timedelta(days=3),
            "children": ["Maisy Sample"],
            "is_open": True,
            "ties": [a_tie()],
            "can_join": False,
        }
        | given
    )


def put_beside(hub: FakeHub, *items: CaseBeside, **given: Any) -> None:
    """Let these cases stand beside Maisie's, with the question that waits about her."""
    hub.joining.beside[CASE] = CasesBeside(**{"items": list(items), "searched": True} | given)
    hub.people.matches = {MATCH: a_match()}
    hub.cases[OTHER_CASE] = a_joint_case()


def link_provisionally(hub: FakeHub) -> CaseBeside:
    """Let the machine have linked Maisie to the school's Maisy, and return the case beside."""
    hub.people.persons = {KNOWN_PERSON: a_person()}
    record = a_provisional_record()
    hub.people.of_contacts = {REFERENCE: ReferralPeople(items=[a_standing(record=record)])}
    return a_case_beside(ties=[a_tie(match_id=None)])


def a_schools_contact(**given: Any) -> ContactView:
    """Return the school's contact of three days ago; changed by what is given."""
    return a_contact(
        **{
            "referral_id": OTHER_REFERRAL,
            "reference": OTHER_REFERENCE,
            "agency_id": SCHOOL,
            "referrer": "Ms A Teacher",
            "received_at": NOW - timedelta(days=3),
        }
        | given
    )


def the_schools_row(**given: Any) -> CaseChildView:
    """Return Maisie as the school told of her, first; changed by what is given."""
    return a_child(
        **{
            "child_id": MAISY,
            "referral_id": OTHER_REFERRAL,
            "given_name": "Maisy",
            "family_name": "Sample",
            "date_of_birth": date(2019, 2, 4),
            "views": "Does not want to go home.",
            "requests": [a_request(request_id=an_id(320), child_id=MAISY)],
            "grades": [a_grade(grade_id=an_id(420), agency_id=SCHOOL, grade=4, rationale="A bruise.")],
            "decide_by": NOW + timedelta(hours=1),
        }
        | given
    )


def the_polices_row(**given: Any) -> CaseChildView:
    """Return Maisie as the police told of her, the same child as the school's; changed by what is given."""
    return a_child(**{"same_child_as": MAISY} | given)


def a_join(**given: Any) -> JoinView:
    """Return how the police's contact came to the school's case; changed by what is given."""
    return JoinView(
        **{
            "join_id": JOIN,
            "case_id": OTHER_CASE,
            "from_case_id": CASE,
            "referral_id": an_id(600),
            "reference": REFERENCE,
            "reason": "The same mother.",
            "joined_at": NOW - timedelta(minutes=5),
            "joined_by": "Priya Shah",
        }
        | given
    )


def a_joint_case(**given: Any) -> CaseView:
    """Return the school's case with the police's contact in it, version 12; changed by what is given."""
    return a_case(
        **{
            "case_id": OTHER_CASE,
            "version": 12,
            "contacts": [a_schools_contact(), a_contact()],
            "children": [the_schools_row(), the_polices_row()],
            "joins": [a_join()],
        }
        | given
    )

"""A family of which one adult belongs to another household too, and whom a contact's people are taken for."""

from datetime import timedelta
from typing import Any

from shared.schemas.families import Family, FamilyMember, Household, LinkedRecord, RecordStanding
from shared.schemas.people_index import NameGiven
from shared.schemas.words import LinkState, PersonKind
from tests.console.contacts import OTHER_REFERENCE
from tests.console.known import (
    DEAN,
    EARLIER_REFERRAL,
    KNOWN_PERSON,
    KNOWN_RECORD,
    a_provisional_record,
    a_record,
    a_told,
    an_adults_record,
    an_adults_told,
)
from tests.console.scenes import NOW, SCHOOL, an_id


def a_family(**given: Any) -> Family:
    """Return Dean and Maisie, and the other household that Dean belongs to; changed by what is given."""
    elsewhere = {"referral_id": EARLIER_REFERRAL, "reference": OTHER_REFERENCE, "agency_id": SCHOOL}
    other = Household(
        referral_id=EARLIER_REFERRAL,
        reference=OTHER_REFERENCE,
        received_at=NOW - timedelta(days=400),
        records=[
            an_adults_record(
                record_id=an_id(724),
                told=an_adults_told(safe_to_contact=None, worker_safety="Threatened staff in 2025."),
                **elsewhere,
            ),
            a_record(
                record_id=an_id(725),
                person_id=an_id(714),
                told=a_told(name=NameGiven(given_name="Kit", family_name="Other")),
                **elsewhere,
            ),
        ],
    )
    adult = FamilyMember(
        person_id=DEAN, kind=PersonKind.ADULT, link_state=LinkState.OWN,
        names=[NameGiven(given_name="Dean", family_name="Example"),
               NameGiven(given_name="Deano", family_name="Example", kind="alias")],
        records=[an_adults_record()], other_households=[other],
    )  # fmt: skip
    child = FamilyMember(
        person_id=KNOWN_PERSON, kind=PersonKind.CHILD, link_state=LinkState.PROVISIONAL,
        names=[NameGiven(given_name="Maisie", family_name="Example")],
        records=[a_provisional_record()], other_households=[],
    )  # fmt: skip
    return Family(**{"person_id": KNOWN_PERSON, "members": [adult, child]} | given)


def a_standing(**given: Any) -> RecordStanding:
    """Return whom Maisie is taken for: provisionally the school's child; changed by what is given."""
    return RecordStanding(
        **{
            "record": a_provisional_record(),
            "linked": [
                LinkedRecord(
                    record_id=KNOWN_RECORD, kind=PersonKind.CHILD, referral_id=EARLIER_REFERRAL,
                    reference=OTHER_REFERENCE, agency_id=SCHOOL,
                    received_at=NOW - timedelta(days=400), is_confirmed=False,
                )
            ],
            "open_match_ids": [],
        }
        | given
    )  # fmt: skip

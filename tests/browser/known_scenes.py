"""Who is who with everything on it: questions, persons, a family, and a contact's people."""

from shared.schemas.families import PersonFound, ReferralPeople
from shared.schemas.words import MatchState, MatchVerdict
from tests.browser.contact_scenes import fill_contacts
from tests.console.fakes import FakeHub
from tests.console.histories import a_chronology
from tests.console.known import (
    DEAN,
    KNOWN_PERSON,
    MATCH,
    OTHER_MATCH,
    PERSON,
    TWIN_PERSON,
    TWIN_RECORD,
    a_candidate,
    a_known_record,
    a_link_decision,
    a_match,
    a_person,
    a_provisional_record,
    a_record,
    a_twin,
    an_adults_record,
)
from tests.console.known_families import a_family, a_standing
from tests.console.scenes import MAISIE, NOW, REFERENCE, an_id


def fill_known(hub: FakeHub) -> None:
    """Put two questions, a person under two names, a family and two families to be found on the hub."""
    fill_contacts(hub)
    decided = a_match(
        match_id=OTHER_MATCH, state=MatchState.DECIDED, closed_at=NOW, history=[a_link_decision()],
        candidates=[a_candidate(verdict=MatchVerdict.LINKED)],
    )  # fmt: skip
    hub.people.matches = {MATCH: a_match(candidates=[a_candidate(), a_twin()]), OTHER_MATCH: decided}
    hub.people.persons = {KNOWN_PERSON: a_person()}
    hub.people.families = {KNOWN_PERSON: a_family(), DEAN: a_family(person_id=DEAN)}
    apart = a_known_record(record_id=TWIN_RECORD, person_id=TWIN_PERSON, referral_id=an_id(609))
    hub.people.found = [
        PersonFound(person_id=KNOWN_PERSON, records=[a_provisional_record()]),
        PersonFound(person_id=DEAN, records=[an_adults_record()]),
        PersonFound(person_id=TWIN_PERSON, records=[apart]),
    ]
    asked = a_standing(record=a_record(person_id=PERSON), linked=[], open_match_ids=[MATCH])
    hub.people.of_contacts = {REFERENCE: ReferralPeople(items=[a_standing(), asked])}
    hub.people.histories[MAISIE] = a_chronology()

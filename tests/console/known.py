"""People whom the hub knows from several contacts, and questions about them, as intake gives them."""

from datetime import timedelta
from typing import Any

from shared.schemas.people_index import (
    FieldAgreement,
    Likeness,
    LinkDecision,
    Match,
    MatchCandidate,
    MatchSummary,
    NameGiven,
    OpenMatch,
    PersonDetail,
    PersonRecord,
    Told,
)
from shared.schemas.words import (
    LinkState,
    LinkVerdict,
    MatchState,
    PersonKind,
    RoleInConcern,
)
from tests.console.contacts import OTHER_REFERENCE
from tests.console.scenes import MAISIE, NOW, POLICE, REFERENCE, SCHOOL, an_id

MATCH, OTHER_MATCH = an_id(700), an_id(701)
PERSON, KNOWN_PERSON, TWIN_PERSON, DEAN = an_id(710), an_id(711), an_id(712), an_id(713)
KNOWN_RECORD, TWIN_RECORD, DEANS_RECORD = an_id(721), an_id(722), an_id(723)
REFERRAL, EARLIER_REFERRAL = an_id(600), an_id(601)


def a_told(**given: Any) -> Told:
    """Return what a contact tells of Maisie; changed by what is given."""
    return Told(
        **{
            "name": NameGiven(given_name="Maisie", family_name="Example"),
            "date_of_birth": "2019-04-02",
            "sex": "F",
            "address_lines": ["1 Test Row"],
            "town": "Northtown",
            "postcode": "NT1 1AA",
        }
        | given
    )


def a_known_told(**given: Any) -> Told:
    """Return what an earlier contact told of her: a former name, day and month swapped."""
    return a_told(
        **{
            "name": NameGiven(given_name="Maisy", family_name="Sample"),
            "other_names": [NameGiven(given_name="May", family_name="Sample", kind="alias")],
            "date_of_birth": "2019-02-04",
            "nhs_number": "999 123 4560",
        }
        | given
    )


def an_adults_told(**given: Any) -> Told:
    """Return what a contact tells of Dean, whom it is not safe to contact; changed by what is given."""
    return Told(
        **{
            "name": NameGiven(given_name="Dean", family_name="Example"),
            "date_of_birth": "1989-09-14",
            "telephone": "01632 960001",
            "role_in_concern": RoleInConcern.ALLEGED_PERPETRATOR,
            "relationships": ["father"],
            "safe_to_contact": False,
            "worker_safety": "Large dog, loose.",
        }
        | given
    )


def a_likeness(**given: Any) -> Likeness:
    """Return how alike the two are; changed by what is given."""
    lines = [
        ("given", "variant", "same given name, spelt another way", 6.1),
        ("family", "different", "other family name", -3.4),
        ("birth", "day_month_swapped", "same date of birth with day and month swapped", 9.4),
        ("number", "missing", "no NHS number to compare", 0.0),
        ("address", "home", "same address", 7.7),
        ("others", "", "as likely for a brother or sister, a twin, or others with such names", -2.0),
    ]
    return Likeness(
        **{
            "probability": 0.9174,
            "bits": 17.8,
            "weights_version": "hub-2026-1",
            "fields": [
                FieldAgreement(evidence=kind, level=level, words=words, bits=bits)
                for kind, level, words, bits in lines
            ],
            "hazards": ["The dates of birth differ."],
        }
        | given
    )


def a_record(**given: Any) -> PersonRecord:
    """Return Maisie's record in the police's contact; changed by what is given."""
    return PersonRecord(
        **{
            "record_id": MAISIE,
            "kind": PersonKind.CHILD,
            "referral_id": REFERRAL,
            "reference": REFERENCE,
            "sender_reference": "NP-2026-114226",
            "agency_id": POLICE,
            "received_at": NOW - timedelta(minutes=45),
            "version": 1,
            "told": a_told(),
            "person_id": PERSON,
            "link_state": LinkState.OWN,
            "linked_at": NOW - timedelta(minutes=44),
        }
        | given
    )


def a_known_record(**given: Any) -> PersonRecord:
    """Return the school's record of a year ago; changed by what is given."""
    return a_record(
        **{
            "record_id": KNOWN_RECORD,
            "referral_id": EARLIER_REFERRAL,
            "reference": OTHER_REFERENCE,
            "sender_reference": None,
            "agency_id": SCHOOL,
            "received_at": NOW - timedelta(days=400),
            "linked_at": NOW - timedelta(days=400),
            "told": a_known_told(),
            "person_id": KNOWN_PERSON,
        }
        | given
    )


def a_provisional_record(**given: Any) -> PersonRecord:
    """Return the police's record as the hub linked it to the school's by itself."""
    return a_record(
        **{
            "person_id": KNOWN_PERSON,
            "link_state": LinkState.PROVISIONAL,
            "likened_to": KNOWN_RECORD,
            "likeness": a_likeness(probability=0.9991, hazards=[]),
        }
        | given
    )


def an_adults_record(**given: Any) -> PersonRecord:
    """Return Dean's record in the police's contact; changed by what is given."""
    return a_record(
        **{
            "record_id": DEANS_RECORD,
            "kind": PersonKind.ADULT,
            "told": an_adults_told(),
            "person_id": DEAN,
        }
        | given
    )


def a_candidate(**given: Any) -> MatchCandidate:
    """Return the child whom the school told of; changed by what is given."""
    return MatchCandidate(
        **{
            "person_id": KNOWN_PERSON,
            "likeness": a_likeness(),
            "likened_to": KNOWN_RECORD,
            "records": [a_known_record()],
            "referrals_count": 1,
            "first_received_at": NOW - timedelta(days=400),
            "last_received_at": NOW - timedelta(days=400),
        }
        | given
    )


def a_twin() -> MatchCandidate:
    """Return another candidate, who may be her twin."""
    record = a_known_record(
        record_id=TWIN_RECORD,
        person_id=TWIN_PERSON,
        told=a_told(name=NameGiven(given_name="Mabel", family_name="Example")),
    )
    likeness = a_likeness(
        probability=0.62, hazards=["Could be a twin: same family and date of birth, another given name."]
    )
    return a_candidate(person_id=TWIN_PERSON, likened_to=TWIN_RECORD, records=[record], likeness=likeness)


def a_match(**given: Any) -> Match:
    """Return the question whether Maisie is the child the school told of; changed by what is given."""
    return Match(
        **{
            "match_id": MATCH,
            "state": MatchState.OPEN,
            "raised_at": NOW - timedelta(minutes=44),
            "record": a_record(),
            "candidates": [a_candidate()],
            "history": [],
        }
        | given
    )


def a_line_of(match: Match) -> MatchSummary:
    """Return a question as the list has it."""
    return MatchSummary(
        match_id=match.match_id,
        state=match.state,
        raised_at=match.raised_at,
        closed_at=match.closed_at,
        record=match.record,
        candidates_count=len(match.candidates),
        best_probability=max(one.likeness.probability for one in match.candidates if one.likeness),
    )


def a_link_decision(**given: Any) -> LinkDecision:
    """Return the machine's own link of the police's record; changed by what is given."""
    return LinkDecision(
        **{
            "decision_id": an_id(730),
            "record_id": MAISIE,
            "person_id": KNOWN_PERSON,
            "verdict": LinkVerdict.LINKED,
            "moved_record_ids": [MAISIE],
            "moved_to": KNOWN_PERSON,
            "decided_at": NOW - timedelta(minutes=44),
            "decided_by": "intake",
            "by_machine": True,
        }
        | given
    )


def a_person(**given: Any) -> PersonDetail:
    """Return the child under both names, one record linked provisionally; changed by what is given."""
    return PersonDetail(
        **{
            "person_id": KNOWN_PERSON,
            "names": [
                NameGiven(given_name="Maisie", family_name="Example"),
                NameGiven(given_name="Maisy", family_name="Sample"),
                NameGiven(given_name="May", family_name="Sample", kind="alias"),
            ],
            "records": [a_provisional_record(), a_known_record()],
            "history": [a_link_decision()],
            "open_matches": [
                OpenMatch(match_id=OTHER_MATCH, record_id=KNOWN_RECORD, raised_at=NOW - timedelta(days=1))
            ],
        }
        | given
    )

"""Several contacts of one incident: by the police's number, or by what happened to whom and when."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.triage.evidence.incidents import (
    Account,
    Happening,
    Incident,
    happenings_of,
    incidents_in,
)
from services.triage.evidence.occurrences import as_known, number_in, quoted_in
from shared.schemas.ids import AgencyId, ChildId, ReferralId

AT = datetime(2026, 11, 20, 22, 40, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLICE, SCHOOL, AMBULANCE, TRUST = (AgencyId(UUID(int=number)) for number in (1, 2, 3, 4))
MAISIE, ALFIE, ROSA = (ChildId(UUID(int=number)) for number in (11, 12, 13))
NUMBER = "14/88213/26"


def it_happened(minutes: int = 0, child: ChildId = MAISIE, theme: str = "domestic_abuse") -> Happening:
    return Happening(child, theme, AT + timedelta(minutes=minutes))


def an_account(
    number: int,
    agency: AgencyId,
    *happenings: Happening,
    occurrence: str | None = None,
    reference: str | None = None,
) -> Account:
    """Return a contact; the higher its number, the later it came."""
    arrived_at = AT + timedelta(hours=number)
    return Account(ReferralId(UUID(int=number)), agency, arrived_at, occurrence, reference, happenings)


def told(*accounts: Account, window: timedelta = HOUR) -> list[list[int]]:
    return [[one.int for one in found.referral_ids] for found in incidents_in(accounts, window=window)]


@pytest.mark.parametrize(
    "written",
    [NUMBER, "14-88213-26", " 14 / 88213 / 26 ", "14.88213.26", "148821326", "14\u201388213\u201326"],
)
def test_a_number_is_the_same_however_it_is_punctuated(written: str) -> None:
    assert told(an_account(1, POLICE, occurrence=NUMBER), an_account(2, SCHOOL, occurrence=written)) == [
        [1, 2]
    ]


@pytest.mark.parametrize("written", ["14/88214/26", "1/488213/26", "14/88213/25", "88213", "AB/14/88213/26"])
def test_another_number_is_another_incident(written: str) -> None:
    assert told(an_account(1, POLICE, occurrence=NUMBER), an_account(2, SCHOOL, occurrence=written)) == []


@pytest.mark.parametrize("said", ["n/a", "unknown", "", "   ", "0000", "00/0000/00", "12", "?", None])
def test_a_field_that_holds_no_number_ties_nothing(said: str | None) -> None:
    assert told(an_account(1, POLICE, occurrence=said), an_account(2, SCHOOL, occurrence=said)) == []


@pytest.mark.parametrize(
    "reference",
    [NUMBER, "14-88213-26", "148821326", "SYP 14/88213/26", "our 7, police 14-88213-26", "SCH148821326"],
)
def test_an_agency_that_quotes_the_polices_number_tells_of_its_incident(reference: str) -> None:
    accounts = [an_account(1, POLICE, occurrence=NUMBER), an_account(2, SCHOOL, reference=reference)]
    assert told(*accounts) == [[1, 2]]


@pytest.mark.parametrize("reference", ["14-88213", "114/88213/26", "14/88213/261", "9148821326", "SCH-7", ""])
def test_a_reference_that_holds_only_a_part_of_it_does_not(reference: str) -> None:
    assert told(an_account(1, POLICE, occurrence=NUMBER), an_account(2, SCHOOL, reference=reference)) == []


def test_a_short_number_is_not_found_in_a_reference_by_chance() -> None:
    assert told(an_account(1, POLICE, occurrence="2026"), an_account(2, SCHOOL, reference="S-2026-7")) == []


def test_a_number_of_ones_own_outweighs_what_the_reference_quotes() -> None:
    quoting = an_account(2, SCHOOL, occurrence="14/99999/26", reference=NUMBER)
    assert told(an_account(1, POLICE, occurrence=NUMBER), quoting) == []


def test_a_number_without_punctuation_that_fits_two_is_neither() -> None:
    known = [number for said in ("1/48826", "14/8826") if (number := number_in(said))]
    plain = number_in("148826")
    assert plain is not None
    assert as_known(plain, known) == plain
    assert as_known(plain, known[:1]) == known[0]


def test_of_two_numbers_that_are_quoted_the_longer_is_meant() -> None:
    known = [number for said in ("88213/26", NUMBER) if (number := number_in(said))]
    assert quoted_in("See 14-88213-26.", known) == known[1]


def test_the_number_holds_days_apart_and_for_notices_of_one_agency() -> None:
    accounts = [
        an_account(1, POLICE, it_happened(), occurrence=NUMBER),
        an_account(2, POLICE, it_happened(9000, ALFIE), occurrence=NUMBER),
        an_account(90, SCHOOL, reference=NUMBER),
    ]
    assert told(*accounts) == [[1, 2, 90]]


def test_two_agencies_that_tell_of_one_child_theme_and_hour_tell_of_one_incident() -> None:
    accounts = [an_account(1, POLICE, it_happened()), an_account(2, AMBULANCE, it_happened(25))]
    assert told(*accounts) == [[1, 2]]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (it_happened(61), "more than the window later"),
        (it_happened(-61), "more than the window earlier"),
        (it_happened(5, ALFIE), "another child"),
        (it_happened(5, theme="neglect"), "another theme"),
    ],
)
def test_what_happened_otherwise_is_another_incident(other: Happening, why: str) -> None:
    assert told(an_account(1, POLICE, it_happened()), an_account(2, SCHOOL, other)) == [], why


def test_the_window_is_configured() -> None:
    accounts = [an_account(1, POLICE, it_happened()), an_account(2, AMBULANCE, it_happened(25))]
    assert told(*accounts, window=timedelta(minutes=20)) == []
    assert told(*accounts, window=timedelta(minutes=25)) == [[1, 2]]


def test_two_notices_of_one_agency_are_not_taken_for_one_by_time() -> None:
    accounts = [
        an_account(1, POLICE, it_happened(), occurrence=NUMBER),
        an_account(2, POLICE, it_happened(10), occurrence="14/88299/26"),
        an_account(3, SCHOOL, it_happened(20)),
    ]
    assert told(*accounts) == [[1, 3]]
    assert told(an_account(1, POLICE, it_happened()), an_account(2, POLICE, it_happened(10))) == []


def test_a_chain_does_not_drift_beyond_the_window_of_the_first() -> None:
    accounts = [
        an_account(1, POLICE, it_happened()),
        an_account(2, SCHOOL, it_happened(50)),
        an_account(3, AMBULANCE, it_happened(100)),
        an_account(4, TRUST, it_happened(150)),
    ]
    assert told(*accounts) == [[1, 2], [3, 4]]


def test_a_sibling_that_a_contact_names_too_leads_to_who_tells_of_the_sibling() -> None:
    accounts = [
        an_account(1, SCHOOL, it_happened(0, MAISIE)),
        an_account(2, POLICE, it_happened(5, MAISIE), it_happened(5, ALFIE)),
        an_account(3, TRUST, it_happened(10, ALFIE)),
    ]
    assert told(*accounts) == [[1, 2, 3]]
    assert told(accounts[0], accounts[2]) == []


def test_a_contact_that_came_late_joins_those_of_its_number_by_time() -> None:
    accounts = [
        an_account(1, POLICE, it_happened(), occurrence=NUMBER),
        an_account(2, SCHOOL, reference=NUMBER),
        an_account(3, AMBULANCE, it_happened(-20)),
    ]
    found = incidents_in(accounts, window=HOUR)
    assert [len(one.referral_ids) for one in found] == [3]
    assert found[0].words == (
        "They give the same occurrence number, or tell of a worry of the same kind about the same child,"
        " within 60 minutes."
    )


def test_the_words_say_why() -> None:
    by_number = [an_account(1, POLICE, occurrence=NUMBER), an_account(2, SCHOOL, reference=NUMBER)]
    by_time = [an_account(1, POLICE, it_happened()), an_account(2, AMBULANCE, it_happened(25))]
    said = [incidents_in(accounts, window=HOUR)[0].words for accounts in (by_number, by_time)]
    assert said == [
        "They give the same occurrence number.",
        "They tell of a worry of the same kind about the same child, within 60 minutes.",
    ]


def a_concern(**given: object) -> dict[str, object]:
    plain = {"indicator": "domestic_abuse.child_present", "occurred_at": AT.isoformat(), "since_on": None}
    return {"narrative": "Shouting.", "version": 1, "taken_back_in": None} | plain | given


@pytest.mark.parametrize(
    ("concern", "found"),
    [
        (a_concern(), 1),
        (a_concern(occurred_at=AT), 1),
        (a_concern(since_on="2026-09-01"), 1),
        (a_concern(occurred_at=None, since_on="2026-11-20"), 0),
        (a_concern(occurred_at=None), 0),
        (a_concern(indicator=None), 0),
        (a_concern(indicator="made.up"), 0),
        (a_concern(taken_back_in=2), 0),
    ],
    ids=["said", "a time", "also since", "only since", "no time", "no code", "unknown code", "taken back"],
)
def test_only_what_is_said_to_have_happened_at_a_time_ties(concern: dict[str, object], found: int) -> None:
    assert len(list(happenings_of(MAISIE, [concern]))) == found


NUMBERS = [None, "n/a", NUMBER, "14-88213-26", "148821326", "14/99999/26", "1/488213/26"]
REFERENCES = [None, "SCH-7", "see 14-88213-26", "14/99999/26"]
happenings = st.builds(
    it_happened,
    st.integers(0, 240),
    st.sampled_from([MAISIE, ALFIE, ROSA]),
    st.sampled_from(["domestic_abuse", "neglect"]),
)


@st.composite
def some_accounts(draw: st.DrawFn) -> list[Account]:
    """Return up to eight contacts of four agencies within four hours."""
    return [
        an_account(
            number,
            draw(st.sampled_from([POLICE, SCHOOL, AMBULANCE, TRUST])),
            *draw(st.lists(happenings, max_size=3)),
            occurrence=draw(st.sampled_from(NUMBERS)),
            reference=draw(st.sampled_from(REFERENCES)),
        )
        for number in range(1, draw(st.integers(1, 8)) + 1)
    ]


def of(found: Incident, accounts: list[Account]) -> list[Account]:
    return [account for account in accounts if account.referral_id in found.referral_ids]


def tells_a_number(account: Account) -> bool:
    return number_in(account.occurrence_number) is not None or account.sender_reference in REFERENCES[2:]


@given(accounts=some_accounts(), data=st.data())
def test_the_order_of_contacts_does_not_matter(accounts: list[Account], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(accounts))
    assert incidents_in(shuffled, window=HOUR) == incidents_in(accounts, window=HOUR)


@given(accounts=some_accounts())
def test_a_contact_is_in_one_incident_at_the_most_and_never_alone(accounts: list[Account]) -> None:
    found = incidents_in(accounts, window=HOUR)
    placed = [referral_id for one in found for referral_id in one.referral_ids]
    assert len(placed) == len(set(placed))
    assert all(len(one.referral_ids) > 1 for one in found)


@given(accounts=some_accounts())
def test_without_a_number_no_incident_spans_more_than_the_window(accounts: list[Account]) -> None:
    for found in incidents_in(accounts, window=HOUR):
        members = of(found, accounts)
        if any(tells_a_number(account) for account in members):
            continue
        starts = {(one.theme, one.occurred_at) for account in members for one in account.happenings}
        assert any(
            all(
                any(one.theme == theme and at <= one.occurred_at <= at + HOUR for one in account.happenings)
                for account in members
            )
            for theme, at in starts
        )
        assert len({account.agency_id for account in members}) == len(members)


@given(accounts=some_accounts())
def test_notices_of_one_agency_with_different_numbers_are_never_one(accounts: list[Account]) -> None:
    known = {number for one in accounts if (number := number_in(one.occurrence_number))}
    for found in incidents_in(accounts, window=HOUR):
        for one, other in combinations(of(found, accounts), 2):
            numbers = {
                as_known(number, known)
                for account in (one, other)
                if (number := number_in(account.occurrence_number))
            }
            assert one.agency_id != other.agency_id or len(numbers) < 2


@given(accounts=some_accounts())
def test_contacts_with_one_number_are_always_one(accounts: list[Account]) -> None:
    found = incidents_in(accounts, window=HOUR)
    with_it = {one.referral_id for one in accounts if one.occurrence_number in NUMBERS[2:4]}
    holders = [one for one in found if with_it & set(one.referral_ids)]
    assert len(with_it) < 2 or (len(holders) == 1 and with_it <= set(holders[0].referral_ids))

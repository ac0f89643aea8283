"""How often a child was heard of: counted from its links, and a link never lowers anything."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.triage.evidence.history import (
    Decided,
    Heard,
    a_year_before,
    is_re_referral,
    linked_children,
    repeats,
)
from services.triage.evidence.places import places_of, shows_drawn_in
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import ChildFacts
from services.triage.policy.reading import default_policy
from shared.schemas.families import ChildLinks, LinkedRecord
from shared.schemas.ids import AgencyId, ChildId, RecordId, ReferralId
from shared.schemas.words import Pathway, PersonKind
from tests.rules.test_policy_evaluate import but, is_at_least, some_facts

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
OWN = Heard(ReferralId(UUID(int=1)), NOW)

days = st.integers(0, 800)
ids = st.integers(1, 12)
heard = st.builds(
    lambda number, ago: Heard(ReferralId(UUID(int=number)), NOW - timedelta(days=ago)), ids, days
)
decided = st.builds(
    lambda number, pathway, ago: Decided(ChildId(UUID(int=number)), pathway, NOW - timedelta(days=ago)),
    ids,
    st.sampled_from(Pathway),
    days,
)


@given(
    facts=some_facts(),
    known=st.lists(heard, max_size=5),
    linked=st.lists(heard, max_size=5),
    before=st.lists(decided, max_size=5),
    brought=st.lists(decided, max_size=5),
)
def test_a_link_never_lowers_level_or_colour(
    facts: ChildFacts,
    known: list[Heard],
    linked: list[Heard],
    before: list[Decided],
    brought: list[Decided],
) -> None:
    # What a link brings is of other children than those known already.
    others = [
        Decided(ChildId(UUID(int=one.child_id.int + 100)), one.pathway, one.decided_at) for one in brought
    ]
    without = repeats(OWN, known, before, now=NOW)
    with_link = repeats(OWN, known + linked, before + others, now=NOW)
    answers = [
        recommend(
            default_policy(),
            but(
                facts,
                contacts_12m=one.contacts_12m,
                re_referral_12m=one.re_referral_12m,
                returns_12m=one.returns_12m,
            ),
        )
        for one in (without, with_link)
    ]

    assert with_link.contacts_12m >= without.contacts_12m >= 1
    assert with_link.re_referral_12m >= without.re_referral_12m
    assert with_link.returns_12m >= without.returns_12m
    assert (answers[1].level, answers[1].pathway) == (answers[0].level, answers[0].pathway)
    assert is_at_least(answers[1], answers[0])


@pytest.mark.parametrize(
    ("pathway", "days_before", "is_one"),
    [
        (Pathway.ADVICE, 1, True),
        (Pathway.UNIVERSAL, 364, True),
        (Pathway.EARLY_HELP, 30, True),
        (Pathway.EARLY_HELP, 366, False),
        (Pathway.CHILD_IN_NEED, 30, False),
        (Pathway.STRATEGY_DISCUSSION, 30, False),
        (Pathway.ADVICE, -1, False),
    ],
)
def test_a_return_counts_from_a_decision_that_ended_the_hubs_part(
    pathway: Pathway, days_before: int, *, is_one: bool
) -> None:
    made = Decided(ChildId(UUID(int=9)), pathway, NOW - timedelta(days=days_before))

    assert is_re_referral(NOW, [made]) is is_one


def test_a_decision_that_was_replaced_before_the_child_came_back_ended_nothing() -> None:
    child_id = ChildId(UUID(int=9))
    first = Decided(child_id, Pathway.ADVICE, NOW - timedelta(days=9))
    second = Decided(child_id, Pathway.CHILD_IN_NEED, NOW - timedelta(days=8))

    assert not is_re_referral(NOW, [second, first])


def test_one_referral_counts_once_and_the_own_one_always() -> None:
    again = Heard(OWN.referral_id, NOW)
    sibling = Heard(ReferralId(UUID(int=2)), NOW - timedelta(days=3))

    assert repeats(OWN, [again, sibling, sibling], [], now=NOW).contacts_12m == 2
    assert repeats(OWN, [], [], now=NOW + timedelta(days=900)).contacts_12m == 1


def test_a_year_before_the_29th_of_february_is_the_28th() -> None:
    assert a_year_before(datetime(2028, 2, 29, 8, tzinfo=UTC)) == datetime(2027, 2, 28, 8, tzinfo=UTC)


def test_a_record_of_the_child_as_an_adult_is_another_childs_history() -> None:
    links = ChildLinks(
        child_id=ChildId(UUID(int=1)),
        referral_id=OWN.referral_id,
        linked=[_linked(2, PersonKind.CHILD, is_confirmed=False), _linked(3, PersonKind.ADULT)],
    )

    assert linked_children(links) == {ChildId(UUID(int=2)): False}
    assert linked_children(None) == {}


def _linked(number: int, kind: PersonKind, *, is_confirmed: bool = True) -> LinkedRecord:
    return LinkedRecord(
        record_id=RecordId(UUID(int=number)),
        kind=kind,
        referral_id=ReferralId(UUID(int=number)),
        reference="SH-00000000-0",
        agency_id=AgencyId(UUID(int=4)),
        received_at=NOW,
        is_confirmed=is_confirmed,
    )


def moves(*said: tuple[int, Pathway | None]) -> int:
    """Return how often a child came back, by days ago: a decision, or None for a contact."""
    at = {ago: NOW - timedelta(days=ago) for ago, _ in said}
    contacts = [Heard(ReferralId(UUID(int=ago)), at[ago]) for ago, what in said if what is None]
    made = [Decided(ChildId(UUID(int=1)), what, at[ago]) for ago, what in said if what is not None]
    return repeats(Heard(OWN.referral_id, at[said[0][0]]), contacts, made, now=NOW).returns_12m


IN_NEED, EARLY_HELP, ADVICE = Pathway.CHILD_IN_NEED, Pathway.EARLY_HELP, Pathway.ADVICE


@pytest.mark.parametrize(
    ("said", "returns"),
    [
        ([(9, None)], 0),
        ([(9, None), (8, ADVICE), (7, None)], 1),
        # Two who tell of the same, or two who decide the same, are one return.
        ([(9, None), (8, ADVICE), (7, None), (6, None)], 1),
        ([(9, None), (8, ADVICE), (7, EARLY_HELP), (6, None)], 1),
        # Stepped down from social care to early help, and back again, twice.
        ([(9, None), (8, IN_NEED), (7, EARLY_HELP), (6, IN_NEED), (5, EARLY_HELP), (4, None)], 2),
        ([(9, None), (8, IN_NEED), (7, None), (6, IN_NEED)], 0),
        # What lies more than a year back counts no more.
        ([(900, None), (800, ADVICE), (700, None), (60, ADVICE), (50, None)], 1),
    ],
)
def test_a_return_is_counted_once_however_many_say_so(
    said: list[tuple[int, Pathway | None]], returns: int
) -> None:
    assert moves(*said) == returns


def test_a_place_is_a_district_or_a_school_and_never_nearer() -> None:
    home = {"lines": ["1 Test Row"], "town": "Northtown", "postcode": "dn1 1aa"}
    school = {"name": " Example  Primary", "urn": "123456"}
    assert places_of({"address": home, "school": school}) == [
        "district:DN1",
        "urn:123456",
        "school:example primary",
    ]
    assert places_of({"address": {"postcode": "by the river"}, "school": None}) == places_of(None) == []
    assert shows_drawn_in([{"indicator": None}, {"indicator": "missing.several"}])
    assert not shows_drawn_in([{"indicator": "neglect.early"}, {"indicator": "missing.slip_of_the_pen"}])

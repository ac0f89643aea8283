"""Who may see what, which decision is news, and when a delivery is tried again."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import get_args

import pytest

from services.notifications.messages import read_messages, read_notice_texts, write_message, write_notice
from services.notifications.rules import (
    AFTER_WITHDRAWAL,
    MAY_SEE,
    NOTICE_TYPES,
    TEAM_NAMES,
    Answered,
    AttemptError,
    Occasion,
    Recipient,
    Told,
    limit_to_audience,
    next_attempt_at,
    read_retry_after,
    still_to_tell,
    who_hears_of_a_correction,
)
from services.notifications.settings import Settings
from shared.schemas.decisions import DecisionOutcome
from shared.schemas.ids import AgencyId, CaseId, ChildId, DecisionId, new_id
from shared.schemas.notices import NoticeType
from shared.schemas.outcomes import Outcome, Team
from shared.schemas.words import Pathway, Sector, WithdrawalState
from tests.notifications.making import HEALTH, POLICE, SCHOOL, TEN_ON_MONDAY, a_decision

SCHEDULE = Settings.model_fields["attempt_delays_seconds"].default
NOT_TAKEN = Answered(500, AttemptError.NOT_ACCEPTED)
HOUR = timedelta(hours=1)
OTHER = AgencyId(new_id())

#: Fields that say which outcome it is and where it stands, not what was decided.
ENVELOPE = {"event_id", "cursor", "type", "occurred_at", "supersedes", "acknowledged_at"}


def test_every_audience_has_a_list_of_what_it_may_see() -> None:
    assert set(MAY_SEE) == set(Sector)


@pytest.mark.parametrize("audience", Sector)
def test_an_audience_sees_the_fields_on_its_list_and_no_other(audience: Sector) -> None:
    everything = dict.fromkeys(Outcome.model_fields, "said") | {"rationale": "said", "given_name": "said"}
    limited = limit_to_audience(audience, everything)
    assert {name for name, value in limited.items() if value is not None} == MAY_SEE[audience]


def test_no_list_names_what_is_not_in_an_outcome() -> None:
    assert all(seen <= set(Outcome.model_fields) - ENVELOPE for seen in MAY_SEE.values())


def test_every_field_that_an_outcome_must_have_is_on_every_list() -> None:
    required = {name for name, field in Outcome.model_fields.items() if field.is_required()} - ENVELOPE
    assert all(required <= seen for seen in MAY_SEE.values())


def test_an_agency_outside_the_partnership_learns_less() -> None:
    assert {"level", "threshold_feedback"}.isdisjoint(MAY_SEE[Sector.OTHER])


@pytest.mark.parametrize("audience", Sector)
@pytest.mark.parametrize("outcome", Pathway)
def test_every_outcome_has_words_for_every_audience(outcome: Pathway, audience: Sector) -> None:
    words = write_message(outcome, audience, Team(name="Duty team", telephone="01632 960001"))
    assert "Duty team" in words
    assert "01632 960001" in words
    assert not re.search(r"[{}]|\bn't\b|  ", words)
    assert len(words) < 500


def yaml_of(**changed: str) -> str:
    texts = {str(outcome): {str(who): "Ring {team}." for who in Sector} for outcome in Pathway}
    texts[Pathway.ADVICE] |= changed
    return json.dumps(texts)


@pytest.mark.parametrize("text", ["About {child}.", "{team.__class__}", "{0}", "{}", " "])
def test_a_message_cannot_be_filled_in_with_anything_else_and_cannot_be_empty(text: str) -> None:
    assert read_messages(yaml_of())
    with pytest.raises(ValueError, match="advice to police"):
        read_messages(yaml_of(police=text))


@pytest.mark.parametrize("audience", Sector)
@pytest.mark.parametrize("occasion", Occasion)
def test_every_kind_of_notice_has_words_for_every_audience(occasion: Occasion, audience: Sector) -> None:
    words = write_notice(occasion, audience, Team(name="Duty team", telephone="01632 960001"))
    assert "Duty team, 01632 960001" in words
    assert not re.search(r"[{}]|n't\b|  ", words)
    # Whoever opens it may not be who was worried, and the rest of the case is not theirs to know.
    assert not re.search(r"\b(child|children|mother|father|police|school|agency|agencies)\b", words)
    assert len(words) < 500


@pytest.mark.parametrize("text", ["About {child}.", "{0}", " "])
def test_a_notice_cannot_be_filled_in_with_anything_else_and_cannot_be_empty(text: str) -> None:
    texts = {str(occasion): {"default": "Ring {team}."} for occasion in Occasion}
    assert read_notice_texts(json.dumps(texts))
    for broken in ({"default": text}, {"default": "Ring {team}.", "police": text}, {"police": "Ring."}):
        with pytest.raises(ValueError, match="withdrawal_agreed to"):
            read_notice_texts(json.dumps(texts | {"withdrawal_agreed": broken}))


def test_every_occasion_is_of_a_type_that_partners_know_and_none_is_left_out() -> None:
    assert set(NOTICE_TYPES) == set(Occasion)
    assert set(NOTICE_TYPES.values()) == set(get_args(NoticeType))
    assert set(AFTER_WITHDRAWAL) == set(WithdrawalState) - {WithdrawalState.REQUESTED}


def test_whoever_was_told_or_asked_hears_of_a_correction_once_and_its_sender_does_not() -> None:
    case_id = CaseId(new_id())

    def told(agency_id: AgencyId, reference: str) -> Recipient:
        return Recipient(agency_id, Sector.OTHER, Occasion.CORRECTED_SINCE_TOLD, reference, "OURS-7")

    def asked(agency_id: AgencyId) -> Recipient:
        occasion = Occasion.CORRECTED_SINCE_ASKED
        return Recipient(agency_id, Sector.OTHER, occasion, "SH-CORRECTED", case_id=case_id)

    heard = who_hears_of_a_correction(
        [told(POLICE, "SH-OF-POLICE"), told(SCHOOL, "SH-OF-SCHOOL"), told(HEALTH, "SH-OF-HEALTH")],
        [asked(SCHOOL), asked(OTHER), asked(POLICE)],
        sender=POLICE,
    )
    assert {each.agency_id: each for each in heard} == {
        HEALTH: told(HEALTH, "SH-OF-HEALTH"),
        OTHER: asked(OTHER),
        SCHOOL: replace(asked(SCHOOL), reference="SH-OF-SCHOOL", sender_reference="OURS-7"),
    }
    assert len(heard) == 3


def test_every_outcome_has_a_team_to_ring() -> None:
    assert set(TEAM_NAMES) == set(Pathway)


def a_chain(length: int) -> list[DecisionOutcome]:
    child_id, case_id = ChildId(new_id()), CaseId(new_id())
    chain: list[DecisionOutcome] = []
    for place in range(length):
        before: DecisionId | None = chain[-1].decision_id if chain else None
        at = TEN_ON_MONDAY + place * HOUR
        chain.append(a_decision(child_id=child_id, case_id=case_id, supersedes=before, decided_at=at))
    return chain


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_decisions_are_told_in_the_order_they_were_made_however_they_arrive(order: tuple[int, ...]) -> None:
    chain, told = a_chain(4), list[Told]()
    for place in order:
        for decision in still_to_tell(chain[: place + 1], told, received_at=TEN_ON_MONDAY - HOUR):
            told.append(Told(decision.decision_id, decision.decided_at))
    assert [each.decision_id for each in told] == [each.decision_id for each in chain]


def test_within_a_chain_the_clocks_of_two_hosts_do_not_count() -> None:
    first = a_decision()
    second = a_decision(supersedes=first.decision_id, decided_at=first.decided_at - timedelta(seconds=2))
    told = [Told(first.decision_id, first.decided_at)]
    assert still_to_tell([first, second], told, received_at=TEN_ON_MONDAY - HOUR) == [second]


def test_an_older_decision_of_no_known_chain_is_not_told_after_a_newer_one() -> None:
    older = a_decision(decided_at=TEN_ON_MONDAY)
    told = [Told(DecisionId(new_id()), TEN_ON_MONDAY + HOUR)]
    assert still_to_tell([older], told, received_at=TEN_ON_MONDAY - HOUR) == []


def test_what_was_replaced_before_a_referral_arrived_is_no_news_to_its_sender() -> None:
    chain = a_chain(3)
    late = chain[1].decided_at + timedelta(minutes=1)
    assert still_to_tell(chain, [], received_at=late) == [chain[2]]


def test_the_last_decision_is_news_to_a_referral_that_joined_after_it() -> None:
    chain = a_chain(2)
    assert still_to_tell(chain, [], received_at=chain[1].decided_at + HOUR) == [chain[1]]


def test_ten_tries_take_75_hours_35_minutes_and_5_seconds() -> None:
    now, times = TEN_ON_MONDAY, 0
    while (again := next_attempt_at(times, NOT_TAKEN, schedule=SCHEDULE, now=now, dice=0.5)) is not None:
        now, times = again, times + 1
    assert (times, now - TEN_ON_MONDAY) == (10, timedelta(hours=75, minutes=35, seconds=5))


@pytest.mark.parametrize("attempts", range(1, 10))
def test_a_try_comes_within_a_fifth_of_its_time(attempts: int) -> None:
    waits = [
        next_attempt_at(attempts, NOT_TAKEN, schedule=SCHEDULE, now=TEN_ON_MONDAY, dice=dice)
        for dice in (0.0, 0.5, 1.0)
    ]
    base = SCHEDULE[attempts]
    assert waits == [TEN_ON_MONDAY + timedelta(seconds=base * share) for share in (0.8, 1.0, 1.2)]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0", 5.0),
        ("1000000000", 10.0),
        ("Sat, 01 Jan 2000 00:00:00 GMT", 5.0),
        ("Mon, 23 Nov 2026 10:00:08 GMT", 8.0),
        ("Mon, 23 Nov 2026 10:00:08 -0000", 8.0),
    ],
)
def test_a_receiver_that_names_a_time_is_heeded_within_reason(header: str, seconds: float) -> None:
    answered = Answered(429, AttemptError.NOT_ACCEPTED, header)
    again = next_attempt_at(1, answered, schedule=SCHEDULE, now=TEN_ON_MONDAY, dice=1.0)
    assert again == TEN_ON_MONDAY + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "header", [None, "", "-5", "soon", "1.5", "9" * 5000, "٣", "Mon, 99 Nov 2026 10:00:08 GMT"]
)
def test_a_retry_after_that_says_nothing_is_no_time(header: str | None) -> None:
    assert read_retry_after(header, now=datetime(2026, 11, 23, tzinfo=UTC)) is None

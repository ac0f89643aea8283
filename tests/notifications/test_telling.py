"""Everyone who referred a child is told what was decided: once, in order, and no more than they may know."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations

import pytest

from services.notifications.actions.deliveries import Bell
from services.notifications.actions.telling import Addressee, News
from services.notifications.actions.webhooks import create_webhook
from services.notifications.models import Outcome
from services.notifications.store import outcomes as store
from services.notifications.store.outcomes import Wanted
from services.notifications.webhooks.signing import Vault
from shared.platform.database import Sessions, transaction
from shared.schemas.decisions import DecisionOutcome
from shared.schemas.ids import AgencyId, ChildId, new_id
from shared.schemas.outcomes import WebhookForm
from shared.schemas.progress import AcceptedChild, ReferralSender
from shared.schemas.words import Pathway, Sector
from tests.notifications.conftest import ask, tell
from tests.notifications.making import (
    POLICE,
    SCHOOL,
    TEN_ON_MONDAY,
    a_client,
    a_decision,
    a_sender,
    news_of,
    some_news,
)

FORM = WebhookForm(url="https://police.example/hub", event_types=("outcome.decided",))


async def feed_of(sessions: Sessions, agency_id: AgencyId = POLICE) -> Sequence[Outcome]:
    async with transaction(sessions, "tests") as tx:
        found = await store.list_outcomes(tx, Wanted(agency_id), after=None, limit=1000)
        return [outcome for outcome, _ in found]


def a_chain(length: int) -> list[DecisionOutcome]:
    chain = [a_decision()]
    for place in range(1, length):
        before = chain[-1]
        later = before.decided_at + timedelta(hours=place)
        chain.append(a_decision(child_id=before.child_id, supersedes=before.decision_id, decided_at=later))
    return chain


async def test_a_decision_is_told_once_however_often_it_is_announced(sessions: Sessions) -> None:
    news = some_news()
    first, again = await tell(sessions, news), await tell(sessions, news)
    assert [outcome.event_id for outcome in await feed_of(sessions)] == first
    assert again == []


async def test_the_same_decision_announced_ten_times_at_once_is_told_once(sessions: Sessions) -> None:
    news = some_news()
    told = await asyncio.gather(*(tell(sessions, news) for _ in range(10)))
    assert sum(len(each) for each in told) == 1


async def test_each_sender_and_each_child_has_an_answer_of_its_own(sessions: Sessions) -> None:
    elder, younger = a_decision(), a_decision(pathway=Pathway.ADVICE, level=1)
    both = [
        AcceptedChild(child_id=decision.child_id, sender_child_reference=name)
        for decision, name in ((elder, "c1"), (younger, "c2"))
    ]
    police = a_sender(elder.child_id, children=both)
    school = a_sender(elder.child_id, agency_id=SCHOOL, children=both)
    for decision in (elder, younger):
        to = [Addressee(police, Sector.POLICE), Addressee(school, Sector.EDUCATION)]
        await tell(sessions, News([decision], to))
    for agency_id in (POLICE, SCHOOL):
        told = [(each.sender_child_reference, each.outcome) for each in await feed_of(sessions, agency_id)]
        assert told == [("c1", "early_help"), ("c2", "advice")]


async def test_a_sender_is_told_nothing_of_a_child_it_did_not_name(sessions: Sessions) -> None:
    decision = a_decision()
    assert await tell(sessions, news_of(decision, sender=a_sender(ChildId(new_id())))) == []
    assert await ask(sessions, "SELECT action FROM audit.entry") == "outcome.not_owed"


async def test_a_later_decision_names_the_outcome_it_replaces(sessions: Sessions) -> None:
    first, second = a_chain(2)
    sender = a_sender(first.child_id)
    await tell(sessions, news_of(first, sender=sender))
    await tell(sessions, news_of(first, second, sender=sender))
    told = await feed_of(sessions)
    assert [each.decision_id for each in told] == [first.decision_id, second.decision_id]
    assert [each.supersedes for each in told] == [None, told[0].event_id]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_the_newest_decision_is_the_last_word_in_whatever_order_they_arrive(
    sessions: Sessions, order: tuple[int, ...]
) -> None:
    chain = a_chain(3)
    sender = a_sender(chain[0].child_id)
    for place in order:
        await tell(sessions, news_of(*chain[: place + 1], sender=sender))
    told = await feed_of(sessions)
    assert [each.decision_id for each in told] == [each.decision_id for each in chain]
    assert [each.supersedes for each in told] == [None, told[0].event_id, told[1].event_id]


async def test_decisions_announced_at_the_same_moment_are_told_in_order(sessions: Sessions) -> None:
    chain = a_chain(4)
    sender = a_sender(chain[0].child_id)
    arrivals = (news_of(*chain[: place + 1], sender=sender) for place in (3, 1, 2, 0, 3, 2))
    await asyncio.gather(*(tell(sessions, news) for news in arrivals))
    assert [each.decision_id for each in await feed_of(sessions)] == [each.decision_id for each in chain]


async def test_numbers_leave_no_gap_and_never_go_back_under_concurrent_commits(sessions: Sessions) -> None:
    seen: list[int] = []
    ended = asyncio.Event()

    async def read_on() -> None:
        while not ended.is_set():
            async with transaction(sessions, "tests") as tx:
                after = seen[-1] if seen else None
                found = await store.list_outcomes(tx, Wanted(POLICE), after=after, limit=1000)
                seen.extend(outcome.number for outcome, _ in found)

    reading = asyncio.create_task(read_on())
    await asyncio.gather(*(tell(sessions, some_news()) for _ in range(60)))
    ended.set()
    await reading
    assert seen == list(range(1, len(seen) + 1))
    assert [outcome.number for outcome in await feed_of(sessions)] == list(range(1, 61))


async def test_two_decisions_about_the_same_agencies_do_not_block_each_other_for_good(
    sessions: Sessions,
) -> None:
    def crossing(*, police_first: bool) -> News:
        decision = a_decision()
        to = [
            Addressee(a_sender(decision.child_id), Sector.POLICE),
            Addressee(a_sender(decision.child_id, agency_id=SCHOOL), Sector.EDUCATION),
        ]
        return News([decision], to if police_first else to[::-1])

    await asyncio.gather(*(tell(sessions, crossing(police_first=bool(n % 2))) for n in range(20)))
    assert len(await feed_of(sessions, POLICE)) == len(await feed_of(sessions, SCHOOL)) == 20


async def test_what_an_audience_may_not_see_is_not_even_stored(sessions: Sessions) -> None:
    await tell(sessions, some_news(audience=Sector.OTHER))
    (told,) = await feed_of(sessions)
    assert (told.level, told.threshold_feedback, told.challenge_by) == (None, None, None)
    assert await ask(sessions, "SELECT threshold_feedback IS NULL FROM notifications.outcome")


async def test_a_partner_may_challenge_for_some_working_days_from_when_it_is_told(sessions: Sessions) -> None:
    await tell(sessions, some_news(decided_at=TEN_ON_MONDAY - timedelta(days=3)))
    (told,) = await feed_of(sessions)
    assert told.challenge_by == TEN_ON_MONDAY + timedelta(days=14)


async def test_a_webhook_is_due_what_is_told_after_it_was_made(sessions: Sessions, vault: Vault) -> None:
    await tell(sessions, some_news())
    async with transaction(sessions, "tests") as tx:
        await create_webhook(tx, FORM, a_client(), vault, now=TEN_ON_MONDAY)
        await create_webhook(tx, FORM, a_client(SCHOOL), vault, now=TEN_ON_MONDAY)
    (event_id,) = await tell(sessions, some_news())
    assert await ask(sessions, "SELECT array_agg(event_id) FROM notifications.delivery") == [event_id]


async def test_everyone_told_is_on_record_with_the_decision(sessions: Sessions) -> None:
    decision: DecisionOutcome = a_decision()
    sender: ReferralSender = a_sender(decision.child_id)
    (event_id,) = await tell(sessions, news_of(decision, sender=sender))
    subjects = await ask(sessions, "SELECT subject_ids FROM audit.entry WHERE action = 'outcome.told'")
    assert subjects == [sender.referral_id, decision.child_id, decision.decision_id, event_id]


async def test_the_bell_rings_when_the_outcome_can_be_seen_and_not_before(sessions: Sessions) -> None:
    bell = Bell()
    async with transaction(sessions, "tests") as tx:
        bell.ring_after(tx)
        assert not bell.rung.is_set()
    assert bell.rung.is_set()

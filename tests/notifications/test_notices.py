"""What happened to a referral beside its outcomes reaches whoever it concerns: once, and in its own names."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from services.notifications.events import SUBSCRIPTIONS, Here
from services.notifications.models import Notice
from services.notifications.store.notices import list_notices
from shared.platform.database import Sessions, transaction
from shared.platform.delivery import deliver
from shared.platform.subscriptions import Workplace
from shared.schemas.decisions import DecisionOutcome
from shared.schemas.events import (
    CaseCorrected,
    ChildDecided,
    Event,
    FurtherInformationRequested,
    WithdrawalDecided,
)
from shared.schemas.ids import AgencyId, CaseId, new_id
from shared.schemas.progress import ReferralSender
from shared.schemas.words import Sector, WithdrawalState
from tests.notifications.conftest import ask, give, tell
from tests.notifications.making import (
    HEALTH,
    POLICE,
    SCHOOL,
    TEN_ON_MONDAY,
    a_correction,
    a_decision,
    a_request,
    a_sender,
    a_withdrawal,
    news_of,
    some_news,
    some_notice,
)
from tests.notifications.owners import Owners


async def feed_of(sessions: Sessions, agency_id: AgencyId = POLICE) -> Sequence[Notice]:
    async with transaction(sessions, "tests") as tx:
        return await list_notices(tx, agency_id, after=None, limit=1000)


async def hear(workplace: Workplace[Here], event: Event) -> bool:
    (handler,) = SUBSCRIPTIONS[type(event)]
    return await deliver(event, handler, workplace)


def a_request_event(owners: Owners, **given: Any) -> FurtherInformationRequested:
    asked = a_request(**given)
    owners.know_request(asked)
    return FurtherInformationRequested(
        occurred_at=TEN_ON_MONDAY, request_id=asked.request_id, referral_id=asked.referral_id
    )


def a_withdrawal_event(owners: Owners, **given: Any) -> WithdrawalDecided:
    wish = a_withdrawal(**given)
    owners.know_withdrawal(wish)
    return WithdrawalDecided(
        occurred_at=TEN_ON_MONDAY, withdrawal_id=wish.withdrawal_id, referral_id=wish.referral_id
    )


def a_correction_event(owners: Owners, **given: Any) -> CaseCorrected:
    corrected = a_sender(a_decision().child_id)
    owners.know(senders=(corrected,))
    return a_correction(corrected, **given)


async def test_a_sender_is_told_what_it_is_asked_and_by_when(
    workplace: Workplace[Here], owners: Owners
) -> None:
    await hear(workplace, a_request_event(owners))
    (notice,) = await feed_of(workplace.sessions)
    assert (notice.occasion, notice.sender_reference) == ("further_information_requested", "SYP-2026-114226")
    asked = notice.further_information or {}
    assert (asked["due_at"], asked["requested_by"]) == ("2026-11-24T10:00:00Z", "Omar Khan")
    assert {"agency_id", "referral_id"}.isdisjoint(asked)
    assert workplace.here.bell.rung.is_set()


@pytest.mark.parametrize(
    ("state", "occasion"),
    [(WithdrawalState.AGREED, "withdrawal_agreed"), (WithdrawalState.DECLINED, "withdrawal_declined")],
)
async def test_a_sender_is_told_what_became_of_its_wish(
    workplace: Workplace[Here], owners: Owners, state: WithdrawalState, occasion: str
) -> None:
    await hear(workplace, a_withdrawal_event(owners, state=state))
    (notice,) = await feed_of(workplace.sessions)
    assert (notice.occasion, (notice.withdrawal or {})["state"]) == (occasion, state)


@pytest.mark.parametrize("make", [a_request_event, a_withdrawal_event, a_correction_event])
async def test_an_event_heard_again_and_again_makes_one_notice(
    workplace: Workplace[Here], owners: Owners, make: Any
) -> None:
    given = {"asked_agency_ids": (HEALTH, HEALTH)} if make is a_correction_event else {}
    event = make(owners, **given)
    done = await asyncio.gather(*(hear(workplace, event) for _ in range(5)))
    assert sorted(done) == [False] * 4 + [True]
    assert await ask(workplace.sessions, "SELECT count(*) FROM notifications.notice") == 1


async def test_whoever_was_told_is_told_again_by_its_own_referral(
    workplace: Workplace[Here], owners: Owners
) -> None:
    decision = a_decision()
    own = a_sender(decision.child_id, agency_id=SCHOOL, sender_reference="SCHOOL-1")
    await tell(workplace.sessions, news_of(decision, sender=own, audience=Sector.EDUCATION))
    await tell(workplace.sessions, news_of(decision, sender=a_sender(decision.child_id)))
    await tell(workplace.sessions, some_news(agency_id=HEALTH))
    await hear(workplace, a_correction_event(owners, case_id=decision.case_id))
    (notice,) = await feed_of(workplace.sessions, SCHOOL)
    assert (notice.occasion, notice.audience) == ("corrected_since_told", "education")
    assert (notice.reference, notice.sender_reference) == (own.reference, "SCHOOL-1")
    assert notice.case_id is None
    # The sender of the correction, and one that was told of another case.
    assert await feed_of(workplace.sessions, POLICE) == []
    assert await feed_of(workplace.sessions, HEALTH) == []


async def test_whoever_was_asked_is_told_by_the_case_its_questions_name(
    workplace: Workplace[Here], owners: Owners
) -> None:
    event = a_correction_event(owners, asked_agency_ids=(HEALTH, POLICE))
    await hear(workplace, event)
    (notice,) = await feed_of(workplace.sessions, HEALTH)
    assert (notice.occasion, notice.case_id) == ("corrected_since_asked", event.case_id)
    assert (notice.referral_id, notice.sender_reference) == (event.referral_id, None)
    assert await feed_of(workplace.sessions, POLICE) == []


async def test_whoever_was_told_of_two_children_and_asked_besides_hears_once(
    workplace: Workplace[Here], owners: Owners
) -> None:
    case_id = CaseId(new_id())
    for name in ("SCHOOL-1", "SCHOOL-2"):
        decision = a_decision(case_id=case_id)
        own = a_sender(decision.child_id, agency_id=SCHOOL, sender_reference=name)
        await tell(workplace.sessions, news_of(decision, sender=own, audience=Sector.EDUCATION))
    await hear(workplace, a_correction_event(owners, case_id=case_id, asked_agency_ids=(SCHOOL,)))
    (notice,) = await feed_of(workplace.sessions, SCHOOL)
    assert (notice.sender_reference, notice.case_id) == ("SCHOOL-2", case_id)


def announced(decision: DecisionOutcome, sender: ReferralSender, *, version: int) -> ChildDecided:
    return ChildDecided(
        occurred_at=TEN_ON_MONDAY,
        case_id=decision.case_id,
        child_id=decision.child_id,
        referral_ids=(sender.referral_id,),
        decision_id=decision.decision_id,
        version=version,
    )


@pytest.mark.parametrize(("version", "notices"), [(8, 1), (10, 0)])
async def test_a_decision_that_is_told_late_brings_the_corrections_it_knew_nothing_of(
    workplace: Workplace[Here], owners: Owners, version: int, notices: int
) -> None:
    decision = a_decision()
    own = a_sender(decision.child_id, agency_id=SCHOOL)
    owners.know(decision, senders=(own,))
    await hear(workplace, a_correction_event(owners, case_id=decision.case_id, version=9))
    await hear(workplace, announced(decision, own, version=version))
    given = await feed_of(workplace.sessions, SCHOOL)
    assert [(each.occasion, each.reference) for each in given] == [
        ("corrected_since_told", own.reference)
    ] * notices


async def test_a_decision_and_its_correction_heard_at_the_same_moment_leave_one_notice(
    workplace: Workplace[Here], owners: Owners
) -> None:
    for _ in range(10):
        decision = a_decision()
        own = a_sender(decision.child_id, agency_id=SCHOOL)
        owners.know(decision, senders=(own,))
        both = (announced(decision, own, version=8), a_correction_event(owners, case_id=decision.case_id))
        await asyncio.gather(*(hear(workplace, event) for event in both))
    assert len(await feed_of(workplace.sessions, SCHOOL)) == 10


async def test_numbers_leave_no_gap_and_never_go_back_under_concurrent_commits(sessions: Sessions) -> None:
    seen: list[int] = []
    ended = asyncio.Event()

    async def read_on() -> None:
        while not ended.is_set():
            async with transaction(sessions, "tests") as tx:
                after = seen[-1] if seen else None
                seen.extend(each.number for each in await list_notices(tx, POLICE, after=after, limit=1000))

    reading = asyncio.create_task(read_on())
    outcomes = (tell(sessions, some_news()) for _ in range(20))
    await asyncio.gather(*(give(sessions, some_notice()) for _ in range(40)), *outcomes)
    ended.set()
    await reading
    assert seen == list(range(1, len(seen) + 1))
    assert [notice.number for notice in await feed_of(sessions)] == list(range(1, 41))
    numbers = "SELECT array_agg(number ORDER BY number) FROM notifications.outcome"
    assert await ask(sessions, numbers) == list(range(1, 21))


async def test_corrections_that_concern_the_same_agencies_do_not_block_each_other_for_good(
    workplace: Workplace[Here], owners: Owners
) -> None:
    orders = [(SCHOOL, HEALTH), (HEALTH, SCHOOL)] * 8
    events = [a_correction_event(owners, asked_agency_ids=order) for order in orders]
    await asyncio.gather(*(hear(workplace, event) for event in events))
    assert (
        len(await feed_of(workplace.sessions, SCHOOL)) == len(await feed_of(workplace.sessions, HEALTH)) == 16
    )


async def test_everyone_given_notice_is_on_record_without_a_word_of_it(sessions: Sessions) -> None:
    announcement = some_notice()
    (event_id,) = await give(sessions, announcement)
    found = "SELECT {} FROM audit.entry WHERE action = 'notice.given'"
    assert await ask(sessions, found.format("subject_ids")) == [announcement.referral_id, event_id]
    facts = {"occasion": "further_information_requested", "agency_id": str(POLICE)}
    assert await ask(sessions, found.format("facts")) == facts

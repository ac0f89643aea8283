"""A child decided, from the event to the outcomes: owners asked first, then one transaction, once."""

import asyncio
from pathlib import Path

import httpx
import pytest

from services.notifications.app import create_app
from services.notifications.events import SUBSCRIPTIONS, Here
from services.notifications.settings import Settings
from shared.platform.delivery import deliver
from shared.platform.subscriptions import Workplace
from shared.schemas.decisions import DecisionOutcome
from shared.schemas.events import ChildDecided
from shared.schemas.progress import ReferralSender
from tests.notifications.conftest import ask
from tests.notifications.making import SCHOOL, TEN_ON_MONDAY, a_decision, a_sender
from tests.notifications.owners import Owners

(HANDLER,) = SUBSCRIPTIONS[ChildDecided]


def announced(decision: DecisionOutcome, *senders: ReferralSender) -> ChildDecided:
    return ChildDecided(
        occurred_at=TEN_ON_MONDAY,
        case_id=decision.case_id,
        child_id=decision.child_id,
        referral_ids=tuple(sender.referral_id for sender in senders),
        decision_id=decision.decision_id,
        version=7,
    )


async def test_everyone_who_referred_the_child_is_told_in_the_words_for_its_kind(
    workplace: Workplace[Here], owners: Owners
) -> None:
    decision = a_decision()
    police, school = a_sender(decision.child_id), a_sender(decision.child_id, agency_id=SCHOOL)
    owners.know(decision, senders=(police, school))
    assert await deliver(announced(decision, police, school), HANDLER, workplace)
    audiences = "SELECT array_agg(audience ORDER BY audience) FROM notifications.outcome"
    assert await ask(workplace.sessions, audiences) == ["education", "police"]
    assert workplace.here.bell.rung.is_set()


async def test_an_event_delivered_again_and_again_has_one_effect(
    workplace: Workplace[Here], owners: Owners
) -> None:
    decision = a_decision()
    sender = a_sender(decision.child_id)
    owners.know(decision, senders=(sender,))
    event = announced(decision, sender)
    done = await asyncio.gather(*(deliver(event, HANDLER, workplace) for _ in range(5)))
    assert sorted(done) == [False] * 4 + [True]
    assert await ask(workplace.sessions, "SELECT count(*) FROM notifications.outcome") == 1


async def test_a_decision_that_overtook_the_one_it_replaces_brings_it_along(
    workplace: Workplace[Here], owners: Owners
) -> None:
    first = a_decision()
    second = a_decision(child_id=first.child_id, supersedes=first.decision_id, level=3)
    sender = a_sender(first.child_id)
    owners.know(first, second, senders=(sender,))
    await deliver(announced(second, sender), HANDLER, workplace)
    await deliver(announced(first, sender), HANDLER, workplace)
    order = "SELECT array_agg(decision_id ORDER BY number) FROM notifications.outcome"
    assert await ask(workplace.sessions, order) == [first.decision_id, second.decision_id]


async def test_nothing_is_told_while_an_owner_does_not_answer(
    workplace: Workplace[Here], owners: Owners
) -> None:
    decision = a_decision()
    sender = a_sender(decision.child_id)
    owners.know(decision)
    with pytest.raises(httpx.HTTPStatusError):
        await deliver(announced(decision, sender), HANDLER, workplace)
    assert await ask(workplace.sessions, "SELECT count(*) FROM notifications.outcome") == 0
    assert await ask(workplace.sessions, "SELECT count(*) FROM notifications.inbox") == 0


def test_what_happened_before_notifications_first_ran_is_owed_an_answer_too() -> None:
    assert all(handler.from_the_start for handlers in SUBSCRIPTIONS.values() for handler in handlers)


async def test_the_service_is_put_together_from_its_environment(
    monkeypatch: pytest.MonkeyPatch, key_file: Path, tmp_path: Path, database_url: str
) -> None:
    (tmp_path / "webhook.key").write_text("Zm9yLXRlc3RzLW9ubHktMzItYnl0ZXMtbG9uZy1rZXk=\n")
    for name, value in {
        "PORT": "8004",
        "ACCESS_URL": "http://access",
        "INTAKE_URL": "http://intake",
        "TRIAGE_URL": "http://triage",
        "PUBLIC_URL": "https://hub.example",
        "NATS_URL": "nats://nowhere",
        "DATABASE_URL": database_url,
        "KEY_FILE": str(key_file),
        "WEBHOOK_KEY_FILE": str(tmp_path / "webhook.key"),
        "TEAMS": '{"early_help": {"telephone": "01632 960002"}}',
    }.items():
        monkeypatch.setenv(f"HUB_NOTIFICATIONS_{name}", value)
    app = create_app(Settings(), with_workers=False)
    assert {"/v1/outcomes", "/v1/notices"} <= set(app.openapi()["paths"])

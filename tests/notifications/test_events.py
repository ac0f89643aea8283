"""A child decided, from the event to the outcomes: owners asked first, then one transaction, once."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey

from services.notifications.actions.deliveries import Bell
from services.notifications.app import create_app
from services.notifications.events import SUBSCRIPTIONS, Here
from services.notifications.models import MAILBOX
from services.notifications.settings import Settings
from shared.platform.database import Sessions
from shared.platform.delivery import deliver
from shared.platform.peers import ClientIdentity, Peer
from shared.platform.subscriptions import Workplace
from shared.schemas.access import Agency
from shared.schemas.cases import DecisionOutcome
from shared.schemas.events import ChildDecided
from shared.schemas.ids import AgencyId
from shared.schemas.progress import ReferralSender
from shared.schemas.words import Sector
from tests.notifications.conftest import ask
from tests.notifications.making import POLICE, SCHOOL, TEN_ON_MONDAY, TERMS, a_decision, a_sender

(HANDLER,) = SUBSCRIPTIONS[ChildDecided]
SECTORS: dict[AgencyId, Sector] = {POLICE: Sector.POLICE, SCHOOL: Sector.EDUCATION}


class Owners:
    """Stands for access, intake and triage behind their URLs."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {
            f"/internal/agencies/{agency}": Agency(agency_id=agency, name="An agency", sector=sector)
            for agency, sector in SECTORS.items()
        }

    def know(self, *decisions: DecisionOutcome, senders: tuple[ReferralSender, ...] = ()) -> None:
        for decision in decisions:
            self.answers[f"/internal/decisions/{decision.decision_id}"] = decision
        for sender in senders:
            self.answers[f"/internal/referrals/{sender.referral_id}/sender"] = sender

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth2/token":
            token = {"access_token": "t", "token_type": "Bearer", "expires_in": 300, "scope": ""}
            return httpx.Response(200, json=token)
        found = self.answers.get(request.url.path)
        return httpx.Response(200, text=found.model_dump_json()) if found else httpx.Response(404)


@pytest.fixture
def owners() -> Owners:
    return Owners()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "notifications.json"
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "one"}, private=True)
    file.write_text(httpx.Response(200, json=key.as_dict(private=True)).text)
    return file


@pytest.fixture
def workplace(sessions: Sessions, owners: Owners, key_file: Path) -> Workplace[Here]:
    http = httpx.AsyncClient(transport=httpx.MockTransport(owners))
    identity = ClientIdentity(http, client_id="notifications", key_file=key_file, access_url="http://access")
    peers = {name: Peer(http, identity, f"http://{name}") for name in ("triage", "intake", "access")}
    here = Here(**peers, terms=TERMS, bell=Bell(), now=lambda: TEN_ON_MONDAY)
    return Workplace(MAILBOX, sessions, here)


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


def test_a_decision_made_before_notifications_first_ran_is_owed_an_answer_too() -> None:
    assert HANDLER.from_the_start


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
    assert "/v1/outcomes" in app.openapi()["paths"]

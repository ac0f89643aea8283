"""Access, intake and triage as the handlers of notifications meet them."""

from pathlib import Path
from typing import Any

import httpx
from joserfc.jwk import ECKey
from pydantic import BaseModel

from services.notifications.actions.deliveries import Bell
from services.notifications.events import Here
from shared.platform.peers import ClientIdentity, Peer
from shared.schemas.access import Agency
from shared.schemas.decisions import DecisionOutcome
from shared.schemas.ids import AgencyId
from shared.schemas.progress import FurtherInformationAsked, ReferralSender, WithdrawalAsked
from shared.schemas.reminders import DiscussionAnnounced, QuestionWaiting
from shared.schemas.words import Sector
from tests.notifications.making import HEALTH, POLICE, SCHOOL, TEN_ON_MONDAY, TERMS

SECTORS: dict[AgencyId, Sector] = {
    POLICE: Sector.POLICE,
    SCHOOL: Sector.EDUCATION,
    HEALTH: Sector.HEALTH,
}


class Owners:
    """Stands for access, intake and triage behind their URLs."""

    def __init__(self) -> None:
        self.answers: dict[str, BaseModel] = {
            f"/internal/agencies/{agency}": Agency(agency_id=agency, name="An agency", sector=sector)
            for agency, sector in SECTORS.items()
        }

    def know(self, *decisions: DecisionOutcome, senders: tuple[ReferralSender, ...] = ()) -> None:
        for decision in decisions:
            self.answers[f"/internal/decisions/{decision.decision_id}"] = decision
        for sender in senders:
            self.answers[f"/internal/referrals/{sender.referral_id}/sender"] = sender

    def know_request(self, asked: FurtherInformationAsked) -> None:
        self.answers[f"/internal/further-information/{asked.request_id}"] = asked

    def know_withdrawal(self, wish: WithdrawalAsked) -> None:
        self.answers[f"/internal/withdrawals/{wish.withdrawal_id}"] = wish

    def know_question(self, question: QuestionWaiting) -> None:
        self.answers[f"/internal/information-requests/{question.request_id}"] = question

    def know_discussion(self, discussion: DiscussionAnnounced) -> None:
        self.answers[f"/internal/discussions/{discussion.discussion_id}"] = discussion

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth2/token":
            token: dict[str, Any] = {
                "access_token": "t",
                "token_type": "Bearer",
                "expires_in": 300,
                "scope": "",
            }
            return httpx.Response(200, json=token)
        if "/readers/" in request.url.path:
            # Triage: nobody in these referrals is restricted.
            return httpx.Response(200, json={"restricted": False, "open": False})
        found = self.answers.get(request.url.path)
        return httpx.Response(200, text=found.model_dump_json()) if found else httpx.Response(404)


def write_key(file: Path) -> Path:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "one"}, private=True)
    file.write_text(httpx.Response(200, json=key.as_dict(private=True)).text)
    return file


def here_with(owners: Owners, key_file: Path) -> Here:
    http = httpx.AsyncClient(transport=httpx.MockTransport(owners))
    identity = ClientIdentity(http, client_id="notifications", key_file=key_file, access_url="http://access")
    peers = {name: Peer(http, identity, f"http://{name}") for name in ("triage", "intake", "access")}
    return Here(**peers, terms=TERMS, bell=Bell(), now=lambda: TEN_ON_MONDAY)

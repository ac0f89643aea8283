"""Who asks: everyone who could stand at the hub's door, and a few who should not."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from deploy.local.cast import demo_cast
from deploy.local.files import secret_in
from deploy.local.postgres import PostgresServer
from services.access import models as access
from services.access.passwords import digest_of, hash_password
from shared.platform.database import create_engine, create_sessions, transaction
from shared.platform.settings import DatabaseSettings
from shared.schemas.ids import AgencyId, StaffId, new_id
from shared.schemas.words import Role, Scope
from tests.hub import Hub, agency_id_of
from tests.tokens import bearer, hub_token

SENDING_SYSTEM = "northshire-police"
ASKED_SYSTEM = "northshire-health"
OTHER_SYSTEM = "example-primary"
SCHOOLS_REPRESENTATIVE = "edith.lowe"


class Subject(StrEnum):
    """Whoever asks, in the order of the table's columns.

    In every scene the police have sent the referral and health has been asked; the school has no part.
    """

    NOBODY = "nobody"
    BAD = "a bad token"
    EXPIRED = "an expired token"
    SENDER = "the sender's system"
    LACKING = "a system of the sender without the scope"
    ASKED = "an asked agency's system"
    OTHER = "another agency's system"
    DECISION_MAKER = "a decision-maker"
    MANAGER = "a manager"
    PRACTICE_AUDITOR = "a practice auditor"
    SENDERS_PERSON = "the sender's representative"
    ASKED_PERSON = "an asked agency's representative"
    OTHER_PERSON = "another agency's representative"
    EARLY_HELP = "an early-help coordinator"
    GOVERNANCE = "information governance"
    ADMINISTRATOR = "an administrator"
    INTAKE = "intake"
    TRIAGE = "triage"
    NOTIFICATIONS = "notifications"
    CONSOLE = "console"


PEOPLE = {
    Subject.DECISION_MAKER: "dana.reid",
    Subject.MANAGER: "priya.nair",
    Subject.PRACTICE_AUDITOR: "ben.ashworth",
    Subject.SENDERS_PERSON: "omar.khan",
    Subject.ASKED_PERSON: "ines.moreau",
    Subject.OTHER_PERSON: SCHOOLS_REPRESENTATIVE,
    Subject.EARLY_HELP: "lucy.grant",
    Subject.GOVERNANCE: "helen.cho",
    Subject.ADMINISTRATOR: "sam.field",
}
SYSTEMS = {
    Subject.SENDER: SENDING_SYSTEM,
    Subject.ASKED: ASKED_SYSTEM,
    Subject.OTHER: OTHER_SYSTEM,
}
SERVICES = {Subject.INTAKE, Subject.TRIAGE, Subject.NOTIFICATIONS, Subject.CONSOLE}
ALL = tuple(Subject)


def system_without(scope: Scope) -> str:
    """Return the client of the sending agency that holds every scope but one."""
    return f"police-without-{scope.replace(':', '-')}"


@dataclass(frozen=True)
class Crowd:
    """Everyone of the table, with what they hold."""

    hub: Hub

    async def headers(self, who: Subject, scope: Scope | None) -> Mapping[str, str]:
        """Return what `who` sends along; `scope` is the one that the route asks of systems."""
        match who:
            case Subject.NOBODY:
                return {}
            case Subject.BAD:
                return {
                    "Authorization": (await self.hub.as_client(SENDING_SYSTEM))["Authorization"][:-8]
                    + "AAAAAAAA"
                }
            case Subject.EXPIRED:
                past = int(time.time()) - 600
                return bearer(hub_token(self.hub.folder, SENDING_SYSTEM, iat=past, exp=past + 300))
            case Subject.LACKING:
                return await self.hub.as_client(system_without(scope or Scope.REFERRAL_WRITE))
            case _ if who in SERVICES:
                return await self.hub.as_service(who)
            case _ if who in PEOPLE:
                return await self.hub.as_staff(PEOPLE[who])
        return await self.hub.as_client(SYSTEMS[who])

    def agency_of(self, who: Subject) -> str:
        """Return the agency that `who` belongs to, or the sender's for those who belong to none."""
        if who is Subject.OTHER_PERSON:
            return str(agency_id_of(OTHER_SYSTEM))
        return str(agency_id_of(PEOPLE.get(who) or SYSTEMS.get(who) or SENDING_SYSTEM))


async def introduce(server: PostgresServer, hub: Hub) -> Crowd:
    """Add those whom the demo does not know: systems that lack a scope, and the school's representative."""
    engine = create_engine(DatabaseSettings(database_url=server.url), application_name="tests")
    async with transaction(create_sessions(engine), "tests") as tx:
        if await tx.get(access.Client, system_without(Scope.REFERRAL_WRITE)) is None:
            tx.add_all([_lacking(hub, scope) for scope in Scope])
            tx.add(_schools_representative())
    await engine.dispose()
    return Crowd(hub)


def _lacking(hub: Hub, scope: Scope) -> access.Client:
    client_id = system_without(scope)
    return access.Client(
        client_id=client_id,
        kind="client",
        agency_id=AgencyId(agency_id_of(SENDING_SYSTEM)),
        name=f"Police system without {scope}",
        auth_method="client_secret_basic",
        secret_digest=digest_of(secret_in(hub.folder.secret_of(client_id))),
        scopes=[other.value for other in Scope if other is not scope],
        active=True,
    )


def _schools_representative() -> access.Staff:
    school = next(agency for agency in demo_cast().agencies if agency.agency_id == agency_id_of(OTHER_SYSTEM))
    return access.Staff(
        staff_id=StaffId(new_id()),
        username=SCHOOLS_REPRESENTATIVE,
        name="Edith Lowe",
        agency_id=AgencyId(school.agency_id),
        roles=[Role.AGENCY_REPRESENTATIVE.value],
        password_hash=hash_password("nobody signs in with this"),
        active=True,
    )


def put_to(client_id: str, case: dict[str, Any]) -> str:
    """Return the question of a case that was put to a system's agency."""
    asked = str(agency_id_of(client_id))
    requests = case["children"][0]["requests"]
    return next(str(request["request_id"]) for request in requests if request["agency_id"] == asked)

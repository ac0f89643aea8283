"""Invented people for tests of matching: of each test its own, so that no test knows another's."""

import random
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from services.intake.models import Match, PersonRecord
from shared.platform.database import transaction
from tests.hub import URLS, Hub
from tests.referrals import a_child, a_referral

INTAKE = URLS["intake"]
DANA = "dana.reid"
_FIRST = ("Ba", "Dro", "Fe", "Gli", "Ku", "Mor", "Ni", "Pla", "Stu", "Ve", "Wol", "Zan")
_LAST = ("bert", "dano", "fenk", "gost", "kipp", "lomax", "morth", "nax", "quell", "rund", "stope", "vance")
_chance = random.SystemRandom()


def a_surname() -> str:
    """Return a family name that nobody else has."""
    return "".join(_chance.choices(_FIRST, k=4)).capitalize() + _chance.choice(_LAST)


def an_nhs_number() -> str:
    """Return a valid number of the range for tests."""
    while True:
        nine = f"999{_chance.randrange(10**6):06}"
        check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(nine)) % 11
        if check != 10:
            return nine + str(check % 11)


def a_known_child(reference: str = "c1", **given: Any) -> dict[str, Any]:
    """Return a child with a family name, a date of birth and an address of its own."""
    return a_child(
        reference,
        **{
            "family_name": a_surname(),
            "date_of_birth": a_birthday(),
            "address": an_address(),
        }
        | given,
    )


def a_telephone() -> str:
    """Return a number that nobody else has."""
    return f"01632 {_chance.randrange(10**6):06}"


def a_birthday() -> str:
    """Return a date that nobody takes for a default, or for one with day and month swapped; no infant's. The
    day after it is a date too."""
    return f"{_chance.randrange(2009, 2024)}-{_chance.randrange(2, 13):02}-{_chance.randrange(13, 28)}"


def an_address() -> dict[str, Any]:
    """Return a home of its own."""
    street = f"{_chance.randrange(1, 200)} {a_surname()} Lane"
    letters = "".join(_chance.choices("ABDEFGHJLNPQRSTUWXYZ", k=2))
    return {
        "lines": [street],
        "town": "Northtown",
        "postcode": f"NT{_chance.randrange(1, 99)} {_chance.randrange(1, 9)}{letters}",
    }


def an_adult(**given: Any) -> dict[str, Any]:
    """Return a mother."""
    return {
        "given_name": "Joanna",
        "family_name": a_surname(),
        # Of its own: with one for all, any two whose invented names sound alike are a question to staff.
        "date_of_birth": f"{_chance.randrange(1960, 2000)}{a_birthday()[4:]}",
        "relationships": [{"relationship": "mother", "in_household": True}],
    } | given


async def send(hub: Hub, *children: dict[str, Any], **given: Any) -> dict[str, Any]:
    """Send a referral about some children and have its people matched."""
    said = await hub.send(a_referral(children=list(children), **given))
    await hub.carry_events()
    return said


async def record_of(hub: Hub, said: dict[str, Any], place: int = 0) -> PersonRecord:
    """Return the record of a child of a referral."""
    async with transaction(hub.sessions["intake"], "test") as tx:
        return await tx.get_one(PersonRecord, UUID(said["children"][place]["child_id"]))


async def records_in(hub: Hub, said: dict[str, Any], kind: str = "adult") -> list[PersonRecord]:
    """Return the records of the adults of a referral, or of its children."""
    async with transaction(hub.sessions["intake"], "test") as tx:
        mine = PersonRecord.referral_id == UUID(said["referral_id"])
        return list(await tx.scalars(select(PersonRecord).where(mine, PersonRecord.kind == kind)))


async def task_about(hub: Hub, said: dict[str, Any], place: int = 0) -> Match | None:
    """Return the newest task about a child of a referral."""
    async with transaction(hub.sessions["intake"], "test") as tx:
        mine = Match.record_id == UUID(said["children"][place]["child_id"])
        return (await tx.scalars(select(Match).where(mine).order_by(Match.raised_at.desc()))).first()


async def ask(hub: Hub, method: str, path: str, body: Any = None, who: str = DANA) -> httpx.Response:
    """Ask intake as somebody of the staff."""
    headers = await hub.as_staff(who)
    return await hub.http.request(method, f"{INTAKE}{path}", json=body, headers=headers)


async def told(hub: Hub, method: str, path: str, body: Any = None, who: str = DANA) -> dict[str, Any]:
    """Return what intake says to something that it answers."""
    answer = await ask(hub, method, path, body, who)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def decide(hub: Hub, task: Match, verdict: str, person_id: UUID, who: str = DANA) -> httpx.Response:
    """Answer a task about one candidate."""
    body = {"verdict": verdict, "person_id": str(person_id), "reason": "The school knows the family."}
    return await ask(hub, "POST", f"/v1/matches/{task.match_id}/decision", body, who)


async def link(hub: Hub, record_id: UUID, person_id: UUID, who: str = DANA) -> httpx.Response:
    """Say that a record is of a person."""
    body = {"record_id": str(record_id), "reason": "The health visitor knows them."}
    return await ask(hub, "POST", f"/v1/people/{person_id}/links", body, who)


async def unlink(hub: Hub, record_id: UUID, who: str = DANA) -> httpx.Response:
    """Say that a record is not of the person it stands with."""
    body = {"reason": "They are cousins."}
    return await ask(hub, "POST", f"/v1/links/{record_id}/unlink", body, who)


async def links_of(hub: Hub, said: dict[str, Any], place: int = 0) -> dict[str, Any]:
    """Return what triage is told of a child's links."""
    path = f"{INTAKE}/internal/children/{said['children'][place]['child_id']}/links"
    answer = await hub.http.get(path, headers=await hub.as_service("triage"))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found

"""Restricting people in tests, and telling whether anything of somebody leaked."""

import re
from typing import Any
from uuid import UUID

import httpx

from services.intake.models import Match
from tests.hub import Hub
from tests.intake.known_people import (
    a_birthday,
    a_known_child,
    a_surname,
    an_nhs_number,
    ask,
    record_of,
    send,
    task_about,
)

PRIYA = "priya.nair"
Said = dict[str, Any]


async def restrict(hub: Hub, person_id: UUID, *, to: bool = True, who: str = PRIYA) -> httpx.Response:
    """Say that only managers may read a person, or, with `to` False, that everybody may again."""
    body = {"restricted": to, "reason": "The father works in the front office."}
    return await ask(hub, "POST", f"/v1/people/{person_id}/restriction", body, who)


def a_rare_child(**given: Any) -> Said:
    """Return a child whose given name and birthday nobody else has: however misspelt, it is asked about."""
    born = f"{2003 + int(a_birthday()[3:4]) % 7}{a_birthday()[4:]}"
    rare = {"given_name": a_surname(), "nhs_number": an_nhs_number(), "date_of_birth": born}
    return a_known_child(**rare | given)


async def a_restricted_child(hub: Hub, **given: Any) -> tuple[Said, Said, UUID]:
    """Return a child that only managers may read: as sent, what its sender was told, and the person."""
    child = a_rare_child(**given)
    said = await send(hub, child)
    person_id = (await record_of(hub, said)).person_id
    assert (await restrict(hub, person_id)).status_code == 200
    return child, said, person_id


def misspelt(child: Said) -> Said:
    """Return a child as another sender might write it: but for the given name, nothing is quite the same."""
    family, born = child["family_name"], child["date_of_birth"]
    return child | {
        "family_name": family[0] + re.sub("([^aeiou])", r"\1\1", family[1:], count=1),
        "date_of_birth": f"{born[:-1]}{(int(born[-1]) + 1) % 10}",
        "nhs_number": None,
        "address": None,
    }


async def a_question(hub: Hub, child: Said, **given: Any) -> tuple[Said, Match]:
    """Send a child once more, misspelt; return what its sender was told, and the task that it led to."""
    said = await send(hub, misspelt(child), **given)
    task = await task_about(hub, said)
    assert task is not None
    return said, task


def marks_of(child: Said, said: Said) -> set[str]:
    """Return whatever would tell who a child is: name, birthday, number, address, references, ids."""
    address = child["address"]
    return {
        child["family_name"],
        child["date_of_birth"],
        child["nhs_number"],
        *address["lines"],
        address["postcode"],
        said["reference"],
        said["referral_id"],
        said["children"][0]["child_id"],
    }


def leaked(answer: httpx.Response, marks: set[str]) -> set[str]:
    """Return what stands in an answer of what must not."""
    return {mark for mark in marks if mark.casefold() in answer.text.casefold()}

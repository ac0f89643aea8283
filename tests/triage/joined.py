"""Two referrals about one child or household, sent by two agencies, and a join of their cases."""

from typing import Any

import httpx

from tests.hub import URLS, Hub
from tests.intake.known_people import (
    a_known_child,
    a_surname,
    a_telephone,
    an_adult,
    an_nhs_number,
    link,
    record_of,
    records_in,
)
from tests.referrals import a_referral
from tests.triage.versions import EARLY, TRIAGE

Said = dict[str, Any]
POLICE, SCHOOL = "northshire-police", "example-primary"
DANA, PRIYA = "dana.reid", "priya.nair"


async def sent(hub: Hub, *children: Said, by: str = POLICE, **given: Any) -> Said:
    """Send a mild referral about some children, have its people matched, and return it with the answer."""
    referral = a_referral(children=list(children), **({"concerns": [EARLY]} | given))
    said = await hub.send(referral, by)
    await hub.carry_events()
    return said | {"referral": referral}


async def confirm(hub: Hub, said: Said, place: int = 0) -> None:
    """Confirm what the machine linked a child of a referral to."""
    record = await record_of(hub, said, place)
    answer = await link(hub, record.record_id, record.person_id)
    assert answer.status_code == 200, answer.text
    await hub.carry_events()


async def one_child_twice(
    hub: Hub, first: Said | None = None, second: Said | None = None, *, confirmed: bool = True
) -> tuple[Said, Said]:
    """Return what the police and the school were told, who both sent one child, linked by a person.

    Args:
        first: what else the police say in their referral; `second`: the school.
    """
    child = a_known_child(nhs_number=an_nhs_number(), grade=None)
    police = await sent(hub, child, **(first or {}))
    school = await sent(hub, child | {"given_name": "Maisie-Rose"}, by=SCHOOL, **(second or {}))
    if confirmed:
        await confirm(hub, school)
    return police, school


async def one_mother_twice(hub: Hub) -> tuple[Said, Said]:
    """Return what the police and the school were told of different children of one mother."""
    mother = an_adult(telephone=a_telephone(), given_name=a_surname())
    home = {"address": a_known_child()["address"]}
    police = await sent(hub, a_known_child(grade=None, **home), adults=[mother])
    school = await sent(hub, a_known_child(grade=None, given_name="Tom"), by=SCHOOL, adults=[mother])
    (of_police,), (of_school,) = await records_in(hub, police), await records_in(hub, school)
    if of_police.person_id == of_school.person_id:
        linked = await link(hub, of_school.record_id, of_school.person_id)
    else:
        linked = await link(hub, of_school.record_id, of_police.person_id)
    assert linked.status_code == 200, linked.text
    await hub.carry_events()
    return police, school


async def ask(
    hub: Hub, path: str, body: Said | None = None, who: str = DANA, *, version: int | None = None
) -> httpx.Response:
    """Ask triage as somebody of the staff; with a body, to change something."""
    headers = await hub.as_staff(who) | ({} if version is None else {"If-Match": f'"{version}"'})
    method = "GET" if body is None else "POST"
    return await hub.http.request(method, f"{TRIAGE}{path}", json=body, headers=headers)


async def try_join(
    hub: Hub, said: Said, case: Said, who: str = DANA, *, version: int | None = None
) -> httpx.Response:
    """Ask that a referral joins a case, and return the answer."""
    body = {"referral_id": said["referral_id"], "reason": "The school knows her under both names."}
    return await ask(hub, f"/v1/cases/{case['case_id']}/joins", body, who, version=version or case["version"])


async def join(hub: Hub, said: Said, case: Said, who: str = DANA) -> Said:
    """Let a referral join a case, and return what came of it."""
    answer = await try_join(hub, said, case, who)
    assert answer.status_code == 201, answer.text
    await hub.carry_events()
    made: Said = answer.json()
    return made


async def try_undo(hub: Hub, join_id: str, version: int, who: str = DANA) -> httpx.Response:
    """Ask that a join is undone, and return the answer."""
    body = {"reason": "They are cousins; the grandmother confirmed it."}
    return await ask(hub, f"/v1/joins/{join_id}/undo", body, who, version=version)


async def undo(hub: Hub, made: Said) -> Said:
    """Undo a join, and return what came of it."""
    case = await hub.get_case(made["case_id"])
    answer = await try_undo(hub, made["join_id"], case["version"])
    assert answer.status_code == 200, answer.text
    await hub.carry_events()
    undone: Said = answer.json()
    return undone


async def joined(hub: Hub) -> tuple[Said, Said, Said]:
    """Return the joint case of one child whom police and school sent, and what each was told."""
    police, school = await one_child_twice(hub)
    case = await hub.case_of(police["reference"])
    await join(hub, school, case)
    return await hub.get_case(case["case_id"]), police, school


async def decide(hub: Hub, case: Said, place: int = 0, **form: Any) -> httpx.Response:
    """Decide for a child of a case as it stands now."""
    said = {
        "level": 3,
        "pathway": "child_in_need",
        "rag": "amber",
        "rationale": "What both told us.",
        "different_decision_reason": "The family asked for it.",
    } | form
    now = await hub.get_case(case["case_id"])
    path = f"/v1/cases/{case['case_id']}/children/{now['children'][place]['child_id']}/decisions"
    return await ask(hub, path, said, version=now["version"])


async def outcomes_of(hub: Hub, said: Said, client_id: str) -> list[Said]:
    """Return the outcomes that a sender finds in its feed about one referral."""
    await hub.carry_events()
    url = f"{URLS['notifications']}/v1/outcomes"
    feed = await hub.every(url, await hub.as_client(client_id), cursor="after")
    found = [one for one in feed if one["reference"] == said["reference"]]
    return [await _whole(hub, one, client_id) for one in found]


async def _whole(hub: Hub, outcome: Said, client_id: str) -> Said:
    url = f"{URLS['notifications']}/v1/outcomes/{outcome['event_id']}"
    whole: Said = (await hub.http.get(url, headers=await hub.as_client(client_id))).json()
    return whole


def without(view: Said, *names: str) -> Said:
    """Return a view of a case without what moves with every change."""
    return {name: value for name, value in view.items() if name not in {"version", *names}}

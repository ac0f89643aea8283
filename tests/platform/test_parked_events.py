"""Parked events over HTTP: shown to who looks after the hub, tried again when told to."""

from uuid import UUID

from services.triage.models import MAILBOX
from shared.clock import utc_now
from shared.platform.database import transaction
from shared.schemas.ids import new_id
from tests.hub import URLS, Hub

LIST = f"{URLS['triage']}/v1/parked-events"


async def park(hub: Hub) -> UUID:
    event_id = new_id()
    async with transaction(hub.sessions["triage"], "test") as tx:
        await tx.execute(
            MAILBOX.parked.insert().values(
                handler="open_case",
                event_id=event_id,
                event_type="intake.referral_received.v1",
                payload=b"{}",
                reason="ValidationError",
                tries=8,
                parked_at=utc_now(),
            )
        )
    return event_id


async def test_what_is_parked_is_shown_and_can_be_released_once(hub: Hub) -> None:
    event_id = await park(hub)
    headers = await hub.as_staff("sam.field")

    listed = await hub.http.get(LIST, headers=headers)
    first = await hub.http.post(f"{LIST}/open_case/{event_id}/release", headers=headers)
    again = await hub.http.post(f"{LIST}/open_case/{event_id}/release", headers=headers)

    assert str(event_id) in {item["event_id"] for item in listed.json()["items"]}
    assert (first.status_code, again.status_code) == (204, 404)


async def test_whoever_works_with_cases_alone_is_not_shown_the_machinery(hub: Hub) -> None:
    answer = await hub.http.get(LIST, headers=await hub.as_staff("dana.reid"))
    assert answer.status_code == 403

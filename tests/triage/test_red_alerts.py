"""A Red child reaches a person: on a list until somebody says so, by a page that names nobody, or further."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from deploy.local.postgres import PostgresServer
from services.triage.settings import Settings
from shared.platform.database import transaction
from tests.hub import URLS, Hub
from tests.intake.known_people import a_known_child
from tests.notifications.receiver import Receiver, running_receiver
from tests.referrals import a_referral
from tests.triage.audit_lines import lines_of_action
from tests.triage.clockwork import THEN, post, run
from tests.triage.test_case import as_recommended, decide, grade, graded
from tests.triage.versions import STRANGLED, a_mild_referral, correct

Said = dict[str, Any]
FIRST, SECOND = "/first", "/second"
SECRET = "an-invented-secret-that-nobody-uses-0002"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def gateway() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


@pytest.fixture
def settings(hub: Hub, gateway: Receiver, tmp_path: Path) -> Settings:
    """Triage with a gateway for the first contact and one for the second."""
    (tmp_path / "page.secret").write_text(f"{SECRET}\n")
    return Settings(
        **hub.settings["triage"].model_dump()
        | {
            "red_page_url": gateway.url(FIRST),
            "red_page_second_url": gateway.url(SECOND),
            "red_page_secret_file": tmp_path / "page.secret",
            "allow_loopback_red_page": True,
        }
    )


async def a_red_case(hub: Hub) -> Said:
    said = await hub.send(a_referral(children=[a_known_child(grade=None)], concerns=[STRANGLED]))
    case = await hub.case_of(said["reference"])
    assert case["children"][0]["rag"] == "red"
    return case


async def alerts_of(hub: Hub, case: Said) -> list[Said]:
    items = await hub.every(f"{URLS['triage']}/v1/alerts", await hub.as_staff("ben.ashworth"))
    return [item for item in items if item["case_id"] == case["case_id"]]


async def an_alert(hub: Hub) -> tuple[Said, Said]:
    """Return a Red case and its alert, raised long ago; nobody else's is so old."""
    case = await a_red_case(hub)
    async with transaction(hub.sessions["triage"], "test") as tx:
        await tx.execute(
            text("UPDATE triage.alert SET raised_at = :at WHERE case_id = :case"),
            {"at": THEN, "case": case["case_id"]},
        )
    (alert,) = await alerts_of(hub, case)
    return case, alert


def pages_about(gateway: Receiver, path: str, alert: Said) -> list[Said]:
    sent = [json.loads(call.body) for call in gateway.calls_to(path)]
    return [page for page in sent if page["alert_id"] == alert["alert_id"]]


async def test_a_red_child_raises_one_alert_until_somebody_has_seen_it(
    hub: Hub, server: PostgresServer
) -> None:
    case = await a_red_case(hub)
    (alert,) = await alerts_of(hub, case)
    await grade(hub, case, "omar.khan", graded(5))
    assert await alerts_of(hub, case) == [alert]
    path = f"/v1/alerts/{alert['alert_id']}/acknowledgement"
    first, again = await post(hub, path), await post(hub, path, who="priya.nair")
    assert (first.status_code, first.json()) == (200, again.json())
    assert first.json()["acknowledged_by"] == "Dana Reid"
    lines = await lines_of_action(server, "alert.acknowledged", UUID(alert["alert_id"]))
    assert len(lines) == 2
    waiting = await hub.every(
        f"{URLS['triage']}/v1/alerts", await hub.as_staff("dana.reid"), acknowledged="false"
    )
    assert alert["alert_id"] not in {item["alert_id"] for item in waiting}


async def test_a_child_that_turns_red_raises_one_and_a_mild_one_none(hub: Hub) -> None:
    said = await hub.send(a_mild_referral())
    case = await hub.case_of(said["reference"])
    assert await alerts_of(hub, case) == []
    await grade(hub, case, "omar.khan", graded(5))
    assert len(await alerts_of(hub, case)) == 1


async def test_whoever_decides_has_seen_it_and_a_red_that_comes_anew_is_an_alert_of_its_own(
    hub: Hub,
) -> None:
    sent = a_referral(children=[a_known_child(grade=None)], concerns=[STRANGLED])
    said = await hub.send(sent)
    case = await hub.case_of(said["reference"])
    assert (await decide(hub, case, as_recommended(case))).status_code == 201
    (seen,) = await alerts_of(hub, case)
    assert seen["acknowledged_by"] == "Dana Reid"
    await correct(hub, said, sent | {"actions_taken": "She is with her aunt."})
    assert [each["acknowledged_by"] for each in await alerts_of(hub, case)] == ["Dana Reid", None]


async def test_a_page_names_nobody_and_is_sent_once(hub: Hub, gateway: Receiver, settings: Settings) -> None:
    case, alert = await an_alert(hub)
    for passed in (0, 1, 2):
        await run(hub, "red", THEN + passed * MINUTE, settings=settings)
    assert pages_about(gateway, FIRST, alert) == [
        {
            "alert_id": alert["alert_id"],
            "contact": "first",
            "reference": case["contacts"][0]["reference"],
            "words": "A child is graded Red: open the hub.",
        }
    ]
    assert {call.headers["authorization"] for call in gateway.calls} == {f"Bearer {SECRET}"}
    (after,) = await alerts_of(hub, case)
    assert after["escalated_at"] is None
    assert [(page["contact"], page["tries"], page["problem"]) for page in after["pages"]] == [
        ("first", 1, None)
    ]


async def test_a_gateway_that_refuses_is_tried_again_until_somebody_has_seen_it(
    hub: Hub, gateway: Receiver, settings: Settings
) -> None:
    case, alert = await an_alert(hub)
    gateway.says(FIRST, 503)
    for passed in (0, 0.5, 1, 2):
        await run(hub, "red", THEN + passed * MINUTE, settings=settings)
    (page,) = (await alerts_of(hub, case))[0]["pages"]
    assert (page["tries"], page["problem"], page["taken_at"]) == (3, "refused", None)
    await post(hub, f"/v1/alerts/{alert['alert_id']}/acknowledgement")
    await run(hub, "red", THEN + 5 * MINUTE, settings=settings)
    assert len(pages_about(gateway, FIRST, alert)) == 3


async def test_what_nobody_acknowledges_goes_to_the_second_contact_and_to_both_again_until_somebody_does(
    hub: Hub, gateway: Receiver, settings: Settings, server: PostgresServer
) -> None:
    case, alert = await an_alert(hub)
    for passed, called in ((0, (1, 0)), (9, (1, 0)), (10, (1, 1)), (11, (1, 1)), (-60, (1, 1)), (20, (2, 1))):
        await run(hub, "red", THEN + passed * MINUTE, settings=settings)
        assert tuple(len(pages_about(gateway, path, alert)) for path in (FIRST, SECOND)) == called
    await run(hub, "red", THEN + 26 * MINUTE, settings=settings)
    assert len(pages_about(gateway, SECOND, alert)) == 2
    (after,) = await alerts_of(hub, case)
    assert after["escalated_at"] == "2020-01-08T10:10:00Z"
    assert [page["taken_at"] for page in after["pages"]] == ["2020-01-08T10:00:00Z", "2020-01-08T10:10:00Z"]
    assert len(await lines_of_action(server, "alert.escalated", UUID(alert["alert_id"]))) == 1
    await post(hub, f"/v1/alerts/{alert['alert_id']}/acknowledgement")
    await run(hub, "red", THEN + 600 * MINUTE, settings=settings)
    assert [len(pages_about(gateway, path, alert)) for path in (FIRST, SECOND)] == [2, 2]


async def test_without_a_gateway_it_is_escalated_on_screen_alone(hub: Hub) -> None:
    case, _ = await an_alert(hub)
    await run(hub, "red", THEN + 10 * MINUTE)
    (after,) = await alerts_of(hub, case)
    assert (after["escalated_at"], after["pages"]) == ("2020-01-08T10:10:00Z", [])


@pytest.mark.parametrize(
    "given",
    [
        {"red_page_url": "http://gateway.example.org/page"},
        {"red_page_url": "http://127.0.0.1:9/page"},
        {"red_page_second_url": "https://user@gateway.example.org/page"},
        {"red_page_url": "https://gateway.example.org/page?key=1"},
        {"red_page_url": "https://gateway.example.org/page", "red_page_secret_file": None},
    ],
)
def test_a_page_goes_nowhere_unsafe(hub: Hub, tmp_path: Path, given: Said) -> None:
    known = hub.settings["triage"].model_dump() | {"red_page_secret_file": tmp_path / "page.secret"}
    with pytest.raises(ValidationError):
        Settings(**known | given)

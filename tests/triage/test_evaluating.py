"""A draft that the policy looks at before it is sent: the same answer as a first version, and no trace."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.local.postgres import PostgresServer
from shared.platform.database import transaction
from shared.schemas.checks import Evaluation
from tests.hub import URLS, Hub
from tests.intake.known_people import a_known_child
from tests.referrals import a_child, a_referral
from tests.triage.versions import EARLY, STRANGLED, TRIAGE


async def evaluate(hub: Hub, draft: dict[str, Any], service: str = "intake") -> Any:
    answer = await hub.http.post(
        f"{TRIAGE}/internal/evaluations", json={"referral": draft}, headers=await hub.as_service(service)
    )
    assert answer.status_code == 200, answer.text
    return Evaluation.model_validate_json(answer.content)


async def rows_of(hub: Hub) -> dict[str, int]:
    tables = ("case", "case_child", "contact", "recommendation", "timer", "outbox")
    async with transaction(hub.sessions["triage"], "test") as tx:
        counts = [
            (await tx.execute(text(f'SELECT count(*) FROM triage."{name}"'))).scalar() for name in tables
        ]
    return {name: int(count or 0) for name, count in zip(tables, counts, strict=True)}


async def test_a_draft_is_judged_as_its_first_version_would_be(hub: Hub) -> None:
    draft = a_referral(children=[a_known_child()], concerns=[STRANGLED])
    found = (await evaluate(hub, draft)).children[0]
    made = (await hub.case_of((await hub.send(draft))["reference"]))["children"][0]["recommendation"]
    assert (found.level, found.pathway, found.rag) == (made["level"], made["pathway"], made["rag"])
    assert [rule.rule_id for rule in found.rules] == [rule["rule_id"] for rule in made["fired"]]


async def test_each_child_of_a_draft_is_judged_apart(hub: Hub) -> None:
    concern = STRANGLED | {"children": ["c2"]}
    found = await evaluate(
        hub, {"children": [a_child("c1", grade=None), a_child("c2")], "concerns": [concern]}
    )
    assert [(one.place, one.sender_child_reference) for one in found.children] == [(0, "c1"), (1, "c2")]
    assert [one.level for one in found.children] == [None, 4]


async def test_a_draft_that_names_no_child_is_judged_as_one(hub: Hub) -> None:
    found = (await evaluate(hub, {"concerns": [EARLY]})).children
    assert [(one.place, one.sender_child_reference) for one in found] == [(0, None)]
    # The youngest age is assumed where none is given, and says so.
    assert [rule.rule_id for rule in found[0].rules if rule.assumed] == ["unborn-or-under-one", "under-two"]


async def test_an_empty_draft_is_told_what_to_add_and_nothing_of_other_agencies(hub: Hub) -> None:
    [found] = (await evaluate(hub, {})).children
    assert (found.level, found.rag) == (None, "amber")
    assert [words.split(",")[0].split(":")[0] for words in found.missing] == [
        "What happened",
        "The date of birth",
        "Your own agency's level of concern for this child",
    ]
    assert not any("asked" in words for words in found.missing)


async def test_a_code_that_was_sent_is_not_repeated(hub: Hub) -> None:
    [found] = (await evaluate(hub, {"concerns": [{"indicator": "maisie.example"}]})).children
    assert not any("maisie" in words for words in found.missing)


async def test_a_draft_leaves_nothing_but_a_line_that_names_nobody(hub: Hub, server: PostgresServer) -> None:
    before, lines = await rows_of(hub), await audit_lines(server)
    await evaluate(hub, a_referral())
    assert await rows_of(hub) == before
    assert (await audit_lines(server))[len(lines) :] == [("intake", [])]


async def audit_lines(server: PostgresServer) -> list[tuple[str, list[Any]]]:
    engine = create_async_engine(server.url)
    async with engine.connect() as connection:
        query = "SELECT actor_id, subject_ids FROM audit.entry WHERE action = 'draft.evaluated' ORDER BY at"
        lines = [(row[0], row[1]) for row in await connection.execute(text(query))]
    await engine.dispose()
    return lines


async def test_only_intake_may_ask(hub: Hub) -> None:
    for headers in (
        await hub.as_service("notifications"),
        await hub.as_staff("dana.reid"),
        await hub.as_client("northshire-police"),
    ):
        answer = await hub.http.post(
            f"{URLS['triage']}/internal/evaluations", json={"referral": {}}, headers=headers
        )
        assert answer.status_code == 403

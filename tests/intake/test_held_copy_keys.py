"""The keys that seal held copies: replaced without losing a copy, missed without harm."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from services.intake.sealing import Vault
from shared.platform.database import transaction
from tests.hub import Hub
from tests.intake.kept import COPIES, a_copy, intake_with_keys, opened
from tests.tokens import bearer, hub_token


def words() -> bytes:
    """Return a body that is new each time, and refused."""
    return json.dumps({"concerns": str(uuid4())}).encode()


async def test_keys_can_be_replaced_one_after_the_other(hub: Hub, tmp_path: Path) -> None:
    old, new = hub.folder.held_copy_key.read_text().strip(), Fernet.generate_key().decode()
    keys, content = tmp_path / "keys", words()
    held_copy_id = await a_copy(hub, content)
    keys.write_text(f"{new}\n{old}\n")
    headers = bearer(hub_token(hub.folder)) | {"Content-Type": "application/json", "Idempotency-Key": "k"}
    staff, reason = await hub.as_staff("dana.reid"), {"reason": "To see that it opens."}
    async with intake_with_keys(hub, keys) as intake:
        again = await intake.post("/v1/referrals", content=content, headers=headers)
        before = await intake.post(f"{COPIES}/{held_copy_id}/opening", json=reason, headers=staff)
        await intake.post("/v1/referrals", content=content + b" ", headers=headers)
    assert (again.status_code, before.json()["content"]) == (422, content.decode())
    assert before.json()["times_sent"] == 2
    [sealed_anew] = await _sealed_with(hub, Vault(new), content + b" ")
    assert sealed_anew.times_sent == 1


async def _sealed_with(hub: Hub, vault: Vault, content: bytes) -> list[Any]:
    marks = vault.marks("/v1/referrals", content)
    async with transaction(hub.sessions["intake"], "test") as tx:
        found = await tx.execute(
            text("SELECT * FROM intake.held_copy WHERE content_mark = :mark"), {"mark": marks[0]}
        )
        rows = list(found)
        await tx.execute(text("DELETE FROM intake.held_copy WHERE content_mark = :mark"), {"mark": marks[0]})
    assert [vault.open(row.content) for row in rows] == [content]
    return rows


async def test_a_copy_whose_key_is_missing_says_so_and_stays(hub: Hub, tmp_path: Path) -> None:
    held_copy_id, keys = await a_copy(hub), tmp_path / "keys"
    keys.write_text(Fernet.generate_key().decode())
    staff, reason = await hub.as_staff("dana.reid"), {"reason": "To see whether it opens."}
    async with intake_with_keys(hub, keys) as intake:
        answer = await intake.post(f"{COPIES}/{held_copy_id}/opening", json=reason, headers=staff)
    assert (answer.status_code, answer.json()["code"]) == (503, "held_copy_key_missing")
    assert (await opened(hub, held_copy_id)).status_code == 200


def test_an_empty_file_of_keys_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="holds no key"):
        Vault("\n")


def test_marks_differ_by_content_by_address_and_by_key() -> None:
    one, other = Vault(Fernet.generate_key().decode()), Vault(Fernet.generate_key().decode())
    marks = {one.marks("/a", b"b")[0], one.marks("/a", b"c")[0], one.marks("/ab", b"")[0]}
    assert len(marks | {other.marks("/a", b"b")[0]}) == 4

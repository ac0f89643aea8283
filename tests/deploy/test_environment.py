"""Each process is told what it needs, and no other's secrets."""

import json
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from deploy.local.cast import demo_cast
from deploy.local.command import main
from deploy.local.environment import CORE_AGENCIES, SERVICES, Backbone, environment_of, role_url
from deploy.local.files import Folder
from deploy.local.keys import make_missing_keys, public_part
from deploy.local.ports import Ports

BACKBONE = Backbone(
    "postgresql+asyncpg://hub_migrator:top@127.0.0.1:8009/hub", "nats://hub:bus@127.0.0.1:8010"
)
WITH_DATABASE = ("access", "intake", "triage", "notifications", "reconciler")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    folder.prepare()
    return folder


def test_a_service_connects_under_its_own_role(folder: Folder) -> None:
    folder.password_of("hub_triage").write_text("secret\n")

    told = environment_of("triage", folder, Ports(), BACKBONE)

    assert told["HUB_TRIAGE_DATABASE_URL"] == "postgresql+asyncpg://hub_triage:secret@127.0.0.1:8009/hub"
    assert told["HUB_TRIAGE_NATS_URL"] == BACKBONE.nats_url
    assert told["HUB_TRIAGE_PORT"] == "8003"
    assert told["HUB_TRIAGE_ACCESS_URL"] == "http://127.0.0.1:8001"
    assert told["HUB_TRIAGE_KEY_FILE"] == str(folder.keys / "triage.json")


@pytest.mark.parametrize("name", [*SERVICES, "reconciler", "receiver"])
def test_no_process_learns_the_migrators_password_or_anothers(
    folder: Folder, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", BACKBONE.database_url)
    passwords = {role: folder.password_of(f"hub_{role}") for role in WITH_DATABASE}
    for role, path in passwords.items():
        path.write_text(f"password-of-{role}\n")
    monkeypatch.setenv("HUB_INTAKE_DATABASE_URL", "postgresql://hub_intake:password-of-intake@elsewhere/hub")

    told = " ".join(environment_of(name, folder, Ports(), BACKBONE, demo=True).values())

    assert "hub_migrator:top" not in told
    assert [role for role in passwords if f"password-of-{role}" in told] == [
        role for role in WITH_DATABASE if role == name
    ]


def test_the_console_has_no_database_and_no_bus(folder: Folder) -> None:
    told = environment_of("console", folder, Ports(), BACKBONE)
    assert not {"HUB_CONSOLE_DATABASE_URL", "HUB_CONSOLE_NATS_URL"} & set(told)
    assert told["HUB_CONSOLE_INTAKE_URL"] == "http://127.0.0.1:8002"


def test_the_reconciler_has_database_and_bus_and_nothing_else(folder: Folder) -> None:
    told = environment_of("reconciler", folder, Ports(), BACKBONE)
    own = {key for key in told if key.startswith("HUB_RECONCILER_")}
    assert own == {"HUB_RECONCILER_DATABASE_URL", "HUB_RECONCILER_NATS_URL"}


@pytest.mark.parametrize(
    ("service", "setting"),
    [
        ("notifications", "HUB_NOTIFICATIONS_ALLOW_LOOPBACK_WEBHOOKS"),
        ("triage", "HUB_TRIAGE_ALLOW_LOOPBACK_COUNCIL_SYSTEM"),
        ("triage", "HUB_TRIAGE_ALLOW_LOOPBACK_RED_PAGE"),
        ("access", "HUB_ACCESS_DEMO"),
    ],
)
def test_only_a_demo_opens_what_a_demo_needs(folder: Folder, service: str, setting: str) -> None:
    assert setting not in environment_of(service, folder, Ports(), BACKBONE)
    assert environment_of(service, folder, Ports(), BACKBONE, demo=True)[setting] == "true"
    assert setting not in environment_of("intake", folder, Ports(), BACKBONE, demo=True)


def test_a_shell_cannot_open_what_only_a_demo_may(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_ACCESS_DEMO", "true")
    assert "HUB_ACCESS_DEMO" not in environment_of("access", folder, Ports(), BACKBONE)


def test_a_demo_asks_its_own_agencies(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CORE_AGENCIES, '{"police": "from the shell"}')
    asked = json.loads(environment_of("triage", folder, Ports(), BACKBONE, demo=True)[CORE_AGENCIES])
    assert asked == {sector: str(agency.agency_id) for sector, agency in demo_cast().asked.items()}
    assert (
        environment_of("triage", folder, Ports(), BACKBONE)[CORE_AGENCIES] == '{"police": "from the shell"}'
    )


def test_a_hub_that_is_no_demo_must_be_told_whom_to_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(CORE_AGENCIES, raising=False)
    assert main(["up", "--data", str(tmp_path / "var")]) == 1
    assert CORE_AGENCIES in capsys.readouterr().err
    assert not (tmp_path / "var").exists()


def test_a_person_can_set_what_the_launcher_does_not_know(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_TRIAGE_POOL_SIZE", "3")
    assert environment_of("triage", folder, Ports(), BACKBONE)["HUB_TRIAGE_POOL_SIZE"] == "3"
    assert "HUB_TRIAGE_POOL_SIZE" not in environment_of("intake", folder, Ports(), BACKBONE)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("postgresql://admin:x@db:5432/hub", "postgresql+asyncpg://hub_intake:a%2Fb@db:5432/hub"),
        ("postgres://db/hub?sslmode=require", "postgresql+asyncpg://hub_intake:a%2Fb@db/hub?sslmode=require"),
        ("postgresql+asyncpg://u@[::1]:1/hub", "postgresql+asyncpg://hub_intake:a%2Fb@[::1]:1/hub"),
    ],
)
def test_a_roles_url_names_the_same_database(given: str, made: str) -> None:
    assert role_url(given, "hub_intake", "a/b") == made


def test_keys_are_made_once_and_closed(folder: Folder) -> None:
    make_missing_keys(folder)
    before = {path.name: path.read_text() for path in folder.keys.iterdir()}
    make_missing_keys(folder)

    assert {path.name: path.read_text() for path in folder.keys.iterdir()} == before
    sealing = {"webhook-secrets.key", "held-copies.key"}
    assert set(before) == {f"{name}.json" for name in (*SERVICES, "access-signing")} | sealing
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.keys.iterdir())
    assert len({Fernet(before[name].strip()) for name in sealing}) == 2


def test_each_key_has_a_name_of_its_own_and_a_public_half(folder: Folder) -> None:
    make_missing_keys(folder)
    keys = [json.loads(path.read_text()) for path in folder.keys.glob("*.json")]
    assert len({key["kid"] for key in keys}) == len(keys)
    assert {(key["kty"], key["crv"], key["alg"]) for key in keys} == {("EC", "P-256", "ES256")}
    public = public_part(folder.key_of("triage"))
    assert "d" not in public
    assert public["kid"].startswith("triage-")  # type: ignore[union-attr]

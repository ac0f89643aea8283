"""What a database must hold before the services can work together: who they are, and a policy to judge by."""

import asyncio
import secrets
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from deploy.local.cast import Cast, DemoClient, DemoPerson, demo_cast
from deploy.local.files import Folder, secret_in, write_private
from deploy.local.keys import make_missing_key, public_part
from services.access import models as access
from services.access.passwords import PasswordCheck, digest_of, hash_password
from services.triage import policy
from services.triage.models import Policy
from services.triage.policy.checking import require_publishable
from services.triage.policy.reading import DEFAULT_POLICY, read_policy
from services.triage.store.policies import find_policy_in_force
from shared.clock import utc_now
from shared.platform.database import Table, create_engine, create_sessions, transaction
from shared.platform.settings import DatabaseSettings
from shared.schemas.words import Scope

#: Services that call others; each proves itself with its own key. Access alone is only ever called.
_CALLING_SERVICES = ("intake", "triage", "notifications", "console")
#: Who published a policy that no partnership has put in the place of the default.
_SHIPPED = "shipped with the hub"
Row = TypeVar("Row", bound=Table)

_TYPED_LETTERS = "bcdfghjkmnpqrstvwxz"


def load(database_url: str, data_dir: Path, *, demo: bool) -> None:
    """Load what is missing; what is there stays as it is, except keys and secrets that `data_dir` holds anew.

    Args:
        database_url: the migrator's.
        data_dir: where keys and secrets lie; those of the demo are made up the first time.
        demo: whether the demo's agencies, systems and people are wanted.

    Raises:
        PolicyNotPublishable: the policy that is shipped does not hold what it promises.
    """
    folder = Folder(data_dir)
    cast = demo_cast() if demo else None
    if cast is not None:
        _make_proofs(folder, cast)
    asyncio.run(_load(DatabaseSettings(database_url=database_url), folder, cast))


def directory(data_dir: Path) -> dict[str, Any]:
    """Return who may come in, for `hub up` to tell; nobody where no demo was ever loaded.

    `password` is the one that all people of the demo share.
    """
    folder = Folder(data_dir)
    if not folder.demo_password.exists():
        return {"clients": [], "staff": [], "password": None}
    cast = demo_cast()
    return {
        "clients": [_client_entry(folder, client) for client in cast.clients],
        "staff": [_staff_entry(folder, person) for person in cast.staff],
        "password": folder.demo_password.read_text().strip(),
    }


def _client_entry(folder: Folder, client: DemoClient) -> dict[str, str]:
    proof = (
        {"key_file": str(folder.key_of(client.client_id))}
        if client.has_key
        else {"secret_file": str(folder.secret_of(client.client_id))}
    )
    return {
        "client_id": client.client_id,
        "agency": str(client.agency.agency_id),
        "name": client.agency.name,
        "auth": client.auth,
        **proof,
    }


def _staff_entry(folder: Folder, person: DemoPerson) -> dict[str, Any]:
    return {
        "username": person.username,
        "name": person.name,
        "roles": list(person.roles),
        "password_file": str(folder.demo_password),
    }


def _make_proofs(folder: Folder, cast: Cast) -> None:
    """Make up the keys, secrets and the password of the demo that are not there yet."""
    for client in cast.clients:
        if client.has_key:
            make_missing_key(folder.key_of(client.client_id))
        else:
            secret_in(folder.secret_of(client.client_id))
    if not folder.demo_password.exists():
        write_private(folder.demo_password, _new_password() + "\n")


def _new_password() -> str:
    """Return a password that a person can type from another window: 67 random bits in four groups."""
    groups = ("".join(secrets.choice(_TYPED_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


async def _load(settings: DatabaseSettings, folder: Folder, cast: Cast | None) -> None:
    engine = create_engine(settings, application_name="hub-seed")
    try:
        async with transaction(create_sessions(engine), "seed") as tx:
            await _introduce_services(tx, folder)
            await _publish_policy(tx)
            if cast is not None:
                await _load_agencies(tx, cast)
                await _load_clients(tx, folder, cast)
                await _load_staff(tx, folder, cast)
    finally:
        await engine.dispose()


async def _introduce_services(tx: AsyncSession, folder: Folder) -> None:
    for name in _CALLING_SERVICES:
        known = await _kept(
            tx,
            access.Client(
                client_id=name,
                kind="service",
                agency_id=None,
                name=f"Hub: {name}",
                auth_method="private_key_jwt",
                scopes=[],
                active=True,
            ),
            name,
        )
        known.jwks = {"keys": [public_part(folder.key_of(name))]}
    await tx.flush()


async def _publish_policy(tx: AsyncSession) -> None:
    """Publish the policy that is shipped where there is none yet, or only one that was shipped before it.

    A version that was published before is not published again: after a step back to an older release, the
    newest stays in force.
    """
    in_force = await find_policy_in_force(tx)
    text = files(policy).joinpath(DEFAULT_POLICY).read_text(encoding="utf-8")
    document = read_policy(text)
    if in_force is not None and in_force.published_by != _SHIPPED:
        return
    if await tx.get(Policy, document.version) is not None:
        return
    require_publishable(document)
    tx.add(
        Policy(
            version=document.version,
            document=text,
            published_at=utc_now(),
            published_by=_SHIPPED,
        )
    )
    await tx.flush()


async def _load_agencies(tx: AsyncSession, cast: Cast) -> None:
    for agency in cast.agencies:
        row = access.Agency(agency_id=agency.agency_id, name=agency.name, sector=agency.sector, active=True)
        await _kept(tx, row, agency.agency_id)
    await tx.flush()


async def _load_clients(tx: AsyncSession, folder: Folder, cast: Cast) -> None:
    for client in cast.clients:
        row = access.Client(
            client_id=client.client_id,
            kind="client",
            agency_id=client.agency.agency_id,
            name=client.name,
            auth_method=client.auth,
            scopes=[scope.value for scope in Scope],
            active=True,
        )
        known = await _kept(tx, row, client.client_id)
        if client.has_key:
            known.jwks = {"keys": [public_part(folder.key_of(client.client_id))]}
        else:
            known.secret_digest = digest_of(secret_in(folder.secret_of(client.client_id)))
    await tx.flush()


async def _load_staff(tx: AsyncSession, folder: Folder, cast: Cast) -> None:
    password = folder.demo_password.read_text().strip()
    # One hash for all: they share the password, and each hash would cost every first start some 50 ms.
    shared: str | None = None
    for person in cast.staff:
        known = await tx.get(access.Staff, person.staff_id)
        if (
            known is not None
            and shared is None
            and await PasswordCheck().matches(password, known.password_hash)
        ):
            shared = known.password_hash
        shared = shared or hash_password(password)
        if known is None:
            tx.add(_staff_row(person, shared))
        else:
            known.password_hash = shared
    await tx.flush()


def _staff_row(person: DemoPerson, password_hash: str) -> access.Staff:
    return access.Staff(
        staff_id=person.staff_id,
        username=person.username,
        name=person.name,
        agency_id=person.agency.agency_id,
        roles=list(person.roles),
        password_hash=password_hash,
        active=True,
    )


async def _kept(tx: AsyncSession, row: Row, key: object) -> Row:
    """Return the row that stands under `key`, or `row` itself, added, where there is none."""
    known = await tx.get(type(row), key)
    if known is None:
        tx.add(row)
        return row
    return known

"""`hub policy replay`: a policy over all past children, read under triage's own role; nothing is changed."""

import argparse
import asyncio
import csv
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any, Final

import httpx
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from deploy.local.cast import demo_cast
from deploy.local.environment import role_url
from deploy.local.faults import LaunchFault
from deploy.local.files import DEFAULT_DATA_DIR, Folder, secret_in
from deploy.local.postgres import PostgresServer
from deploy.local.running import get_running
from services.triage.actions.policies.replaying import count_to_replay, replay_all, trial_of
from services.triage.evidence.replayed import Move, Sums, Trial
from services.triage.policy.checking import check_text
from services.triage.policy.document import PolicyDocument
from services.triage.policy.faults import PolicyNotPublishable
from services.triage.policy.reading import read_policy
from shared.platform.database import create_engine, create_sessions
from shared.platform.peers import AWAY, ClientIdentity, Peer
from shared.platform.settings import DatabaseSettings
from shared.problems import Problem
from shared.schemas.access import Agency
from shared.schemas.policies import ReplayedAnswer, ReplaySum
from shared.schemas.shapes import Page

_ROLE: Final = "hub_triage"
_TOLD_EVERY_SECONDS: Final = 2.0
_PLACES_SHOWN: Final = 25
_COLUMNS: Final = (
    *("case_id", "child_id", "reference", "agency_id", "locality", "moved"),
    *(f"{name}_{when}" for when in ("before", "after") for name in ("level", "pathway", "rag", "discussion")),
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    candidate: PolicyDocument | str
    since: date | None
    moved: Path
    folder: Folder


def replay_policy(options: argparse.Namespace) -> int:
    """Print who would move under a policy, and write a list of them."""
    candidate = _candidate(options.file)
    name = candidate if isinstance(candidate, str) else candidate.version
    wanted = _Wanted(
        candidate, options.since, options.list or Path(f"{name}-moved.csv"), Folder(options.data.resolve())
    )
    try:
        asyncio.run(_run(_database_url(options.data), wanted))
    except Problem as problem:
        raise LaunchFault(f"The replay ended: {problem.detail}") from problem
    return 0


def _candidate(file: str) -> PolicyDocument | str:
    """Return the policy of a file; where there is none of that name, the name is taken for a version."""
    path = Path(file)
    if not path.exists() and path.suffix not in (".yaml", ".yml"):
        return file
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = read_policy(text)
    except OSError as fault:
        raise LaunchFault(f"{path} cannot be read: {fault.strerror}. Give the path of a policy.") from fault
    except UnicodeDecodeError as fault:
        raise LaunchFault(f"{path} is not text in UTF-8. Save it as UTF-8 and try again.") from fault
    except PolicyNotPublishable as fault:
        raise LaunchFault(f"{path} holds no policy:\n{fault}") from fault
    if faults := check_text(text):
        _say(f"Tried as it is, but it could not be published: {len(faults)} faults (`hub policy check`).")
    return document


def _database_url(data_dir: Path) -> str:
    """Return where triage's role reads: as the environment says, else the hub that runs in the folder."""
    if own := os.environ.get("HUB_TRIAGE_DATABASE_URL"):
        return own
    password_file = os.environ.get("HUB_TRIAGE_PASSWORD_FILE")
    if (shared := os.environ.get("DATABASE_URL")) and password_file:
        return role_url(shared, _ROLE, secret_in(Path(password_file)))
    if shared:
        return role_url(shared, _ROLE, secret_in(Folder(data_dir.resolve()).password_of(_ROLE)))
    hub = get_running(data_dir)
    server = PostgresServer(hub.folder.root, hub.ports.postgres)
    return role_url(server.url, _ROLE, secret_in(hub.folder.password_of(_ROLE)))


async def _run(url: str, wanted: _Wanted) -> None:
    engine = create_engine(DatabaseSettings(database_url=url), application_name="hub-policy-replay")
    try:
        sessions = create_sessions(engine)
        trial = await trial_of(sessions, wanted.candidate)
        began = time.monotonic()
        sums = await _go_through(sessions, trial, wanted)
        for line in report(trial, sums, await _agency_names(wanted.folder)):
            print(line)
        took = time.monotonic() - began
        print(f"\n{sums.done} children in {took:.0f} s. Who would move is listed in {wanted.moved}.")
    finally:
        await engine.dispose()


async def _go_through(sessions: async_sessionmaker[AsyncSession], trial: Trial, wanted: _Wanted) -> Sums:
    total, sums, told_at = await count_to_replay(sessions, wanted.since), Sums(), time.monotonic()
    with _open(wanted.moved) as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        async for moves in replay_all(sessions, trial, sums, wanted.since):
            writer.writerows(map(_row, moves))
            if (now := time.monotonic()) - told_at >= _TOLD_EVERY_SECONDS:
                told_at = now
                up, down = sums.moved
                _say(f"{sums.done} of {total} children: {up} up, {down} down")
    return sums


def _open(path: Path) -> IO[str]:
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as fault:
        raise LaunchFault(f"{path} cannot be written: {fault.strerror}. Give another with --list.") from fault


def _row(move: Move) -> list[Any]:
    past = move.past
    row = [past.case_id, past.child_id, past.reference, past.agency_id, move.locality, move.moved]
    return [*row, *_cells(move.before), *_cells(move.after)]


def _cells(answer: ReplayedAnswer) -> tuple[Any, ...]:
    return answer.level, answer.pathway, answer.rag, answer.discussion


def report(trial: Trial, sums: Sums, agencies: dict[str, str]) -> Iterator[str]:
    """Yield the lines that say how many would move, and who."""
    up, down = sums.moved
    yield f"{trial.candidate.version} against {trial.in_force.version}, over the same facts:"
    yield f"{sums.done} children, {up} up, {down} down, {sums.done - sums.not_read - up - down} as before."
    if sums.not_read:
        yield f"{sums.not_read} could not be read: their facts were stored in another form."
    for heading, name, names in (
        ("Who sent the contact", "agency", agencies),
        ("Level now", "level", {"0": "none"}),
        ("Postcode district or town", "locality", {}),
    ):
        found = sums.table(name)
        yield ""
        yield from _table(heading, found[:_PLACES_SHOWN], names)
        if len(found) > _PLACES_SHOWN:
            yield f"and {len(found) - _PLACES_SHOWN} more with fewer who move"


def _table(heading: str, sums: Sequence[ReplaySum], names: dict[str, str]) -> Iterator[str]:
    rows = [(names.get(one.key, one.key), str(one.children), str(one.up), str(one.down)) for one in sums]
    width = max(len(heading), *(len(row[0]) for row in rows)) if rows else len(heading)
    for label, children, up, down in [(heading, "Children", "Up", "Down"), *rows]:
        yield f"{label:<{width}}  {children:>8}  {up:>8}  {down:>8}"


async def _agency_names(folder: Folder) -> dict[str, str]:
    """Return the names that access's register has, asked as triage, which reads no other schema itself.

    Where nobody runs access, or its key lies elsewhere, the demo's names are known, and others show as ids.
    """
    known = {str(agency.agency_id): agency.name for agency in demo_cast().agencies}
    try:
        url = os.environ.get("HUB_TRIAGE_ACCESS_URL") or get_running(folder.root).ports.url("access")
        key_file = Path(os.environ.get("HUB_TRIAGE_KEY_FILE") or folder.key_of("triage"))
        async with httpx.AsyncClient() as http:
            triage = ClientIdentity(http, client_id="triage", key_file=key_file, access_url=url)
            found = await Peer(http, triage, url).get("/v1/agencies?limit=1000", Page[Agency])
    except (*AWAY, httpx.HTTPStatusError, OSError, LaunchFault):
        _say("Access does not say what its agencies are called: those it alone knows show as ids.")
        return known
    return known | {str(agency.agency_id): agency.name for agency in found.items}


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def add_replay(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `hub policy replay` to the command's words."""
    tried = verbs.add_parser("replay", help="who would move, of all past children, under another policy")
    tried.add_argument("file", metavar="FILE", help="the policy as YAML, or the version of a submitted one")
    tried.add_argument(
        "--since",
        type=date.fromisoformat,
        metavar="DATE",
        help="only contacts that arrived on or after it, such as 2026-01-01",
    )
    tried.add_argument("--list", type=Path, metavar="CSV", help="where who would move is written")
    tried.add_argument(
        "--data", type=Path, default=DEFAULT_DATA_DIR, metavar="DIR", help="data folder (./%(default)s)"
    )
    tried.set_defaults(run=replay_policy)

"""What each process of a local hub is told: everything through its environment, each only its own."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from deploy.local.faults import LaunchFault
from deploy.local.files import Folder, secret_in
from deploy.local.ports import HOST, Ports
from deploy.local.processes import LAUNCHER_PID

#: The services that answer HTTP, in the order a person thinks of them.
SERVICES = ("console", "access", "intake", "triage", "notifications")

# The console has no database and hears no events.
_WITHOUT_DATABASE = frozenset({"console"})
# What a demo alone may do: call webhooks, an adapter and a gateway on this machine, sign in by name alone.
_ONLY_IN_A_DEMO = {
    "notifications": {"ALLOW_LOOPBACK_WEBHOOKS": "true"},
    "triage": {"ALLOW_LOOPBACK_COUNCIL_SYSTEM": "true", "ALLOW_LOOPBACK_RED_PAGE": "true"},
    "access": {"DEMO": "true"},
}
#: By sector, the agency that triage asks on its behalf.
CORE_AGENCIES = "HUB_TRIAGE_CORE_AGENCIES"
# From the numbers that are kept free for drama: nobody answers.
_DEMO_TELEPHONE = "01632 960100"
_FOREIGN = ("DATABASE_URL", "NATS_URL", LAUNCHER_PID)


class NoPartnership(LaunchFault):
    """A hub that is no demo was not told whom to ask."""

    def __init__(self) -> None:
        super().__init__(
            f"{CORE_AGENCIES} is not set: the hub must know which agency to ask for each sector.\n"
            """Set it to JSON: {"police": "AGENCY_ID", "health": "AGENCY_ID", "education": "AGENCY_ID"}.\n"""
            "Or try the hub with invented agencies: `hub up --demo`."
        )


@dataclass(frozen=True)
class Backbone:
    """Where the database and the bus are; both URLs hold passwords.

    Attributes:
        database_url: the migrator's.
        nats_url: with user and password where the bus asks for them.
    """

    database_url: str
    nats_url: str


def environment_of(
    name: str, folder: Folder, ports: Ports, backbone: Backbone, *, demo: bool = False
) -> dict[str, str]:
    """Return the whole environment of the process called `name`.

    It is the launcher's own without the migrator's URL and without what is meant for another process;
    what the launcher knows itself wins over what the shell says.

    Args:
        name: one of SERVICES, or `reconciler` or `receiver`.
        folder: where passwords and keys lie; a missing password is made up.
        ports: where the services listen.
        backbone: the migrator's database URL, from which the service's own is made, and the bus.
        demo: whether what only a demo may do is let through.
    """
    prefix = f"HUB_{name.upper()}_"
    told = _inherited(os.environ, prefix)
    demo_settings = _ONLY_IN_A_DEMO.get(name, {})
    for key in demo_settings:
        told.pop(prefix + key, None)
    own = _facts_of(name, folder, ports, backbone)
    if demo:
        own |= demo_settings | _demo_world(name)
    return told | {prefix + key: value for key, value in own.items()}


def role_url(database_url: str, role: str, password: str) -> str:
    """Return `database_url` with the role and its password in place of the migrator's."""
    parts = urlsplit(database_url)
    address = parts.netloc.rpartition("@")[2]
    account = f"{quote(role, safe='')}:{quote(password, safe='')}"
    return urlunsplit(parts._replace(scheme="postgresql+asyncpg", netloc=f"{account}@{address}"))


def require_partnership() -> None:
    """Pass only where the environment says which agencies a hub that is no demo asks.

    Raises:
        NoPartnership: it does not.
    """
    if not os.environ.get(CORE_AGENCIES):
        raise NoPartnership


def _demo_world(name: str) -> dict[str, str]:
    """Return what a service must know of the demo's partnership."""
    match name:
        case "triage":
            from deploy.local.cast import demo_cast

            asked = {sector: str(agency.agency_id) for sector, agency in demo_cast().asked.items()}
            return {"CORE_AGENCIES": json.dumps(asked), "TEAMS": json.dumps(demo_cast().teams)}
        case "intake" | "notifications":
            return {"HUB_TELEPHONE": _DEMO_TELEPHONE}
        case _:
            return {}


def _facts_of(name: str, folder: Folder, ports: Ports, backbone: Backbone) -> dict[str, str]:
    if name == "reconciler":
        return _backbone_of(name, folder, backbone)
    facts = {"HOST": HOST, "PORT": str(ports.of(name)), "PUBLIC_URL": ports.url(name)}
    facts |= {f"{service.upper()}_URL": ports.url(service) for service in SERVICES}
    if name not in SERVICES:
        return facts | {"DATA_DIR": str(folder.root)}
    facts["KEY_FILE"] = str(folder.key_of(name))
    if name not in _WITHOUT_DATABASE:
        facts |= _backbone_of(name, folder, backbone)
    if name == "access":
        facts["SIGNING_KEY_FILE"] = str(folder.signing_key)
    if name == "intake":
        facts["HELD_COPY_KEY_FILE"] = str(folder.held_copy_key)
    if name == "notifications":
        facts["WEBHOOK_KEY_FILE"] = str(folder.webhook_key)
    return facts


def _backbone_of(name: str, folder: Folder, backbone: Backbone) -> dict[str, str]:
    role = f"hub_{name}"
    password = secret_in(folder.password_of(role))
    return {"DATABASE_URL": role_url(backbone.database_url, role, password), "NATS_URL": backbone.nats_url}


def _inherited(environment: Mapping[str, str], prefix: str) -> dict[str, str]:
    return {
        key: value
        for key, value in environment.items()
        if key not in _FOREIGN and (key.startswith(prefix) or not _for_another(key))
    }


def _for_another(key: str) -> bool:
    names = (*SERVICES, "reconciler", "receiver")
    return any(key.startswith(f"HUB_{name.upper()}_") for name in names)

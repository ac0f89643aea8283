"""`hub migrate`: the roles and the schema, brought up to date by the migrator."""

import os
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from deploy.local.cluster import MIGRATOR
from deploy.local.environment import role_url
from deploy.local.faults import LaunchFault, NoHubRunning
from deploy.local.files import Folder
from deploy.local.ports import HOST
from deploy.local.running import get_running

# PostgreSQL's codes for: no such account, wrong password, no such database.
_REFUSALS = {"28000", "28P01", "3D000"}


class DatabaseRefused(LaunchFault):
    """The server is there but does not let the migrator in."""

    def __init__(self) -> None:
        super().__init__(
            "The database refuses the account or the database name in DATABASE_URL.\n"
            "It must name an existing database and a role that may create roles and schemas there."
        )


def migrate_database(database_url: str, folder: Folder) -> None:
    """Bring the roles and the schema of the database up to date; the roles' passwords lie in `folder`.

    Raises:
        DatabaseRefused: the account cannot log in.
    """
    from migrations.run import migrate

    try:
        migrate(database_url, folder.secrets)
    except DBAPIError as error:
        if str(getattr(error.orig, "sqlstate", "")) in _REFUSALS:
            raise DatabaseRefused from error
        raise


def migrate_command(data_dir: Path) -> None:
    """Migrate the database DATABASE_URL names, or else the one of the hub that runs in `data_dir`.

    Raises:
        LaunchFault: there is neither, or it refuses us.
    """
    folder = Folder(data_dir.resolve())
    folder.prepare()
    migrate_database(os.environ.get("DATABASE_URL") or _url_of_running_hub(folder), folder)


def _url_of_running_hub(folder: Folder) -> str:
    hub = get_running(folder.root)
    password_file = folder.password_of(MIGRATOR)
    if not password_file.exists():
        raise NoHubRunning(folder.root)
    address = f"postgresql+asyncpg://{HOST}:{hub.ports.postgres}/hub"
    return role_url(address, MIGRATOR, password_file.read_text().strip())

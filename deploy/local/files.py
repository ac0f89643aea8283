"""What lies in the data folder of a local hub, readable by its owner alone."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEFAULT_DATA_DIR = Path("var")
PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


@dataclass(frozen=True)
class Folder:
    """The data folder at `root` and the places in it."""

    root: Path

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL's own files."""
        return self.root / "pg"

    @property
    def nats(self) -> Path:
        """The embedded NATS's settings and its JetStream store."""
        return self.root / "nats"

    @property
    def logs(self) -> Path:
        """One file per process."""
        return self.root / "log"

    @property
    def keys(self) -> Path:
        """Private keys, one file each."""
        return self.root / "keys"

    @property
    def secrets(self) -> Path:
        """Passwords, one file each."""
        return self.root / "secrets"

    @property
    def state(self) -> Path:
        """What `hub up` tells the other commands while it runs."""
        return self.root / "hub.json"

    @property
    def lock(self) -> Path:
        """Held by the one launcher that may use this folder."""
        return self.root / "hub.lock"

    @property
    def journey(self) -> Path:
        """Says that the demo journey has run here."""
        return self.root / "journey.json"

    @property
    def signing_key(self) -> Path:
        """The private JWK access signs tokens with."""
        return self.keys / "access-signing.json"

    @property
    def demo_password(self) -> Path:
        """The one password that all people of the demo share."""
        return self.secrets / "demo-password"

    @property
    def receiver(self) -> Path:
        """What the demo's receiver of webhooks keeps: its secret and what it recorded."""
        return self.root / "receiver"

    @property
    def webhook_key(self) -> Path:
        """The Fernet key that encrypts webhook secrets at rest."""
        return self.keys / "webhook-secrets.key"

    @property
    def held_copy_key(self) -> Path:
        """The Fernet keys that seal the copies of refused referrals."""
        return self.keys / "held-copies.key"

    def key_of(self, client: str) -> Path:
        """Return the private JWK with which a service or a partner's system asks access for a token."""
        return self.keys / f"{client}.json"

    def secret_of(self, client: str) -> Path:
        """Return the secret of a partner's system that has no key."""
        return self.secrets / f"{client}.secret"

    def password_of(self, role: str) -> Path:
        """Return the password file of a database role."""
        return self.secrets / f"{role}.password"

    def log_of(self, name: str) -> Path:
        """Return the log file of the process called `name`."""
        return self.logs / f"{name}.log"

    def prepare(self) -> None:
        """Make the folders that are missing, and close those the hub owns to everyone else.

        A root that was there already keeps its mode: it may be someone's home, or /tmp.
        """
        self.root.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        for folder in (self.nats, self.logs, self.keys, self.secrets):
            folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            folder.chmod(PRIVATE_FOLDER)


def write_private(path: Path, content: str) -> None:
    """Put `content` at `path` for the owner's eyes alone, whole or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Put `content` at `path` as JSON, for the owner's eyes alone."""
    write_private(path, json.dumps(content, indent=2) + "\n")


def new_secret() -> str:
    """Return a password of 256 random bits that needs no quoting in a URL, in SQL or in NATS settings."""
    return secrets.token_urlsafe(32)


def secret_in(path: Path) -> str:
    """Return the password kept at `path`, made up and stored first where there is none."""
    if not path.exists():
        write_private(path, new_secret() + "\n")
    return path.read_text().strip()


def last_line(path: Path) -> str:
    """Return the last line with words in the file at `path`, or an empty text; for telling a person."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        lines = file.read().decode(errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "")

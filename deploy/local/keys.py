"""The key material of a local hub, made at its first start and kept from then on."""

import json
from pathlib import Path

from cryptography.fernet import Fernet
from joserfc.jwk import ECKey

from deploy.local.environment import SERVICES
from deploy.local.files import Folder, write_private


def make_missing_keys(folder: Folder) -> None:
    """Make the keys that are not there yet: the token issuer's, each service's own, and those that seal.

    A key that exists is never replaced: what it signed or encrypted would be lost with it.
    """
    for path in (folder.signing_key, *(folder.key_of(service) for service in SERVICES)):
        make_missing_key(path)
    for path in (folder.webhook_key, folder.held_copy_key):
        if not path.exists():
            write_private(path, Fernet.generate_key().decode() + "\n")


def make_missing_key(path: Path) -> None:
    """Make the private JWK at `path` if it is not there yet."""
    if not path.exists():
        write_private(path, _new_signing_key(path.stem))


def public_part(path: Path) -> dict[str, str | list[str]]:
    """Return the public half of the private JWK kept at `path`, with its `kid`."""
    return dict(ECKey.import_key(json.loads(path.read_text())).as_dict(private=False))


def _new_signing_key(name: str) -> str:
    """Return a private ES256 JWK; its `kid` is the owner's name and the key's own thumbprint."""
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, private=True)
    return json.dumps(key.as_dict(private=True) | {"kid": f"{name}-{key.thumbprint()[:12]}"}) + "\n"

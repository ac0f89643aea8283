"""What an endpoint of access needs beside its request: opened once, by app.py."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from jinja2 import Environment

from services.access.passwords import PasswordCheck
from services.access.settings import Settings
from services.access.tokens import Signer


@dataclass(frozen=True, slots=True)
class Parts:
    """The settings, the signing key, the templates of pages and the check of passwords."""

    settings: Settings
    signer: Signer
    templates: Environment
    check: PasswordCheck


async def _parts(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


OpenedParts = Annotated[Parts, Depends(_parts)]

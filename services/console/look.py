"""The console's own style sheet and script, beside the shared ones."""

import hashlib
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

router = APIRouter(include_in_schema=False)

_STATIC: Final = Path(__file__).parent / "static"
_CSS: Final = (_STATIC / "console.css").read_bytes()
_SCRIPT: Final = (_STATIC / "console.js").read_bytes()
_DRAFTS: Final = (_STATIC / "drafts.js").read_bytes()
_RED: Final = (_STATIC / "red.js").read_bytes()
_READ_FILE: Final = (_STATIC / "read-file.js").read_bytes()
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}

#: Their addresses, each with a version that changes when the file does, so that browsers may keep it.
ADDRESS: Final = f"/console-{hashlib.sha256(_CSS).hexdigest()[:12]}.css"
READ_FILE: Final = f"/read-file-{hashlib.sha256(_READ_FILE).hexdigest()[:12]}.js"
SCRIPT: Final = f"/console-{hashlib.sha256(_SCRIPT).hexdigest()[:12]}.js"
DRAFTS: Final = f"/drafts-{hashlib.sha256(_DRAFTS).hexdigest()[:12]}.js"
RED_SCRIPT: Final = f"/red-{hashlib.sha256(_RED).hexdigest()[:12]}.js"


@router.get(ADDRESS)
async def get_style_sheet() -> Response:
    """Give the style sheet to anyone: nothing in it speaks of a person."""
    return Response(_CSS, media_type="text/css", headers=_FOR_EVER)


@router.get(SCRIPT)
async def get_script() -> Response:
    """Give the script to anyone, for the same reason."""
    return Response(_SCRIPT, media_type="text/javascript", headers=_FOR_EVER)


@router.get(DRAFTS)
async def get_drafts_script() -> Response:
    """Give the script that keeps drafts to anyone, for the same reason."""
    return Response(_DRAFTS, media_type="text/javascript", headers=_FOR_EVER)


@router.get(RED_SCRIPT)
async def get_red_script() -> Response:
    """Give the script that sounds for a Red child to anyone, for the same reason."""
    return Response(_RED, media_type="text/javascript", headers=_FOR_EVER)


@router.get(READ_FILE)
async def get_read_file() -> Response:
    """Give the script that puts a chosen file into a text box to anyone, too."""
    return Response(_READ_FILE, media_type="text/javascript", headers=_FOR_EVER)

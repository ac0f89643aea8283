"""The console's own style sheet, beside the shared ones."""

import hashlib
from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

router = APIRouter(include_in_schema=False)

_CSS: Final = (Path(__file__).parent / "static" / "console.css").read_bytes()

#: Its address, with a version that changes when it does, so that browsers may keep it.
ADDRESS: Final = f"/console-{hashlib.sha256(_CSS).hexdigest()[:12]}.css"


@router.get(ADDRESS)
async def get_style_sheet() -> Response:
    """Give the style sheet to anyone: nothing in it speaks of a person."""
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(_CSS, media_type="text/css", headers=headers)

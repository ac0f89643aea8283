"""The one reader of form bodies: every field once, nothing that cannot be stored."""

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from shared.problems import ProtocolMisuse, UnsupportedMedia

_MEDIA = "application/x-www-form-urlencoded"
_MAX_FIELDS = 30


async def read_form(request: Request) -> dict[str, str]:
    """Return the fields of a form body; those sent empty count as not sent.

    Raises:
        UnsupportedMedia: another kind of body.
        ProtocolMisuse: not UTF-8, a field given twice, too many fields, or the NUL character.
    """
    media, _, charset = request.headers.get("content-type", "").partition(";")
    if media.strip().lower() != _MEDIA or charset.strip().lower() not in {"", "charset=utf-8"}:
        raise UnsupportedMedia(f"Send {_MEDIA} in UTF-8.")
    fields = _pairs(await request.body())
    if len(dict(fields)) != len(fields):
        raise ProtocolMisuse("A field is given twice: the hub will not choose.")
    return {name: value for name, value in fields if value}


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS
        )
    except ValueError:
        raise ProtocolMisuse("The form could not be read.") from None
    if any("\x00" in part for pair in pairs for part in pair):
        raise ProtocolMisuse("A field holds the NUL character.")
    return pairs


SentForm = Annotated[dict[str, str], Depends(read_form)]

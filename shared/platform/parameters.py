"""What stands in a request's address: ids in their one written form, and parameters that are known."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BeforeValidator

from shared.problems import FieldError, Invalid

_WRITTEN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,59}")


def _written_as_ids_are(value: object) -> object:
    if isinstance(value, str) and not _WRITTEN_ID.fullmatch(value):
        raise ValueError("not an id")
    return value


#: An id in a path; 404 for anything else, URNs and braces too: one record has one address.
PathId = Annotated[UUID, BeforeValidator(_written_as_ids_are)]


def require_known_parameters(request: Request) -> None:
    """Refuse a query parameter that the endpoint does not know.

    Passed over in silence, a misspelt filter would show more than was asked for, and a made-up one would
    seem to work.

    Raises:
        Invalid: there is one.
    """
    route = request.scope.get("route")
    if not request.query_params or not isinstance(route, APIRoute):
        return
    known = _known_to(route.dependant)
    if unknown := [name for name in request.query_params if name not in known]:
        detail = "The hub does not know this parameter here."
        raise Invalid(
            "Some parameters are not acceptable; see errors.",
            errors=tuple(
                FieldError("unknown_parameter", detail, parameter=name if _NAME.fullmatch(name) else "?")
                for name in unknown[:100]
            ),
        )


def _known_to(dependant: Dependant) -> set[str]:
    known = {field.alias for field in dependant.query_params}
    return known.union(*(_known_to(inner) for inner in dependant.dependencies))

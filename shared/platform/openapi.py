"""JSON bodies that are read strictly and still stand in the API's description."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.platform import json
from shared.platform.auth import Permit
from shared.problems import UnsupportedMedia
from shared.schemas.shapes import ProblemAnswer
from shared.schemas.words import Role

Model = TypeVar("Model", bound=BaseModel)

_TEMPLATE = "#/components/schemas/{model}"
_MEDIA = "application/problem+json"
#: What any endpoint with a body may say besides its own answers.
_BODY_REFUSALS = (400, 413, 415, 422)


class _Reader:
    """A dependency that reads the body as `model`: after the caller is known, before a transaction opens."""

    def __init__(self, model: type[BaseModel], *, whole: bool) -> None:
        self.body_model = model
        self._whole = whole

    async def __call__(self, request: Request) -> Any:
        _require_plain_json(request)
        sent = json.read(self.body_model, await request.body())
        return sent if self._whole else sent.form


def json_body(model: type[Model]) -> Any:
    """Return the dependency that gives an endpoint the body as `model`."""
    return Depends(_Reader(model, whole=False))


def sent_body(model: type[Model]) -> Any:
    """Return the dependency that gives an endpoint a `json.Sent`: the form and the document as sent."""
    return Depends(_Reader(model, whole=True))


def _require_plain_json(request: Request) -> None:
    media, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if media.strip().lower() != "application/json" or charset not in {"", "utf-8"}:
        raise UnsupportedMedia("Send application/json in UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("Send the body without a content encoding.")


def headers(described: dict[str, str]) -> dict[str, Any]:
    """Return the part of an answer's `responses=` that tells of its headers: what each of them says."""
    return {
        "headers": {
            name: {"description": words, "schema": {"type": "string"}} for name, words in described.items()
        }
    }


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of an endpoint: the problems it may answer, each described once."""
    return {status: _problem(status) for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    carried = _CARRIED.get(status)
    return {
        "description": _MEANING[status],
        "content": {_MEDIA: {"schema": {"$ref": _TEMPLATE.format(model="ProblemAnswer")}}},
    } | (headers(carried) if carried else {})


_CHALLENGE = {"WWW-Authenticate": "Which kind of token is wanted."}
_PATIENCE = {"Retry-After": "Seconds to wait before sending the same request again."}
_CARRIED = {401: _CHALLENGE, 403: _CHALLENGE, 429: _PATIENCE, 503: _PATIENCE}
_MEANING = {
    400: "The request could not be understood.",
    401: "No token, or not one the hub accepts.",
    403: "Your token does not carry the right to do this.",
    404: "It does not exist or is not yours.",
    409: "The present state says no; `code` says which.",
    412: "Someone changed it since you read it: read again, then decide again.",
    413: "The body is too large.",
    415: "The body is not plain JSON in UTF-8.",
    422: "Read, but not acceptable; `errors` points at each fault.",
    428: "Send If-Match with the version you read.",
    429: "Too many requests; Retry-After says when.",
    503: "Try again after Retry-After seconds: send the same request with the same key.",
}


def install(app: FastAPI) -> None:
    """Make `app.openapi()` tell of strict bodies and of problems in their true media type."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def api_routes(app: FastAPI) -> list[APIRoute]:
    """Return every route of `app`; those of routers that it includes lie a level down."""
    found = (context.original_route for context in iter_route_contexts(app.routes))
    return [route for route in found if isinstance(route, APIRoute)]


def _describe(app: FastAPI) -> dict[str, Any]:
    schema = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    routes = [route for route in api_routes(app) if route.include_in_schema]
    bodies = {route.unique_id: model for route in routes if (model := _body_model(route.dependant))}
    models: list[Any] = [(model, "validation") for model in dict.fromkeys(bodies.values())]
    _, definitions = models_json_schema([*models, (ProblemAnswer, "serialization")], ref_template=_TEMPLATE)
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {}).update(definitions["$defs"])
    for unused in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(unused, None)
    components["securitySchemes"] = {"hub": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    schema["security"] = [{"hub": []}]
    for route in routes:
        for method in route.methods or ():
            operation = schema["paths"][route.path_format][method.lower()]
            _complete(operation, route, bodies.get(route.unique_id))
    return schema


def _complete(operation: dict[str, Any], route: APIRoute, body: type[BaseModel] | None) -> None:
    answers = operation["responses"]
    if "422" in answers:
        answers["422"] = _problem(422)
    for status in _refusals(operation, route, body):
        answers.setdefault(str(status), _problem(status))
    operation["responses"] = dict(sorted(answers.items()))
    _tell(operation, permit_in(route.dependant))
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header":
            _require(parameter)
    if body is not None:
        reference = {"$ref": _TEMPLATE.format(model=body.__name__)}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": reference}}}


def _refusals(operation: dict[str, Any], route: APIRoute, body: type[BaseModel] | None) -> tuple[int, ...]:
    """Return what any endpoint of this kind may say, whatever it is about."""
    is_open = operation.get("security") == []
    return (
        *((400, 503) if is_open else (400, 401, 403, 422, 503)),
        *((404,) if route.param_convertors else ()),
        *(_BODY_REFUSALS if body else ()),
    )


def _tell(operation: dict[str, Any], permit: Permit | None) -> None:
    """Take the summary from the first sentence of the docstring, and say after it all who may call."""
    words: str = operation["description"]
    operation["summary"] = re.split(r"(?<=[a-z0-9)])[.:](?:\s|$)", words, maxsplit=1)[0].replace("\n", " ")
    if permit is not None:
        operation["description"] = f"{words}\n\nFor {'; '.join(_audience(permit))}."


def _audience(permit: Permit) -> list[str]:
    every = [f"client systems with `{permit.scope}`"] if permit.scope else []
    every += ["every client system"] if permit.every_client else []
    roles = [role.replace("_", " ") for role in Role if role in permit.roles]
    every += ["all staff" if len(roles) == len(Role) else f"staff ({', '.join(roles)})"] if roles else []
    return every + (["the hub's own services"] if permit.services else [])


def _require(header: dict[str, Any]) -> None:
    # Optional to the framework only so that the hub itself can say, in its own words, that it is missing.
    header["required"] = True
    header["schema"] = {"type": "string", "examples": header["schema"].get("examples", [])}


def permit_in(dependant: Dependant) -> Permit | None:
    """Return the permit that stands in an endpoint's signature, or in that of what it depends on."""
    if isinstance(dependant.call, Permit):
        return dependant.call
    return next((found for inner in dependant.dependencies if (found := permit_in(inner))), None)


def _body_model(dependant: Dependant) -> type[BaseModel] | None:
    calls: list[Callable[..., Any] | None] = [inner.call for inner in dependant.dependencies]
    return next((call.body_model for call in calls if isinstance(call, _Reader)), None)

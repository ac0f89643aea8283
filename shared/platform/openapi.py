"""JSON bodies that are read strictly and still stand in the API's description."""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.platform import json
from shared.problems import UnsupportedMedia
from shared.schemas.shapes import ProblemAnswer

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


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the `responses=` of an endpoint: the problems it may answer, each described once."""
    return {status: _problem(status) for status in statuses}


def _problem(status: int) -> dict[str, Any]:
    return {
        "description": _MEANING[status],
        "content": {_MEDIA: {"schema": {"$ref": _TEMPLATE.format(model="ProblemAnswer")}}},
    }


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
            _complete(schema["paths"][route.path_format][method.lower()], bodies.get(route.unique_id))
    return schema


def _complete(operation: dict[str, Any], body: type[BaseModel] | None) -> None:
    answers = operation["responses"]
    if "422" in answers:
        answers["422"] = _problem(422)
    for status in (400, 401, 403, 503, *(_BODY_REFUSALS if body else ())):
        answers.setdefault(str(status), _problem(status))
    if body is not None:
        reference = {"$ref": _TEMPLATE.format(model=body.__name__)}
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": reference}}}


def _body_model(dependant: Dependant) -> type[BaseModel] | None:
    calls: list[Callable[..., Any] | None] = [inner.call for inner in dependant.dependencies]
    return next((call.body_model for call in calls if isinstance(call, _Reader)), None)

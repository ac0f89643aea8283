"""The descriptions that partners program against are current, whole and true."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from docs.openapi.write import HERE, applications, described
from shared.platform.json import read
from shared.platform.openapi import api_routes

Schema = dict[str, Any]
SERVICES = ("access", "intake", "triage", "notifications")
#: A value of each format, where the description needs no example to be clear.
CLEAR = {
    "uuid": "0198f0a0-0000-7000-8000-000000000001",
    "date": "2019-04-02",
    "date-time": "2026-11-20T22:40:00Z",
}


@cache
def texts() -> dict[str, str]:
    return described()


def description_of(service: str) -> Schema:
    said: Schema = json.loads(texts()[service])
    return said


def operations(service: str) -> Iterator[tuple[str, Schema]]:
    for path, methods in description_of(service)["paths"].items():
        yield from ((f"{method.upper()} {path}", operation) for method, operation in methods.items())


def schemas(service: str) -> dict[str, Schema]:
    found: dict[str, Schema] = description_of(service)["components"]["schemas"]
    return found


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from references(inner)


EACH = pytest.mark.parametrize("service", SERVICES)


@EACH
def test_the_file_is_what_the_code_says(service: str) -> None:
    written = (HERE / f"{service}.json").read_text(encoding="utf-8")
    assert written == texts()[service], "run `make openapi` and read the difference"


@EACH
def test_every_reference_leads_somewhere_and_every_schema_is_used(service: str) -> None:
    named = {
        reference.removeprefix("#/components/schemas/") for reference in references(description_of(service))
    }
    assert named == set(schemas(service))


@EACH
def test_every_operation_says_what_it_does_and_who_may_call(service: str) -> None:
    for name, operation in operations(service):
        assert operation["summary"].strip(), name
        assert len(operation["summary"]) < 100, name
        assert operation["description"].strip(), name
        assert operation["tags"], name
        assert operation.get("security") == [] or "\n\nFor " in operation["description"], name


@EACH
def test_every_operation_has_a_name_of_its_own(service: str) -> None:
    names = [operation["operationId"] for _, operation in operations(service)]
    assert len(names) == len(set(names))


@EACH
def test_every_operation_tells_of_every_way_it_may_end(service: str) -> None:
    for name, operation in operations(service):
        statuses = {int(status) for status in operation["responses"]}
        is_open = operation.get("security") == []
        assert {status for status in statuses if status < 300}, name
        assert {400, 503} <= statuses, name
        assert is_open or {401, 403, 422} <= statuses, name
        assert "{" not in name or 404 in statuses, name
        assert "application/json" not in str(operation.get("requestBody")) or {413, 415} <= statuses, name
        for status, answer in operation["responses"].items():
            assert answer["description"], (name, status)
            assert int(status) in (204, *range(300, 600)) or "schema" in str(answer["content"]), (
                name,
                status,
            )


@EACH
def test_every_parameter_is_explained(service: str) -> None:
    for name, operation in operations(service):
        for parameter in operation.get("parameters", ()):
            clear = parameter["in"] == "path" and parameter["schema"].get("format") == "uuid"
            listed = "enum" in parameter["schema"]
            assert clear or listed or parameter.get("description"), (name, parameter["name"])


def is_clear(schema: Schema) -> bool:
    """Say whether a reader sees what a value looks like."""
    if {"$ref", "examples", "enum", "const"} & set(schema) or schema.get("format") in CLEAR:
        return True
    if "anyOf" in schema:
        return all(is_clear(part) for part in schema["anyOf"])
    if schema.get("type") == "array":
        return is_clear(schema["items"])
    return schema.get("type") in {"boolean", "null"}


@EACH
def test_every_field_has_an_example_or_needs_none(service: str) -> None:
    unclear = [
        f"{name}.{field}"
        for name, schema in schemas(service).items()
        for field, inner in schema.get("properties", {}).items()
        if not is_clear(inner)
    ]
    assert unclear == []


def example_of(schema: Schema, known: dict[str, Schema]) -> Any:
    """Return a value made of the examples in a description."""
    if told := schema.get("examples") or schema.get("enum"):
        return told[0]
    if "$ref" in schema:
        return example_of(known[schema["$ref"].removeprefix("#/components/schemas/")], known)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], known)
    return _by_type(schema, known)


def _by_type(schema: Schema, known: dict[str, Schema]) -> Any:
    match schema.get("type"):
        case "object":
            return {name: example_of(inner, known) for name, inner in schema["properties"].items()}
        case "array":
            return [example_of(schema["items"], known)]
        case "boolean":
            return False
    return CLEAR[schema["format"]]


def body_models(dependant: Dependant) -> Iterator[type[BaseModel]]:
    if model := getattr(dependant.call, "body_model", None):
        yield model
    for inner in dependant.dependencies:
        yield from body_models(inner)


@EACH
def test_what_is_given_as_an_example_is_taken(service: str) -> None:
    known = schemas(service)
    for route in api_routes(applications()[service]):
        for model in body_models(route.dependant):
            if route.include_in_schema:
                example = example_of(known[model.__name__], known)
                assert read(model, json.dumps(example).encode()).document == example

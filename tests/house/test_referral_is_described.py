"""Whoever fills in a referral is told at every field what to put there, with an example that is taken."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from services.intake.findings import find
from shared.clock import london_date, utc_now
from shared.schemas.referrals import ReferralIn
from shared.schemas.shapes import Form
from tests.house.source import ROOT


def _forms(form: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    if form in seen:
        return
    seen.add(form)
    yield form
    for field in form.model_fields.values():
        for inner in _inside(field.annotation):
            yield from _forms(inner, seen)


def _inside(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, Form):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _inside(argument)


FIELDS = [
    pytest.param(field, id=f"{form.__name__}.{name}")
    for form in _forms(ReferralIn, set())
    for name, field in form.model_fields.items()
]


def test_the_whole_referral_is_walked() -> None:
    assert len(FIELDS) > 130


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_says_what_to_put_there(field: FieldInfo) -> None:
    assert field.description
    assert field.description.endswith(".")
    assert len(field.description) > 3


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_an_example_that_is_taken(field: FieldInfo) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
    assert field.examples
    for example in field.examples:
        adapter.validate_json(json.dumps(example))


def test_no_example_of_a_code_or_number_is_one_the_hub_would_ask_about() -> None:
    odd = {"code_not_known", "check_digit", "check_letter", "indicator_not_known"}
    found = find(_made_of_examples(ReferralIn), today=london_date(utc_now()))
    assert [finding for finding in found if finding.code in odd or finding.code.startswith("odd_")] == []


def _made_of_examples(form: type[ReferralIn]) -> ReferralIn:
    return form.model_validate_json(json.dumps(_example(form)))


def _example(form: type[BaseModel]) -> dict[str, Any]:
    """Return a form in which every field, at every depth, holds its example."""
    return {name: _filled(field) for name, field in form.model_fields.items()}


def _filled(field: FieldInfo) -> Any:
    inner = next(_inside(field.annotation), None)
    example = (field.examples or [None])[0]
    if inner is None:
        return example
    return [_example(inner)] if isinstance(example, list) else _example(inner)


def test_the_example_of_the_guides_draws_no_findings() -> None:
    example = (ROOT / "docs/examples/referral.json").read_bytes()
    assert find(ReferralIn.model_validate_json(example), today=london_date(utc_now())) == []

"""The shared look: strict templates, safe headers, and nothing that belongs to GOV.UK alone."""

from pathlib import Path

import httpx
import pytest
from jinja2 import UndefinedError
from starlette.applications import Starlette
from starlette.routing import Mount

from shared.design.pages import asset, environment, page_headers, render, static_files

STATIC = Path(__file__).parents[2] / "shared" / "design" / "static"

A_FORM = """{% extends "layout.html" %}
{% from "govuk_frontend_jinja/components/input/macro.html" import govukInput %}
{% from "govuk_frontend_jinja/components/button/macro.html" import govukButton %}
{% block pageTitle %}A form{% endblock %}
{% block content %}
{{ govukInput({"id": "a", "name": "a", "label": {"text": label}}) }}
{{ govukButton({"text": "Save"}) }}
{% endblock %}"""


@pytest.mark.parametrize("theirs", ["GDS", "Transport", "crown", "crest", "logotype", "@font-face", "url("])
def test_the_style_sheet_holds_nothing_that_belongs_to_gov_uk_alone(theirs: str) -> None:
    assert theirs not in (STATIC / "govuk-frontend.min.css").read_text()


def test_only_what_the_read_me_names_is_served() -> None:
    described = (STATIC / "README.md").read_text()

    assert all(file.name in described for file in STATIC.iterdir() if file.name != "README.md")


@pytest.mark.parametrize("template", ["{{ chidl }}", "{% if chidl %}{% endif %}", "{{ child.nmae }}"])
def test_a_misspelt_name_is_an_error_and_not_an_empty_place(template: str) -> None:
    with pytest.raises(UndefinedError):
        environment().from_string(template).render(child=object())


def test_a_page_shows_components_with_parameters_left_out(tmp_path: Path) -> None:
    (tmp_path / "form.html").write_text(A_FORM)

    page = render(environment(tmp_path), "form.html", label="<Name>", status=422)

    body = bytes(page.body).decode()
    assert page.status_code == 422
    assert "<title>A form - Safeguarding Hub</title>" in body
    assert "&lt;Name&gt;" in body
    assert 'href="#main-content"' in body


def test_a_form_may_end_at_another_origin_only_when_it_is_named() -> None:
    alone = page_headers()["Content-Security-Policy"]
    named = page_headers(forms_lead_to=["https://console.test"])["Content-Security-Policy"]

    assert "form-action 'self';" in alone
    assert "form-action 'self' https://console.test;" in named
    assert "unsafe" not in named


async def test_a_file_is_kept_for_a_year_only_under_its_version() -> None:
    app = Starlette(routes=[Mount("/assets", static_files())])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        kept = await http.get(asset("hub.css"))
        unversioned = await http.get("/assets/hub.css")
        outside = await http.get("/assets/../pages.py")

    assert "immutable" in kept.headers["cache-control"]
    assert unversioned.headers["cache-control"] == "no-cache"
    assert outside.status_code == 404

"""Restricted cases as triage tells of them, and what it was asked to do with them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
from pydantic import BaseModel

from shared.platform.json import read
from shared.problems import Conflict
from shared.schemas.restricted import (
    AccessForm,
    AccessKind,
    AccessLookForm,
    AccessView,
    CaseAccesses,
    EmergencyForm,
)
from shared.schemas.shapes import Page
from tests.console.scenes import CASE, NOW, an_id

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]
ACCESS, OPENER = an_id(880), an_id(881)


def an_access(**given: Any) -> AccessView:
    """Return an opening in an emergency by somebody else; changed by what is given."""
    nobody = ("ended_at", "ended_by", "looked_at", "looked_by", "looked_words")
    return AccessView(
        **{
            "access_id": ACCESS,
            "case_id": CASE,
            "kind": AccessKind.EMERGENCY,
            "staff_id": OPENER,
            "staff_name": "Ruth Adeyemi",
            "reason": "Police were at the door and nobody answered.",
            "given_at": NOW - timedelta(minutes=10),
            "given_by": "Ruth Adeyemi",
            "expires_at": NOW + timedelta(minutes=50),
            "in_a_day": 4,
            **dict.fromkeys(nobody),
        }
        | given
    )


class FakeClosed:
    """One restricted case, and to whom it is open."""

    def __init__(self) -> None:
        self.accesses: list[AccessView] = []
        self.refusal: Conflict | None = None
        self.routes: list[tuple[str, re.Pattern[str], Answer]] = [
            ("GET", re.compile(r"/v1/cases/[^/]+/accesses"), self._list),
            ("POST", re.compile(r"/v1/cases/[^/]+/accesses"), self._taking(AccessForm, 201)),
            ("POST", re.compile(r"/v1/cases/[^/]+/emergency-access"), self._taking(EmergencyForm, 201)),
            ("POST", re.compile(r"/v1/accesses/[^/]+/end"), self._taking(None, 200)),
            ("GET", re.compile(r"/v1/emergency-accesses"), self._emergencies),
            ("POST", re.compile(r"/v1/emergency-accesses/[^/]+/look"), self._taking(AccessLookForm, 200)),
        ]

    def _list(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _json(200, CaseAccesses(case_id=CASE, restricted=True, items=self.accesses))

    def _emergencies(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        found = [one for one in self.accesses if one.kind is AccessKind.EMERGENCY]
        return _json(200, Page[AccessView](items=found, next_cursor=None, has_more=False))

    def _taking(self, form: type[BaseModel] | None, status: int) -> Answer:
        def answer(request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
            if form is not None:
                read(form, request.content)
            if self.refusal is not None:
                raise self.refusal
            return _json(status, an_access())

        return answer


def _json(status: int, body: BaseModel) -> httpx.Response:
    return httpx.Response(status, json=body.model_dump(mode="json"))

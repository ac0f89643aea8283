"""What triage answers when agencies are asked: the questions taken, and the ground they are asked on."""

import re
from collections.abc import Callable

import httpx
from pydantic import BaseModel

from shared.platform.json import read
from shared.problems import Problem
from shared.schemas.asking import (
    InformationRequestsForm,
    InformationRequestsMade,
    LawfulBasisForm,
    LawfulBasisView,
)
from tests.console.scenes import NOW

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]


class FakeAsking:
    """Takes every question and every ground, unless it is told to refuse."""

    def __init__(self) -> None:
        self.refusal: Problem | None = None
        self.on_grounded: Callable[[LawfulBasisForm], None] = lambda _form: None
        case = r"/v1/cases/(?P<id>[^/]+)"
        self.routes: list[tuple[str, re.Pattern[str], Answer]] = [
            ("POST", re.compile(case + "/information-requests/several"), self._ask),
            ("POST", re.compile(case + "/lawful-basis"), self._ground),
        ]

    def _ask(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        read(InformationRequestsForm, request.content)
        if self.refusal is not None:
            raise self.refusal
        return _json(InformationRequestsMade(items=[], version=8))

    def _ground(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        form = read(LawfulBasisForm, request.content).form
        self.on_grounded(form)
        made = LawfulBasisView(**form.model_dump(), recorded_by="Priya Shah", recorded_at=NOW)
        return _json(made)


def _json(answer: BaseModel) -> httpx.Response:
    return httpx.Response(201, content=answer.model_dump_json())

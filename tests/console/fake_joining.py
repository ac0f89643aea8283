"""Cases beside each other as triage gives them, and what it was asked to join and to undo."""

import re
from collections.abc import Callable
from uuid import UUID

import httpx
from pydantic import BaseModel

from shared.platform.json import read
from shared.problems import Problem, Stale, Unavailable
from shared.schemas.joining import CasesBeside, JoinForm, JoinMade, UndoJoinForm
from tests.console.scenes import CASE, OTHER_CASE, an_id

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]

JOIN = an_id(800)


class FakeJoining:
    """What stands beside each case, and how a join ends."""

    def __init__(self) -> None:
        self.beside: dict[UUID, CasesBeside] = {}
        self.beside_away = False
        self.refusals: list[Problem] = []
        self.versions: dict[UUID, int] = {}
        self.on_joined: Callable[[JoinForm], None] = lambda _form: None
        self.on_undone: Callable[[UndoJoinForm], None] = lambda _form: None
        self.routes: list[tuple[str, re.Pattern[str], Answer]] = [
            ("GET", re.compile(r"/v1/cases/(?P<id>[^/]+)/beside"), self._beside),
            ("POST", re.compile(r"/v1/cases/(?P<id>[^/]+)/joins"), self._join),
            ("POST", re.compile(r"/v1/joins/(?P<id>[^/]+)/undo"), self._undo),
        ]

    def _beside(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        if self.beside_away:
            raise Unavailable
        return _json(200, self.beside.get(UUID(ids["id"]), CasesBeside(items=[], searched=True)))

    def _join(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        form = read(JoinForm, request.content).form
        case_id = UUID(ids["id"])
        self._require_version(request, case_id)
        self.on_joined(form)
        made = JoinMade(
            join_id=JOIN, referral_id=form.referral_id, case_id=case_id, other_case_id=CASE, version=8
        )
        return _json(201, made)

    def _undo(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        form = read(UndoJoinForm, request.content).form
        self._require_version(request, OTHER_CASE)
        self.on_undone(form)
        made = JoinMade(
            join_id=UUID(ids["id"]), referral_id=an_id(600), case_id=CASE, other_case_id=OTHER_CASE, version=9
        )
        return _json(200, made)

    def _require_version(self, request: httpx.Request, case_id: UUID) -> None:
        wanted = self.versions.get(case_id)
        if wanted is not None and request.headers["If-Match"] != f'"{wanted}"':
            raise Stale("The case has changed since you read it.")

    def _refuse(self) -> None:
        if self.refusals:
            raise self.refusals.pop(0)


def _json(status: int, answer: BaseModel) -> httpx.Response:
    return httpx.Response(status, content=answer.model_dump_json())

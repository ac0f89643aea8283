"""Cases that triage holds side by side, and what it was asked to relate and to undo."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
from pydantic import BaseModel

from shared.platform.json import read
from shared.problems import Conflict, NotFound, Problem
from shared.schemas.relating import RelatedCase, RelationForm, RelationView, UndoRelationForm
from shared.schemas.shapes import Page
from shared.schemas.words import RelationKind
from tests.console.fake_talking import FakeTalking
from tests.console.scenes import NOW, OTHER_CASE, an_id

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]

RELATION = an_id(850)
OTHERS_REFERENCE = "SH-3M8TZ2WC-4"


def a_relation(**given: Any) -> RelationView:
    """Return the peer group that another case belongs to as well; changed by what is given."""
    return RelationView(
        **{
            "relation_id": RELATION,
            "kind": RelationKind.PEER_GROUP,
            "reason": "The same flat, the same adults, three weekends running.",
            "made_at": NOW - timedelta(minutes=20),
            "made_by": "Marge Hill",
            "related": RelatedCase(
                case_id=OTHER_CASE,
                references=[OTHERS_REFERENCE],
                received_at=NOW - timedelta(days=2),
                is_open=True,
            ),
        }
        | given
    )


def an_undone_relation(**given: Any) -> RelationView:
    """Return one that was made of the wrong case."""
    undone = {
        "relation_id": an_id(851),
        "kind": RelationKind.INSTITUTION,
        "reason": "Both go to the same club.",
        "undone_at": NOW - timedelta(minutes=5),
        "undone_by": "Priya Shah",
        "undone_reason": "Two clubs of one name.",
    }
    return a_relation(**undone | given)


class FakeRelated:
    """The relations of every case, and what was asked to change them."""

    def __init__(self) -> None:
        self.relations: list[RelationView] = []
        self.refusal: Problem | None = None
        #: What was talked about a case stands beside it too.
        self.talking = FakeTalking()
        self.routes: list[tuple[str, re.Pattern[str], Answer]] = [
            ("GET", re.compile(r"/v1/cases/(?P<id>[^/]+)/related"), self._list),
            ("POST", re.compile(r"/v1/cases/(?P<id>[^/]+)/related"), self._relate),
            ("POST", re.compile(r"/v1/relations/(?P<id>[^/]+)/undo"), self._undo),
            *self.talking.routes,
        ]

    def _list(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _json(200, Page(items=self.relations, next_cursor=None, has_more=False))

    def _relate(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        form = read(RelationForm, request.content).form
        if self.refusal is not None:
            raise self.refusal
        made = a_relation(kind=form.kind, reason=form.reason)
        self.relations.append(made)
        return _json(201, made)

    def _undo(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        form = read(UndoRelationForm, request.content).form
        found = [each for each in self.relations if str(each.relation_id) == ids["id"]]
        if not found:
            raise NotFound
        if found[0].undone_at is not None:
            raise Conflict("This relation was undone already.")
        undone = found[0].model_copy(
            update={"undone_at": NOW, "undone_by": "Priya Shah", "undone_reason": form.reason}
        )
        self.relations[self.relations.index(found[0])] = undone
        return _json(200, undone)


def _json(status: int, answer: BaseModel) -> httpx.Response:
    return httpx.Response(status, content=answer.model_dump_json())

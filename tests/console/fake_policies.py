"""The threshold policies that triage keeps, and what it was asked to do with them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
from pydantic import BaseModel

from services.triage.policy.reading import default_policy
from services.triage.views.policies import policy_view
from shared.platform.json import read
from shared.problems import Problem
from shared.schemas.policies import (
    Moved,
    PolicyApprovalForm,
    PolicyForm,
    PolicyLine,
    PolicyStanding,
    PolicyView,
    PolicyWithdrawalForm,
    ReplayedAnswer,
    ReplayedChild,
    ReplayForm,
    ReplayState,
    ReplaySum,
    ReplayView,
    SubmissionState,
    SubmissionView,
)
from shared.schemas.shapes import Page
from shared.schemas.words import Pathway, Rag
from tests.console.scenes import AGENCIES, CASE, MAISIE, NOW, REFERENCE, an_id

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]

VERSION = "northshire-2026-2"
REPLAY = an_id(870)


def a_submission(**given: Any) -> SubmissionView:
    """Return a policy that another manager put forward; changed by what is given."""
    return SubmissionView(
        **{
            "submission_id": an_id(871),
            "state": SubmissionState.SUBMITTED,
            "note": "Early neglect counts for more, as agreed in October.",
            "submitted_by": "Marcus Bell",
            "submitted_at": NOW - timedelta(hours=2),
            "row_version": 1,
            "is_yours": False,
        }
        | given
    )


def a_policy(**given: Any) -> PolicyView:
    """Return the hub's own policy as one that waits; changed by what is given."""
    line = PolicyLine(
        version=VERSION,
        title="Threshold policy of Northshire",
        standing=PolicyStanding.SUBMITTED,
        submission=a_submission(),
    )
    return policy_view(line, default_policy(), "version: northshire-2026-2\n").model_copy(update=given)


def a_replay(**given: Any) -> ReplayView:
    """Return a trial that is done; changed by what is given."""
    police, health = AGENCIES[0].agency_id, AGENCIES[1].agency_id
    return ReplayView(
        **{
            "replay_id": REPLAY,
            "version": VERSION,
            "against": "hub-2026-3",
            "state": ReplayState.DONE,
            "since": None,
            "asked_by": "Marge Hill",
            "asked_at": NOW - timedelta(minutes=10),
            "finished_at": NOW,
            "total": 4210,
            "done": 4210,
            "not_read": 3,
            "up": 214,
            "down": 31,
            "by_agency": [
                ReplaySum(key=str(police), children=2600, up=180, down=11),
                ReplaySum(key=str(health), children=1607, up=34, down=20),
            ],
            "by_level": [
                ReplaySum(key="0", children=40, up=12, down=0),
                ReplaySum(key="2", children=2900, up=202, down=0),
                ReplaySum(key="3", children=1267, up=0, down=31),
            ],
            "by_locality": [
                ReplaySum(key="ZZ1", children=2200, up=190, down=20),
                ReplaySum(key="Testby", children=2007, up=24, down=11),
            ],
        }
        | given
    )


def a_moved_child(**given: Any) -> ReplayedChild:
    """Return Maisie, who would move up; changed by what is given."""
    return ReplayedChild(
        **{
            "child_id": MAISIE,
            "case_id": CASE,
            "reference": REFERENCE,
            "agency_id": AGENCIES[0].agency_id,
            "locality": "ZZ1",
            "moved": Moved.UP,
            "before": ReplayedAnswer(level=2, pathway=Pathway.EARLY_HELP, rag=Rag.GREEN),
            "after": ReplayedAnswer(level=3, pathway=Pathway.CHILD_IN_NEED, rag=Rag.AMBER),
        }
        | given
    )


class FakePolicies:
    """One policy in whatever standing, its trials, and what was asked of both."""

    def __init__(self) -> None:
        self.policy = a_policy()
        self.others: list[PolicyLine] = []
        self.in_force: PolicyView | None = None
        self.replay = a_replay()
        self.moved = [a_moved_child()]
        self.refusal: Problem | None = None
        version = r"/v1/policies/(?P<version>[^/]+)"
        self.routes: list[tuple[str, re.Pattern[str], Answer]] = [
            ("GET", re.compile(r"/v1/policies"), self._list),
            ("POST", re.compile(r"/v1/policies"), self._submit),
            ("GET", re.compile(version), self._read),
            ("POST", re.compile(version + "/approval"), self._settle),
            ("POST", re.compile(version + "/withdrawal"), self._withdraw),
            ("GET", re.compile(version + "/replays"), lambda _request, _ids: _page([self.replay])),
            ("POST", re.compile(version + "/replays"), self._start),
            ("GET", re.compile(r"/v1/policy-replays/[^/]+"), lambda _request, _ids: _json(200, self.replay)),
            ("GET", re.compile(r"/v1/policy-replays/[^/]+/children"), self._children),
        ]

    def _list(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        told = [one for one in (self.policy, self.in_force) if one is not None]
        return _page([*(PolicyLine.model_validate(one.model_dump()) for one in told), *self.others])

    def _read(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        is_other = self.in_force is not None and ids["version"] == self.in_force.version
        return _json(200, self.in_force if self.in_force and is_other else self.policy)

    def _submit(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        read(PolicyForm, request.content)
        self._refuse()
        return _json(201, a_submission(is_yours=True))

    def _settle(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        form = read(PolicyApprovalForm, request.content).form
        self._refuse()
        standing = PolicyStanding.IN_FORCE if form.approved else PolicyStanding.REFUSED
        self.policy = self.policy.model_copy(update={"standing": standing})
        return _json(200, a_submission())

    def _withdraw(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        read(PolicyWithdrawalForm, request.content)
        return _json(200, a_submission())

    def _start(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        read(ReplayForm, request.content)
        return _json(202, self.replay)

    def _children(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _page(self.moved)

    def _refuse(self) -> None:
        if self.refusal is not None:
            raise self.refusal


def _page(items: list[Any]) -> httpx.Response:
    return _json(200, Page(items=items, next_cursor=None, has_more=False))


def _json(status: int, answer: BaseModel) -> httpx.Response:
    return httpx.Response(status, content=answer.model_dump_json())

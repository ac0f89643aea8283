"""Intake as the console meets it: contacts, quality, held copies and calls."""

import re
from collections.abc import Callable, Sequence

import httpx
from pydantic import BaseModel

from shared.platform.json import read
from shared.problems import Conflict, NotFound, Problem
from shared.schemas.checks import CheckReceipt
from shared.schemas.held_copies import HeldCopy, OpenedCopy, OpeningForm, SettlementForm
from shared.schemas.progress import (
    FurtherInformation,
    ReferralAccepted,
    ReferralProgress,
    ReferralVersion,
    VersionSummary,
    WithdrawalAsked,
    WithdrawalDecisionForm,
)
from shared.schemas.quality import QualityCheck, QualityCheckForm, QualityCount
from shared.schemas.telephone import TelephoneContactForm

Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]


class FakeIntake:
    """What intake would say; `FakeHub` asks it once it knows that a member of staff is asking."""

    def __init__(self) -> None:
        self.progress: dict[str, ReferralProgress] = {}
        self.versions: dict[tuple[str, int], ReferralVersion] = {}
        self.withdrawals: list[WithdrawalAsked] = []
        self.checks: list[QualityCheck] = []
        self.further_information: list[FurtherInformation] = []
        self.counts: list[QualityCount] = []
        self.held: list[OpenedCopy] = []
        self.receipts: list[CheckReceipt] = []
        self.taken: list[TelephoneContactForm] = []
        self.accepted: ReferralAccepted | None = None
        self.next_cursor: str | None = None
        self.refusal_of_forms: Problem | None = None
        self.routes: list[tuple[str, re.Pattern[str], Answer]] = [
            ("GET", re.compile(r"/v1/referrals"), self._contacts),
            ("GET", re.compile(r"/v1/referrals/(?P<id>[^/]+)"), self._progress),
            ("GET", re.compile(r"/v1/referrals/(?P<id>[^/]+)/versions"), self._versions),
            ("GET", re.compile(r"/v1/referrals/(?P<id>[^/]+)/versions/(?P<number>[0-9]+)"), self._version),
            ("GET", re.compile(r"/v1/withdrawals"), self._withdrawals),
            ("POST", re.compile(r"/v1/withdrawals/(?P<id>[^/]+)/decision"), self._decide),
            ("GET", re.compile(r"/v1/quality-checks"), self._checks),
            ("POST", re.compile(r"/v1/referrals/(?P<id>[^/]+)/quality-check"), self._check),
            ("GET", re.compile(r"/v1/further-information"), self._further_information),
            ("GET", re.compile(r"/v1/quality-counts"), self._counts),
            ("GET", re.compile(r"/v1/held-copies"), self._held),
            ("POST", re.compile(r"/v1/held-copies/(?P<id>[^/]+)/opening"), self._open),
            ("POST", re.compile(r"/v1/held-copies/(?P<id>[^/]+)/settlement"), self._settle),
            ("POST", re.compile(r"/v1/referrals/by-telephone"), self._take_call),
            ("GET", re.compile(r"/v1/check-receipts"), self._receipts),
        ]

    def _contacts(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        asked = request.url.params
        found = [
            contact
            for contact in self.progress.values()
            if str(contact.channel) == asked.get("channel", str(contact.channel))
            and str(contact.agency_id) == asked.get("agency_id", str(contact.agency_id))
            and (contact.immediate_danger or "immediate_danger" not in asked)
        ]
        newest = sorted(found, key=lambda contact: contact.received_at, reverse=True)
        return _page(newest, self.next_cursor)

    def _progress(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        if ids["id"] not in self.progress:
            raise NotFound
        return _json(self.progress[ids["id"]])

    def _versions(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        found = [version for (reference, _), version in self.versions.items() if reference == ids["id"]]
        return _page([VersionSummary.model_validate(version.model_dump()) for version in found])

    def _version(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        found = self.versions.get((ids["id"], int(ids["number"])))
        if found is None:
            raise NotFound
        return _json(found)

    def _withdrawals(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _page([wish for wish in self.withdrawals if wish.state == request.url.params["state"]])

    def _decide(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        read(WithdrawalDecisionForm, request.content)
        return _json(self.withdrawals[0])

    def _checks(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _page([check for check in self.checks if check.state == request.url.params["state"]])

    def _check(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        read(QualityCheckForm, request.content)
        found = next((check for check in self.checks if check.reference == ids["id"]), None)
        if found is None:
            raise NotFound
        return _json(found)

    def _further_information(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _page([each for each in self.further_information if each.state == request.url.params["state"]])

    def _counts(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _page(self.counts)

    def _held(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        state = request.url.params.get("state")
        wanted = [state] if state else ["waiting", "opened"]
        found = [copy for copy in self.held if copy.state in wanted]
        return _page([HeldCopy.model_validate(copy.model_dump()) for copy in found])

    def _open(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        read(OpeningForm, request.content)
        return _json(self._copy(ids))

    def _settle(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        read(SettlementForm, request.content)
        return _json(HeldCopy.model_validate(self._copy(ids).model_dump()))

    def _copy(self, ids: dict[str, str]) -> OpenedCopy:
        for copy in self.held:
            if str(copy.held_copy_id) == ids["id"]:
                return copy
        raise NotFound

    def _take_call(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        if not request.headers.get("Idempotency-Key"):
            raise Conflict("A contact by telephone needs a key.")
        self.taken.append(read(TelephoneContactForm, request.content).form)
        if self.accepted is None:
            raise NotFound
        return httpx.Response(201, content=self.accepted.model_dump_json())

    def _receipts(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _page(self.receipts)

    def _refuse(self) -> None:
        if self.refusal_of_forms is not None:
            raise self.refusal_of_forms


def _page(items: Sequence[BaseModel], next_cursor: str | None = None) -> httpx.Response:
    found = [item.model_dump(mode="json") for item in items]
    more = next_cursor is not None
    return httpx.Response(200, json={"items": found, "next_cursor": next_cursor, "has_more": more})


def _json(answer: BaseModel) -> httpx.Response:
    return httpx.Response(200, content=answer.model_dump_json())

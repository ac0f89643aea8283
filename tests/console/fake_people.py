"""The index of persons as the console meets it, and the chronology that triage builds on it."""

import re
from collections import Counter
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel

from shared.platform.json import read
from shared.problems import NotFound, Problem, Unavailable
from shared.schemas.births import BirthNote, BirthNoteForm, OverdueBirth
from shared.schemas.chronology import Chronology
from shared.schemas.families import (
    Family,
    OtherChildren,
    PeopleFound,
    PeopleSearchForm,
    PeopleSearchMade,
    PersonFound,
    ReferralPeople,
)
from shared.schemas.people_index import (
    LinkForm,
    Match,
    MatchDecided,
    MatchDecisionForm,
    OpenQuestionCount,
    OpenQuestionCounts,
    PersonDetail,
    RecordLinked,
    Restriction,
    RestrictionForm,
    UnlinkForm,
)
from shared.schemas.shapes import Page
from shared.schemas.words import LinkVerdict, MatchState, MatchVerdict
from tests.console.histories import nothing_before
from tests.console.known import a_line_of, a_link_decision, a_record
from tests.console.scenes import NOW, an_id

Found = TypeVar("Found", bound=BaseModel)
Answer = Callable[[httpx.Request, dict[str, str]], httpx.Response]


class FakePeople:
    """What the index would say, and what it was told."""

    def __init__(self) -> None:
        self.matches: dict[UUID, Match] = {}
        self.persons: dict[UUID, PersonDetail] = {}
        self.families: dict[UUID, Family] = {}
        self.found: list[PersonFound] = []
        self.has_more = False
        self.searches: list[PeopleSearchMade] = []
        self.overdue: list[OverdueBirth] = []
        self.other_children = OtherChildren(items=[], is_matched=True, adults_count=0)
        self.of_contacts: dict[str, ReferralPeople] = {}
        #: By child; of a child without one nothing is known from before.
        self.histories: dict[UUID, Chronology] = {}
        self.no_histories = False
        self.refusal_of_forms: Problem | None = None
        self.routes: list[tuple[str, re.Pattern[str], Answer]] = [
            ("GET", re.compile(r"/v1/matches"), self._list),
            ("GET", re.compile(r"/v1/matches/counts"), self._count),
            ("GET", re.compile(r"/v1/people/searches"), self._searches),
            ("GET", re.compile(r"/v1/matches/(?P<id>[^/]+)"), self._match),
            ("POST", re.compile(r"/v1/matches/(?P<id>[^/]+)/decision"), self._decide),
            ("POST", re.compile(r"/v1/people/search"), self._search),
            ("GET", re.compile(r"/v1/people/overdue-births"), self._overdue),
            ("POST", re.compile(r"/v1/people/(?P<id>[^/]+)/birth-note"), self._note_birth),
            ("GET", re.compile(r"/v1/referrals/(?P<id>[^/]+)/other-children"), self._others),
            ("GET", re.compile(r"/v1/people/(?P<id>[^/]+)"), self._person),
            ("GET", re.compile(r"/v1/families/(?P<id>[^/]+)"), self._family),
            ("POST", re.compile(r"/v1/people/(?P<id>[^/]+)/links"), self._link),
            ("POST", re.compile(r"/v1/people/(?P<id>[^/]+)/restriction"), self._restrict),
            ("POST", re.compile(r"/v1/links/(?P<id>[^/]+)/unlink"), self._unlink),
            ("GET", re.compile(r"/v1/referrals/(?P<id>[^/]+)/people"), self._of_contact),
            (
                "GET",
                re.compile(r"/v1/cases/(?P<case>[^/]+)/children/(?P<id>[^/]+)/chronology"),
                self._chronology,
            ),
        ]

    def _list(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        state = request.url.params["state"]
        items = [a_line_of(match) for match in self.matches.values() if match.state == state]
        return _json(Page(items=items, next_cursor=None, has_more=False))

    def _count(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        wanted = request.url.params["references"].split(",")
        open_ones = [match for match in self.matches.values() if match.state is MatchState.OPEN]
        counts = Counter(match.record.reference for match in open_ones)
        items = [OpenQuestionCount(reference=one, open_count=counts[one]) for one in wanted if counts[one]]
        return _json(OpenQuestionCounts(items=items))

    def _searches(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _json(Page(items=self.searches, next_cursor=None, has_more=False))

    def _match(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        return _json(_get(self.matches, ids))

    def _decide(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        form = read(MatchDecisionForm, request.content).form
        match = _get(self.matches, ids)
        candidates = [
            one.model_copy(update={"verdict": form.verdict}) if one.person_id == form.person_id else one
            for one in match.candidates
        ]
        answered = form.verdict is MatchVerdict.LINKED or all(one.verdict for one in candidates)
        decision = a_link_decision(
            person_id=form.person_id, verdict=LinkVerdict(form.verdict), reason=form.reason,
            decided_at=NOW, decided_by="Priya Shah", by_machine=False,
        )  # fmt: skip
        self.matches[match.match_id] = match.model_copy(
            update={
                "candidates": candidates,
                "history": [decision, *match.history],
                "state": MatchState.DECIDED if answered else MatchState.OPEN,
                "closed_at": NOW if answered else None,
            }
        )
        state = self.matches[match.match_id].state
        return _json(
            MatchDecided(match_id=match.match_id, state=state, record=match.record, decision=decision)
        )

    def _search(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        read(PeopleSearchForm, request.content)
        return _json(PeopleFound(search_id=an_id(740), items=self.found, has_more=self.has_more))

    def _overdue(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _json(Page(items=self.overdue, next_cursor=None, has_more=False))

    def _note_birth(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        form = read(BirthNoteForm, request.content).form
        return _json(
            BirthNote(
                note_id=an_id(741), person_id=UUID(ids["id"]), noted_at=NOW, noted_by="Priya Shah",
                **form.model_dump(),
            )
        )  # fmt: skip

    def _others(self, _request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        return _json(self.other_children)

    def _person(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        return _json(_get(self.persons, ids))

    def _family(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        return _json(_get(self.families, ids))

    def _link(self, request: httpx.Request, _ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        form = read(LinkForm, request.content).form
        return _json(
            RecordLinked(
                record=a_record(record_id=form.record_id), decision=a_link_decision(record_id=form.record_id)
            )
        )

    def _restrict(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        form = read(RestrictionForm, request.content).form
        return _json(
            Restriction(
                restriction_id=an_id(742), person_id=UUID(ids["id"]), record_ids=[], decided_at=NOW,
                decided_by="Marge Hill", **form.model_dump(),
            )
        )  # fmt: skip

    def _unlink(self, request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        self._refuse()
        read(UnlinkForm, request.content)
        record_id = UUID(ids["id"])
        decision = a_link_decision(record_id=record_id, verdict=LinkVerdict.UNLINKED)
        return _json(RecordLinked(record=a_record(record_id=record_id), decision=decision))

    def _of_contact(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        if ids["id"] not in self.of_contacts:
            raise NotFound
        return _json(self.of_contacts[ids["id"]])

    def _chronology(self, _request: httpx.Request, ids: dict[str, str]) -> httpx.Response:
        if self.no_histories:
            raise Unavailable
        child_id = UUID(ids["id"])
        return _json(self.histories.get(child_id) or nothing_before(child_id=child_id))

    def _refuse(self) -> None:
        if self.refusal_of_forms is not None:
            raise self.refusal_of_forms


def _get(known: dict[UUID, Found], ids: dict[str, str]) -> Found:
    found = known.get(UUID(ids["id"]))
    if found is None:
        raise NotFound
    return found


def _json(answer: BaseModel) -> httpx.Response:
    return httpx.Response(200, content=answer.model_dump_json())

"""What the pages ask of intake's index of persons: who is who, families, and questions for a person."""

from collections.abc import Sequence
from typing import Any

from services.console.backend.places import PAGE_LENGTH, Asking, Services
from shared.schemas.births import BirthNote, OverdueBirth
from shared.schemas.families import Family, OtherChildren, PeopleFound, PeopleSearchMade, ReferralPeople
from shared.schemas.ids import MatchId, PersonId, RecordId
from shared.schemas.people_index import (
    Match,
    MatchDecided,
    MatchSummary,
    OpenQuestionCounts,
    PersonDetail,
    RecordLinked,
    Restriction,
)
from shared.schemas.shapes import Page
from shared.schemas.words import MatchState


class People(Asking):
    """Persons and their links, as one signed-in person may see and change them."""

    def __init__(self, services: Services, token: str) -> None:
        super().__init__(services, token, services.intake_url)

    async def list_matches(
        self, state: MatchState, cursor: str | None = None, *, limit: int = PAGE_LENGTH
    ) -> Page[MatchSummary]:
        """Return a page of questions whether two are one."""
        asked = {"state": state, "cursor": cursor, "limit": limit}
        return await self._get("/v1/matches", Page[MatchSummary], asked)

    async def count_questions(self, references: Sequence[str]) -> OpenQuestionCounts:
        """Return how many questions wait about the people of some contacts; this looks at nobody's record."""
        return await self._get("/v1/matches/counts", OpenQuestionCounts, {"references": ",".join(references)})

    async def get_match(self, match_id: MatchId) -> Match:
        """Return a question with its candidates side by side."""
        return await self._get(f"/v1/matches/{match_id}", Match)

    async def decide_match(self, match_id: MatchId, body: dict[str, Any]) -> MatchDecided:
        """Record what the person makes of one candidate; Conflict once someone has said otherwise."""
        response = await self._send("POST", f"/v1/matches/{match_id}/decision", body)
        return MatchDecided.model_validate_json(response.content)

    async def get_person(self, person_id: PersonId) -> PersonDetail:
        """Return a person under every name; NotFound once all their records were linked elsewhere."""
        return await self._get(f"/v1/people/{person_id}", PersonDetail)

    async def get_family(self, person_id: PersonId) -> Family:
        """Return everyone who stands in a contact with a person."""
        return await self._get(f"/v1/families/{person_id}", Family)

    async def list_of_contact(self, reference: str) -> ReferralPeople:
        """Return the people of a contact with whom they are taken for."""
        return await self._get(f"/v1/referrals/{reference}/people", ReferralPeople)

    async def list_other_children(self, reference: str) -> OtherChildren:
        """Return the children known with the adults of a contact, and not in it."""
        return await self._get(f"/v1/referrals/{reference}/other-children", OtherChildren)

    async def list_overdue_births(
        self, cursor: str | None = None, *, reference: str | None = None
    ) -> Page[OverdueBirth]:
        """Return a page of unborn children past their due date; none but a contact's where one is named."""
        asked = {"cursor": cursor, "reference": reference, "limit": PAGE_LENGTH}
        return await self._get("/v1/people/overdue-births", Page[OverdueBirth], asked)

    async def note_birth(self, person_id: PersonId, body: dict[str, Any]) -> BirthNote:
        """Keep what was found out about a child who was expected; Conflict where none is."""
        response = await self._send("POST", f"/v1/people/{person_id}/birth-note", body)
        return BirthNote.model_validate_json(response.content)

    async def search(self, body: dict[str, Any]) -> PeopleFound:
        """Return the persons that fit; who looked and why is recorded."""
        response = await self._send("POST", "/v1/people/search", body)
        return PeopleFound.model_validate_json(response.content)

    async def list_searches(self, cursor: str | None = None) -> Page[PeopleSearchMade]:
        """Return a page of the searches that staff made, the newest first."""
        asked = {"cursor": cursor, "limit": PAGE_LENGTH}
        return await self._get("/v1/people/searches", Page[PeopleSearchMade], asked)

    async def link(self, person_id: PersonId, body: dict[str, Any]) -> RecordLinked:
        """Say that a record is of a person, or confirm that it is; Conflict once that is settled."""
        response = await self._send("POST", f"/v1/people/{person_id}/links", body)
        return RecordLinked.model_validate_json(response.content)

    async def restrict(self, person_id: PersonId, body: dict[str, Any]) -> Restriction:
        """Have only managers read a person, or lift that; Conflict where it stands so already."""
        response = await self._send("POST", f"/v1/people/{person_id}/restriction", body)
        return Restriction.model_validate_json(response.content)

    async def unlink(self, record_id: RecordId, reason: str) -> RecordLinked:
        """Say that a record is not of the person it stands with; Conflict where it stands alone."""
        body = {"reason": reason} if reason.strip() else {}
        response = await self._send("POST", f"/v1/links/{record_id}/unlink", body)
        return RecordLinked.model_validate_json(response.content)

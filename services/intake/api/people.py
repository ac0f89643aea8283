"""Persons over HTTP: one under every name, their family, links made and undone, and finding them."""

from typing import Annotated

from fastapi import APIRouter

from services.intake.actions import (
    families,
    linking,
    links_of_referral,
    people,
    restricting,
    searching,
)
from services.intake.api.parts import Decider, Heard, Watcher
from shared.platform.auth import Caller, permit
from shared.platform.openapi import json_body, problems
from shared.platform.parameters import PathId
from shared.platform.requests import Now, Tx
from shared.schemas.families import (
    ChildLinks,
    Family,
    PeopleFound,
    PeopleSearchForm,
    ReferralLinks,
    ReferralPeople,
)
from shared.schemas.ids import ChildId, PersonId, RecordId, ReferralId
from shared.schemas.people_index import (
    LinkForm,
    PersonDetail,
    RecordLinked,
    Restriction,
    RestrictionForm,
    UnlinkForm,
)
from shared.schemas.words import Role

router = APIRouter(tags=["People"])

Considering = Annotated[Caller, permit(services={"triage"})]
Manager = Annotated[Caller, permit(roles={Role.MANAGER})]


@router.post("/v1/people/search", response_model=PeopleFound)
async def search_people(
    watcher: Watcher,
    form: Annotated[PeopleSearchForm, json_body(PeopleSearchForm)],
    tx: Tx,
    now: Now,
) -> PeopleFound:
    """Find a family by a name however it is spelt, a telephone number, part of an address or a reference.

    All that you give must fit. Why you look is kept with your name. Only managers find restricted people.
    """
    return await searching.search_people(tx, form, watcher, now=now)


@router.get("/v1/people/{person_id}", response_model=PersonDetail, responses=problems(404))
async def get_person(watcher: Watcher, person_id: PathId, tx: Tx, now: Now) -> PersonDetail:
    """Read a person: every record of every referral, under every name, and what was decided about them."""
    return await people.read_person(tx, PersonId(person_id), watcher, now=now)


@router.post("/v1/people/{person_id}/restriction", response_model=Restriction, responses=problems(404, 409))
async def post_restriction(
    manager: Manager,
    person_id: PathId,
    form: Annotated[RestrictionForm, json_body(RestrictionForm)],
    tx: Tx,
    now: Now,
) -> Restriction:
    """Have only managers read what is known of a person, or lift that; it counts as before in every rule.

    It covers every record of the person, those linked later too, and stays with a record that is unlinked.
    """
    return await restricting.restrict(tx, PersonId(person_id), form, manager, now=now)


@router.get("/v1/referrals/{reference}/people", response_model=ReferralPeople, responses=problems(404))
async def get_people(watcher: Watcher, reference: Heard, tx: Tx, now: Now) -> ReferralPeople:
    """Read the people of a referral with whom each is taken for: confirmed, provisional, or asked about."""
    return await people.list_people(tx, reference, watcher, now=now)


@router.get("/v1/families/{person_id}", response_model=Family, responses=problems(404))
async def get_family(watcher: Watcher, person_id: PathId, tx: Tx, now: Now) -> Family:
    """Read everyone who stands in a referral with a person: adults first, with their other households."""
    return await families.read_family(tx, PersonId(person_id), watcher, now=now)


@router.post("/v1/people/{person_id}/links", response_model=RecordLinked, responses=problems(404, 409))
async def post_link(
    decider: Decider,
    person_id: PathId,
    form: Annotated[LinkForm, json_body(LinkForm)],
    tx: Tx,
    now: Now,
) -> RecordLinked:
    """Say that a record is of this person, or confirm what the machine linked.

    Whatever is linked to the record comes along. One that somebody confirmed elsewhere is a 409.
    """
    return await linking.link_record(tx, PersonId(person_id), form, decider, now=now)


@router.post("/v1/links/{record_id}/unlink", response_model=RecordLinked, responses=problems(404, 409))
async def post_unlink(
    decider: Decider,
    record_id: PathId,
    form: Annotated[UnlinkForm, json_body(UnlinkForm)],
    tx: Tx,
    now: Now,
) -> RecordLinked:
    """Say that a record is not of the person it stands with: what was linked to it comes along.

    Nothing is lost, and it can be linked again; the machine does not link or ask about it again.
    """
    return await linking.unlink_record(tx, RecordId(record_id), form.reason, decider, now=now)


@router.get(
    "/internal/children/{child_id}/links",
    response_model=ChildLinks,
    responses=problems(404),
    include_in_schema=False,
)
async def get_child_links(service: Considering, child_id: PathId, tx: Tx, now: Now) -> ChildLinks:
    """Give a child's other records to the service that considers it, confirmed and provisional told apart."""
    return await people.read_links(tx, ChildId(child_id), service, now=now)


@router.get(
    "/internal/referrals/{referral_id}/links",
    response_model=ReferralLinks,
    responses=problems(404),
    include_in_schema=False,
)
async def get_referral_links(service: Considering, referral_id: PathId, tx: Tx, now: Now) -> ReferralLinks:
    """Give whom the children and adults of a referral are known or asked to be to the service that joins."""
    return await links_of_referral.read_referral_links(tx, ReferralId(referral_id), service, now=now)

"""Finding a family, for a purpose that is kept, and the family on one page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.console.forms import NO_ERRORS, NOTHING_TYPED, FormWords, OwnForm, Typed
from services.console.pages.showing import show
from services.console.session import Person, SignedIn
from services.console.wording import different, who_is_who
from shared.problems import Invalid, NotPermitted, Problem
from shared.schemas.families import FamilyMember, PeopleFound, PersonFound
from shared.schemas.ids import PersonId, ReferralId
from shared.schemas.people_index import Told
from shared.schemas.words import PersonKind

router = APIRouter(include_in_schema=False)

_TERMS: Final = {
    "find_name": "name",
    "find_telephone": "telephone",
    "find_address": "address",
    "find_reference": "reference",
}
_FIELDS: Final = frozenset({*_TERMS, "purpose", "search_reason"})
_WHY: Final = "Say in your own words why you look; it is kept under your name"
WORDS: Final = FormWords(
    places={term: field for field, term in _TERMS.items()}
    | {"reason": "search_reason", "": "find_name", "nothing_to_look_for": "find_name"},
    sentences={
        ("purpose", "missing"): "Choose why you look",
        ("purpose", "not_in_list"): "Choose why you look",
        ("search_reason", "missing"): _WHY,
        ("search_reason", "blank"): _WHY,
    },
)


@dataclass(frozen=True, slots=True)
class FamilyFound:
    """Those whom a search found in the same contacts."""

    found: list[PersonFound]

    @property
    def leads_to(self) -> PersonId:
        """The person whose family page to open: an adult where one was found."""
        adults = (one for one in self.found if one.records[0].kind is PersonKind.ADULT)
        return next(adults, self.found[0]).person_id

    @property
    def names(self) -> str:
        """Who was found, each under the newest name."""
        return ", ".join(who_is_who.record_name(one.records[0]) for one in self.found)


@router.get("/find")
async def get_find(person: SignedIn, request: Request) -> Response:
    """Ask why someone looks, then for whom."""
    return await _find_page(request, person, NOTHING_TYPED)


@router.post("/find")
async def post_find(form: OwnForm, person: SignedIn, request: Request) -> Response:
    """Show the families that fit, in the answer itself: whom someone looks for never stands in an address."""
    _require_reader(person)
    try:
        found = await person.people.search(search_body(form))
    except Invalid as problem:
        return await _find_page(request, person, form, problem=problem)
    return await _find_page(request, person, form, found=found)


@router.get("/families/{person_id}")
async def get_family(person: SignedIn, request: Request, person_id: UUID) -> Response:
    """Show a family on one page: adults first, each with their other households."""
    _require_reader(person)
    family = await person.people.get_family(PersonId(person_id))
    return show(
        request,
        "family.html",
        person=person,
        names=await person.backend.agencies(),
        family=family,
        unsafe=[member for member in family.members if _is_unsafe(told_of(member))],
        warned=[member for member in family.members if any(told.worker_safety for told in told_of(member))],
        told_of=told_of,
        telephones=telephones,
    )


def search_body(typed: Typed) -> dict[str, Any]:
    """Return a search as intake takes it; what was not said is left out."""
    fields = _TERMS | {"purpose": "purpose", "search_reason": "reason"}
    return {fields[name]: value for name, value in typed.said(*fields).items()}


def families_of(found: Iterable[PersonFound]) -> list[FamilyFound]:
    """Return persons by family: those who share a contact, whoever else of it was not looked for."""
    families: list[tuple[set[ReferralId], list[PersonFound]]] = []
    for one in found:
        # A contact that is kept from this reader ties nobody to anybody.
        contacts = {record.referral_id for record in one.records if record.referral_id is not None}
        members = [one]
        apart = []
        for known in families:
            if known[0] & contacts:
                contacts |= known[0]
                members = [*known[1], *members]
            else:
                apart.append(known)
        families = [*apart, (contacts, members)]
    return [FamilyFound(members) for _, members in families]


def told_of(member: FamilyMember) -> list[Told]:
    """Return what every contact says of someone, the newest first, other households included."""
    elsewhere = (record for home in member.other_households for record in home.records)
    others = [record.told for record in elsewhere if record.person_id == member.person_id]
    return [*(record.told for record in member.records), *others]


def telephones(told: Iterable[Told]) -> list[str]:
    """Return someone's telephone numbers, each once however it is spaced."""
    numbers = different(one.telephone for one in told)
    return list({"".join(number.split()): number for number in reversed(numbers)}.values())[::-1]


def _is_unsafe(told: Iterable[Told]) -> bool:
    """Say whether any contact calls contact unsafe: a later one that says nothing takes nothing back."""
    return any(one.safe_to_contact is False for one in told)


async def _find_page(
    request: Request,
    person: Person,
    typed: Typed,
    *,
    found: PeopleFound | None = None,
    problem: Problem | None = None,
) -> Response:
    _require_reader(person)
    return show(
        request,
        "find.html",
        person=person,
        status=problem.status if problem else 200,
        names=await person.backend.agencies(),
        found=found,
        families=families_of(found.items) if found else [],
        searched_by=[words for name, words in _TERMS.items() if typed[name].strip()],
        typed=typed,
        errors=WORDS.errors_of(problem, _FIELDS) if problem else NO_ERRORS,
    )


def _require_reader(person: Person) -> None:
    if not person.sees_all:
        raise NotPermitted

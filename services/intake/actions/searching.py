"""Finding a family by name, telephone, part of an address or a reference; the purpose is kept."""

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions import LEDGER
from services.intake.actions import search_keys as keys
from services.intake.actions.search_keys import LAST_DIGITS, Group
from services.intake.actions.showing_people import show_record
from services.intake.actions.sight import Sight, is_opened_to, look
from services.intake.errors import NotNamed
from services.intake.matching.person import from_stored
from services.intake.models import PeopleSearch
from services.intake.store import records, searches
from services.intake.store.records import Placed
from shared.platform.auth import Caller
from shared.schemas.chronology import HistorySourceView
from shared.schemas.families import PeopleFound, PeopleSearchForm, PersonFound
from shared.schemas.ids import PeopleSearchId, PersonId, new_id
from shared.schemas.people_index import PersonRecord, Told

#: Whoever finds more than this must say more of whom they look for.
_MOST_FOUND: Final = 100


async def search_people(
    tx: AsyncSession, form: PeopleSearchForm, searcher: Caller, *, now: datetime
) -> PeopleFound:
    """Return the persons of whom everything fits that is asked for, the best first.

    That is whoever stands under most of the words just as they were typed; among equals the last heard of.

    Restricted people are found by managers alone: whoever may not open a record does not learn by guessing
    that it is there, and is told each time that restricted records were not looked through. Who looked, why,
    and by what kinds of terms is kept; what was typed is not.

    Raises:
        NotNamed: a term says nothing that can be looked for.
    """
    digits = _digits(form.telephone or "")
    terms = {
        "name": keys.groups_for_name(form.name or ""),
        "telephone": keys.groups_for_telephone(digits) if (form.telephone or "").strip() else [],
        "address": keys.groups_for_address(form.address or ""),
        "reference": keys.groups_for_reference(form.reference or ""),
    }
    _require_something(form, terms, digits)
    groups = [group for found in terms.values() for group in found]
    is_manager = is_opened_to(searcher)
    within = records.WITHIN_ALL if is_manager else records.within_open(by_reference=bool(terms["reference"]))
    placed = await records.search(tx, groups, within, limit=_MOST_FOUND + 1)
    fitting = [one for one in placed[:_MOST_FOUND] if _has_number(one, digits)]
    asked = [words for words in (form.name, form.address) if words]
    found = _by_person(_best_first(fitting, asked), await look(tx, searcher, fitting))
    used = [name for name, wanted in terms.items() if wanted]
    search_id = await _keep(tx, form, searcher, used, found, now=now)
    return PeopleFound(
        search_id=search_id,
        items=found,
        has_more=len(placed) > _MOST_FOUND,
        restricted_searched=is_manager,
        sources=_sources(now, is_manager=is_manager),
    )


def _sources(now: datetime, *, is_manager: bool) -> list[HistorySourceView]:
    """Return where was looked, and where not: whoever finds nobody must know how little that says."""
    hub = HistorySourceView(source="hub", name="What was sent to the hub", searched=True, as_of=now)
    others = [("council_case_system", "The council's own case system", "No search for a family looks there.")]
    if not is_manager:
        others.append(("restricted", "Restricted records of the hub", "Only managers look there."))
    unsearched = [
        HistorySourceView(source=code, name=name, searched=False, as_of=None, why_not=why)
        for code, name, why in others
    ]
    return [hub, *unsearched]


def _require_something(form: PeopleSearchForm, terms: dict[str, list[Group]], digits: str) -> None:
    if (form.telephone or "").strip() and len(digits) < LAST_DIGITS:
        raise NotNamed("telephone", "too_short", f"Give at least the last {LAST_DIGITS} digits.")
    for name in ("name", "address", "reference"):
        if (getattr(form, name) or "").strip() and not terms[name]:
            raise NotNamed(name, "nothing_to_look_for", "This says nothing that can be looked for.")


def _digits(telephone: str) -> str:
    digits = "".join(sign for sign in telephone if sign.isascii() and sign.isdigit())
    return digits.removeprefix("00").removeprefix("44").lstrip("0") if len(digits) > LAST_DIGITS else digits


def _has_number(placed: Placed, digits: str) -> bool:
    return from_stored(placed[0].compared).telephone.endswith(digits)


def _best_first(fitting: list[Placed], asked: list[str]) -> list[Placed]:
    """Return what was found, the records of whoever fits best first; of one person the newest first still."""
    best: dict[PersonId, int] = {}
    for record, _ in fitting:
        close = keys.closeness(asked, Told.model_validate(record.told))
        best[record.person_id] = max(close, best.get(record.person_id, 0))
    return sorted(fitting, key=lambda placed: -best[placed[0].person_id])


def _by_person(fitting: list[Placed], sight: Sight) -> list[PersonFound]:
    found: dict[PersonId, list[PersonRecord]] = {}
    for placed in fitting:
        record = show_record(placed, sight)
        found.setdefault(record.person_id, []).append(record)
    return [PersonFound(person_id=person_id, records=known) for person_id, known in found.items()]


async def _keep(
    tx: AsyncSession,
    form: PeopleSearchForm,
    searcher: Caller,
    used: list[str],
    found: list[PersonFound],
    *,
    now: datetime,
) -> PeopleSearchId:
    search_id = PeopleSearchId(new_id())
    search = PeopleSearch(
        search_id=search_id,
        searched_at=now,
        searched_by=searcher.subject,
        searched_by_name=searcher.name,
        purpose=form.purpose,
        reason=form.reason,
        terms=used,
        found_count=len(found),
    )
    await searches.add(tx, search)
    ids = (one_id for one in found for one_id in (one.person_id, *(known.record_id for known in one.records)))
    shown = [one_id for one_id in ids if one_id is not None]
    facts = {"purpose": form.purpose, "terms": used, "found": len(found)}
    await LEDGER.record(tx, searcher, "people.searched", at=now, subjects=[search_id, *shown], facts=facts)
    return search_id

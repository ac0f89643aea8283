"""Who is known through somebody else: a baby by its mother, an adult as a child of the same referral."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.actions.birth_ties import calls_mother
from services.intake.actions.indexing import Case
from services.intake.actions.judging import Judgement, Limits, hold
from services.intake.matching.comparing import compare
from services.intake.matching.comparing_dates import compare_births
from services.intake.matching.levels import (
    DAY_MONTH_SWAPPED,
    DUE,
    DUE_ROUGHLY,
    FAMILY_AGREES,
    GIVEN_AGREES,
    MISSING,
    OF_BABIES,
    SAME,
)
from services.intake.matching.person import Person, from_stored
from services.intake.models import PersonRecord
from services.intake.store import births
from services.intake.store.candidates import Known
from shared.schemas.ids import PersonId, ReferralId
from shared.schemas.words import LinkState, PersonKind

#: A mother has fewer children than this; an adult who stands with more is a worker named as one.
_MOST_CHILDREN: Final = 40
_BORN_AS_DUE: Final = frozenset({SAME, DUE, DUE_ROUGHLY, *OF_BABIES})


async def ask_about_births(
    tx: AsyncSession, cases: Sequence[Case], besides: ReferralId, limits: Limits
) -> list[Case]:
    """Have a person asked about a child whom the same mother was expecting, however little else agrees.

    Between the word of a child that is due and the birth, names and address may all have changed.
    """
    mothers = _mothers_among(cases)
    waiting = [case for case in cases if _may_be_asked_about(case)]
    if not mothers or not waiting:
        return list(cases)
    known = await births.list_children_of(tx, mothers, besides, limit=_MOST_CHILDREN)
    return [await _with_births(tx, case, known, limits) if case in waiting else case for case in cases]


def _mothers_among(cases: Sequence[Case]) -> set[PersonId]:
    """Return the persons who are, or may be, the mothers in a referral."""
    mothers: set[PersonId] = set()
    for case in cases:
        if calls_mother(case.described.told.relationships):
            held = (case.judgement.sure, *case.judgement.possible)
            mothers |= {one.person_id for one in held if one}
            mothers |= {case.before.person_id} if case.before else set()
    return mothers


def _may_be_asked_about(case: Case) -> bool:
    is_child = case.described.kind is PersonKind.CHILD
    return is_child and case.is_matched and case.judgement.sure is None


async def _with_births(tx: AsyncSession, case: Case, known: Sequence[Known], limits: Limits) -> Case:
    asked = {one.person_id for one in case.judgement.possible} | case.apart
    if case.before is not None:
        asked.add(case.before.person_id)
    person = case.described.person
    fitting = [
        one for one in known if one.person_id not in asked and _is_birth(person, from_stored(one.compared))
    ]
    if not fitting:
        return case
    held = await hold(tx, person, fitting, limits)
    return replace(case, judgement=Judgement(possible=(*case.judgement.possible, *held)))


def _is_birth(one: Person, other: Person) -> bool:
    """Say whether one may be the child that was expected when the other was described, or both be due."""
    if not (one.is_due or other.is_due):
        return False
    level = compare_births(one, other)
    return level in _BORN_AS_DUE or (level == MISSING and one.is_unnamed and other.is_unnamed)


def follows_child(case: Case, cases: Iterable[Case]) -> bool:
    """Say whether an adult is, by names and date of birth, a child of the same referral, and no person yet.

    A mother of fifteen is both, in one case.
    """
    if case.described.kind is PersonKind.CHILD or _is_person_already(case):
        return False
    return any(_agrees(case, other) for other in cases)


async def judge_as_child(
    tx: AsyncSession, case: Case, made: Sequence[tuple[Case, PersonRecord]], limits: Limits
) -> Judgement:
    """Return what follows for an adult who is described as a child of the same referral too.

    Where names and date of birth agree they are one, provisionally; where its sender alone says so, a person
    is asked.

    Args:
        made: the people of the referral so far, with their records.
    """
    found = next(((child, record) for child, record in made if _is_same(case, child)), None)
    if found is None or not case.is_matched or found[1].person_id in case.apart:
        return case.judgement
    child, record = found
    known = Known(record.record_id, record.person_id, record.compared)
    [held] = await hold(tx, case.described.person, [known], limits)
    if _agrees(case, child) and not _is_person_already(case):
        return Judgement(sure=held)
    others = (one for one in case.judgement.possible if one.person_id != held.person_id)
    return Judgement(possible=(held, *others))


def _is_same(adult: Case, child: Case) -> bool:
    if adult.described.kind is PersonKind.CHILD or child.described.kind is PersonKind.ADULT:
        return False
    said = adult.described.same_as
    return (said is not None and said == child.described.reference) or _agrees(adult, child)


def _agrees(adult: Case, child: Case) -> bool:
    if child.described.kind is PersonKind.ADULT:
        return False
    levels = compare(adult.described.person, child.described.person)
    is_name = levels.given in GIVEN_AGREES and levels.family in FAMILY_AGREES
    # One digit apart may be a father and a son of one name.
    return is_name and levels.birth in {SAME, DAY_MONTH_SWAPPED}


def _is_person_already(case: Case) -> bool:
    """Say whether they are a person of their own: two who exist are joined by people alone."""
    return case.before is not None and case.before.link_state == LinkState.OWN

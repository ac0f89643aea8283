"""Who may read what of restricted people: managers all of it, everybody else that somebody is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.errors import RestrictedRecord
from services.intake.models import LinkDecision
from services.intake.store import restrictions
from services.intake.store.records import Placed
from shared.platform.auth import Caller
from shared.schemas.ids import PersonId, RecordId, ReferralId
from shared.schemas.words import Role


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader may read of some people.

    Attributes:
        opens: whether restricted records are open to the reader.
        persons: those of the people who are restricted; `records` likewise.
        sealed: the referrals in which somebody restricted stands: their reference leads to that person.
    """

    opens: bool
    persons: frozenset[PersonId]
    records: frozenset[RecordId]
    sealed: frozenset[ReferralId]

    def hides(self, person_id: PersonId) -> bool:
        """Say whether what is known of a person is kept from the reader."""
        return not self.opens and person_id in self.persons

    def seals(self, referral_id: ReferralId) -> bool:
        """Say whether the way to a referral is kept from the reader."""
        return not self.opens and referral_id in self.sealed

    def is_about_restricted(self, decision: LinkDecision) -> bool:
        """Say whether a line of the history speaks of somebody restricted."""
        return bool(_persons_of(decision) & self.persons or _records_of(decision) & self.records)


def is_opened_to(reader: Caller) -> bool:
    """Say whether restricted records are open to a caller."""
    return Role.MANAGER in reader.roles


async def look(
    tx: AsyncSession,
    reader: Caller,
    placed: Iterable[Placed],
    decisions: Sequence[LinkDecision] = (),
    persons: Iterable[PersonId] = (),
) -> Sight:
    """Return what a reader may read of some records, of lines of history, and of some persons."""
    placed = list(placed)
    everybody = {record.person_id for record, _ in placed} | set(persons)
    everybody = everybody.union(*map(_persons_of, decisions))
    records = set[RecordId]().union(*map(_records_of, decisions))
    restricted, of_them = await restrictions.list_restricted(tx, everybody, records)
    sealed = await restrictions.list_sealed(tx, {record.referral_id for record, _ in placed})
    return Sight(is_opened_to(reader), frozenset(restricted), frozenset(of_them), frozenset(sealed))


async def require_opened(tx: AsyncSession, decider: Caller, persons: Iterable[PersonId]) -> None:
    """Raise RestrictedRecord where one of these persons is restricted and the decider is no manager."""
    if is_opened_to(decider):
        return
    restricted, _ = await restrictions.list_restricted(tx, set(persons), ())
    if restricted:
        raise RestrictedRecord


def _persons_of(decision: LinkDecision) -> set[PersonId]:
    moved_to = {decision.moved_to} if decision.moved_to else set()
    return {decision.person_id, decision.of_person_id} | moved_to


def _records_of(decision: LinkDecision) -> set[RecordId]:
    return {decision.record_id, *(RecordId(UUID(moved)) for moved in decision.moved)}

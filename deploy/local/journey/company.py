"""Everyone the journey needs, and what they hold in hand on the way."""

from dataclasses import dataclass
from uuid import UUID

from deploy.local.cast import Cast, DemoAgency, DemoPerson
from deploy.local.journey.parties import Party, Surroundings, person_of, system_of
from deploy.local.journey.story import Worry
from shared.schemas.ids import ChildId
from shared.schemas.progress import ReferralAccepted
from shared.schemas.words import Role, Sector
from shared.schemas.words_asking import Source


@dataclass(frozen=True)
class Referred:
    """A worry that the hub has taken."""

    worry: Worry
    sender: Party
    accepted: ReferralAccepted

    def name_of(self, child_id: ChildId) -> str:
        """Return what the sender calls a child: c1, c2 ..."""
        places = {child.child_id: place for place, child in enumerate(self.accepted.children)}
        return self.worry.named(places[child_id])

    def get_child(self, name: str) -> ChildId:
        """Return the child that the sender calls c1, c2 ..."""
        return next(
            child.child_id for child in self.accepted.children if self.name_of(child.child_id) == name
        )


@dataclass(frozen=True)
class Considered:
    """A worry with the case that was opened for it."""

    referred: Referred
    case_id: UUID


class Company:
    """The demo's systems and people, as parties of one journey."""

    def __init__(self, cast: Cast, around: Surroundings) -> None:
        self.around = around
        self.asked: dict[Sector, DemoAgency] = {
            Sector(sector): agency for sector, agency in cast.asked.items()
        }
        self.sources: dict[Source, tuple[DemoAgency, Party]] = {
            Source(source): (agency, person_of(_first(cast, Role.AGENCY_REPRESENTATIVE, agency), around))
            for source, agency in cast.sources.items()
        }
        self.systems = {client.client_id: system_of(client, around) for client in cast.clients}
        self.proofs = {
            client.client_id: "its private key" if client.has_key else "its secret" for client in cast.clients
        }
        self.who_decides = _first(cast, Role.DECISION_MAKER)
        self.decider = person_of(self.who_decides, around)
        self.manager = person_of(_first(cast, Role.MANAGER), around)
        self.agencies = {client.client_id: client.agency for client in cast.clients}
        self._systems_of = {client.agency.agency_id: client.client_id for client in cast.clients}
        self._representatives = {
            sector: person_of(_first(cast, Role.AGENCY_REPRESENTATIVE, agency), around)
            for sector, agency in self.asked.items()
        }

    def who_speaks_for(self, worry: Worry) -> Party:
        """Return the representative of the agency that sent a worry."""
        agency = self.agencies[worry.client_id]
        return next(self._representatives[sector] for sector, asked in self.asked.items() if asked == agency)

    def who_answers(self, sector: Sector, worry: Worry) -> Party:
        """Return who answers for an asked agency: its system where that sent the worry, else its person."""
        client_id = self._systems_of.get(self.asked[sector].agency_id)
        if client_id == worry.client_id:
            return self.systems[client_id]
        return self._representatives[sector]


def _first(cast: Cast, role: Role, agency: DemoAgency | None = None) -> DemoPerson:
    return next(person for person in cast.staff if role in person.roles and agency in (None, person.agency))

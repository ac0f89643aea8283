"""Show which contacts tell of one incident, among those a reader is shown and by nothing that is hidden."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from services.triage.evidence.incidents import Account, Happening, happenings_of, incidents_in
from services.triage.models import Contact
from services.triage.views.chronology import ChildHistory
from shared.schemas.cases import CaseView, IncidentView
from shared.schemas.chronology import ChronologyLine, LineIncident, LineKind, LineLink
from shared.schemas.ids import ChildId, ReferralId


def incidents_of_case(
    contacts: Iterable[Contact], shown: CaseView, *, window: timedelta
) -> list[IncidentView]:
    """Return the incidents that several contacts of a case tell of, by what is shown of it."""
    referral_ids = {contact.referral_id for contact in shown.contacts}
    told: dict[ReferralId, list[Happening]] = {}
    for child in shown.children:
        concerns = [concern.model_dump() for concern in child.concerns]
        happened = happenings_of(child.same_child_as or child.child_id, concerns)
        told.setdefault(child.referral_id, []).extend(happened)
    accounts = [
        _account(contact, told.get(contact.referral_id, ()))
        for contact in contacts
        if contact.referral_id in referral_ids
    ]
    return [
        IncidentView(referral_ids=list(found.referral_ids), words=found.words)
        for found in incidents_in(accounts, window=window)
    ]


def mark_incidents(
    lines: Sequence[ChronologyLine],
    histories: Iterable[ChildHistory],
    looked_at: ChildId,
    *,
    window: timedelta,
) -> list[ChronologyLine]:
    """Return the lines of a chronology, those contacts marked that tell of one incident.

    What stands on a link that nobody has confirmed is taken for another child's: then only the police's
    number ties it, which holds whoever the child is.
    """
    histories = list(histories)
    contacts = {
        f"{LineKind.CONTACT}:{one.referral_id}": one for each in histories for one in each.whole.contacts
    }
    concerns = {each.child.child_id: each.child.concerns for each in histories}
    told: dict[ReferralId, list[Happening]] = {}
    for line in lines:
        if (contact := contacts.get(line.line_id)) is not None and line.child_id is not None:
            child_id = line.child_id if line.link is LineLink.PROVISIONAL else looked_at
            happened = happenings_of(child_id, concerns[line.child_id])
            told.setdefault(contact.referral_id, []).extend(happened)
    accounts = [_account(one, told[one.referral_id]) for one in contacts.values() if one.referral_id in told]
    marks = _marks(accounts, window)
    return [line.model_copy(update={"incident": marks.get(line.line_id)}) for line in lines]


def count_incidents(contacts: Iterable[ChronologyLine]) -> int:
    """Return how many incidents these lines tell of; a contact that stands alone tells of one."""
    return len({_incident_id(line) for line in contacts})


def _incident_id(line: ChronologyLine) -> str:
    return str(line.incident.incident_id) if line.incident else line.line_id.partition(":")[2]


def _marks(accounts: Iterable[Account], window: timedelta) -> Mapping[str, LineIncident]:
    return {
        f"{LineKind.CONTACT}:{referral_id}": LineIncident(
            incident_id=found.referral_ids[0], words=found.words
        )
        for found in incidents_in(accounts, window=window)
        for referral_id in found.referral_ids
    }


def _account(contact: Contact, happenings: Iterable[Happening]) -> Account:
    return Account(
        referral_id=contact.referral_id,
        agency_id=contact.agency_id,
        received_at=contact.received_at,
        occurrence_number=(contact.police or {}).get("occurrence_number"),
        sender_reference=contact.sender_reference,
        happenings=tuple(happenings),
    )

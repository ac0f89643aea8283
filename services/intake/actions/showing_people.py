"""Records, persons and decisions as staff and other services see them."""

from collections.abc import Iterable
from typing import Any

from services.intake.actions.indexing import MACHINE
from services.intake.actions.sight import Sight
from services.intake.matching.deciding import Hazard
from services.intake.matching.explaining import HAZARD_WORDS
from services.intake.models import LinkDecision as Decision
from services.intake.store.records import Placed
from shared.schemas.ids import RecordId
from shared.schemas.people_index import FieldAgreement, Likeness, LinkDecision, NameGiven, PersonRecord, Told
from shared.schemas.words import LinkState, LinkVerdict, PersonKind


def show_record(placed: Placed, sight: Sight) -> PersonRecord:
    """Return a record, where it comes from and why it stands there, as far as it may be read."""
    record, _ = placed
    if sight.hides(record.person_id):
        return _redacted(placed)
    shown = _whole(placed, is_restricted=record.person_id in sight.persons)
    if sight.seals(record.referral_id):
        return shown.model_copy(update={"referral_id": None, "reference": None, "sender_reference": None})
    return shown


def _redacted(placed: Placed) -> PersonRecord:
    """Return a record of which only whose it is may be read: an id of its own would lead to its case."""
    record, _ = placed
    return PersonRecord(
        record_id=None,
        kind=PersonKind(record.kind),
        referral_id=None,
        reference=None,
        agency_id=None,
        received_at=None,
        version=None,
        told=Told(),
        person_id=record.person_id,
        link_state=LinkState(record.link_state),
        linked_at=None,
        restricted=True,
    )


def _whole(placed: Placed, *, is_restricted: bool) -> PersonRecord:
    record, referral = placed
    return PersonRecord(
        record_id=record.record_id,
        kind=PersonKind(record.kind),
        referral_id=record.referral_id,
        reference=referral.reference,
        sender_reference=referral.sender_reference,
        agency_id=referral.agency_id,
        received_at=referral.received_at,
        version=record.version,
        told=Told.model_validate(record.told),
        person_id=record.person_id,
        link_state=LinkState(record.link_state),
        linked_at=record.linked_at,
        restricted=is_restricted,
        likened_to=record.likened_to,
        likeness=show_likeness(record.evidence) if record.evidence else None,
    )


def show_likeness(evidence: dict[str, Any]) -> Likeness:
    """Return how alike two records were found, in words."""
    fields = [
        FieldAgreement(evidence=kind, level=level, words=words, bits=round(bits, 2))
        for kind, level, words, bits in evidence["lines"]
    ]
    return Likeness(
        probability=evidence["probability"],
        bits=round(evidence["bits"], 2),
        weights_version=evidence["weights"],
        fields=fields,
        hazards=[HAZARD_WORDS[Hazard(code)] for code in evidence["hazards"]],
    )


def show_decision(decision: Decision, sight: Sight) -> LinkDecision:
    """Return a line of the history; of whom it speaks and why only where that may be read."""
    is_restricted = sight.is_about_restricted(decision)
    is_hidden = is_restricted and not sight.opens
    return LinkDecision(
        decision_id=decision.decision_id,
        record_id=None if is_hidden else decision.record_id,
        person_id=None if is_hidden else decision.person_id,
        verdict=LinkVerdict(decision.verdict),
        moved_record_ids=[] if is_hidden else [RecordId(moved) for moved in decision.moved],
        moved_to=None if is_hidden else decision.moved_to,
        reason=None if is_hidden else decision.reason,
        decided_at=decision.decided_at,
        decided_by=decision.decided_by_name,
        by_machine=decision.decided_by == MACHINE.subject,
        restricted=is_restricted,
    )


def names_of(records: Iterable[PersonRecord]) -> list[NameGiven]:
    """Return every name in some records, each once however often it was written."""
    names: dict[tuple[str, str], NameGiven] = {}
    for record in records:
        for name in (record.told.name, *record.told.other_names):
            given, family = name.given_name or "", name.family_name or ""
            if given or family:
                names.setdefault((given.casefold(), family.casefold()), name)
    return list(names.values())

"""Records, persons and decisions as staff and other services see them."""

from collections.abc import Iterable
from typing import Any

from services.intake.actions.indexing import MACHINE
from services.intake.matching.deciding import Hazard
from services.intake.matching.explaining import HAZARD_WORDS
from services.intake.models import LinkDecision as Decision
from services.intake.store.records import Placed
from shared.schemas.ids import RecordId
from shared.schemas.people_index import FieldAgreement, Likeness, LinkDecision, NameGiven, PersonRecord, Told
from shared.schemas.words import LinkState, LinkVerdict, PersonKind


def show_record(placed: Placed) -> PersonRecord:
    """Return a record with where it comes from and why it stands where it stands."""
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


def show_decision(decision: Decision) -> LinkDecision:
    """Return a line of the history."""
    return LinkDecision(
        decision_id=decision.decision_id,
        record_id=decision.record_id,
        person_id=decision.person_id,
        verdict=LinkVerdict(decision.verdict),
        moved_record_ids=[RecordId(moved) for moved in decision.moved],
        moved_to=decision.moved_to,
        reason=decision.reason,
        decided_at=decision.decided_at,
        decided_by=decision.decided_by_name,
        by_machine=decision.decided_by == MACHINE.subject,
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

"""Contacts, held copies and quality with everything on them: every part of a page is looked at."""

from datetime import timedelta

from shared.schemas.words import Channel, FurtherInformationState, HeldCopyState, Stage
from tests.console.contacts import (
    OTHER_REFERENCE,
    a_check,
    a_count,
    a_document,
    a_held_copy,
    a_progress,
    a_receipt,
    a_version,
    a_wish,
    an_acceptance,
    an_asking,
)
from tests.console.fakes import FakeHub
from tests.console.scenes import NOW, REFERENCE, SCHOOL, TRUST, an_id

DANGER_REFERENCE = "SH-9T7V5W3X-8"


def fill_contacts(hub: FakeHub) -> None:
    """Put a morning's arrivals on the hub: danger, a call, a correction, a wish, a request for more."""
    intake = hub.intake
    asked = [
        an_asking(),
        an_asking(request_id=an_id(631), state=FurtherInformationState.ANSWERED, answered_version=2),
        an_asking(request_id=an_id(632), state=FurtherInformationState.NOT_ANSWERED, closed_at=NOW),
    ]
    wish = a_wish()
    intake.withdrawals = [wish]
    intake.further_information = asked
    intake.progress = {
        REFERENCE: a_progress(version=2, further_information=asked, withdrawal=wish),
        OTHER_REFERENCE: a_progress(
            reference=OTHER_REFERENCE, agency_id=SCHOOL, channel=Channel.TELEPHONE, kind="enquiry",
            stage=Stage.DECIDED, findings_count=0, received_at=NOW - timedelta(days=1),
        ),
        DANGER_REFERENCE: a_progress(
            reference=DANGER_REFERENCE, agency_id=TRUST, immediate_danger=True, findings_count=1,
            stage=Stage.RECEIVED, received_at=NOW - timedelta(hours=2), respond_by=NOW - timedelta(minutes=5),
        ),
    }  # fmt: skip
    intake.versions = {
        (REFERENCE, 1): a_version(),
        (REFERENCE, 2): a_version(
            version=2, reason="The school gave us the new address.",
            changed=["#/children/0/address", "#/adults/1/safe_contact_note", "#/concerns/1"],
            document=a_document(immediate_danger=True),
        ),
        (DANGER_REFERENCE, 1): a_version(
            reference=DANGER_REFERENCE, recorded_by="Priya Shah",
            document=a_document(children=[], adults=[], professionals=[], immediate_danger=True),
        ),
    }  # fmt: skip
    intake.next_cursor = "opaque"


def fill_quality(hub: FakeHub) -> None:
    """Put what waits for a look on the hub, and what the agencies' figures are."""
    danger = a_check(reference=DANGER_REFERENCE, immediate_danger=True, findings=[], sender_reference=None)
    hub.intake.checks = [danger, a_check(version=2)]
    hub.intake.counts = [
        a_count(agency_id=SCHOOL, referrals=8, looked_at=2, requests=6, answered=1, not_answered=5),
        a_count(),
        a_count(agency_id=TRUST, referrals=0, looked_at=0, requests=0, answered=0, not_answered=0),
    ]
    hub.intake.receipts = [a_receipt(), a_receipt(likely_level=None, likely_pathway=None, indicators=[])]


def fill_held_copies(hub: FakeHub) -> None:
    """Put refused contacts on the hub, one of them in danger, one that is no JSON, two settled."""
    settled = {"settled_by": "Priya Shah", "settled_at": NOW, "opened_by": "Priya Shah", "opened_at": NOW}
    hub.intake.held = [
        a_held_copy(),
        a_held_copy(held_copy_id=an_id(621), immediate_danger=True, content="{nonsense " * 60,
                    code="unreadable", state=HeldCopyState.OPENED, opened_by="Priya Shah", opened_at=NOW),
        a_held_copy(held_copy_id=an_id(622), state=HeldCopyState.TAKEN_UP, reference=REFERENCE, **settled),
        a_held_copy(held_copy_id=an_id(623), state=HeldCopyState.SET_ASIDE, times_sent=1,
                    settled_reason="It came again two minutes later.", **settled),
    ]  # fmt: skip
    hub.intake.accepted = an_acceptance()


def fill_all(hub: FakeHub) -> None:
    """Put all of it on the hub."""
    fill_contacts(hub)
    fill_quality(hub)
    fill_held_copies(hub)

"""Intake's rules: when a sender must be answered, which children are considered, where a referral stands."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from shared.calendar import add_working_days
from shared.clock import LONDON, london_date
from shared.schemas.ids import ChildId, new_id
from shared.schemas.progress import AcceptedChild
from shared.schemas.referrals import ReferralIn
from shared.schemas.words import Role, Stage

#: Staff who work with every referral.
SEES_ALL = frozenset({Role.DECISION_MAKER, Role.MANAGER, Role.PRACTICE_AUDITOR})

HELD_BY = {
    Stage.RECEIVED: "The hub: waiting to be screened",
    Stage.BEING_CONSIDERED: "The hub: agencies asked, decision to come",
    Stage.DECIDED: "Answered: see your outcomes",
}


def respond_by(received_at: datetime) -> datetime:
    """Return until when the sender must have been answered: one working day, whatever the colour.

    Args:
        received_at: aware.

    Source:
        Working Together to Safeguard Children: the referrer is answered within one working day.
    """
    return add_working_days(received_at, 1)


def number_children(form: ReferralIn) -> list[AcceptedChild]:
    """Return the children the hub will consider, each with a fresh id, in the order they were sent.

    A worry that names no child (it may, when someone is in danger) is still about one: an unnamed child
    takes its place, so that a decision and an answer are owed.
    """
    references = [child.sender_child_reference for child in form.children] or [None]
    return [
        AcceptedChild(child_id=ChildId(new_id()), sender_child_reference=reference)
        for reference in references
    ]


def stage_of(children: Sequence[ChildId], stages: dict[ChildId, Stage]) -> Stage:
    """Return where a referral stands, from where its children stand; the slowest child speaks for it."""
    if not stages:
        return Stage.RECEIVED
    if all(stages.get(child) is Stage.DECIDED for child in children):
        return Stage.DECIDED
    return Stage.BEING_CONSIDERED


def close_of_working_day(now: datetime, days: int) -> datetime:
    """Return when the hub closes on the last of `days` working days after today's London date, in UTC.

    One day from any time on Friday is Monday at closing.

    Args:
        now: aware.
    """
    tomorrow = london_date(now) + timedelta(days=1)
    return add_working_days(datetime.combine(tomorrow, time(), LONDON), days)

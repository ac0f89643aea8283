"""What several referrals tell of one child, put together: pure, and nothing that one of them says is lost."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from services.triage.policy.facts import PLAN_ORDER, AgencyGrade, ChildFacts, CouncilStanding, FamilyConsent

Fact = TypeVar("Fact")


def together(parts: Sequence[ChildFacts]) -> ChildFacts:
    """Return all that is known of a child from its referrals; of a single one, just what that tells.

    What they say differently counts as it weighs most: any danger, the youngest age, every worry and grade.
    An age that one of them does not know stays unknown. Who was asked by way of one and has not answered
    is still waited for, whatever it said by way of another.

    Args:
        parts: what each referral tells alone; not empty.

    Source:
        docs/adr/0022-many-referrals-one-case.md
    """
    if len(parts) == 1:
        return parts[0]
    unborn = any(part.unborn for part in parts)
    waiting = _every(part.not_answered for part in parts)
    could_not = _without(_every(part.could_not_say for part in parts), waiting)
    answered = _without(_every(part.answered for part in parts), (*waiting, *could_not))
    senders, highest = _senders(parts)
    return ChildFacts(
        indicators=_every(part.indicators for part in parts),
        unknown_indicators=_every(part.unknown_indicators for part in parts),
        immediate_danger=any(part.immediate_danger for part in parts),
        age_years=None if unborn else _youngest(parts),
        unborn=unborn,
        grades=tuple(grade for part in parts for grade in part.grades) + senders,
        sender_grade=highest,
        not_answered=waiting,
        answered=answered,
        could_not_say=could_not,
        unheard=_every(part.unheard for part in parts),
        contacts_12m=max(part.contacts_12m for part in parts),
        re_referral_12m=any(part.re_referral_12m for part in parts),
        returns_12m=max(part.returns_12m for part in parts),
        # Any place that was looked at counts: another contact that names none leaves nothing open.
        hot_spot=_either(part.hot_spot for part in parts),
        looked_after=_told(part.looked_after for part in parts),
        plan=max((part.plan for part in parts if part.plan), key=PLAN_ORDER.__getitem__, default=None),
        private_fostering=_told(part.private_fostering for part in parts),
        allocated_worker=_told(part.allocated_worker for part in parts),
        council=_council([part.council for part in parts if part.council]),
        previous_plan=_told(part.previous_plan for part in parts),
        consent=_consent(parts),
        child_seen=_told(part.child_seen for part in parts),
        apart=tuple(parts),
    )


def _council(said: Sequence[CouncilStanding]) -> CouncilStanding | None:
    """Return what the council says of the child under any of its ids; the newest day stands for all."""
    if len(said) < 2:
        return said[0] if said else None
    names = CouncilStanding.model_fields.keys() - {"as_of"}
    whole = {name: _either(getattr(one, name) for one in said) for name in names}
    return CouncilStanding(**whole, as_of=max(one.as_of for one in said))


def _told(said: Iterable[bool | None]) -> bool | None:
    """Return yes where anyone says so, and no only where all do."""
    known = list(said)
    return True if True in known else None if None in known else False


def _either(said: Iterable[bool | None]) -> bool | None:
    """Return yes where anyone says so, and no where anyone knows."""
    known = [one for one in said if one is not None]
    return any(known) if known else None


def _consent(parts: Sequence[ChildFacts]) -> FamilyConsent | None:
    """Return a refusal before all else, then a yes, then a ground for not having asked."""
    said = {part.consent for part in parts}
    order = (FamilyConsent.REFUSED, FamilyConsent.GIVEN, FamilyConsent.NOT_SOUGHT)
    return next((one for one in order if one in said), None)


def _youngest(parts: Sequence[ChildFacts]) -> int | None:
    ages = [part.age_years for part in parts]
    return None if None in ages else min(age for age in ages if age is not None)


def _senders(parts: Sequence[ChildFacts]) -> tuple[tuple[AgencyGrade, ...], AgencyGrade | None]:
    """Return what the senders said but one, and the one who was most worried."""
    given = [part.sender_grade for part in parts if part.sender_grade is not None]
    if not given:
        return (), None
    highest = max(range(len(given)), key=lambda place: _weight(given[place]))
    return tuple(grade for place, grade in enumerate(given) if place != highest), given[highest]


def _weight(given: AgencyGrade) -> int:
    return -1 if given.grade is None else given.grade


def _every(said: Iterable[Iterable[Fact]]) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys(fact for one in said for fact in one))


def _without(facts: Iterable[Fact], others: Iterable[Fact]) -> tuple[Fact, ...]:
    gone = set(others)
    return tuple(fact for fact in facts if fact not in gone)

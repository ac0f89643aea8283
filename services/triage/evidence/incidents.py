"""Which contacts tell of one incident: pure, and whatever it says, every contact stays and is answered."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.triage.evidence.occurrences import Number, as_known, number_in, quoted_in
from shared.codes import INDICATORS
from shared.schemas.ids import AgencyId, ChildId, ReferralId


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a child at a known time.

    Attributes:
        child_id: one id for all records that a person has said are the same child.
        theme: the part of the indicator's code before the dot.
        occurred_at: aware.
    """

    child_id: ChildId
    theme: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """A contact, with what may tell which incident it is of.

    Attributes:
        occurrence_number: the police's, as sent.
        sender_reference: the sender's own, as sent; it may quote the police's number.
    """

    referral_id: ReferralId
    agency_id: AgencyId
    received_at: datetime
    occurrence_number: str | None
    sender_reference: str | None
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """Contacts that tell of one incident, the first to arrive first, and in plain words why they do."""

    referral_ids: tuple[ReferralId, ...]
    words: str


@dataclass(frozen=True, slots=True)
class _Together:
    """Contacts that stand together already: all that give one occurrence number, or a single one."""

    accounts: tuple[Account, ...]

    @property
    def agencies(self) -> frozenset[AgencyId]:
        return frozenset(account.agency_id for account in self.accounts)

    @property
    def happenings(self) -> frozenset[Happening]:
        return frozenset(one for account in self.accounts for one in account.happenings)


def happenings_of(child_id: ChildId, concerns: Iterable[Mapping[str, Any]]) -> Iterator[Happening]:
    """Yield what the concerns of a case say has happened to a child.

    What goes on since a day is no incident, and what a sender no longer says or did not code ties nothing.
    """
    for concern in concerns:
        sign = INDICATORS.get(concern["indicator"] or "")
        if sign and concern["occurred_at"] and not concern.get("taken_back_in"):
            yield Happening(child_id, sign.theme, _instant(concern["occurred_at"]))


def incidents_in(accounts: Iterable[Account], *, window: timedelta) -> list[Incident]:
    """Return the incidents that several of these contacts tell of; a contact is in one at the most.

    Contacts with one occurrence number tell of one incident, whenever they came. Other contacts do where
    different agencies say that the same child met the same kind of worry within `window` of the first of
    them: it does not move on with each that joins, and of one agency's contacts one alone is taken.

    Args:
        accounts: contacts of one case or of one child, each once, in any order.

    Source:
        docs/adr/0024-one-incident-told-by-several.md
    """
    by_number = _by_number(sorted(accounts, key=_place_of))
    found = [_incident(group, window) for group in _by_time(by_number, window)]
    return [incident for incident in found if len(incident.referral_ids) > 1]


def _instant(said: str | datetime) -> datetime:
    return said if isinstance(said, datetime) else datetime.fromisoformat(said)


def _place_of(account: Account) -> tuple[datetime, ReferralId]:
    return account.received_at, account.referral_id


def _by_number(accounts: Sequence[Account]) -> list[_Together]:
    own = {account.referral_id: number_in(account.occurrence_number) for account in accounts}
    known = {number for number in own.values() if number}
    numbered: dict[Number | ReferralId, list[Account]] = {}
    for account in accounts:
        # A contact with a number of its own is of that incident, whatever else its reference quotes.
        number = own[account.referral_id] or quoted_in(account.sender_reference, known)
        numbered.setdefault(as_known(number, known) if number else account.referral_id, []).append(account)
    return [_Together(tuple(group)) for group in numbered.values()]


def _by_time(parts: Sequence[_Together], window: timedelta) -> list[list[_Together]]:
    """Return the parts in groups, each from the first happening that nobody has taken for another."""
    told = [(one, part) for part in parts for one in part.happenings]
    told.sort(key=lambda each: (each[0].occurred_at, _place_of(each[1].accounts[0]), each[0].theme))
    groups: list[list[_Together]] = []
    left = list(parts)
    for first, part in told:
        if part not in left:
            continue
        near = [(one, of) for one, of in told if of in left and _is_near(one, first, window)]
        group = _told_with(part, near)
        if len(group) > 1:
            groups.append(group)
            left = [each for each in left if each not in group]
    return groups + [[part] for part in left]


def _is_near(one: Happening, first: Happening, window: timedelta) -> bool:
    return one.theme == first.theme and timedelta() <= one.occurred_at - first.occurred_at <= window


def _told_with(part: _Together, near: Sequence[tuple[Happening, _Together]]) -> list[_Together]:
    """Return the parts that tell of the same children as `part`; a sibling that one names leads to others."""
    group, agencies, children = [part], set(part.agencies), {one.child_id for one, of in near if of is part}
    waiting = [of for of in dict.fromkeys(of for _, of in near) if of is not part]
    while joining := next((of for of in waiting if _joins(of, near, agencies, children)), None):
        group.append(joining)
        agencies |= joining.agencies
        children |= {one.child_id for one, of in near if of is joining}
        waiting = [of for of in waiting if of is not joining]
    return group


def _joins(
    part: _Together,
    near: Sequence[tuple[Happening, _Together]],
    agencies: set[AgencyId],
    children: set[ChildId],
) -> bool:
    if agencies & part.agencies:
        return False
    return any(one.child_id in children for one, of in near if of is part)


def _incident(group: Sequence[_Together], window: timedelta) -> Incident:
    accounts = sorted((account for part in group for account in part.accounts), key=_place_of)
    return Incident(tuple(account.referral_id for account in accounts), _why(group, window))


def _why(group: Sequence[_Together], window: timedelta) -> str:
    minutes = round(window.total_seconds() / 60)
    same_time = f"a worry of the same kind about the same child, within {minutes} minutes"
    if len(group) == 1:
        return "They give the same occurrence number."
    if any(len(part.accounts) > 1 for part in group):
        return f"They give the same occurrence number, or tell of {same_time}."
    return f"They tell of {same_time}."

"""A later version of a referral held against the one before: the same children, and what differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.intake.errors import NotOfThisReferral
from shared.problems import FieldError
from shared.schemas.children import ReferredChild
from shared.schemas.ids import ChildId, new_id
from shared.schemas.progress import AcceptedChild, Finding
from shared.schemas.referrals import ReferralIn

MOST_POINTERS = 200

Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What a version says, as far as another is held against it.

    Attributes:
        children: in the order of the form; after them any whom this version leaves out.
        findings: what was odd or missing in it.
        sender_reference: the first version's, which stands.
    """

    form: ReferralIn
    children: Sequence[AcceptedChild]
    findings: Sequence[Finding] = ()
    sender_reference: str | None = None

    @property
    def stand_in(self) -> AcceptedChild | None:
        """The child that took the place of one not named yet, if nobody has been named since."""
        left_out = any(finding.code == "child_left_out" for finding in self.findings)
        return None if self.form.children or left_out else self.children[0]


def keep_children(form: ReferralIn, before: Told) -> list[AcceptedChild]:
    """Return the children of a version with the ids they had before, in the order they were sent.

    A child is known again by the hub's id, else by the sender's own reference. One without either, or one
    that had none before, is known by its names and date of birth, or by saying just the same. A single child
    sent for a single one is the same unless both carry a reference and these differ, and the first child to
    be named takes the place of one that was not. Any other child is new. Those left out come last: nobody
    is dropped.

    Raises:
        NotOfThisReferral: a `child_id` is not of this referral, or is given twice.
    """
    _require_known(form, before.children)
    described = dict(zip((child.child_id for child in before.children), before.form.children, strict=False))
    free = list(before.children)
    same: dict[int, AcceptedChild] = {}
    for is_same in (_has_same_id, _has_same_reference, _is_described_alike):
        for place, child in enumerate(form.children):
            found = (one for one in free if is_same(child, one, described.get(one.child_id)))
            if place not in same and (known := next(found, None)):
                same[place] = known
                free.remove(known)
    unknown = next((place for place in range(len(form.children)) if place not in same), None)
    if unknown is not None and (alone := _the_only_one(form, before)) in free:
        same[unknown] = alone
        free.remove(alone)
    return [_accepted(child, same.get(place)) for place, child in enumerate(form.children)] + free


def _require_known(form: ReferralIn, known: Sequence[AcceptedChild]) -> None:
    ids: set[ChildId | None] = {child.child_id for child in known}
    sent = [child.child_id for child in form.children]
    errors = []
    for place, child_id in enumerate(sent):
        pointer = f"#/referral/children/{place}/child_id"
        if child_id is not None and child_id not in ids:
            errors.append(FieldError("not_of_this_referral", "Not a child of this referral.", pointer))
        elif child_id is not None and child_id in sent[:place]:
            errors.append(FieldError("given_twice", "Two children carry this id.", pointer))
    if errors:
        raise NotOfThisReferral(tuple(errors))


def _has_same_id(child: ReferredChild, known: AcceptedChild, _before: ReferredChild | None) -> bool:
    return child.child_id == known.child_id


def _has_same_reference(child: ReferredChild, known: AcceptedChild, _before: ReferredChild | None) -> bool:
    reference = child.sender_child_reference
    return reference is not None and reference == known.sender_child_reference


def _is_described_alike(child: ReferredChild, known: AcceptedChild, before: ReferredChild | None) -> bool:
    # Without this, a system that sends no keys at all would add every child anew with each correction.
    if before is None or None not in {child.sender_child_reference, known.sender_child_reference}:
        return False
    who = _names_and_birth(child)
    return (all(who) and who == _names_and_birth(before)) or _without_keys(child) == _without_keys(before)


def _names_and_birth(child: ReferredChild) -> tuple[str, str, str]:
    given, family = ((name or "").strip().casefold() for name in (child.given_name, child.family_name))
    return given, family, str(child.date_of_birth or "")


def _without_keys(child: ReferredChild) -> ReferredChild:
    return child.model_copy(update={"child_id": None, "sender_child_reference": None})


def _the_only_one(form: ReferralIn, before: Told) -> AcceptedChild | None:
    if before.stand_in is not None:
        return before.stand_in
    if not len(form.children) == len(before.children) == 1:
        return None
    references = {form.children[0].sender_child_reference, before.children[0].sender_child_reference}
    return before.children[0] if None in references else None


def _accepted(child: ReferredChild, known: AcceptedChild | None) -> AcceptedChild:
    reference = child.sender_child_reference
    if known is None:
        return AcceptedChild(child_id=ChildId(new_id()), sender_child_reference=reference)
    return known.model_copy(update={"sender_child_reference": reference or known.sender_child_reference})


def find_in_version(
    form: ReferralIn, children: Sequence[AcceptedChild], found: Sequence[Finding], before: Told
) -> list[Finding]:
    """Return the findings of a later version.

    Args:
        children: as `keep_children` numbered them.
        found: what would be odd or missing if it were the first version.
    """
    findings = [finding for finding in found if not _is_for_first_alone(finding, before)]
    if form.sender_reference not in {None, before.sender_reference}:
        words = "Not the reference of the first version: the hub goes on using that of the first."
        findings.append(Finding(pointer="#/sender_reference", code="other_reference", detail=words))
    if before.stand_in is not None:
        return findings
    for place in range(len(form.children), len(children)):
        words = (
            f"A child is left out, number {place + 1} in `children` of the answer. It is still considered:"
            " to take the referral back, ask for its withdrawal."
        )
        findings.append(Finding(pointer="#/children", code="child_left_out", detail=words))
    return findings


def _is_for_first_alone(finding: Finding, before: Told) -> bool:
    if finding.code == "not_used_here":
        return True
    is_missing = (finding.pointer, finding.code) == ("#/sender_reference", "missing")
    return is_missing and before.sender_reference is not None


def what_changed(form: ReferralIn, children: Sequence[AcceptedChild], before: Told) -> tuple[str, ...]:
    """Return pointers to what differs from the version before, 200 at the most.

    They point into the later document, at its fields and those a level below; what is there no more has no
    place in it, so there the list that held it is named. Children are compared with themselves, wherever
    they stand; what merely stands in another place has not changed, nor has what is left out or null alike.

    Args:
        children: as `keep_children` numbered them.
    """
    pointers = list(_differences(form, children, before))
    return tuple(dict.fromkeys(pointers))[:MOST_POINTERS]


def _differences(form: ReferralIn, children: Sequence[AcceptedChild], before: Told) -> Iterator[str]:
    earlier, later = before.form.model_dump(mode="json"), form.model_dump(mode="json")
    for name, value in later.items():
        at, was = f"#/{name}", earlier[name]
        if name == "children":
            yield from _in_children(_by_id(was, before.children), _by_id(value, children))
        elif isinstance(value, list):
            yield from _in_list(at, was, value)
        elif isinstance(value, dict) and isinstance(was, dict):
            yield from _in_fields(at, was, value)
        elif value != was:
            yield at


def _by_id(sent: list[Fields], accepted: Sequence[AcceptedChild]) -> dict[ChildId, Fields]:
    # Those left out stand last and said nothing.
    ids = [child.child_id for child in accepted[: len(sent)]]
    return {child_id: child | {"child_id": None} for child_id, child in zip(ids, sent, strict=True)}


def _in_children(earlier: dict[ChildId, Fields], later: dict[ChildId, Fields]) -> Iterator[str]:
    if not earlier.keys() <= later.keys():
        yield "#/children"
    for place, (child_id, child) in enumerate(later.items()):
        at = f"#/children/{place}"
        yield from _in_fields(at, earlier[child_id], child) if child_id in earlier else (at,)


def _in_list(at: str, earlier: list[Fields], later: list[Fields]) -> Iterator[str]:
    gone, come = list(earlier), []
    for place, item in enumerate(later):
        if item in gone:
            gone.remove(item)
        else:
            come.append((place, item))
    for (place, item), was in zip(come, gone, strict=False):
        yield from _in_fields(f"{at}/{place}", was, item)
    yield from (f"{at}/{place}" for place, _ in come[len(gone) :])
    if len(gone) > len(come):
        yield at


def _in_fields(at: str, earlier: Fields, later: Fields) -> Iterator[str]:
    yield from (f"{at}/{name}" for name, value in later.items() if value != earlier[name])

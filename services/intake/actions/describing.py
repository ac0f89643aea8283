"""The children and adults of a referral, each as it is shown and as it is compared."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.intake.actions.reading import document_of
from services.intake.matching.person import Description, Person, read_person
from services.intake.models import Referral
from shared.schemas.children import ReferredChild
from shared.schemas.ids import ChildId
from shared.schemas.people import Address, OtherName, ReferredAdult
from shared.schemas.people_index import NameGiven, Told
from shared.schemas.progress import AcceptedChild
from shared.schemas.words import PersonKind


@dataclass(frozen=True, slots=True)
class Described:
    """Somebody in one version of a referral.

    Attributes:
        child_id: of a child; an adult is known again by what is said of them.
        reference: of a child, the sender's own; adults point at it.
        same_as: of an adult who is one of the children too, that child's reference.
    """

    kind: PersonKind
    child_id: ChildId | None
    told: Told
    person: Person
    reference: str | None = None
    same_as: str | None = None


def describe(version: Referral) -> list[Described]:
    """Return the people of a version, the children first.

    A child that this version leaves out is not among them; one that nobody has named is.
    """
    form = document_of(version)
    known = [AcceptedChild.model_validate(child) for child in version.children]
    # A worry that names no child is about one all the same, who took the first place.
    children = form.children or (ReferredChild(),)
    described = [
        Described(
            PersonKind.CHILD,
            one.child_id,
            told := _of_child(child),
            read(told),
            reference=one.sender_child_reference,
        )
        for one, child in zip(known, children, strict=False)
    ]
    for adult in form.adults:
        told = _of_adult(adult)
        described.append(Described(PersonKind.ADULT, None, told, read(told), same_as=adult.same_as_child))
    return described


def references_of(version: Referral) -> list[str]:
    """Return every reference that a version may be looked for by: the hub's, its sender's, the force's."""
    police = document_of(version).police
    numbers = (version.reference, version.sender_reference, police.occurrence_number if police else None)
    return [number for number in numbers if number]


def read(told: Told) -> Person:
    """Return somebody as they are compared."""
    return read_person(
        Description(
            given_name=told.name.given_name or "",
            family_name=told.name.family_name or "",
            other_names=tuple((name.given_name or "", name.family_name or "") for name in told.other_names),
            date_of_birth=told.date_of_birth or "",
            expected_on=told.expected_date_of_birth or "",
            nhs_number=told.nhs_number or "",
            upn=told.upn or "",
            address_line=" ".join(told.address_lines),
            town=told.town or "",
            postcode=told.postcode or "",
            sex=told.sex or "",
            telephone=told.telephone or "",
        )
    )


def _of_child(child: ReferredChild) -> Told:
    return Told(
        name=NameGiven(given_name=child.given_name, family_name=child.family_name),
        other_names=_others(child, child.other_names),
        date_of_birth=child.date_of_birth.isoformat() if child.date_of_birth else None,
        expected_date_of_birth=(
            child.expected_date_of_birth.isoformat() if child.expected_date_of_birth else None
        ),
        sex=child.sex,
        nhs_number=child.nhs_number,
        upn=child.upn,
        first_language=child.first_language,
        interpreter_needed=child.interpreter_needed,
        **_place(child.address),
    )


def _of_adult(adult: ReferredAdult) -> Told:
    relationships = dict.fromkeys(tie.relationship for tie in adult.relationships if tie.relationship)
    return Told(
        name=NameGiven(given_name=adult.given_name, family_name=adult.family_name),
        other_names=_others(adult, adult.other_names),
        date_of_birth=adult.date_of_birth.isoformat() if adult.date_of_birth else None,
        telephone=adult.telephone,
        first_language=adult.first_language,
        interpreter_needed=adult.interpreter_needed,
        role_in_concern=adult.role_in_concern,
        relationships=list(relationships),
        safe_to_contact=adult.safe_to_contact,
        safe_contact_note=adult.safe_contact_note,
        worker_safety=adult.worker_safety,
        **_place(adult.address),
    )


def _others(whose: ReferredChild | ReferredAdult, names: Iterable[OtherName]) -> list[NameGiven]:
    """Return other names whole: where only one part differs, the other part is as in the first name."""
    return [
        NameGiven(
            given_name=name.given_name or whose.given_name,
            family_name=name.family_name or whose.family_name,
            kind=name.kind,
        )
        for name in names
        if name.given_name or name.family_name
    ]


def _place(address: Address | None) -> dict[str, list[str] | str | None]:
    if address is None:
        return {}
    return {"address_lines": list(address.lines), "town": address.town, "postcode": address.postcode}


def find_same_adult(one: Described, known: Sequence[tuple[Person, object]]) -> int | None:
    """Return the place of the adult of an earlier version that this one is, or None.

    The same in all that is compared, else one of the same whole name; a place in the list says nothing, for
    senders put people in and take them out.
    """
    for is_same in (_is_equal, _has_same_name):
        for place, (person, _) in enumerate(known):
            if is_same(one.person, person):
                return place
    return None


def _is_equal(one: Person, other: Person) -> bool:
    return one == other


def _has_same_name(one: Person, other: Person) -> bool:
    return any(one.name) and one.name == other.name

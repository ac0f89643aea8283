"""A joint case: each adult once, each other child once, and children who may be one are asked about."""

from typing import Any

from shared.schemas.case_details import AdultView
from shared.schemas.families import AdultTie, LinkedRecord, OtherChild, OtherChildren, ReferralPeople
from shared.schemas.people_index import NameGiven
from shared.schemas.words import LinkState, PersonKind, Rag, Role
from tests.console.conftest import Browser
from tests.console.contacts import OTHER_REFERENCE
from tests.console.joint import MAISY, OTHER_REFERRAL, a_joint_case, the_polices_row
from tests.console.known import (
    DEAN,
    KNOWN_PERSON,
    MATCH,
    TWIN_PERSON,
    a_match,
    a_provisional_record,
    a_record,
)
from tests.console.known_families import a_standing
from tests.console.reading import words_of
from tests.console.scenes import MAISIE, NOW, OTHER_CASE, PRIYA, REFERENCE, SCHOOL, an_id

PAGE = f"/cases/{OTHER_CASE}"
POLICES = an_id(600)


def an_adult(**given: Any) -> AdultView:
    """Return Tara as the police name her; changed by what is given."""
    return AdultView(
        **{
            "referral_id": POLICES,
            "given_name": "Tara",
            "family_name": "Example",
            "role_in_concern": "carer",
            "safe_to_contact": None,
            "relationships": ["mother of Maisie"],
        }
        | given
    )


async def test_an_adult_of_two_contacts_stands_once_with_what_each_says(priya: Browser) -> None:
    schools = an_adult(referral_id=OTHER_REFERRAL, relationships=["mother of Maisy"], safe_to_contact=False)
    priya.hub.cases[OTHER_CASE] = a_joint_case(adults=[an_adult(safe_to_contact=True), schools])

    words = words_of((await priya.open(PAGE)).text)

    adults = (
        words.partition("What agencies answered")[2]
        .partition(" Adults ")[2]
        .partition("What each agency thinks")[0]
    )
    assert adults.startswith("Tara Example Carer Not safe to contact Another contact says that it is safe")
    assert adults.count("Tara Example") == 1
    assert f"Northshire Police {REFERENCE} : mother of Maisie" in adults
    assert f"Little Wick Primary School {OTHER_REFERENCE} : mother of Maisy" in adults
    assert "Not safe to contact: Tara Example (carer)" in words


async def test_two_of_one_name_in_one_contact_stay_two(priya: Browser) -> None:
    son = an_adult(relationships=["brother of Maisie"])
    priya.hub.cases[OTHER_CASE] = a_joint_case(adults=[an_adult(), son])

    adults = (
        words_of((await priya.open(PAGE)).text)
        .partition("What agencies answered")[2]
        .partition(" Adults ")[2]
        .partition("What each agency thinks")[0]
    )

    assert adults.count("Tara Example") == 2


async def test_children_of_one_case_of_whom_a_question_waits_are_asked_about(priya: Browser) -> None:
    priya.hub.cases[OTHER_CASE] = a_joint_case(
        children=[*a_joint_case().children[:1], the_polices_row(same_child_as=None)]
    )
    asked = a_standing(record=a_record(record_id=MAISIE), linked=[], open_match_ids=[MATCH])
    priya.hub.people.of_contacts = {REFERENCE: ReferralPeople(items=[asked])}
    priya.hub.people.matches = {MATCH: a_match()}

    page = await priya.open(PAGE)

    assert "Are these the same child? Maisie Example and Maisy Sample Asked" in words_of(page.text)
    assert f'href="/matches/{MATCH}">Answer, side by side</a>' in page.text


async def test_children_of_one_case_whom_the_machine_linked_are_asked_about(priya: Browser) -> None:
    priya.hub.cases[OTHER_CASE] = a_joint_case(
        children=[*a_joint_case().children[:1], the_polices_row(same_child_as=None)]
    )
    linked = a_standing(record=a_provisional_record(record_id=MAISIE))
    priya.hub.people.of_contacts = {REFERENCE: ReferralPeople(items=[linked])}

    page = await priya.open(PAGE)

    assert "Are these the same child? Maisie Example and Maisy Sample Provisional" in words_of(page.text)
    assert f'href="/people/{KNOWN_PERSON}/records/{MAISIE}">Answer, side by side</a>' in page.text


async def test_an_auditor_reads_the_question_and_is_not_asked_to_answer(browser: Browser) -> None:
    await browser.sign_in(PRIYA.model_copy(update={"roles": [Role.PRACTICE_AUDITOR]}))
    browser.hub.cases[OTHER_CASE] = a_joint_case(
        children=[*a_joint_case().children[:1], the_polices_row(same_child_as=None)]
    )
    linked = a_standing(record=a_provisional_record(record_id=MAISIE))
    browser.hub.people.of_contacts = {REFERENCE: ReferralPeople(items=[linked])}

    page = (await browser.open(PAGE)).text

    assert f'href="/people/{KNOWN_PERSON}">All records</a>' in page
    assert "Answer, side by side" not in page


async def test_one_child_of_two_contacts_is_not_asked_about_once_confirmed(priya: Browser) -> None:
    priya.hub.cases[OTHER_CASE] = a_joint_case()
    other = LinkedRecord(
        record_id=MAISY, kind=PersonKind.CHILD, referral_id=OTHER_REFERRAL, reference=OTHER_REFERENCE,
        agency_id=SCHOOL, received_at=NOW, is_confirmed=True,
    )  # fmt: skip
    confirmed = a_record(record_id=MAISIE, link_state=LinkState.CONFIRMED)
    priya.hub.people.of_contacts = {
        REFERENCE: ReferralPeople(items=[a_standing(record=confirmed, linked=[other])])
    }

    assert "Are these the same child?" not in words_of((await priya.open(PAGE)).text)


async def test_another_child_of_both_contacts_is_prompted_once_and_one_in_the_case_never(
    priya: Browser,
) -> None:
    priya.hub.cases[OTHER_CASE] = a_joint_case()
    tie = AdultTie(
        person_id=DEAN, name=NameGiven(given_name="Dean", family_name="Example"), relationships=["father"],
        reference="SH-2222222A-2", is_confirmed=True,
    )  # fmt: skip
    kit = OtherChild(
        person_id=TWIN_PERSON,
        record=a_record(record_id=an_id(725), person_id=TWIN_PERSON, reference="SH-2222222A-2"),
        last_heard_at=NOW,
        ties=[tie],
    )
    here = kit.model_copy(update={"person_id": KNOWN_PERSON})
    priya.hub.people.other_children = OtherChildren(items=[kit, here], is_matched=True, adults_count=1)
    priya.hub.people.of_contacts = {REFERENCE: ReferralPeople(items=[a_standing()])}

    page = (await priya.open(PAGE)).text

    assert words_of(page).count("Also known with Dean Example:") == 1
    assert f'href="/people/{TWIN_PERSON}"' in page
    assert f'href="/people/{KNOWN_PERSON}"' not in page


async def test_whoever_must_be_decided_first_stands_first(priya: Browser) -> None:
    rows = a_joint_case().children
    calm = rows[0].model_copy(update={"rag": Rag.GREEN, "given_name": "Calm"})
    urgent = rows[1].model_copy(update={"rag": Rag.RED, "given_name": "Urgent", "same_child_as": None})
    priya.hub.cases[OTHER_CASE] = a_joint_case(children=[calm, urgent])

    assert "Urgent Example, Calm" in words_of((await priya.open(PAGE)).text)

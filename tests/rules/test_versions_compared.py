"""A later version held against the one before, without a database."""

from typing import Any
from uuid import uuid4

import pytest

from services.intake.comparing import MOST_POINTERS, Told, find_in_version, keep_children, what_changed
from services.intake.errors import NotOfThisReferral
from services.intake.rules import number_children
from shared.platform.json import dump
from shared.schemas.progress import Finding
from shared.schemas.referrals import ReferralIn
from tests.referrals import a_child, a_referral

IN_DANGER = {"immediate_danger": True, "concerns": [{"narrative": "A child is screaming."}]}


def read(document: dict[str, Any]) -> ReferralIn:
    return ReferralIn.model_validate_json(dump(document))


def told(document: dict[str, Any], *findings: Finding) -> Told:
    form = read(document)
    return Told(form, number_children(form), findings, form.sender_reference)


def whom(document: dict[str, Any], before: Told) -> list[int | None]:
    """Return which child of the version before each child is, by place; None for a new one."""
    earlier = [child.child_id for child in before.children]
    kept = [child.child_id for child in keep_children(read(document), before)]
    assert len(set(kept)) == len(kept)
    return [earlier.index(child_id) if child_id in earlier else None for child_id in kept]


def children(*references: str | None) -> dict[str, Any]:
    return a_referral(children=[a_child(sender_child_reference=reference) for reference in references])


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (("c1", "c2"), ("c2", "c1"), [1, 0]),
        (("c1", "c2"), ("c1",), [0, 1]),
        (("c1",), ("c1", "c2"), [0, None]),
        (("c1",), ("c2",), [None, 0]),
        (("c1",), (None,), [0]),
        ((None,), ("c1",), [0]),
        ((None,), (None,), [0]),
        ((None, None), (None, None), [0, 1]),
        ((None, None), (None, None, None), [0, 1, None]),
        (("c1", "c1"), ("c1", "c1"), [0, 1]),
        (("c1", "c2"), (None,), [0, 1]),
        (("c1", None), ("c1", "c2"), [0, 1]),
    ],
)
def test_a_child_keeps_its_id_and_nobody_is_dropped(
    before: tuple[str | None, ...], after: tuple[str | None, ...], same: list[int | None]
) -> None:
    assert whom(children(*after), told(children(*before))) == same


def test_the_hubs_own_id_outranks_the_senders_reference() -> None:
    before = told(children("c1", "c2"))
    sent = [a_child("c1", child_id=str(before.children[1].child_id)), a_child("c9")]
    assert whom(a_referral(children=sent), before) == [1, None, 0]


MAISIE = {"given_name": "Maisie", "family_name": "Example", "date_of_birth": "2020-04-02"}
NOAH = {"given_name": "Noah", "family_name": "Example", "date_of_birth": "2021-04-02"}


@pytest.mark.parametrize(
    ("sent", "same"),
    [
        ([NOAH, MAISIE], [1, 0, 2]),
        ([NOAH | {"given_name": " NOAH", "religion": "none"}, MAISIE], [1, 0, 2]),
        ([NOAH | {"sender_child_reference": "c2"}], [1, 0, 2]),
        ([NOAH | {"date_of_birth": "2021-04-03"}], [None, 0, 1, 2]),
        ([NOAH | {"date_of_birth": None}], [None, 0, 1, 2]),
        ([{"whereabouts": "With an aunt."}, MAISIE], [2, 0, 1]),
        ([{"whereabouts": "With a friend."}, MAISIE], [None, 0, 1, 2]),
        ([{}, {}], [None, None, 0, 1, 2]),
    ],
)
def test_children_sent_without_keys_are_known_by_who_they_are(
    sent: list[dict[str, Any]], same: list[int | None]
) -> None:
    before = told(a_referral(children=[MAISIE, NOAH, {"whereabouts": "With an aunt."}]))
    assert whom(a_referral(children=sent), before) == same


def test_a_reference_once_given_stays_when_the_id_alone_comes_back() -> None:
    before = told(children("c1"))
    sent = [a_child(sender_child_reference=None, child_id=str(before.children[0].child_id))]
    assert keep_children(read(a_referral(children=sent)), before) == list(before.children)


def test_the_first_to_be_named_takes_the_place_of_a_child_nobody_named() -> None:
    assert whom(children("c1", "c2"), told(IN_DANGER)) == [0, None]
    assert whom(IN_DANGER, told(IN_DANGER)) == [0]


def test_whoever_was_left_out_is_not_taken_for_the_next_to_be_named() -> None:
    finding = Finding(pointer="#/children", code="child_left_out", detail="Left out.")
    assert whom(children("c2", "c3"), told(IN_DANGER, finding)) == [None, None, 0]


def test_ids_of_others_are_refused_with_the_place_of_each() -> None:
    before = told(children("c1"))
    own = str(before.children[0].child_id)
    sent = [a_child(child_id=own), a_child("c2", child_id=str(uuid4())), a_child("c3", child_id=own)]
    with pytest.raises(NotOfThisReferral) as refused:
        keep_children(read(a_referral(children=sent)), before)
    assert [(error.pointer, error.code) for error in refused.value.errors] == [
        ("#/referral/children/1/child_id", "not_of_this_referral"),
        ("#/referral/children/2/child_id", "given_twice"),
    ]


#: Only what these tests are about.
PLAIN = {
    "kind": "referral",
    "referrer": {"role": "Response officer"},
    "children": [a_child()],
    "concerns": [{"indicator": "neglect.early", "narrative": "One."}],
    "consent": {"sought": False},
    "family_told": {"told": False, "reason_not": "It would increase the risk."},
}


def changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    earlier, form = told(before), read(after)
    return what_changed(form, keep_children(form, earlier), earlier)


@pytest.mark.parametrize(
    ("changed", "pointers"),
    [
        ({}, ()),
        ({"professionals": [], "police": None, "children": [a_child(religion=None)]}, ()),
        ({"actions_taken": "We rang."}, ("#/actions_taken",)),
        ({"consent": None}, ("#/consent",)),
        ({"family_told": {"told": True}}, ("#/family_told/told", "#/family_told/reason_not")),
        ({"children": [a_child(address=None)]}, ("#/children/0/address",)),
        ({"children": [a_child("c2"), a_child()]}, ("#/children/0",)),
        ({"children": [a_child("c2")]}, ("#/children", "#/children/0")),
        ({"adults": [{"given_name": "Dean"}]}, ("#/adults/0",)),
        ({"concerns": [{"narrative": "Another."}]}, ("#/concerns/0/indicator", "#/concerns/0/narrative")),
    ],
)
def test_what_differs_is_named_at_its_field(changed: dict[str, Any], pointers: tuple[str, ...]) -> None:
    assert changes(PLAIN, PLAIN | changed) == pointers


def test_what_only_moved_has_not_changed_and_what_is_gone_names_its_list() -> None:
    dean, ana = {"given_name": "Dean"}, {"given_name": "Ana"}
    first = PLAIN | {"adults": [dean, ana]}
    assert changes(first, first | {"adults": [ana, dean]}) == ()
    assert changes(first, first | {"adults": [ana]}) == ("#/adults",)
    assert changes(first, first | {"adults": [ana, {"given_name": "Deano"}]}) == ("#/adults/1/given_name",)
    assert changes(first, first | {"adults": [ana, dean, dean]}) == ("#/adults/2",)


def test_pointers_are_bounded() -> None:
    bare = [{"sender_child_reference": f"c{number}"} for number in range(20)]
    known = {"given_name": "A", "family_name": "B", "sex": "F", "school": {}, "gp": {}, "upn": "A1"}
    full = [child | known | {"religion": "none", "ethnicity": "WBRI", "address": {}} for child in bare]
    adults = [{"given_name": str(number)} for number in range(40)]
    found = changes(PLAIN | {"children": bare}, PLAIN | {"children": full, "adults": adults})
    assert (len(found), found[0]) == (MOST_POINTERS, "#/children/0/given_name")


def findings(after: dict[str, Any], before: Told, *found: Finding) -> list[tuple[str, str]]:
    form = read(after)
    said = find_in_version(form, keep_children(form, before), found, before)
    return [(finding.pointer, finding.code) for finding in said]


def test_each_child_left_out_is_said_but_not_one_that_nobody_named() -> None:
    assert findings(children("c1"), told(children("c1", "c2", "c3"))) == [
        ("#/sender_reference", "other_reference"),
        ("#/children", "child_left_out"),
        ("#/children", "child_left_out"),
    ]
    assert findings(IN_DANGER, told(IN_DANGER)) == []


def test_what_is_odd_in_a_first_version_alone_is_not_said_of_a_later_one() -> None:
    first = a_referral()
    not_used = Finding(pointer="#/children/0/child_id", code="not_used_here", detail="-")
    missing = Finding(pointer="#/sender_reference", code="missing", detail="-")
    later = first | {"sender_reference": None}
    assert findings(later, told(first), not_used, missing) == []
    assert findings(later, told(later), missing) == [("#/sender_reference", "missing")]

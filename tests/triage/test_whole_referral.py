"""All that a referral says and a decision needs stands in the case, and each reader sees what is theirs."""

from typing import Any

from tests.hub import Hub
from tests.referrals import a_child, a_referral
from tests.triage.second_looks import approve
from tests.triage.versions import STRANGLED, correct, decide

DEAN: dict[str, Any] = {
    "given_name": "Dean",
    "family_name": "Example",
    "telephone": "01632 960001",
    "address": {"postcode": "NT1 9ZZ"},
    "other_names": [{"given_name": "Deano", "kind": "alias"}],
    "first_language": "pl",
    "interpreter_needed": True,
    "role_in_concern": "alleged_perpetrator",
    "safe_to_contact": False,
    "safe_contact_note": "Never ring the house.",
    "worker_safety": "Large dog, loose.",
    "relationships": [{"relationship": "stepfather"}, {"child": "c1", "in_household": True}],
}
CHILD: dict[str, Any] = {
    "other_names": [{"family_name": "Sample", "kind": "former"}],
    "status": {
        "looked_after": True,
        "plan": "child_protection",
        "placing_authority": "371",
        "private_fostering": False,
        "allocated_worker": {"name": "K Brandt", "team": "Assessment 2", "telephone": "01632 960555"},
    },
    "voice": {"seen": True, "seen_alone": True, "seen_at": "2026-11-20T22:45:00Z", "views": "Hid upstairs."},
    "school": {"name": "Example Primary", "urn": "100001"},
    "gp": {"name": "Test Street Surgery"},
    "first_language": "en",
    "interpreter_needed": False,
    "communication": "Uses Makaton.",
    "disabilities": ["HEAR"],
    "identity": "Brought up by her grandmother.",
}
POLICE = {
    "occurrence_number": "14/88213/26",
    "risk_assessment": {"tool": "dash_2009", "score": 15, "grade": "high"},
    "police_protection": True,
    "police_protection_began_at": "2026-11-20T23:05:00Z",
}
MOYO = {"name": "S Moyo", "role": "Health visitor", "knows_of_referral": True}
CONSENT = {
    "sought": True,
    "given": False,
    "given_by": "Ms T Example, mother",
    "has_parental_responsibility": True,
    "informed_of": ["purpose"],
    "how": "in_person",
    "child_view": "Wants her nan to know.",
    "lawful_basis": "public_task",
    "lawful_basis_reason": "A child was hurt.",
}
TOLD = {"told": True, "who": ["mother"], "by": "J Okafor", "what": "That the hub will ask."}


def a_whole_referral() -> dict[str, Any]:
    referrer = {"name": "J Okafor", "role": "Officer", "telephone": "0114 496 0000", "family_may_know": False}
    return a_referral(
        referrer=referrer,
        children=[a_child(**CHILD)],
        adults=[DEAN],
        professionals=[MOYO],
        police=POLICE,
        consent=CONSENT,
        family_told=TOLD,
    )


def covers(shown: Any, said: Any) -> bool:
    """Say whether all of `said` stands in `shown`, which may hold more."""
    if isinstance(said, dict):
        return all(covers(shown[name], value) for name, value in said.items())
    if isinstance(said, list):
        return len(shown) == len(said) and all(map(covers, shown, said))
    return bool(shown == said)


async def test_a_decider_reads_all_that_a_decision_needs(hub: Hub) -> None:
    case = await hub.case_of((await hub.send(a_whole_referral()))["reference"])
    [contact], [child], [adult] = case["contacts"], case["children"], case["adults"]
    assert covers(child["details"], {name: value for name, value in CHILD.items() if name != "voice"})
    assert covers(child["details"], {"seen_alone": True, "seen_at": "2026-11-20T22:45:00Z"})
    assert covers(contact["details"], {"kind": "referral", "professionals": [MOYO], "police": POLICE})
    assert covers(contact["details"]["referrer"], {"telephone": "0114 496 0000", "family_may_know": False})
    assert covers(contact["consent"], CONSENT)
    assert covers(contact["family_told"], TOLD)
    named = ("other_names", "interpreter_needed", "safe_contact_note", "worker_safety", "first_language")
    assert covers(adult, {name: DEAN[name] for name in named})


async def test_where_an_adult_lives_and_their_number_are_not_in_the_case(hub: Hub) -> None:
    case = await hub.case_of((await hub.send(a_whole_referral()))["reference"])
    assert not {"telephone", "address", "date_of_birth"} & set(case["adults"][0])


async def test_a_tie_may_be_to_every_child_and_need_not_be_named(hub: Hub) -> None:
    case = await hub.case_of((await hub.send(a_whole_referral()))["reference"])
    assert case["adults"][0]["relationships"] == [
        "stepfather of every child",
        "tie to Maisie not said, lives in the household",
    ]


async def test_an_asked_agency_reads_it_too_and_stays_blind_to_grades(hub: Hub) -> None:
    whole = await hub.case_of((await hub.send(a_whole_referral()))["reference"])
    case = await hub.get_case(whole["case_id"], "ines.moreau")
    child = case["children"][0]
    assert case["contacts"] == whole["contacts"]
    assert case["adults"] == whole["adults"]
    assert child["details"] == whole["children"][0]["details"]
    assert (child["grades"], child["recommendation"], child["rag"]) == (None, None, None)
    assert case["version"] is None


async def test_a_blind_agency_is_not_told_that_a_decision_is_looked_at_again(hub: Hub) -> None:
    said = await hub.send(first := a_whole_referral())
    await decide(hub, await hub.case_of(said["reference"]))
    whole = await correct(hub, said, first | {"concerns": [STRANGLED]})
    blind = await hub.get_case(whole["case_id"], "ines.moreau")
    flags = [case["children"][0]["changed_since_decision"] for case in (whole, blind)]
    assert flags == [True, False]


async def test_an_early_help_coordinator_sees_no_more_than_before(hub: Hub) -> None:
    whole = await hub.case_of((await hub.send(a_whole_referral()))["reference"])
    await approve(hub, await decide(hub, whole))
    case = await hub.get_case(whole["case_id"], "lucy.grant")
    [contact], [child], [adult] = case["contacts"], case["children"], case["adults"]
    assert (contact["details"], child["details"], child["taken_back"]) == (None, None, [])
    assert (adult["worker_safety"], adult["safe_contact_note"], adult["other_names"]) == (None, None, [])
    assert (contact["consent"]["given"], contact["consent"]["given_by"]) == (False, None)
    assert (contact["family_told"]["told"], contact["family_told"]["who"]) == (True, [])
    assert adult["safe_to_contact"] is False


async def test_danger_without_a_name_or_a_kind_is_a_case_with_a_child(hub: Hub) -> None:
    words: dict[str, Any] = {
        "immediate_danger": True,
        "concerns": [{"narrative": "A child is screaming at number nine."}],
    }
    said = await hub.send(words)
    case = await hub.case_of(said["reference"])
    [contact], [child] = case["contacts"], case["children"]
    assert (contact["details"]["kind"], contact["referrer"], child["given_name"]) == (None, None, None)
    assert (child["rag"], child["concerns"][0]["narrative"]) == ("red", words["concerns"][0]["narrative"])
    named = words | {"children": [{"given_name": "Maisie"}]}
    assert [one["given_name"] for one in (await correct(hub, said, named))["children"]] == ["Maisie"]


async def test_a_half_said_grade_is_no_grade(hub: Hub) -> None:
    half = a_referral(children=[a_child(grade={"rationale": "Worried."})])
    case = await hub.case_of((await hub.send(half))["reference"])
    assert case["children"][0]["grades"] == []
    whole = a_referral(children=[a_child(grade={"grade": 0})])
    case = await hub.case_of((await hub.send(whole))["reference"])
    assert [(one["status"], one["grade"]) for one in case["children"][0]["grades"]] == [("graded", 0)]

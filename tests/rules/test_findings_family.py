"""What is odd or missing about the sender, the adults, consent, the concerns and the police's part."""

from typing import Any

import pytest

from tests.rules.finding import findings_in, found

FATHER = {
    "given_name": "Dean",
    "role_in_concern": "alleged_perpetrator",
    "relationships": [{"child": "c1", "relationship": "father"}],
}
ASKED = {
    "sought": True,
    "given": True,
    "given_by": "Ms T Example, mother",
    "has_parental_responsibility": True,
    "informed_of": ["purpose", "agencies_asked", "what_is_shared", "right_to_refuse"],
    "lawful_basis": "consent",
}
NOT_ASKED = {
    "sought": False,
    "not_sought_reason": "risk_of_harm",
    "lawful_basis": "public_task",
    "authorised_by": "Sgt A Malik",
}
CONCERN = {
    "indicator": "domestic_abuse.child_present",
    "children": ["c1"],
    "narrative": "Officers attended; the child was in the house throughout.",
    "occurred_at": "2026-11-20T22:40:00Z",
}
REFERRER = {"name": "J Okafor", "telephone": "01632 960111"}
POLICE = {"occurrence_number": "14/88213/26", "school_told": True}
CASES: list[tuple[dict[str, Any], str, str]] = [
    # Who writes
    ({"sender_reference": None}, "sender_reference", "missing"),
    ({"immediate_danger": True, "referrer": None}, "referrer", "referrer_missing"),
    ({"immediate_danger": True, "children": []}, "children", "child_not_named"),
    ({"referrer": REFERRER | {"source_code": "5Z"}}, "referrer/source_code", "code_not_known"),
    ({"referrer": {"name": "J Okafor"}}, "referrer", "no_way_back"),
    ({"referrer": REFERRER | {"telephone": "ask at the desk"}}, "referrer/telephone", "odd_telephone"),
    ({"referrer": REFERRER | {"telephone": "1" * 60}}, "referrer/telephone", "odd_telephone"),
    ({"referrer": REFERRER | {"email": "jokafor"}}, "referrer/email", "odd_email"),
    (
        {"referrer": REFERRER | {"organisation": {"ods_code": "RX"}}},
        "referrer/organisation/ods_code",
        "odd_ods_code",
    ),
    ({"referrer": REFERRER | {"organisation": {"urn": "1234567"}}}, "referrer/organisation/urn", "odd_urn"),
    (
        {"referrer": REFERRER | {"organisation": {"police_force_code": "E23000099"}}},
        "referrer/organisation/police_force_code",
        "code_not_known",
    ),
    # The adults and the professionals
    ({"adults": [FATHER | {"given_name": None}]}, "adults/0", "name_missing"),
    ({"adults": [FATHER | {"role_in_concern": "unknown"}]}, "adults/0/role_in_concern", "role_unknown"),
    ({"adults": [FATHER | {"relationships": []}]}, "adults/0/relationships", "relationship_missing"),
    (
        {"adults": [FATHER | {"relationships": [{"child": "c1"}]}]},
        "adults/0/relationships",
        "relationship_missing",
    ),
    (
        {"adults": [FATHER | {"relationships": [{"child": "c9", "relationship": "father"}]}]},
        "adults/0/relationships",
        "child_not_in_referral",
    ),
    (
        {"adults": [FATHER | {"telephone": "01632 960001"}]},
        "adults/0/safe_to_contact",
        "safe_contact_unclear",
    ),
    (
        {"adults": [FATHER | {"telephone": "none", "safe_to_contact": True}]},
        "adults/0/telephone",
        "odd_telephone",
    ),
    ({"adults": [FATHER | {"date_of_birth": "2010-01-01"}]}, "adults/0/date_of_birth", "under_18"),
    ({"adults": [FATHER | {"date_of_birth": "1850-01-01"}]}, "adults/0/date_of_birth", "implausible_date"),
    ({"adults": [FATHER | {"first_language": "pl"}]}, "adults/0/interpreter_needed", "interpreter_unclear"),
    ({"adults": [FATHER | {"given_name": "De\u200ban"}]}, "adults/0/given_name", "unusual_characters"),
    ({"adults": [FATHER | {"address": {"postcode": "?"}}]}, "adults/0/address/postcode", "odd_postcode"),
    ({"professionals": []}, "professionals", "none_named"),
    ({"professionals": [{"telephone": "01632 960777"}]}, "professionals/0", "name_missing"),
    # Consent, and what the family was told
    ({"consent": None}, "consent", "consent_unclear"),
    ({"consent": {"given": True}}, "consent", "consent_unclear"),
    ({"consent": ASKED | {"given": None}}, "consent/given", "answer_unclear"),
    ({"consent": ASKED | {"given": False}}, "consent/lawful_basis", "consent_contradicts"),
    ({"consent": ASKED | {"given": False, "lawful_basis": None}}, "consent/lawful_basis", "missing"),
    (
        {"consent": ASKED | {"given": False, "lawful_basis": "public_task"}},
        "consent/authorised_by",
        "missing",
    ),
    ({"consent": ASKED | {"given_by": None}}, "consent/given_by", "missing"),
    (
        {"consent": ASKED | {"has_parental_responsibility": False}},
        "consent/has_parental_responsibility",
        "no_parental_responsibility",
    ),
    (
        {"consent": ASKED | {"has_parental_responsibility": None}},
        "consent/has_parental_responsibility",
        "missing",
    ),
    ({"consent": ASKED | {"informed_of": []}}, "consent/informed_of", "not_informed"),
    ({"consent": ASKED | {"informed_of": ["purpose"]}}, "consent/informed_of", "partly_informed"),
    ({"consent": ASKED | {"language": "pl"}}, "consent/interpreter_used", "interpreter_unclear"),
    ({"consent": ASKED | {"asked_at": "2027-01-01T00:00:00Z"}}, "consent/asked_at", "in_the_future"),
    ({"consent": NOT_ASKED | {"given": True}}, "consent/given", "consent_contradicts"),
    ({"consent": NOT_ASKED | {"not_sought_reason": None}}, "consent/not_sought_reason", "missing"),
    ({"consent": NOT_ASKED | {"not_sought_reason": "other"}}, "consent/lawful_basis_reason", "missing"),
    ({"consent": NOT_ASKED | {"lawful_basis": None}}, "consent/lawful_basis", "missing"),
    ({"consent": NOT_ASKED | {"lawful_basis": "consent"}}, "consent/lawful_basis", "consent_contradicts"),
    ({"consent": NOT_ASKED | {"authorised_by": None}}, "consent/authorised_by", "missing"),
    ({"family_told": None}, "family_told", "missing"),
    ({"family_told": {"told": False}}, "family_told/reason_not", "missing"),
    ({"family_told": {"told": True}}, "family_told/who", "missing"),
    (
        {"family_told": {"told": True, "who": ["mother"], "told_at": "2027-01-01T00:00:00Z"}},
        "family_told/told_at",
        "in_the_future",
    ),
    # The concerns
    ({"concerns": [CONCERN | {"indicator": "no.such"}]}, "concerns/0/indicator", "indicator_not_known"),
    ({"concerns": [CONCERN | {"indicator": None}]}, "concerns/0/indicator", "indicator_missing"),
    ({"concerns": [CONCERN | {"children": ["c9"]}]}, "concerns/0/children", "child_not_in_referral"),
    ({"concerns": [CONCERN | {"occurred_at": None}]}, "concerns/0/occurred_at", "when_missing"),
    (
        {"concerns": [CONCERN | {"occurred_at": "2026-11-22T12:06:00Z"}]},
        "concerns/0/occurred_at",
        "in_the_future",
    ),
    (
        {"concerns": [CONCERN | {"occurred_at": "0002-01-02T00:00:00Z"}]},
        "concerns/0/occurred_at",
        "long_ago",
    ),
    ({"concerns": [CONCERN | {"since_on": "2026-11-23"}]}, "concerns/0/since_on", "in_the_future"),
    ({"concerns": [CONCERN | {"since_on": "1626-11-23"}]}, "concerns/0/since_on", "long_ago"),
    ({"concerns": [CONCERN | {"since_on": "2026-11-22"}]}, "concerns/0/since_on", "out_of_order"),
    ({"concerns": [CONCERN | {"narrative": "Worried."}]}, "concerns/0/narrative", "narrative_short"),
    # The police's part
    ({"police": POLICE | {"occurrence_number": None}}, "police/occurrence_number", "missing"),
    ({"police": POLICE | {"school_told": None}}, "police/school_told", "missing"),
    ({"police": POLICE | {"police_protection": True}}, "police/police_protection_began_at", "no_start"),
    (
        {
            "police": POLICE
            | {"police_protection": True, "police_protection_began_at": "2026-11-19T11:00:00Z"}
        },
        "police/police_protection_began_at",
        "protection_over",
    ),
    (
        {
            "police": POLICE
            | {"police_protection": True, "police_protection_began_at": "2026-11-23T11:00:00Z"}
        },
        "police/police_protection_began_at",
        "in_the_future",
    ),
    (
        {"police": POLICE | {"police_protection_began_at": "2026-11-22T11:00:00Z"}},
        "police/police_protection",
        "protection_unclear",
    ),
]
RISK: list[tuple[dict[str, Any], tuple[str, str] | None]] = [
    ({"tool": "dash_2009", "score": 28, "grade": "high"}, ("score", "odd_score")),
    ({"tool": "dash_ric", "score": 25, "grade": "high"}, ("score", "odd_score")),
    ({"tool": "dash_2009", "score": 27, "grade": "high"}, None),
    ({"tool": "ours", "score": 40, "grade": "high"}, None),
    ({"tool": "dash_ric", "score": 14, "grade": "medium"}, ("grade", "grade_below_score")),
    ({"tool": "dash_ric", "score": 10, "grade": "standard"}, ("grade", "grade_below_score")),
    (
        {"tool": "dash_ric", "score": 14, "grade": "standard", "professional_judgement": True},
        ("grade", "grade_below_score"),
    ),
    ({"tool": "dash_ric", "score": 3, "grade": "high", "professional_judgement": True}, None),
    ({"tool": "dash_ric", "score": 0, "grade": "standard"}, None),
    ({"tool": "dash_ric", "score": 9}, ("grade", "grade_missing")),
    ({"tool": "dash_ric", "grade": "High"}, ("grade", "code_not_known")),
    ({"score": 9, "grade": "standard"}, ("tool", "missing")),
]


@pytest.mark.parametrize(("changed", "pointer", "code"), CASES)
def test_what_is_odd_is_said(changed: dict[str, Any], pointer: str, code: str) -> None:
    assert (f"#/{pointer}", code) in found(**changed)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"consent": ASKED},
        {"consent": ASKED | {"informed_of": ["purpose", "that the school is asked as well"]}},
        {"consent": ASKED | {"language": "pl", "interpreter_used": True}},
        {"adults": [FATHER | {"telephone": "+44 (0)1632 960001 ext. 12", "safe_to_contact": False}]},
        {"adults": [FATHER | {"relationships": [{"relationship": "father"}]}]},
        {"family_told": {"told": True, "who": ["mother"]}},
        {"concerns": [CONCERN | {"occurred_at": None, "since_on": "2026-09-01"}]},
        {"concerns": [CONCERN | {"occurred_at": "2026-11-22T12:03:00Z"}]},
        {
            "police": POLICE
            | {"police_protection": True, "police_protection_began_at": "2026-11-19T13:00:00Z"}
        },
        {"referrer": REFERRER | {"organisation": {"ods_code": "RX802", "police_force_code": "E23000011"}}},
    ],
)
def test_what_is_in_order_draws_no_findings(changed: dict[str, Any]) -> None:
    assert found(**changed) == set()


@pytest.mark.parametrize(("risk", "expected"), RISK)
def test_a_grade_may_lie_above_its_score_and_is_asked_about_below(
    risk: dict[str, Any], expected: tuple[str, str] | None
) -> None:
    at = "#/police/risk_assessment/"
    seen = {
        (pointer.removeprefix(at), code) for pointer, code in found(police=POLICE | {"risk_assessment": risk})
    }
    assert seen == ({expected} if expected else set())


def test_danger_changes_nothing_in_what_is_found() -> None:
    assert found(consent=None, immediate_danger=True) == found(consent=None)


@pytest.mark.parametrize("changed", [changed for changed, _, _ in CASES])
def test_no_finding_repeats_what_was_sent(changed: dict[str, Any]) -> None:
    said = " ".join(finding.detail for finding in findings_in(**changed))
    texts = {"Dean", "5Z", "jokafor", "E23000099", "no.such", "1234567", "ask at the desk"}
    assert not [text for text in texts if text in said]


def test_a_sentence_is_one_that_someone_can_act_on() -> None:
    details = {finding.detail for changed, _, _ in CASES for finding in findings_in(**changed)}
    assert all(detail[0].isupper() and detail[-1] in ".?" and len(detail) < 200 for detail in details)

"""What looks wrong and is taken: a child at risk outranks a tidy field."""

import io
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.hub import URLS, Hub
from tests.inputs.places import places, put
from tests.inputs.whole import a_whole_referral
from tests.referrals import a_child, a_referral
from tests.tokens import bearer, hub_token

Note = Callable[[str, object], None]

NAMES = [
    *(
        "O'Brien",
        "Null",
        "null",
        "None",
        "True",
        "NaN",
        "undefined",
        "N",
        "van der Berg-Smith",
        "\u0175\u0177n",
    ),
    *(
        "\u0645\u0631\u064a\u0645",
        "\u738b\u5c0f\u660e",
        "\U0001f476\U0001f3fd",
        "Zoe\u0308",
        "Zo\u00eb",
        "\u00df",
    ),
    *(
        "\u202eelsiaM",
        "Mai\u200bsie",
        "\ufeffMaisie",
        "M\u0007aisie",
        "\u2028",
        "\x7f",
        " Maisie ",
        "\u0130",
        "1",
    ),
]
#: Inert here, whatever they would do in SQL, a shell, a template, a spreadsheet, a page or a log.
SPELLS = [
    *(
        "'; DROP TABLE intake.referral; --",
        "' OR '1'='1",
        "${jndi:ldap://evil.example/x}",
        "{{7*7}}",
        "${7*7}",
    ),
    *(
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "@SUM(A1)",
        "%s%n%x",
        "../../etc/passwd",
        "$(id)",
    ),
    *("`id`", "\\x00", "\\u0000", "&lt;", "]]>", "%00", "{0}", "\r\nSet-Cookie: x=1", "line\nline\r\nline"),
    *("\u001b[31mred", "\u0085next", "-- \n", "NULL", "\\", '"', "''"),
]
LIMITS = {
    "given_name": 200,
    "telephone": 60,
    "views": 20_000,
    "narrative": 20_000,
    "actions_taken": 20_000,
}


async def kept(hub: Hub, said: dict[str, Any]) -> dict[str, Any]:
    """Return a referral as the service that considers it reads it."""
    url = f"{URLS['intake']}/internal/referrals/{said['referral_id']}"
    answer = await hub.http.get(url, headers=await hub.as_service("triage"))
    document: dict[str, Any] = answer.json()["document"]
    return document


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_is_kept_as_it_was_sent(
    name: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    said = await hub.send(a_referral(children=[a_child(given_name=name, family_name=name)]))
    child = (await kept(hub, said))["children"][0]
    assert (child["given_name"], child["family_name"]) == (name, name)
    case = await hub.case_of(said["reference"])
    assert case["children"][0]["given_name"] == name
    record_property("bad_inputs", 1)


@pytest.mark.parametrize("spell", SPELLS)
async def test_a_spell_in_every_text_is_a_text(
    spell: str, hub: Hub, logs: io.StringIO, record_property: Note
) -> None:
    sent = a_whole_referral()
    closed = {"kind", "status", "sex", "role_in_concern", "not_sought_reason", "lawful_basis"}
    ties = {"sender_child_reference", "child"}
    for at, value in list(places(sent)):
        free = isinstance(value, str) and not (
            {at[-1], *at[-2:-1]} & closed or str(at[-1]).endswith(("_at", "_on", "birth"))
        )
        if free and at[-1] not in ties and at[-2:-1] != ("children",):
            sent = put(sent, at, f"{spell} {uuid4().hex[:8]}" if at == ("sender_reference",) else spell)
    said = await hub.send(sent)
    document = await kept(hub, said)
    assert document["children"][0]["given_name"] == document["concerns"][0]["narrative"] == spell
    await hub.case_of(said["reference"])
    assert all(json.loads(line) for line in logs.getvalue().splitlines())
    record_property("bad_inputs", 1)


@pytest.mark.parametrize("field", LIMITS)
async def test_a_text_may_be_as_long_as_is_promised_and_no_longer(
    field: str, hub: Hub, record_property: Note
) -> None:
    at = next(at for at, _ in places(a_whole_referral()) if at[-1] == field)
    # Astral characters: counted as characters, not as bytes or UTF-16 units.
    longest = put(a_whole_referral(), at, "\U0001f476" * LIMITS[field])
    longer = put(a_whole_referral(), at, "a" * (LIMITS[field] + 1))
    statuses = [(await hub.post_referral(sent)).status_code for sent in (longest, longer)]
    assert statuses == [201, 422]
    record_property("bad_inputs", 2)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"children": [{}]}, "name_missing"),
        ({"children": [a_child(date_of_birth=None, expected_date_of_birth="2027-01-15")]}, None),
        (
            {"children": [a_child(date_of_birth=None, expected_date_of_birth="2031-01-15")]},
            "implausible_date",
        ),
        ({"children": [a_child(date_of_birth="9999-12-31")]}, "implausible_date"),
        ({"children": [a_child(date_of_birth="0001-01-01")]}, "implausible_date"),
        ({"children": [a_child(date_of_birth="2024-02-29")]}, None),
        ({"children": [a_child(f"c{number}") for number in range(20)]}, None),
        ({"children": [a_child(), a_child()]}, "given_twice"),
        ({"concerns": [{"narrative": "x", "occurred_at": "9998-12-30T23:59:59-14:00"}]}, "in_the_future"),
        ({"concerns": [{"narrative": "x", "occurred_at": "0002-01-02T00:00:00+14:00"}]}, None),
        ({"concerns": [{"narrative": "x", "occurred_at": "2026-03-29T01:30:00+00:00"}]}, None),
        ({"concerns": [{"narrative": "x", "occurred_at": "2026-11-20T22:40:00.123456789Z"}]}, None),
        ({"concerns": [{"narrative": "x", "indicator": "not.a.code"}]}, "indicator_not_known"),
        ({"concerns": [{"narrative": "x" * 20_000}] * 50}, None),
        ({"referrer": {"role": "Neighbour"}}, None),
        ({"sender_reference": None}, "missing"),
    ],
)
async def test_what_is_odd_goes_to_a_person(
    changed: dict[str, Any], code: str | None, hub: Hub, record_property: Note
) -> None:
    said = await hub.send(a_referral(**changed))
    assert code is None or code in {finding["code"] for finding in said["findings"]}
    case = await hub.case_of(said["reference"])
    assert len(case["children"]) == len(said["children"])
    record_property("bad_inputs", 1)


async def test_a_key_is_good_with_a_fresh_token_and_other_spaces(hub: Hub) -> None:
    sent, key = a_referral(), str(uuid4())
    first = await hub.post_referral(sent, key=key)
    again = await hub.http.post(
        f"{URLS['intake']}/v1/referrals",
        content=json.dumps(dict(reversed(sent.items())), indent=4),
        headers=bearer(hub_token(hub.folder))
        | {"Idempotency-Key": key, "Content-Type": "application/json; charset=utf-8"},
    )
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"

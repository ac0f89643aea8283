"""The council's own case system, asked over real HTTP: what it says is shown, or why it was not searched."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from deploy.local.postgres import PostgresServer
from tests.hub import Hub, person
from tests.intake.known_people import a_known_child, an_nhs_number, send
from tests.triage.audit_lines import lines_of_action
from tests.triage.council import (
    AS_OF,
    PATH,
    SECRET,
    Council,
    an_event,
    connected,
    found,
    not_found,
    running_council,
    settings_with,
)
from tests.triage.test_chronology import ask, confirm, known_twice
from tests.triage.test_what_is_decided import grade

Said = dict[str, Any]


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    with running_council(tmp_path) as running:
        yield running


async def read(
    hub: Hub, council: Council, case: Said, who: str = "dana.reid", query: str = "", **given: Any
) -> Said:
    return (await hear(hub, council, case, who, query, **given))[0]


async def hear(
    hub: Hub, council: Council, case: Said, who: str = "dana.reid", query: str = "", **given: Any
) -> tuple[Said, list[Any]]:
    """Return the chronology, and everything that was logged about it, before any field was left out."""
    async with connected(hub, settings_with(hub, council, **given)) as http:
        with capture_logs() as lines:
            answer = await ask(hub, case, who, query, http=http)
    assert answer.status_code == 200, answer.text
    return answer.json(), list(lines)


def source_of(said: Said) -> Said:
    source: Said = next(one for one in said["sources"] if one["source"] == "council_case_system")
    return source


async def a_case(hub: Hub, **given: Any) -> Said:
    return await hub.case_of((await send(hub, a_known_child(**given)))["reference"])


async def test_what_the_council_has_stands_in_the_chronology_with_where_it_comes_from(
    hub: Hub, council: Council
) -> None:
    case = await a_case(hub)
    council.says(found(an_event(), an_event("e2", kind="closure", words="Closed.", significance="normal")))
    said = await read(hub, council, case)
    lines = [line for line in said["items"] if line["source"] == "council_case_system"]
    assert [line["words"] for line in lines] == [
        "Plan: Child protection plan made: neglect.",
        "Closure: Closed.",
    ]
    assert (lines[0]["significance"], lines[0]["reference"]) == ("high", "LCS-4411")
    assert lines[0]["agency_words"] == "Northtown children's services"
    source = source_of(said)
    assert (source["searched"], source["found"], source["as_of"]) == (True, True, AS_OF)
    assert (said["all_searched"], said["contacts_12m"]) == (True, 1)


async def test_a_contact_of_the_council_is_not_counted_among_those_that_came_to_the_hub(
    hub: Hub, council: Council
) -> None:
    case = await a_case(hub)
    council.says(found(an_event(kind="contact", at=AS_OF)))
    assert (await read(hub, council, case))["contacts_12m"] == 1


async def test_how_the_child_stands_with_the_council_is_told_and_what_it_does_not_say_is_left_open(
    hub: Hub, council: Council
) -> None:
    case = await a_case(hub)
    council.says(found(looked_after=False, child_protection_plan=True, allocated_worker={"name": "Ana Roe"}))
    status = source_of(await read(hub, council, case))["status"]
    assert (status["looked_after"], status["child_protection_plan"]) == (False, True)
    assert (status["allocated_worker"]["name"], status["cp_is_flag"]) == ("Ana Roe", None)
    # The recommendation says so, and who does, to no agency; what is not said the next time stays.
    now = await hub.get_case(case["case_id"])
    recommended = str(now["children"][0]["recommendation"]["conditions"])
    assert "on a child protection plan, with an allocated worker, says the council's own case" in recommended
    for less in (found(looked_after=False), not_found()):
        council.says(less)
        await read(hub, council, case)
        assert await hub.get_case(case["case_id"]) == now
    await grade(hub, case, "omar.khan", 1)
    told = (await hub.get_case(case["case_id"], "omar.khan"))["children"][0]
    assert "council" not in str(told)


async def test_an_earlier_plan_that_the_council_knows_of_counts_and_what_was_not_searched_lowers_nothing(
    hub: Hub, council: Council, server: PostgresServer
) -> None:
    case = await a_case(hub)
    child_id = case["children"][0]["child_id"]
    unknown = "Whether the child was on a plan before is not known."
    for silent in (not_found(), found(previous_plan=None)):
        council.says(silent)
        await read(hub, council, case)
        assert await hub.get_case(case["case_id"]) == case
    assert unknown in case["children"][0]["recommendation"]["missing"]
    council.says(found(previous_plan=True))
    await read(hub, council, case, "ben.ashworth")
    now = await hub.get_case(case["case_id"])
    (child,) = now["children"]
    assert now["version"] == case["version"] + 1
    assert "previous-plan" in {rule["rule_id"] for rule in child["recommendation"]["fired"]}
    assert unknown not in child["recommendation"]["missing"]
    assert child["earlier_plan_said_by"] == [
        {"who": "council_case_system", "agency_id": None, "as_of": AS_OF}
    ]
    council.says_bytes(b"{}")
    for _ in range(2):
        assert source_of(await read(hub, council, case))["searched"] is False
    assert await hub.get_case(case["case_id"]) == now
    (line,) = await lines_of_action(server, "child.council_noted", UUID(child_id))
    assert (line[0], line[2]) == ("triage", {"previous_plan": True})


async def test_searched_and_nothing_found_is_not_the_same_as_not_searched(hub: Hub, council: Council) -> None:
    source = source_of(await read(hub, council, await a_case(hub)))
    assert (source["searched"], source["found"], source["why_not"]) == (True, False, None)
    assert source["as_of"] == AS_OF


async def test_it_is_asked_by_everything_that_names_the_child_and_nothing_stands_in_the_address(
    hub: Hub, council: Council
) -> None:
    number = an_nhs_number()
    other = {"family_name": "Sample", "kind": "former"}
    case = await a_case(hub, nhs_number=f"{number[:3]} {number[3:]}", other_names=[other])
    child = case["children"][0]
    await read(hub, council, case)
    [asked] = council.asked
    assert asked["names"] == [
        {"given_name": "Maisie", "family_name": child["family_name"]},
        {"given_name": "Maisie", "family_name": "Sample"},
    ]
    assert asked["dates_of_birth"] == [child["date_of_birth"]]
    assert (asked["sexes"], asked["nhs_numbers"], asked["upns"]) == (["F"], [number], [])
    [call] = council.receiver.calls
    assert (call.path, call.headers["x-request-id"]) == (PATH, asked["request_id"])
    assert call.headers["authorization"] == f"Bearer {SECRET}"


async def test_a_name_goes_out_on_a_link_once_somebody_has_confirmed_it_and_not_before(
    hub: Hub, council: Council
) -> None:
    _, second, said = await known_twice(hub)
    await read(hub, council, second)
    await confirm(hub, said)
    await read(hub, council, second)
    before, after = ([name["given_name"] for name in asked["names"]] for asked in council.asked)
    assert (before, after) == (["Maisie-Rose"], ["Maisie-Rose", "Maisie"])


async def test_who_asked_about_whom_is_written_down(
    hub: Hub, council: Council, server: PostgresServer
) -> None:
    case = await a_case(hub)
    await read(hub, council, case)
    child_id = UUID(case["children"][0]["child_id"])
    [(actor, subjects, facts)] = await lines_of_action(server, "history.searched_elsewhere", child_id)
    assert actor == str(person("dana.reid").staff_id)
    assert set(subjects) == {child_id, UUID(case["case_id"])}
    assert facts == {"asked": council.asked[0]["request_id"]}


async def test_nobody_is_looked_for_on_behalf_of_an_agency(
    hub: Hub, council: Council, server: PostgresServer
) -> None:
    case = await a_case(hub)
    source = source_of(await read(hub, council, case, "ines.moreau"))
    child_id = UUID(case["children"][0]["child_id"])
    assert (source["searched"], source["status"], council.asked) == (False, None, [])
    assert await lines_of_action(server, "history.searched_elsewhere", child_id) == []


async def test_a_child_of_no_case_is_asked_about_nowhere(hub: Hub, council: Council) -> None:
    case = await a_case(hub) | {"case_id": "0198f0a0-1c2d-7000-8000-3e4f5a6b7c8d"}
    async with connected(hub, settings_with(hub, council)) as http:
        assert (await ask(hub, case, http=http)).status_code == 404
    assert council.asked == []


async def test_a_child_without_name_or_number_is_looked_for_nowhere(hub: Hub, council: Council) -> None:
    case = await a_case(hub, given_name=None, family_name=None)
    source = source_of(await read(hub, council, case))
    assert (source["searched"], council.asked) == (False, [])
    assert source["why_not"].startswith("Neither a name nor a number")


def _redirects(council: Council) -> None:
    council.receiver.says(PATH, 307, {"Location": council.receiver.url("/elsewhere")})


FAILURES: dict[str, tuple[Callable[[Council], None], str]] = {
    "slow": (lambda c: c.receiver.hangs(PATH), "too long to answer"),
    "dripping": (
        lambda c: c.receiver.says_raw(PATH, b"HTTP/1.1 200 OK\r\nX: ", b"y", every_seconds=0.1, times=99),
        "too long to answer",
    ),
    "an error": (lambda c: c.receiver.says(PATH, 500), "answered with an error"),
    "no content": (lambda c: c.receiver.says(PATH, 204), "answered with an error"),
    "a redirect": (_redirects, "sends the hub to another address"),
    "no HTTP": (lambda c: c.receiver.says_raw(PATH, b"nonsense\r\n\r\n"), "cannot be reached"),
    "no JSON": (lambda c: c.says_bytes(b"{found"), "cannot be read"),
    "a page": (lambda c: c.says_bytes(b"{}", "text/html"), "cannot be read"),
    "a key twice": (
        lambda c: c.says_bytes(b'{"found": true, "found": false, "as_of": "2026-11-22T10:12:00Z"}'),
        "cannot be read",
    ),
    "not said whether found": (lambda c: c.says({"as_of": AS_OF}), "cannot be read"),
    "found nothing, and events": (lambda c: c.says(found() | {"found": False}), "cannot be read"),
    "a misspelt fact": (lambda c: c.says(found(child_protection_plann=True)), "cannot be read"),
    "a fact in words": (lambda c: c.says(found(looked_after="yes")), "cannot be read"),
    "an unknown kind": (lambda c: c.says(found(an_event(kind="gossip"))), "cannot be read"),
    "no time zone": (lambda c: c.says(found(an_event(at="2024-03-04T09:30:00"))), "cannot be read"),
    "the year 1": (lambda c: c.says(found(an_event(at="0001-01-01T00:00:00+14:00"))), "cannot be read"),
    "as of the future": (lambda c: c.says(found() | {"as_of": "2099-01-01T00:00:00Z"}), "cannot be read"),
    "one event twice": (lambda c: c.says(found(an_event(), an_event())), "cannot be read"),
    "too many": (lambda c: c.says(found(*(an_event(f"e{n}") for n in range(501)))), "cannot be read"),
    "too big": (lambda c: c.says_bytes(b" " * 600_000), "longer than the hub reads"),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_whatever_goes_wrong_is_told_as_not_searched_in_time_and_hides_nothing_else(
    hub: Hub, council: Council, name: str
) -> None:
    fail, why = FAILURES[name]
    case = await a_case(hub)
    fail(council)
    began = time.monotonic()
    said, logged = await hear(hub, council, case, council_system_patience="PT0.5S")
    took = time.monotonic() - began
    source = source_of(said)
    assert (source["searched"], source["as_of"], source["found"]) == (False, None, None)
    assert why in source["why_not"]
    assert said["items"]
    assert not said["all_searched"]
    assert took < 8
    assert not council.receiver.calls_to("/elsewhere")
    _require_nobody_named(str(logged), case)


async def test_a_wrong_secret_is_told_and_not_printed(hub: Hub, tmp_path: Path) -> None:
    case = await a_case(hub)
    wrong = SECRET.replace("0001", "0002")
    with running_council(tmp_path, wrong) as council:
        said, logged = await hear(hub, council, case)
    assert "does not accept the hub's secret" in source_of(said)["why_not"]
    assert {"refused"} == {line["code"] for line in logged if "code" in line}
    assert wrong not in str(logged)


async def test_a_council_system_that_is_not_there_is_told(hub: Hub, tmp_path: Path) -> None:
    case = await a_case(hub)
    with running_council(tmp_path) as council:
        pass
    assert "cannot be reached" in source_of(await read(hub, council, case))["why_not"]


async def test_reading_on_meets_the_councils_lines_in_their_places(hub: Hub, council: Council) -> None:
    case = await a_case(hub)
    council.says(found(an_event("e1"), an_event("e2"), an_event("Maisie's plan")))
    whole = await read(hub, council, case)
    first = await read(hub, council, case, query="?limit=2")
    rest = await read(hub, council, case, query=f"?limit=100&cursor={first['next_cursor']}")
    assert first["items"] + rest["items"] == whole["items"]
    assert not any("Maisie" in line["line_id"] for line in whole["items"])


def _require_nobody_named(logged: str, case: Said) -> None:
    child = case["children"][0]
    assert "council_system_not_searched" in logged
    for words in (child["given_name"], child["family_name"], child["date_of_birth"], SECRET, "neglect"):
        assert words not in logged

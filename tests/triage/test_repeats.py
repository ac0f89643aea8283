"""A child that keeps coming back is looked at by somebody senior, and a link only ever raises."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from services.intake.models import Referral
from services.triage.models import CaseChild
from shared.platform.database import transaction
from tests.hub import Hub
from tests.intake.known_people import (
    a_known_child,
    a_surname,
    an_address,
    an_nhs_number,
    link,
    record_of,
    send,
    unlink,
)
from tests.triage.versions import EARLY, a_mild_referral, correct, decide

Said = dict[str, Any]


def a_mild_child(**given: Any) -> Said:
    return a_known_child(**{"nhs_number": an_nhs_number(), "grade": None} | given)


async def case_of(hub: Hub, said: Said) -> Said:
    case = await hub.case_of(said["reference"])
    child: Said = case["children"][0]
    return case | {"child": child, "fired": [rule["rule_id"] for rule in child["recommendation"]["fired"]]}


async def facts_of(hub: Hub, said: Said) -> tuple[int, bool]:
    async with transaction(hub.sessions["triage"], "test") as tx:
        child = await tx.get_one(CaseChild, UUID(said["children"][0]["child_id"]))
        return child.contacts_12m, child.re_referral_12m


async def test_the_third_contact_in_a_year_calls_for_a_senior_look(hub: Hub) -> None:
    child = a_mild_child()
    sent = [await send(hub, child, concerns=[EARLY]) for _ in range(3)]
    third = await case_of(hub, sent[2])
    assert [await facts_of(hub, one) for one in sent] == [(3, False)] * 3
    assert "repeat-contacts" in third["fired"]
    assert third["child"]["recommendation"]["discussion"] == "recorded"
    assert third["child"]["rag"] == "amber"


async def test_two_contacts_are_not_three(hub: Hub) -> None:
    child = a_mild_child()
    sent = [await send(hub, child, concerns=[EARLY]) for _ in range(2)]
    second = await case_of(hub, sent[1])
    assert (await facts_of(hub, sent[1]), second["fired"]) == ((2, False), ["early-help"])


async def test_a_return_within_a_year_of_early_help_is_flagged(hub: Hub) -> None:
    child = a_mild_child()
    first = await send(hub, child, concerns=[EARLY])
    await decide(hub, await hub.case_of(first["reference"]))
    second = await send(hub, child, concerns=[EARLY])
    case = await case_of(hub, second)
    assert await facts_of(hub, second) == (2, True)
    assert "re-referral" in case["fired"]
    assert await facts_of(hub, first) == (2, False)


async def test_a_return_to_a_child_in_need_is_none(hub: Hub) -> None:
    child = a_mild_child()
    first = await send(hub, child, concerns=[EARLY])
    case = await hub.case_of(first["reference"])
    await decide(hub, case, level=3, pathway="child_in_need", rag="amber")
    second = await send(hub, child, concerns=[EARLY])
    assert await facts_of(hub, second) == (2, False)


async def test_what_is_longer_ago_than_a_year_does_not_count(hub: Hub) -> None:
    child = a_mild_child()
    first = await send(hub, child, concerns=[EARLY])
    long_ago = datetime.now(UTC) - timedelta(days=400)
    mine = Referral.referral_id == UUID(first["referral_id"])
    async with transaction(hub.sessions["intake"], "test") as tx:
        await tx.execute(update(Referral).where(mine).values(received_at=long_ago))
    second = await send(hub, child, concerns=[EARLY])
    assert await facts_of(hub, second) == (1, False)


async def test_a_link_that_is_undone_takes_its_contacts_away_and_leaves_the_colour(hub: Hub) -> None:
    child = a_mild_child()
    sent = [await send(hub, child, concerns=[EARLY]) for _ in range(3)]
    record = await record_of(hub, sent[2])
    assert (await unlink(hub, record.record_id)).status_code == 200
    await hub.carry_events()
    alone = await case_of(hub, sent[2])
    assert [await facts_of(hub, one) for one in sent] == [(2, False), (2, False), (1, False)]
    assert (alone["fired"], alone["child"]["rag"]) == (["early-help"], "amber")


async def test_a_link_that_staff_make_counts_at_once_and_again_writes_nothing(hub: Hub) -> None:
    first = await send(hub, a_mild_child(), concerns=[EARLY])
    child = a_mild_child()
    second, third = await send(hub, child, concerns=[EARLY]), await send(hub, child, concerns=[EARLY])
    before = await case_of(hub, first)
    joined = await record_of(hub, second)
    assert (await link(hub, (await record_of(hub, first)).record_id, joined.person_id)).status_code == 200
    after = await case_of(hub, first)
    hub.forget_carried("intake")
    again = await case_of(hub, first)
    assert [await facts_of(hub, one) for one in (first, second, third)] == [(3, False)] * 3
    assert ("repeat-contacts" in before["fired"], "repeat-contacts" in after["fired"]) == (False, True)
    assert after["version"] == before["version"] + 1 == again["version"]


async def test_a_decided_child_keeps_what_it_was_decided_on(hub: Hub) -> None:
    child = a_mild_child()
    first = await send(hub, child, concerns=[EARLY])
    await decide(hub, await hub.case_of(first["reference"]))
    for _ in range(2):
        await send(hub, child, concerns=[EARLY])
    case = await case_of(hub, first)
    assert (await facts_of(hub, first), case["child"]["state"]) == ((3, False), "decided")
    assert case["fired"] == ["early-help"]


async def test_a_correction_keeps_what_is_known_of_repeats(hub: Hub) -> None:
    child = a_mild_child()
    sent = [await send(hub, child, concerns=[EARLY]) for _ in range(3)]
    worse = a_mild_referral(children=[child], concerns=[EARLY, {"narrative": "Alone at night."}])
    await correct(hub, sent[2], worse)
    assert (await facts_of(hub, sent[2]))[0] == 3
    assert "repeat-contacts" in (await case_of(hub, sent[2]))["fired"]


async def test_a_child_passed_on_and_back_twice_is_looked_at_by_somebody_senior(hub: Hub) -> None:
    child = a_mild_child()
    for returns in range(3):
        said = await send(hub, child, concerns=[EARLY])
        case = await case_of(hub, said)
        assert ("back-and-forth" in case["fired"]) is (returns == 2)
        await decide(hub, case)


async def test_where_other_families_were_drawn_in_a_child_is_looked_at_and_stays_so(hub: Hub) -> None:
    # A district and a school of this test alone: what lies there is counted for everyone.
    home, school = an_address() | {"postcode": "QX7 1AA"}, {"name": a_surname()}
    drawn_in = {"indicator": "exploitation.early_sign", "narrative": "A new telephone, and older friends."}
    for place in ({"address": home}, {"school": school}, {"school": school}):
        await send(hub, a_mild_child(**place), concerns=[drawn_in])
    twice = a_mild_child(school=school)
    fired = [(await case_of(hub, await send(hub, one, concerns=[EARLY])))["fired"] for one in (twice, twice)]
    assert [rules.count("hot-spot") for rules in fired] == [0, 0]
    here = await send(hub, a_mild_child(address=home, school=school), concerns=[EARLY])
    case = await case_of(hub, here)
    assert "hot-spot" in case["fired"]
    assert (case["child"]["rag"], case["child"]["recommendation"]["discussion"]) == ("amber", "recorded")
    async with transaction(hub.sessions["triage"], "test") as tx:
        kept = await tx.get_one(CaseChild, UUID(here["children"][0]["child_id"]))
        assert (kept.hot_spot, kept.places) == (True, [])

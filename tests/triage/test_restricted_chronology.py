"""A restricted record counts in full; of what it says others see the days on which something happened."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from services.triage.evidence.history import Decided, Heard, heard_of, linked_children, nearest, repeats
from shared.schemas.families import ChildLinks, LinkedRecord
from shared.schemas.ids import AgencyId, ChildId, RecordId, ReferralId
from shared.schemas.words import Pathway, PersonKind
from tests.hub import Hub
from tests.intake.known_people import link, record_of, send
from tests.intake.restricting import PRIYA, a_question, a_rare_child, restrict
from tests.triage.closing import TRIAGE
from tests.triage.versions import EARLY

Said = dict[str, Any]
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LEFT_OUT = ("source", "agency_id", "case_id", "reference", "child_id", "given_name", "family_name", "said")


async def read(hub: Hub, case: Said, who: str = "dana.reid", query: str = "") -> Said:
    child_id = case["children"][0]["child_id"]
    url = f"{TRIAGE}/v1/cases/{case['case_id']}/children/{child_id}/chronology{query}"
    answer = await hub.http.get(url, headers=await hub.as_staff(who))
    assert answer.status_code == 200, answer.text
    found: Said = answer.json()
    return found


async def a_history(hub: Hub, contacts: int = 2) -> tuple[Said, Said, Any]:
    """Return the cases of the first and the last contact about one child, and the person it is."""
    child = a_rare_child(grade=None)
    sent = [await send(hub, child, concerns=[EARLY]) for _ in range(contacts)]
    person_id = (await record_of(hub, sent[0])).person_id
    return await hub.case_of(sent[0]["reference"]), await hub.case_of(sent[-1]["reference"]), person_id


async def test_others_see_the_days_and_every_figure_stays(hub: Hub) -> None:
    first, last, person_id = await a_history(hub)
    before = await read(hub, last)
    assert (await restrict(hub, person_id)).status_code == 200
    after, managers = await read(hub, last), await read(hub, last, PRIYA)
    kept_back = [line for line in after["items"] if line["restricted"]]
    days = {line["at"][:10] for line in before["items"] if line["link"] == "provisional"}
    assert [line["words"] for line in kept_back] == ["Restricted record"] * len(days)
    assert {line["kind"] for line in kept_back} == {"restricted"}
    assert not any(line[name] for line in kept_back for name in LEFT_OUT)
    assert first["case_id"] not in str(after)
    for figure in ("contacts_12m", "contacts_12m_provisional", "re_referral_12m", "names_count"):
        assert after[figure] == before[figure]
    assert len(managers["items"]) == len(before["items"])
    assert first["case_id"] in str(managers)
    assert {line["restricted"] for line in managers["items"] if line["link"] == "own"} == {False}
    assert {line["restricted"] for line in managers["items"] if line["link"] != "own"} == {True}


async def test_it_is_read_on_where_it_was_left(hub: Hub) -> None:
    _, last, person_id = await a_history(hub)
    assert (await restrict(hub, person_id)).status_code == 200
    whole = await read(hub, last)
    pieces, query = list[Said](), "?limit=1"
    while True:
        part = await read(hub, last, query=query)
        pieces += part["items"]
        if not part["has_more"]:
            break
        query = f"?limit=1&cursor={part['next_cursor']}"
    assert pieces == whole["items"]


async def test_a_confirmed_link_shows_an_agency_no_more_than_the_day(hub: Hub) -> None:
    child = a_rare_child(grade=None)
    first = await send(hub, child, concerns=[EARLY])
    person_id = (await record_of(hub, first)).person_id
    said, _ = await a_question(hub, child, concerns=[EARLY])
    record_id = (await record_of(hub, said)).record_id
    assert (await link(hub, record_id, person_id)).status_code == 200
    assert (await restrict(hub, person_id)).status_code == 200
    case = await hub.case_of(said["reference"], PRIYA)
    for who in ("ines.moreau", "omar.khan"):
        found = await read(hub, case, who)
        assert first["reference"] not in str(found)
        assert "restricted" in {line["kind"] for line in found["items"]}
        assert found["contacts_12m"] == 2


async def test_restricting_lowers_no_recommendation_and_the_next_contact_counts_it(hub: Hub) -> None:
    first, last, person_id = await a_history(hub)
    before = last["children"][0]
    assert (await restrict(hub, person_id)).status_code == 200
    await hub.carry_events()
    after = (await hub.get_case(last["case_id"], PRIYA))["children"][0]
    assert (after["recommendation"], after["rag"]) == (before["recommendation"], before["rag"])
    again = {"nhs_number": (await record_of(hub, _said_of(first))).told["nhs_number"]}
    third = await send(hub, a_rare_child(grade=None) | _told(first) | again, concerns=[EARLY])
    case = await hub.case_of(third["reference"], PRIYA)
    assert "repeat-contacts" in [rule["rule_id"] for rule in case["children"][0]["recommendation"]["fired"]]
    assert case["children"][0]["rag"] == "amber"


def _said_of(case: Said) -> Said:
    return {"children": [{"child_id": child["child_id"]} for child in case["children"]]}


def _told(case: Said) -> Said:
    child = case["children"][0]
    return {name: child[name] for name in ("given_name", "family_name", "date_of_birth")}


@st.composite
def links_with_marks(draw: st.DrawFn) -> tuple[ChildLinks, ChildLinks]:
    """Draw a child's links, and the same ones with somebody restricted among them."""
    times = draw(st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 21)), max_size=6))  # noqa: DTZ001
    linked = [
        LinkedRecord(
            record_id=RecordId(uuid4()),
            kind=draw(st.sampled_from(PersonKind)),
            referral_id=ReferralId(uuid4()),
            reference="SH-00000000-0",
            agency_id=AgencyId(uuid4()),
            received_at=at.replace(tzinfo=UTC),
            is_confirmed=draw(st.booleans()),
        )
        for at in times
    ]
    marked = [one.model_copy(update={"is_restricted": draw(st.booleans())}) for one in linked]
    plain = ChildLinks(child_id=ChildId(uuid4()), referral_id=ReferralId(uuid4()), linked=linked)
    return plain, plain.model_copy(update={"linked": marked, "is_restricted": draw(st.booleans())})


@given(links_with_marks(), st.sampled_from(Pathway))
def test_no_mark_changes_what_the_policy_is_told(
    both: tuple[ChildLinks, ChildLinks], pathway: Pathway
) -> None:
    plain, marked = both
    own = Heard(plain.referral_id, NOW)
    told = []
    for links in both:
        heard = heard_of(links, own)
        decided = [Decided(child_id, pathway, one.received_at) for child_id, one in heard.items()]
        told.append(repeats(own, heard.values(), decided, now=NOW))
    assert told[0] == told[1]
    assert linked_children(plain) == linked_children(marked)
    assert nearest(plain) == nearest(marked)

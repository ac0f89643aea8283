"""What travels to whom: packs by handling mark, nothing of grades, nothing after the end."""

import pytest

from services.triage.views.packs import travels_to
from shared.schemas.discussions import Attendee, AttendeePart, DiscussionKind
from shared.schemas.ids import AgencyId, AttendeeId, new_id
from shared.schemas.words import Handling
from tests.hub import Hub, agency_id_of
from tests.triage.joined import one_child_twice
from tests.triage.talking import TRUST, Said, a_case, ask, attended, call, concluded, grade, invitee, take

OWNER, OTHER = AgencyId(new_id()), AgencyId(new_id())
HUB_ONLY, STRATEGY, FAMILY = Handling.HUB_ONLY, Handling.STRATEGY_MEETING, Handling.FAMILY_MAY_SEE


@pytest.mark.parametrize(
    ("part", "agency_id", "kind", "marks"),
    [
        ("professional", OWNER, "strategy", {HUB_ONLY, STRATEGY, FAMILY, None}),
        ("professional", OTHER, "strategy", {STRATEGY, FAMILY}),
        ("professional", None, "strategy", {STRATEGY, FAMILY}),
        ("professional", OTHER, "multi_agency", {FAMILY}),
        ("professional", OTHER, "threshold", {FAMILY}),
        ("hub_manager", OTHER, "threshold", {HUB_ONLY, STRATEGY, FAMILY, None}),
        ("family", None, "strategy", {FAMILY}),
        ("family", None, "multi_agency", {FAMILY}),
    ],
)
def test_an_answer_travels_as_far_as_its_owner_lets_it(
    part: str, agency_id: AgencyId | None, kind: str, marks: set[Handling | None]
) -> None:
    someone = Attendee(
        attendee_id=AttendeeId(new_id()), name="Someone", agency_id=agency_id, part=AttendeePart(part)
    )
    every = (HUB_ONLY, STRATEGY, FAMILY, None)
    assert {mark for mark in every if travels_to(someone, DiscussionKind(kind), OWNER, mark)} == marks


async def answer(hub: Hub, case: Said, who: str, handling: str) -> None:
    """Let an agency answer what it was asked about the first child."""
    own = str(agency_id_of(who))
    asked = next(each for each in case["children"][0]["requests"] if each["agency_id"] == own)
    body = {"status": "information", "text": f"What {who} knows.", "handling": handling}
    said = await ask(hub, "POST", f"/information-requests/{asked['request_id']}/answer", body, who)
    assert said.status_code == 200, said.text


async def pack(hub: Hub, held: Said, place: int, who: str = "dana.reid") -> Said:
    """Return the pack of somebody on the list."""
    attendee = held["record"]["attendees"][place]["attendee_id"]
    found = await ask(hub, "GET", f"/discussions/{held['discussion_id']}/pack?attendee={attendee}", who=who)
    assert found.status_code == 200, found.text
    read: Said = found.json()
    return read


async def test_a_blind_agency_learns_from_its_pack_what_others_know_and_no_grade(hub: Hub) -> None:
    case = await a_case(hub)
    await grade(hub, case, 5, "omar.khan", str(agency_id_of("omar.khan")))
    await answer(hub, case, "omar.khan", "strategy_meeting")
    await answer(hub, case, "tom.barker", "hub_only")
    held = await concluded(hub, case)
    held = await take(hub, held, "issues", {})
    await answer(hub, case, "ines.moreau", "family_may_see")

    blind = await pack(hub, held, 1, "ines.moreau")
    assert [each["text"] for each in blind["answers"]] == ["What omar.khan knows."]
    assert (blind["kept_back"], blind["called_because"], blind["minutes"]) == (1, None, None)
    assert (blind["case_id"], len(blind["withheld"])) == (None, 1)
    # Staff see what the agency would be given, not more.
    assert await pack(hub, held, 1) == blind | {"case_id": case["case_id"]}
    await grade(hub, case, 2)
    seeing = await pack(hub, held, 1, "ines.moreau")
    assert (seeing["minutes"], seeing["withheld"]) == ("The police gave 5: the bruise is not explained.", [])
    assert seeing["called_because"] == held["called_because"]
    # What was answered after it was concluded belongs to no pack of it.
    assert [each["text"] for each in seeing["answers"]] == ["What omar.khan knows."]


async def test_a_pack_is_its_own_agencys_and_of_nobody_else(hub: Hub) -> None:
    case = await a_case(hub)
    as_manager = [invitee("Ines Moreau", TRUST, part="hub_manager"), invitee("Aunt", None, part="family")]
    held = await call(hub, case, invited=as_manager)
    await answer(hub, case, "omar.khan", "hub_only")
    assert (await pack(hub, held, 0, "ines.moreau"))["answers"] == []
    assert (await pack(hub, held, 1))["answers"] == []
    for who, place in (("omar.khan", 0), ("ines.moreau", 1)):
        attendee = held["record"]["attendees"][place]["attendee_id"]
        refused = await ask(
            hub, "GET", f"/discussions/{held['discussion_id']}/pack?attendee={attendee}", who=who
        )
        assert refused.status_code == 404
    await take(hub, held, "calling-off", {"reason": "By mistake."})
    assert (await pack(hub, held, 0, "ines.moreau"))["answers"] == []


async def test_a_discussion_about_a_child_is_about_all_that_is_one_with_it(hub: Hub) -> None:
    first, second = await one_child_twice(hub)
    case, other = await hub.case_of(first["reference"]), await hub.case_of(second["reference"])
    held = await call(hub, case)
    joined = await ask(
        hub,
        "POST",
        f"/cases/{other['case_id']}/joins",
        {"referral_id": first["referral_id"], "reason": "One child."},
        **{"If-Match": f'"{other["version"]}"'},
    )
    assert joined.status_code == 201, joined.text
    listed = await ask(hub, "GET", f"/cases/{other['case_id']}/discussions")
    assert [each["discussion_id"] for each in listed.json()["items"]] == [held["discussion_id"]]
    assert (await ask(hub, "GET", f"/cases/{case['case_id']}/discussions")).json()["items"] == []
    # What was told under the second contact stands in the pack for the first.
    await answer(hub, other, "omar.khan", "strategy_meeting")
    texts = [each["text"] for each in (await pack(hub, held, 1))["answers"]]
    assert texts == ["What omar.khan knows."]
    body = {"held_at": "2026-11-20T14:00:00Z", "attendees": attended(held)}
    assert (await take(hub, held, "record", body))["quorum"]["met"] is True

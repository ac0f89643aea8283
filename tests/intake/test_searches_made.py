"""Who looked for a family, and why, can be read by those who watch over it; for whom cannot."""

from tests.hub import Hub
from tests.intake.known_people import INTAKE, a_known_child, send, told

FORM = {"purpose": "call", "reason": "The grandmother rang."}


async def test_a_search_says_where_was_looked_and_where_not(hub: Hub) -> None:
    form = FORM | {"name": "Nobodyatall Unheardof"}
    said = await told(hub, "POST", "/v1/people/search", form)
    assert said["items"] == []
    searched = {one["source"]: one["searched"] for one in said["sources"]}
    assert searched == {"hub": True, "council_case_system": False, "restricted": False}
    of_manager = await told(hub, "POST", "/v1/people/search", form, who="priya.nair")
    assert "restricted" not in {one["source"] for one in of_manager["sources"]}


async def test_searches_are_listed_newest_first_without_whom_they_were_for(hub: Hub) -> None:
    child = a_known_child()
    await send(hub, child)
    made = [
        await told(hub, "POST", "/v1/people/search", FORM | {"name": child["family_name"]}) for _ in range(2)
    ]
    url = f"{INTAKE}/v1/people/searches"
    listed = await hub.every(url, await hub.as_staff("ben.ashworth"))
    ids = [one["search_id"] for one in listed]
    assert ids.index(made[1]["search_id"]) < ids.index(made[0]["search_id"])
    mine = listed[ids.index(made[0]["search_id"])]
    assert (mine["purpose"], mine["reason"], mine["terms"]) == ("call", "The grandmother rang.", ["name"])
    assert (mine["searched_by"], mine["found_count"]) == ("Dana Reid", len(made[0]["items"]))
    assert made[0]["items"]
    assert child["family_name"] not in str(listed)


async def test_whoever_sees_metadata_only_is_not_shown_the_words(hub: Hub) -> None:
    made = await told(hub, "POST", "/v1/people/search", FORM | {"name": "Nobodyatall Unheardof"})
    listed = await hub.every(f"{INTAKE}/v1/people/searches", await hub.as_staff("helen.cho"))
    [mine] = [one for one in listed if one["search_id"] == made["search_id"]]
    assert (mine["reason"], mine["purpose"]) == (None, "call")

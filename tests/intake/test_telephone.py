"""A contact by telephone: the caller's words are in the hub in two minutes, whatever is missing."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from deploy.local.cast import demo_cast
from services.intake.actions.telephoning import as_referral, ask_who_rang
from services.intake.errors import NotNamed
from services.intake.models import FurtherInformation, Referral
from services.intake.rules import close_of_working_day
from shared.platform.database import transaction
from shared.platform.peers import Peer
from shared.schemas.ids import AgencyId, new_id
from shared.schemas.telephone import CallBack, TelephoneChild, TelephoneContactForm
from tests.hub import Hub, agency_id_of
from tests.intake.kept import REFERRALS, a_copy, copies_count, opened, settled
from tests.referrals import a_referral

WORDS = "He was shouting again and she was crying."
MAY_CALL = {"dana.reid", "ruth.adeyemi", "priya.nair", "marcus.bell", "lucy.grant"}


async def ring(hub: Hub, who: str = "dana.reid", key: str | None = None, **form: Any) -> httpx.Response:
    """Have someone write a call down, and return the answer whatever it is."""
    headers = await hub.as_staff(who) | {"Idempotency-Key": key or str(uuid4())}
    return await hub.http.post(f"{REFERRALS}/by-telephone", json={"words": WORDS} | form, headers=headers)


async def stored(hub: Hub, said: httpx.Response) -> Referral:
    assert said.status_code == 201, said.text
    async with transaction(hub.sessions["intake"], "test") as tx:
        query = select(Referral).where(Referral.reference == said.json()["reference"])
        return (await tx.scalars(query)).one()


async def follow_ups(hub: Hub, referral: Referral) -> list[FurtherInformation]:
    async with transaction(hub.sessions["intake"], "test") as tx:
        query = select(FurtherInformation).where(FurtherInformation.referral_id == referral.referral_id)
        return list(await tx.scalars(query))


async def test_the_words_alone_are_a_referral_about_one_child(hub: Hub) -> None:
    said = await ring(hub)
    referral = await stored(hub, said)
    assert said.headers["location"] == f"/v1/referrals/{referral.reference}"
    assert (referral.channel, referral.recorded_by) == ("telephone", "Dana Reid")
    assert referral.agency_id == agency_id_of("dana.reid")
    assert referral.document == {
        "kind": "referral",
        "immediate_danger": False,
        "referrer": {"role": "Caller who gave neither name nor role"},
        "children": [{}],
        "concerns": [{"narrative": WORDS}],
    }
    assert (len(said.json()["children"]), await follow_ups(hub, referral)) == (1, [])
    case = await hub.case_of(referral.reference)
    assert len(case["children"]) == 1


async def test_what_the_caller_says_stands_where_everyone_looks_for_it(hub: Hub) -> None:
    call_back = {
        "name": "T Example",
        "role": "Neighbour",
        "telephone": "01632 960321",
        "is_safe": False,
        "note": "After six.",
    }
    said = await ring(
        hub,
        call_back=call_back,
        child_now_with="Alone with the mother's partner.",
        children=[{"given_name": "Maisie", "age_as_said": "about six"}, {"date_of_birth": "2019-04-02"}],
        address="12 Test Row, Northtown",
        source_code="1B",
        immediate_danger=True,
    )
    document = (await stored(hub, said)).document
    place = {
        "address": {"lines": ["12 Test Row, Northtown"]},
        "whereabouts": "Alone with the mother's partner.",
    }
    assert document["children"] == [
        {"given_name": "Maisie", "age_as_said": "about six"} | place,
        {"date_of_birth": "2019-04-02"} | place,
    ]
    assert document["referrer"] == {
        "name": "T Example",
        "role": "Neighbour",
        "telephone": "01632 960321",
        "safe_to_ring": False,
        "ringing_note": "After six.",
        "source_code": "1B",
    }
    assert said.json()["advice"].startswith("If the child is in danger now")


async def test_a_partner_that_rang_is_answered_and_asked_to_write(hub: Hub) -> None:
    police = agency_id_of("northshire-police")
    said = await ring(hub, agency_id=str(police), sender_reference=f"NP-{uuid4().hex[:8]}")
    referral = await stored(hub, said)
    [asked] = await follow_ups(hub, referral)
    assert (referral.agency_id, asked.agency_id, asked.requested_by_name) == (police, police, "Dana Reid")
    assert asked.due_at == close_of_working_day(referral.received_at, 1)
    seen = await hub.http.get(
        f"{REFERRALS}/{referral.reference}", headers=await hub.as_client("northshire-police")
    )
    assert seen.json()["channel"] == "telephone"
    assert [each["gaps"][0]["pointer"] for each in seen.json()["further_information"]] == [None]
    assert "agency_not_checked" not in {finding["code"] for finding in said.json()["findings"]}


async def test_an_agency_that_nobody_knows_is_refused_and_no_copy_is_kept(hub: Hub) -> None:
    before = await copies_count(hub)
    said = await ring(hub, agency_id=str(new_id()), immediate_danger=True)
    [error] = said.json()["errors"]
    assert (said.status_code, error["pointer"], error["code"]) == (422, "#/agency_id", "not_known")
    assert said.json()["advice"].startswith("If the child is in danger now and nobody has rung 999")
    assert await copies_count(hub) == before


async def test_while_access_is_away_the_call_is_taken_for_the_agency_named() -> None:
    class Identity:
        async def token(self) -> str:
            return "a token"

        def forget(self) -> None: ...

    def answering(answer: httpx.Response | Exception) -> Peer:
        def handle(_request: httpx.Request) -> httpx.Response:
            if isinstance(answer, Exception):
                raise answer
            return answer

        http = httpx.AsyncClient(transport=httpx.MockTransport(handle))
        return Peer(http, Identity(), "http://access")  # type: ignore[arg-type]

    agency_id, own = AgencyId(new_id()), AgencyId(new_id())
    away: list[httpx.Response | Exception] = [httpx.ConnectError("away"), httpx.Response(503), TimeoutError()]
    for answer in away:
        assert await ask_who_rang(answering(answer), agency_id, own) is False
        assert await ask_who_rang(answering(answer), own, own) is True
        assert await ask_who_rang(answering(answer), None, own) is True
    with pytest.raises(NotNamed):
        await ask_who_rang(answering(httpx.Response(404)), agency_id, own)


async def test_the_same_key_is_the_same_call(hub: Hub) -> None:
    key, copy = str(uuid4()), await a_copy(hub)
    first = await ring(hub, key=key, held_copy_id=copy)
    again = await ring(hub, key=key, held_copy_id=copy)
    other = await ring(hub, key=key, words="Something else.")
    assert again.json() == first.json()
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


async def test_a_call_takes_up_a_held_copy_or_is_not_taken_at_all(hub: Hub) -> None:
    copy = await a_copy(hub)
    said = await ring(hub, held_copy_id=copy)
    taken_up = (await opened(hub, copy)).json()
    assert (taken_up["state"], taken_up["reference"]) == ("taken_up", said.json()["reference"])
    assert taken_up["settled_by"] == "Dana Reid"
    again = await ring(hub, held_copy_id=copy, sender_reference="R-1")
    assert (again.status_code, again.json()["code"]) == (409, "held_copy_settled")
    unknown = await ring(hub, held_copy_id=str(new_id()), sender_reference="R-1")
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "#/held_copy_id")
    assert (await ring(hub, sender_reference="R-1")).status_code == 201
    assert (await settled(hub, copy)).status_code == 409


async def test_a_reference_that_is_taken_says_what_to_do_and_names_nothing(hub: Hub) -> None:
    referral = a_referral()
    first = await hub.send(referral)
    said = await ring(
        hub,
        agency_id=str(agency_id_of("northshire-police")),
        sender_reference=referral["sender_reference"],
    )
    assert (said.status_code, said.json()["code"]) == (409, "duplicate_reference")
    assert first["reference"] not in said.text
    assert referral["sender_reference"] not in said.text


@pytest.mark.parametrize("person", demo_cast().staff, ids=lambda person: person.username)
async def test_who_may_write_a_call_down(hub: Hub, person: Any) -> None:
    said = await ring(hub, person.username)
    assert said.status_code == (201 if person.username in MAY_CALL else 403)


async def test_no_partner_writes_a_call_down(hub: Hub) -> None:
    headers = await hub.as_client("northshire-police") | {"Idempotency-Key": str(uuid4())}
    said = await hub.http.post(f"{REFERRALS}/by-telephone", json={"words": WORDS}, headers=headers)
    assert said.status_code == 403


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.builds(
        TelephoneContactForm,
        words=st.text(st.characters(codec="utf-8", exclude_characters="\x00")).map("{}?".format),
        call_back=st.none() | st.builds(CallBack, name=st.sampled_from([None, "", " ", "T"])),
        children=st.lists(st.builds(TelephoneChild, date_of_birth=st.none() | st.dates()), max_size=20).map(
            tuple
        ),
        sender_reference=st.sampled_from([None, "", "R"]),
        child_now_with=st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
        address=st.sampled_from([None, "", "12 Test Row"]),
        immediate_danger=st.booleans(),
    )
)
def test_whatever_a_caller_leaves_out_it_is_a_referral(form: TelephoneContactForm) -> None:
    sent = as_referral(form)
    assert sent.form.concerns[0].narrative == form.words
    assert len(sent.form.children) == max(1, len(form.children))

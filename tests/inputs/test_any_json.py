"""Whatever JSON stands wherever in a form: it is taken or refused, and nothing ever breaks."""

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.hub import URLS, Hub
from tests.inputs.conftest import require_silence
from tests.inputs.doors import DOORS, Door
from tests.inputs.places import Place, places, put
from tests.inputs.whole import a_whole_referral

#: The same examples on every run: what failed once can be looked at again.
SAME_EVERY_TIME = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=300,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
FEWER = settings(SAME_EVERY_TIME, max_examples=60)

NUMBERS = st.one_of(
    st.integers(), st.integers(-(10**400), 10**400), st.floats(allow_nan=False, allow_infinity=False)
)
TIMES = st.one_of(
    st.dates().map(str),
    st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
    st.sampled_from(["0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]),
)
WORDS = st.one_of(
    st.text(max_size=300),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Co", "Lo"]), max_size=30),
    st.sampled_from(["", "graded", "nothing_known", "c1", "0", "-0", "1e400", "null", "\x00", "\ud800"]),
    st.uuids().map(str),
    TIMES,
)
JSON_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=6),
        st.dictionaries(st.one_of(WORDS, st.sampled_from(["grade", "child"])), inner),
    ),
    max_leaves=12,
)
PLACES: list[Place] = [(), *(at for at, _ in places(a_whole_referral()))]


@SAME_EVERY_TIME
@given(at=st.sampled_from(PLACES), value=JSON_VALUES)
async def test_any_value_anywhere_in_a_referral_is_taken_or_refused(
    at: Place, value: Any, hub: Hub, doors: dict[str, Door]
) -> None:
    sent = put(a_whole_referral(), at, value) if at else value
    answer = await doors["referral"].send_json(sent)
    assert answer.status_code in {200, 201, 400, 409, 422}, answer.text


async def test_whatever_was_taken_became_a_case(hub: Hub, doors: dict[str, Door]) -> None:
    taken: list[dict[str, Any]] = []

    @settings(SAME_EVERY_TIME, max_examples=150)
    @given(at=st.sampled_from(PLACES[1:]), value=st.one_of(WORDS, NUMBERS, st.none(), st.booleans()))
    def draw(at: Place, value: Any) -> None:
        taken.append(put(a_whole_referral(len(taken) + 1), at, value))

    draw()
    references = []
    for sent in taken:
        answer = await doors["referral"].send_json(sent | {"sender_reference": f"NP-{uuid4().hex[:12]}"})
        if answer.status_code == 201:
            references.append(answer.json()["reference"])
    assert len(references) > 10
    await hub.carry_events()
    headers = await hub.as_staff("dana.reid")
    for reference in references:
        found = await hub.http.get(f"{URLS['triage']}/v1/cases?reference={reference}", headers=headers)
        assert len(found.json()["items"]) == 1


@pytest.mark.parametrize("name", [name for name in DOORS if name != "referral"])
async def test_any_value_anywhere_in_any_form_is_taken_or_refused(
    name: str, doors: dict[str, Door], logs: io.StringIO, record_property: Callable[[str, object], None]
) -> None:
    door, drawn = doors[name], []

    @FEWER
    @given(at=st.sampled_from([(), *(at for at, _ in places(door.good))]), value=JSON_VALUES)
    def draw(at: Place, value: Any) -> None:
        drawn.append(put(door.good, at, value) if at else value)

    draw()
    for sent in drawn:
        answer = await door.send_json(sent)
        require_silence(answer, logs)
    record_property("bad_inputs", len(drawn))

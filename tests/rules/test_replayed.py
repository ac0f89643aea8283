"""A replay of past children: the policy's own answers, which way is down, and places that name no home."""

from itertools import pairwise

import pytest

from bench.policy.children import draw_children
from services.triage.evidence.replayed import (
    NOT_KNOWN,
    Past,
    Sums,
    Trial,
    answer_of,
    direction,
    locality_of,
    replay,
)
from services.triage.policy.evaluate import recommend
from services.triage.policy.facts import ChildFacts
from services.triage.policy.reading import FIVE_LEVELS, default_policy, shipped_policy
from shared.schemas.ids import AgencyId, CaseId, ChildId, new_id
from shared.schemas.policies import Moved, ReplayedAnswer
from shared.schemas.words import Pathway, Rag


def a_past(facts: str, said_by: str = "before") -> Past:
    said = {"level": 1, "pathway": "universal", "rag": "green", "discussion": None}
    ids = ChildId(new_id()), CaseId(new_id()), "SH-1", AgencyId(new_id())
    return Past(*ids, facts, said, said_by, None)


def test_a_replay_says_what_the_policy_recommends() -> None:
    drawn = draw_children(600)
    joint = [one.model_copy(update={"apart": (one, other)}) for one, other in pairwise(drawn)]
    for policy in (default_policy(), shipped_policy(FIVE_LEVELS)):
        for facts in (*drawn[:300], *joint[:300]):
            made, short = recommend(policy, facts), answer_of(policy, facts)
            told = (made.level, made.pathway, made.rag, made.discussion)
            assert told == (short.level, short.pathway, short.rag, short.discussion)


def an_answer(level: int | None = 3, rag: Rag = Rag.AMBER, pathway: Pathway | None = None) -> ReplayedAnswer:
    return ReplayedAnswer(level=level, pathway=pathway or Pathway.CHILD_IN_NEED, rag=rag)


@pytest.mark.parametrize(
    ("after", "moved"),
    [
        (an_answer(), None),
        (an_answer(4), Moved.UP),
        (an_answer(2), Moved.DOWN),
        (an_answer(None), Moved.DOWN),
        (an_answer(rag=Rag.RED), Moved.UP),
        (an_answer(4, Rag.GREEN), Moved.DOWN),
        (an_answer(4, pathway=Pathway.EARLY_HELP), Moved.DOWN),
    ],
)
def test_whatever_falls_is_down(after: ReplayedAnswer, moved: Moved | None) -> None:
    assert direction(an_answer(), after) is moved


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ({"postcode": "zz9 9zz", "town": "Testby"}, "ZZ9"),
        ({"postcode": "ZZ99ZZ"}, "ZZ9"),
        ({"postcode": "w1a"}, "W1A"),
        ({"postcode": "not one", "town": "testby on  sea"}, "Testby On Sea"),
        ({"town": "12 Test Row"}, NOT_KNOWN),
        ({"postcode": "ZZ9 9ZZ", "is_temporary": True}, NOT_KNOWN),
        (None, NOT_KNOWN),
    ],
)
def test_a_place_is_a_district_or_a_town(address: dict[str, object] | None, place: str) -> None:
    assert locality_of(address) == place


def test_what_is_in_force_has_spoken_and_what_cannot_be_read_is_counted() -> None:
    trial, sums = Trial(default_policy(), default_policy()), Sums()
    facts = ChildFacts(immediate_danger=True).model_dump_json()
    old = '{"immediate_danger": true}'
    moves = replay(
        trial,
        [a_past(facts, default_policy().version), a_past(old), a_past('{"no_such_fact": 1}')],
        sums,
    )
    assert [(move.moved, move.before.level, move.after.level) for move in moves] == [(Moved.UP, 1, 4)]
    assert (sums.done, sums.not_read, sums.moved) == (3, 1, (1, 0))
    assert [(one.key, one.children, one.up) for one in sums.table("level")] == [("1", 1, 1), ("4", 1, 0)]

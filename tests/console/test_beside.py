"""Other cases of the same people: what speaks for and against, and one press that confirms and joins."""

import pytest

from shared.problems import Conflict, Problem, Stale, Unavailable
from shared.schemas.joining import JoinForm
from shared.schemas.words import PersonKind, Role
from tests.console.conftest import Browser
from tests.console.joint import a_case_beside, a_tie, an_adults_tie, link_provisionally, put_beside
from tests.console.known import KNOWN_PERSON, KNOWN_RECORD, MATCH
from tests.console.reading import words_of
from tests.console.scenes import CASE, MAISIE, NOW, OTHER_CASE, PRIYA, an_id

PAGE = f"/cases/{CASE}"
BESIDE = f"{PAGE}/beside/{OTHER_CASE}"
REASON = f"beside-reason-{OTHER_CASE}"
JOINS = f"/v1/cases/{OTHER_CASE}/joins"
DECISION = f"/v1/matches/{MATCH}/decision"
SAME = {"answer": "join", REASON: "The same mother."}


@pytest.fixture
def asked(priya: Browser) -> Browser:
    """Priya Shah's browser; of the child of her case it is asked whether she is the child of another."""
    put_beside(priya.hub, a_case_beside())
    return priya


async def test_a_case_beside_says_who_what_agrees_when_and_from_whom(asked: Browser) -> None:
    words = words_of((await asked.open(PAGE)).text)

    assert "Open case First contact 10:55am on Friday 20 November Little Wick Primary School" in words
    assert "Maisie Example here, Maisy Sample there Asked Likely the same: 91 in 100" in words
    assert "For same date of birth with day and month swapped; same address; same given name" in words
    assert "Against other family name" in words
    assert words.index("Other cases of the same people") < words.index("Decide for Maisie Example")


async def test_one_press_confirms_the_link_and_joins_the_contact_to_the_case(asked: Browser) -> None:
    answer = await asked.post(BESIDE, SAME, await asked.open(PAGE))

    assert answer.headers["location"] == f"/cases/{OTHER_CASE}?done=joined"
    [linked] = asked.hub.asked_of("POST", DECISION)
    assert linked.body == {"person_id": str(KNOWN_PERSON), "verdict": "linked", "reason": "The same mother."}
    [joined] = asked.hub.asked_of("POST", JOINS)
    assert joined.body == {"referral_id": str(an_id(600)), "reason": "The same mother."}
    assert joined.headers["if-match"] == '"12"'
    assert "Joined. Each contact keeps its own clock" in words_of(
        (await asked.open(answer.headers["location"])).text
    )


async def test_the_reason_starts_with_what_is_shown(asked: Browser) -> None:
    assert "Maisie Example: Compared side by side. For: same date of birth with day and month swapped" in (
        words_of((await asked.open(PAGE)).text)
    )


async def test_a_provisional_link_is_confirmed_in_the_same_press(asked: Browser) -> None:
    put_beside(asked.hub, link_provisionally(asked.hub))
    page = await asked.open(PAGE)

    answer = await asked.post(BESIDE, SAME, page)

    assert "Provisional Very likely the same: 99 in 100" in words_of(page.text)
    assert answer.headers["location"] == f"/cases/{OTHER_CASE}?done=joined"
    [linked] = asked.hub.asked_of("POST", f"/v1/people/{KNOWN_PERSON}/links")
    assert linked.body == {"record_id": str(MAISIE), "reason": "The same mother."}


async def test_a_tie_that_is_confirmed_needs_one_button_alone(asked: Browser) -> None:
    put_beside(asked.hub, a_case_beside(ties=[a_tie(is_confirmed=True, match_id=None)], can_join=True))
    page = await asked.open(PAGE)

    answer = await asked.post(BESIDE, SAME, page)

    assert "Join this contact to that case" in words_of(page.text)
    assert "Not the same" not in words_of(page.text)
    assert answer.headers["location"] == f"/cases/{OTHER_CASE}?done=joined"
    assert asked.hub.asked_of("POST", DECISION) == []


async def test_joining_confirms_nobody_who_was_not_ticked(asked: Browser) -> None:
    confirmed = an_adults_tie(is_confirmed=True)
    put_beside(asked.hub, a_case_beside(ties=[confirmed, a_tie(kind=PersonKind.ADULT)], can_join=True))
    page = await asked.open(PAGE)

    answer = await asked.post(BESIDE, SAME, page)

    assert "Joining confirms them too; nobody needs to be ticked for it." in words_of(page.text)
    assert " checked" not in page.text.split('id="beside"')[1].split("</form>")[0]
    assert answer.headers["location"] == f"/cases/{OTHER_CASE}?done=joined"
    assert asked.hub.asked_of("POST", DECISION) == []


@pytest.mark.parametrize("verdict", ["not_the_same", "unsure"])
async def test_not_the_same_and_unsure_are_one_press_and_join_nothing(asked: Browser, verdict: str) -> None:
    answer = await asked.post(BESIDE, {"answer": verdict, REASON: "Cousins."}, await asked.open(PAGE))

    assert answer.headers["location"] == f"{PAGE}?done={verdict}"
    assert asked.hub.asked_of("POST", DECISION)[0].body["verdict"] == verdict
    assert asked.hub.asked_of("POST", JOINS) == []


async def test_a_provisional_link_is_undone_where_they_are_not_the_same(asked: Browser) -> None:
    put_beside(asked.hub, link_provisionally(asked.hub))

    await asked.post(BESIDE, {"answer": "not_the_same", REASON: "Cousins."}, await asked.open(PAGE))

    assert asked.hub.asked_of("POST", f"/v1/links/{MAISIE}/unlink")[0].body == {"reason": "Cousins."}


async def test_without_a_reason_nothing_is_recorded(asked: Browser) -> None:
    answer = await asked.post(BESIDE, SAME | {REASON: " "}, await asked.open(PAGE))

    assert answer.status_code == 422
    assert f'href="#{REASON}"' in answer.text
    assert asked.hub.asked_of("POST", DECISION) == asked.hub.asked_of("POST", JOINS) == []


async def test_of_several_whoever_is_not_ticked_is_left_alone(asked: Browser) -> None:
    put_beside(asked.hub, a_case_beside(ties=[an_adults_tie(match_id=an_id(702)), a_tie()]))
    page = await asked.open(PAGE)

    answer = await asked.post(BESIDE, SAME | {f"tie-{MAISIE}-{KNOWN_RECORD}": "yes"}, page)

    assert words_of(page.text).index("Maisie Example here") < words_of(page.text).index("Dean Example here")
    assert answer.headers["location"] == f"/cases/{OTHER_CASE}?done=joined"
    assert len(asked.hub.asked_of("POST", DECISION)) == 1


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Conflict("Every child of that case is decided."), "Every child of that case is decided."),
        (Unavailable(), "It is not known whether the contact joined"),
    ],
)
async def test_a_join_that_fails_says_what_was_done_and_offers_it_again(
    asked: Browser, problem: Problem, words: str
) -> None:
    asked.hub.joining.refusals = [problem]

    failed = await asked.post(BESIDE, SAME, await asked.open(PAGE))
    again = await asked.post(BESIDE, {REASON: "The same mother."}, failed)

    assert failed.status_code == problem.status
    assert words in words_of(failed.text)
    assert "Done: the same, recorded for Maisie Example. That stands." in words_of(failed.text)
    assert again.headers["location"] == f"/cases/{OTHER_CASE}?done=joined"


async def test_a_case_that_moves_on_meanwhile_is_read_again_before_anyone_is_troubled(asked: Browser) -> None:
    asked.hub.joining.refusals = [Stale("It changed."), Stale("It changed.")]

    answer = await asked.post(BESIDE, SAME, await asked.open(PAGE))

    assert answer.headers["location"] == f"/cases/{OTHER_CASE}?done=joined"


async def test_a_case_that_keeps_moving_on_is_said(asked: Browser) -> None:
    asked.hub.joining.refusals = [Stale("It changed.")] * 3

    answer = await asked.post(BESIDE, SAME, await asked.open(PAGE))

    assert answer.status_code == 412
    assert "because that case changes just now" in words_of(answer.text)


async def test_a_decided_case_is_joined_by_nothing(asked: Browser) -> None:
    put_beside(asked.hub, a_case_beside(is_open=False))

    words = words_of((await asked.open(PAGE)).text)

    assert "Decided: the hub's part is over" in words
    assert "Same child: confirm the link" in words
    assert "join this contact" not in words


async def test_what_came_later_is_joined_from_its_own_page(asked: Browser) -> None:
    put_beside(asked.hub, a_case_beside(received_at=NOW))

    words = words_of((await asked.open(PAGE)).text)

    assert "It came after this one." in words
    assert "join this contact" not in words


@pytest.mark.parametrize("away", [False, True])
async def test_what_was_not_searched_is_said(asked: Browser, away: bool) -> None:
    if away:
        asked.hub.joining.beside_away = True
    else:
        put_beside(asked.hub, searched=False, why_not="The index of persons does not answer.")

    words = words_of((await asked.open(PAGE)).text)

    assert "NOT SEARCHED: other cases of the same people." in words
    assert "Decide for Maisie Example" in words


async def test_an_empty_search_takes_no_room(asked: Browser) -> None:
    put_beside(asked.hub)

    assert "Other cases of the same people" not in (await asked.open(PAGE)).text


async def test_an_auditor_reads_what_stands_beside_and_answers_nothing(browser: Browser) -> None:
    put_beside(browser.hub, a_case_beside())
    await browser.sign_in(PRIYA.model_copy(update={"roles": [Role.PRACTICE_AUDITOR]}))

    page = await browser.open(PAGE)
    answer = await browser.post(BESIDE, SAME, page)

    assert "Maisie Example here, Maisy Sample there" in words_of(page.text)
    assert "Same child: confirm" not in page.text
    assert answer.status_code == 403


async def test_a_representative_is_not_asked_and_not_told(nia: Browser) -> None:
    put_beside(nia.hub, a_case_beside())

    page = await nia.open(PAGE)

    assert "Other cases of the same people" not in page.text
    assert nia.hub.asked_of("GET", f"/v1/cases/{CASE}/beside") == []


async def test_the_contact_that_joins_is_the_one_that_told_of_the_child(asked: Browser) -> None:
    joined: list[JoinForm] = []
    asked.hub.joining.on_joined = joined.append

    await asked.post(BESIDE, SAME, await asked.open(PAGE))

    assert [form.referral_id for form in joined] == [an_id(600)]

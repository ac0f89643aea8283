"""The board and the morning after, as staff read them, and the form on which somebody speaks for a child."""

from services.console.wording.day import unknown_words
from shared.schemas.board import Unknown
from tests.console.conftest import Browser
from tests.console.fake_day import OPENS_AT, a_board_child, a_full_board, some_changes
from tests.console.reading import words_of
from tests.console.scenes import CASE, MAISIE, NOW, an_id

WAIT = f"/cases/{CASE}/children/{MAISIE}/wait"
SENT = f"/v1/cases/{CASE}/children/{MAISIE}/waits"


async def test_the_board_names_first_whom_nobody_has_spoken_for(priya: Browser) -> None:
    priya.hub.day.board = a_full_board()
    words = words_of((await priya.open("/board")).text)
    assert "The hub opens next at 9am tomorrow" in words
    assert "Nobody has spoken for 1 More heard since about 1 1 overdue" in words
    order = [words.index(said) for said in ("Maisie Example", "Alfie Example", "Unborn, due")]
    assert order == sorted(order)
    assert "Not seen" in words
    assert "Health, not checked: mental health." in words
    assert "Safe to wait until 9am tomorrow, says Priya Shah" in words
    assert "The decision falls due before that." in words
    assert "Handed to Jo Bright, emergency duty team, read back by Jo Bright at 10:43am today" in words


async def test_siblings_of_whom_the_same_is_unknown_stand_together_each_with_their_own_word(
    priya: Browser,
) -> None:
    together = [
        a_board_child(child_id=an_id(place), given_name=name) for place, name in ((71, "Ann"), (72, "Bo"))
    ]
    apart = a_board_child(child_id=an_id(73), given_name="Cy", whereabouts="With grandmother")
    priya.hub.day.board = [*together, apart]

    page = (await priya.open("/board")).text
    words = words_of(page)

    assert [page.count(f"/children/{an_id(place)}/wait") for place in (71, 72, 73)] == [1, 1, 1]
    assert [words.count(said) for said in ("them (3)", "Unknown, of each of the 2:", "Unknown:")] == [1, 1, 1]


async def test_agencies_have_no_board(nia: Browser) -> None:
    assert [(await nia.open(path)).status_code for path in ("/board", "/board/changes", WAIT)] == [403] * 3


async def test_somebody_says_that_a_child_may_wait(priya: Browser) -> None:
    page = await priya.open(WAIT)
    assert "This moves no due time." in words_of(page.text)
    done = await priya.post(WAIT, {"spoken": "opening", "why": "With grandmother."}, page)
    other = await priya.post(
        WAIT, {"spoken": "other", "until_day": "2026-11-23", "until_time": "18.30", "why": "Seen."}, page
    )
    duty = {"spoken": "duty", "handed_to": "Jo", "read_back_by": "Sam", "read_back_time": "10:50"}
    handed = await priya.post(WAIT, duty, page)
    assert [answer.headers["location"] for answer in (done, other, handed)] == ["/board?done=said"] * 3
    bodies = [asked.body for asked in priya.hub.asked_of("POST", SENT)]
    assert bodies == [
        {"safe_until": OPENS_AT.isoformat(), "why": "With grandmother."},
        {"safe_until": "2026-11-23T18:30:00+00:00", "why": "Seen."},
        {"handed_to": "Jo", "read_back_by": "Sam", "at": "2026-11-23T10:50:00+00:00"},
    ]
    assert "No due time has moved." in words_of((await priya.open("/board?done=said")).text)


async def test_what_is_left_out_of_a_word_is_said_beside_its_field(priya: Browser) -> None:
    page = await priya.open(WAIT)
    nothing = await priya.post(WAIT, {}, page)
    no_why = await priya.post(WAIT, {"spoken": "opening", "why": " "}, page)
    no_name = await priya.post(WAIT, {"spoken": "duty", "read_back_by": "Sam", "why": "Kept."}, page)
    bad_clock = await priya.post(WAIT, {"spoken": "other", "until_time": "half six", "why": "x"}, page)
    assert [answer.status_code for answer in (nothing, no_why, no_name, bad_clock)] == [422] * 4
    assert "Choose whether it is safe to wait" in nothing.text
    assert "Say why it is safe to wait" in no_why.text
    assert "Enter who of the emergency duty team took the child over" in no_name.text
    assert "Kept." in no_name.text
    assert "Enter a time on the 24-hour clock" in bad_clock.text


async def test_the_morning_tells_what_happened_in_words(priya: Browser) -> None:
    priya.hub.day.changes = some_changes()
    words = words_of((await priya.open("/board/changes")).text)
    assert "Since 4:55pm on Friday 20 November" in words
    for said in (
        "New contact from Northshire Police: SH-7K3QX9MA-9.",
        "Northshire Police corrected contact SH-7K3QX9MA-9: version 2.",
        "The policy recommends Red, level 4; before, Amber, level 2.",
        "Priya Shah said: safe to wait until 9am tomorrow.",
        "Handed to Jo Bright, emergency duty team.",
        "Priya Shah decided: Green, level 2, Early help",
    ):
        assert said in words
    assert NOW < OPENS_AT


def test_what_is_the_same_of_several_agencies_is_said_once() -> None:
    asked = "asked 23 November at 09:11, not answered."
    health = a_full_board()[0].model_copy(
        update={
            "unknown": [Unknown.HEALTH_MISSING, Unknown.NOT_SEEN],
            "silent_words": [f"Education: {asked}", f"Health: {asked}", "The GP was not looked in."],
        }
    )

    assert unknown_words(health) == [f"Education, Health: {asked}", "The GP was not looked in.", "Not seen"]

"""Access's own page: who gets in, where the browser goes, and what a guesser learns."""

import asyncio
import re
import statistics
import time
from datetime import timedelta

import httpx
import pytest

from services.access.models import Agency, Staff
from tests.access.conftest import Access
from tests.access.people import CONSOLE_URL, PASSWORD, a_person

JOURNEY = {"return_to": f"{CONSOLE_URL}/signed-in", "state": "state-1"}


def error_of(page: httpx.Response) -> str:
    """Return the words of the error summary."""
    found = re.search(r"govuk-error-summary__list\">(.*?)</ul>", page.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found.group(1)).split()) if found else ""


async def test_the_right_password_takes_the_browser_back_with_a_code(access: Access, person: Staff) -> None:
    answer = await access.sign_in(person)

    way = httpx.URL(answer.headers["location"])
    assert answer.status_code == 303
    assert str(way).startswith(f"{CONSOLE_URL}/signed-in?")
    assert way.params["state"] == "state-1"
    assert len(way.params["code"]) == 43


async def test_a_username_is_read_without_case_or_spaces(access: Access, person: Staff) -> None:
    answer = await access.sign_in(person, username=f" {person.username.upper()} ")

    assert answer.status_code == 303


async def test_a_wrong_password_and_an_unknown_person_are_told_the_same(
    access: Access, person: Staff
) -> None:
    wrong = await access.sign_in(person, "wrong")
    unknown = await access.sign_in(person, "wrong", username="nobody")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert wrong.text.replace(person.username, "nobody") == unknown.text
    assert "not right" in error_of(wrong)


async def test_a_wrong_password_and_an_unknown_person_take_as_long(access: Access, agency: Agency) -> None:
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(8):
        person = a_person(agency)
        await access.save(person)
        for known in (True, False):
            name = person.username if known else f"nobody-{turn}"
            began = time.process_time()
            await access.sign_in(person, "wrong", username=name)
            seconds[known].append(time.process_time() - began)

    assert 0.5 < statistics.median(seconds[True]) / statistics.median(seconds[False]) < 2


@pytest.mark.parametrize("given", [{"active": False}, {"password_hash": "not a hash"}])
async def test_a_person_who_may_not_come_in_is_told_no_more(
    access: Access, agency: Agency, given: dict[str, object]
) -> None:
    person = a_person(agency, **given)
    await access.save(person)

    answer = await access.sign_in(person)

    assert answer.status_code == 422
    assert "not right" in error_of(answer)


async def test_nobody_of_an_agency_that_left_comes_in(access: Access, agency: Agency, person: Staff) -> None:
    await access.change(agency, active=False)

    assert (await access.sign_in(person)).status_code == 422


async def test_after_ten_failures_the_right_password_waits_fifteen_minutes(
    access: Access, person: Staff
) -> None:
    failures = [await access.sign_in(person, "wrong") for _ in range(10)]

    shut = await access.sign_in(person)
    access.clock.ahead = timedelta(minutes=15, seconds=1)
    opened = await access.sign_in(person)

    assert {failure.status_code for failure in failures} == {422}
    assert (shut.status_code, shut.headers["retry-after"]) == (429, "900")
    assert "999" in shut.text
    assert opened.status_code == 303


async def test_many_guesses_at_once_are_ten_guesses_at_the_most(access: Access, person: Staff) -> None:
    answers = await asyncio.gather(*(access.sign_in(person, f"guess {n}") for n in range(30)))

    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {422, 429}
    assert statuses.count(422) <= 10


async def test_a_person_who_gets_in_starts_to_count_anew(access: Access, person: Staff) -> None:
    for _ in range(2):
        for _ in range(9):
            await access.sign_in(person, "wrong")
        assert (await access.sign_in(person)).status_code == 303


async def test_one_persons_failures_do_not_shut_out_another(
    access: Access, agency: Agency, person: Staff
) -> None:
    other = a_person(agency)
    await access.save(other)
    for _ in range(10):
        await access.sign_in(person, "wrong")

    assert (await access.sign_in(other)).status_code == 303


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"username": ""}, "Enter your username"),
        ({"password": ""}, "Enter your password"),
        ({"username": " ", "password": ""}, "Enter your username Enter your password"),
    ],
)
async def test_an_empty_field_is_pointed_at_and_counts_as_no_failure(
    access: Access, person: Staff, given: dict[str, str], said: str
) -> None:
    for _ in range(11):
        answer = await access.sign_in(person, **given)

    assert answer.status_code == 422
    assert said in error_of(answer)
    assert "<title>Error: Sign in" in answer.text


async def test_what_was_typed_is_shown_again_escaped_but_never_the_password(
    access: Access, person: Staff
) -> None:
    answer = await access.sign_in(person, "hunter2", username='"><script>alert(1)</script>')

    assert "<script>alert" not in answer.text
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("csrf", ["", "wrong", "é", "x" * 43])
async def test_a_form_without_its_token_is_shown_again(access: Access, person: Staff, csrf: str) -> None:
    answer = await access.sign_in(person, csrf=csrf)

    assert answer.status_code == 403
    assert "open too long" in error_of(answer)


async def test_a_form_without_its_cookie_is_shown_again(access: Access, person: Staff) -> None:
    form = JOURNEY | {"csrf": "x" * 43, "username": person.username, "password": PASSWORD}

    answer = await access.http.post("/sign-in", data=form)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "x:[y"}]
)
async def test_a_form_of_another_site_is_refused(access: Access, headers: dict[str, str]) -> None:
    answer = await access.http.post("/sign-in", data=JOURNEY, headers=headers)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "given",
    [
        {"return_to": "https://evil.test/"},
        {"return_to": f"{CONSOLE_URL}.evil.test/"},
        {"return_to": f"{CONSOLE_URL}/a\r\nSet-Cookie: x=y"},
        {"return_to": ""},
        {"state": ""},
        {"state": "<script>"},
        {"state": "x" * 201},
    ],
)
async def test_a_link_the_hub_did_not_make_leads_nowhere(
    access: Access, person: Staff, given: dict[str, str]
) -> None:
    shown = await access.http.get("/sign-in", params=JOURNEY | given)
    sent = await access.sign_in(person, **given)

    for answer in (shown, sent):
        assert answer.status_code == 400
        assert "This link does not work" in answer.text
        assert "evil" not in answer.text


async def test_the_bare_page_leads_to_the_console(access: Access) -> None:
    answer = await access.http.get("/sign-in")

    assert (answer.status_code, answer.headers["location"]) == (303, CONSOLE_URL)


async def test_the_page_keeps_itself_to_itself(access: Access) -> None:
    page = await access.http.get("/sign-in", params=JOURNEY)

    policy = page.headers["content-security-policy"]
    assert f"form-action 'self' {CONSOLE_URL}" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert "HttpOnly" in page.headers["set-cookie"]
    assert "SameSite=strict" in page.headers["set-cookie"]


async def test_every_file_the_page_names_is_there_and_may_be_kept(access: Access) -> None:
    page = await access.http.get("/sign-in", params=JOURNEY)

    names = re.findall(r'"(/assets/[^"]+)"', page.text)
    assert len(names) == 4
    for name in names:
        answer = await access.http.get(name)
        assert answer.status_code == 200, name
        assert "immutable" in answer.headers["cache-control"]


async def test_sign_ins_and_failures_are_written_down_without_what_was_typed(
    access: Access, person: Staff
) -> None:
    await access.sign_in(person, "wrong")
    await access.sign_in(person)

    assert await access.audit(str(person.staff_id)) == [("staff.signed_in", "allow", None)]
    failures = await access.refusals_about(person.staff_id)
    assert failures == [("access", "422 sign_in_failed")]

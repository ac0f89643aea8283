"""Contacts as they arrive: danger first, from whom, until when an answer is owed."""

import re
from datetime import timedelta

import pytest

from shared.schemas.words import Channel, Role, Stage, WithdrawalState
from tests.console.conftest import Browser
from tests.console.contacts import OTHER_REFERENCE, a_progress, a_wish, an_asking
from tests.console.lines import a_line
from tests.console.reading import words_of
from tests.console.scenes import CASE, NOW, POLICE, PRIYA, REFERENCE, SCHOOL

DANGER = a_progress(
    reference=OTHER_REFERENCE, immediate_danger=True, received_at=NOW - timedelta(days=1), stage="received",
    respond_by=NOW - timedelta(minutes=5),
)  # fmt: skip


async def test_a_contact_says_from_whom_it_came_and_until_when_an_answer_is_owed(priya: Browser) -> None:
    priya.hub.intake.progress = {REFERENCE: a_progress()}

    words = words_of((await priya.open("/contacts")).text)

    assert "Answer due by 9:55am tomorrow 23 h left Northshire Police, SH-7K3QX9MA-9" in words
    assert "Asks the hub to act. Being considered. 1 child." in words
    assert "Received 10:10am today From its system Case of SH-7K3QX9MA-9" in words
    assert "5 things odd or missing" in words


async def test_danger_stands_first_and_is_said_in_words(priya: Browser) -> None:
    priya.hub.intake.progress = {REFERENCE: a_progress(), OTHER_REFERENCE: DANGER}

    words = words_of((await priya.open("/contacts")).text)

    assert words.index(OTHER_REFERENCE) < words.index(REFERENCE)
    assert "Child in danger Answer due by 10:50am today overdue by 5 min" in words
    assert "1 with a child in danger, not decided" in words


async def test_danger_that_is_decided_keeps_its_mark_and_gives_up_its_place(priya: Browser) -> None:
    decided = DANGER.model_copy(update={"stage": Stage.DECIDED})
    priya.hub.intake.progress = {REFERENCE: a_progress(), OTHER_REFERENCE: decided}

    words = words_of((await priya.open("/contacts")).text)

    assert words.index(REFERENCE) < words.index(OTHER_REFERENCE)
    assert "Child in danger Decided and answered" in words
    assert "overdue" not in words


async def test_what_runs_beside_a_contact_is_said(priya: Browser) -> None:
    progress = a_progress(further_information=[an_asking()], withdrawal=a_wish(), channel=Channel.TELEPHONE)
    priya.hub.intake.progress = {REFERENCE: progress}

    words = words_of((await priya.open("/contacts")).text)

    assert "The sender wishes to take it back" in words
    assert "Further information requested , due by 1:55pm today: 3 h left" in words
    assert "By telephone" in words


async def test_senders_who_wish_to_take_a_contact_back_are_listed_for_those_who_answer(
    priya: Browser,
) -> None:
    priya.hub.intake.withdrawals = [
        a_wish(),
        a_wish(reference=OTHER_REFERENCE, state=WithdrawalState.AGREED),
    ]

    page = await priya.open("/contacts")

    assert f'href="/contacts/{REFERENCE}/withdrawal"' in page.text
    assert f'href="/contacts/{OTHER_REFERENCE}/withdrawal"' not in page.text


async def test_filters_are_asked_for_as_intake_knows_them(priya: Browser) -> None:
    await priya.open(f"/contacts?danger=true&channel=telephone&agency={SCHOOL}")

    asked = priya.hub.asked_of("GET", "/v1/referrals")[-1].query
    assert asked == {
        "limit": "25", "immediate_danger": "true", "channel": "telephone", "agency_id": str(SCHOOL),
    }  # fmt: skip


@pytest.mark.parametrize("query", ["channel=pigeon", "agency=nobody", "danger=false&channel=&agency="])
async def test_a_filter_that_means_nothing_leaves_nothing_out(priya: Browser, query: str) -> None:
    priya.hub.intake.progress = {REFERENCE: a_progress()}

    assert REFERENCE in (await priya.open(f"/contacts?{query}")).text


async def test_more_contacts_are_asked_for_with_the_cursor_and_the_filters(priya: Browser) -> None:
    priya.hub.intake.next_cursor = "opaque+/="
    page = await priya.open("/contacts?channel=api")

    await priya.open("/contacts?channel=api&cursor=opaque%2B/%3D")

    assert 'href="/contacts?channel=api&amp;cursor=opaque%2B/%3D"' in page.text
    asked = priya.hub.asked_of("GET", "/v1/referrals")[-1].query
    assert asked == {"limit": "25", "channel": "api", "cursor": "opaque+/="}


async def test_the_newest_page_reads_itself_again_and_a_later_one_stays(priya: Browser) -> None:
    newest = await priya.open("/contacts")

    assert 'data-refresh="list"' in newest.text
    assert '.js"></script>' in newest.text.partition("<footer")[2]
    assert "/console-" not in (await priya.open("/contacts?cursor=later")).text.partition("<footer")[2]


async def test_a_contact_leads_to_its_case(priya: Browser) -> None:
    answer = await priya.open(f"/contacts/{REFERENCE}/case")

    assert answer.headers["location"] == f"/cases/{CASE}"


@pytest.mark.parametrize(
    ("heard", "leads_to"), [(REFERENCE, f"/?reference={REFERENCE}"), ("nonsense", "/contacts")]
)
async def test_a_contact_without_a_case_says_so(priya: Browser, heard: str, leads_to: str) -> None:
    priya.hub.lines = [a_line(references=[])]

    assert (await priya.open(f"/contacts/{heard}/case")).headers["location"] == leads_to


async def test_a_representative_sees_no_agencies_to_choose_from_and_no_wishes(omar: Browser) -> None:
    omar.hub.intake.progress = {REFERENCE: a_progress()}
    omar.hub.intake.withdrawals = [a_wish()]

    page = await omar.open("/contacts")

    assert REFERENCE in page.text
    assert 'name="agency"' not in page.text
    assert "wish to take a contact back" not in page.text
    assert omar.hub.asked_of("GET", "/v1/withdrawals") == []


def hrefs_of_group(page: str) -> list[str]:
    """Return the pages of the group that a page belongs to."""
    places = page.partition('class="console-places"')[2].partition("</nav>")[0]
    return re.findall(r'href="([^"]+)"', places)


#: Pages by group, in the order in which they stand.
WORK = ("/", "/board", "/discussion-actions")
ARRIVED = ("/contacts", "/telephone", "/quality", "/held-copies")
READ = ("/contacts", "/quality", "/held-copies")
FAMILIES = ("/find", "/matches", "/people/overdue")
POLICY = "/policies"


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (Role.DECISION_MAKER, [*WORK, *ARRIVED, *FAMILIES, POLICY]),
        (
            Role.MANAGER,
            [*WORK, *ARRIVED, *FAMILIES, "/measures", "/emergency-accesses", POLICY, "/parked-events"],
        ),
        (Role.PRACTICE_AUDITOR, [*WORK, *READ, *FAMILIES, "/measures", "/searches", POLICY]),
        (
            Role.AGENCY_REPRESENTATIVE,
            ["/", "/requests", "/discussions", "/discussion-actions", "/contacts", "/quality"],
        ),
        (Role.EARLY_HELP_COORDINATOR, ["/", "/telephone"]),
        (Role.INFORMATION_GOVERNANCE, ["/measures", "/searches"]),
        (Role.ADMINISTRATOR, ["/parked-events"]),
    ],
)
async def test_a_role_finds_its_own_pages_and_no_others(
    browser: Browser, role: Role, pages: list[str]
) -> None:
    await browser.sign_in(PRIYA.model_copy(update={"roles": [role], "agency_id": POLICE}), "/signed-in-again")

    shown = (await browser.open("/signed-in-again")).text
    groups = re.findall(r'class="govuk-service-navigation__link" href="([^"]+)"', shown)
    own = [hrefs_of_group((await browser.open(group)).text) or [group] for group in groups]

    assert [href for hrefs in own for href in hrefs] == pages
    assert len(groups) <= 5


@pytest.mark.parametrize(
    ("role", "forbidden"),
    [
        (Role.EARLY_HELP_COORDINATOR, ["/contacts", f"/contacts/{REFERENCE}", "/held-copies", "/quality"]),
        (Role.INFORMATION_GOVERNANCE, ["/contacts", "/telephone", "/held-copies", "/check-receipts"]),
        (Role.ADMINISTRATOR, ["/contacts", "/telephone", "/held-copies", "/quality/counts"]),
        (Role.AGENCY_REPRESENTATIVE, ["/telephone", "/held-copies", "/check-receipts"]),
        (Role.PRACTICE_AUDITOR, ["/telephone", f"/quality/{REFERENCE}", f"/contacts/{REFERENCE}/withdrawal"]),
        (Role.DECISION_MAKER, ["/check-receipts", "/searches"]),
    ],
)
async def test_a_page_that_is_not_a_roles_is_refused(
    browser: Browser, role: Role, forbidden: list[str]
) -> None:
    browser.hub.intake.progress = {REFERENCE: a_progress(withdrawal=a_wish())}
    await browser.sign_in(PRIYA.model_copy(update={"roles": [role]}), "/signed-in-again")

    assert [(await browser.open(path)).status_code for path in forbidden] == [403] * len(forbidden)

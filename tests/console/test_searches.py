"""Who looked for families, and why, for those who look after how that is used."""

from typing import Any

import pytest

from shared.schemas.families import PeopleSearchMade
from shared.schemas.words import Role, SearchPurpose
from tests.console.conftest import Browser
from tests.console.reading import words_of
from tests.console.scenes import NOW, PRIYA, an_id


def a_search(**given: Any) -> PeopleSearchMade:
    """Return that Priya looked by name during a call; changed by what is given."""
    return PeopleSearchMade(
        **{
            "search_id": an_id(750),
            "searched_at": NOW,
            "searched_by": "Priya Shah",
            "purpose": SearchPurpose.CALL,
            "reason": "Call from the grandmother.",
            "terms": ["name", "address"],
            "found_count": 2,
        }
        | given
    )


@pytest.mark.parametrize("role", [Role.PRACTICE_AUDITOR, Role.INFORMATION_GOVERNANCE])
async def test_an_auditor_sees_who_looked_and_why(browser: Browser, role: Role) -> None:
    browser.hub.people.searches = [a_search()]
    await browser.sign_in(PRIYA.model_copy(update={"roles": [role]}), "/searches")

    words = words_of((await browser.open("/searches")).text)

    assert "Priya Shah Someone is on the telephone Call from the grandmother. Name, address 2" in words


async def test_nobody_found_is_said_and_a_reason_kept_back_too(browser: Browser) -> None:
    browser.hub.people.searches = [a_search(found_count=0, reason=None)]
    await browser.sign_in(PRIYA.model_copy(update={"roles": [Role.INFORMATION_GOVERNANCE]}), "/searches")

    words = words_of((await browser.open("/searches")).text)

    assert "Name, address Nobody" in words
    assert "The reason in the person's own words is not shown to you" in words


async def test_whoever_reads_no_cases_starts_with_the_searches(browser: Browser) -> None:
    governance = PRIYA.model_copy(update={"roles": [Role.INFORMATION_GOVERNANCE]})
    browser.hub.people.searches = []
    await browser.sign_in(governance, "/searches")

    assert "Nobody has looked for a family yet." in words_of((await browser.open("/searches")).text)


async def test_a_decision_maker_does_not_see_what_others_looked_for(priya: Browser) -> None:
    assert (await priya.open("/searches")).status_code == 403

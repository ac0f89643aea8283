"""Under which names the council's own case system is searched, for whom, and how safely it is reached."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.triage.actions.showing.asking_council import CouncilSystem, read_adapter
from services.triage.actions.showing.searching_elsewhere import Search, search_elsewhere
from services.triage.app import create_app
from services.triage.settings import Settings
from shared.clock import utc_now
from shared.schemas.council_system import SoughtChild
from shared.schemas.ids import new_id
from shared.schemas.sought import SoughtName
from tests.hub import Hub
from tests.intake.restricting import PRIYA, restrict
from tests.notifications.receiver import running_receiver
from tests.notifications.test_sending import certificate
from tests.triage.council import PATH, SECRET, an_event, connected, found, running_council, settings_with
from tests.triage.test_chronology import ask
from tests.triage.test_council_system import a_case, read, source_of
from tests.triage.test_restricted_chronology import a_history
from tests.triage.without_intake import without_intake

Said = dict[str, Any]


async def test_a_child_with_a_restricted_record_is_looked_for_by_managers_alone(
    hub: Hub, tmp_path: Path
) -> None:
    _, last, person_id = await a_history(hub)
    assert (await restrict(hub, person_id)).status_code == 200
    with running_council(tmp_path) as council:
        council.says(found(an_event()))
        others = source_of(await read(hub, council, last))
        nobody_yet = council.asked
        managers = source_of(await read(hub, council, last, PRIYA))
    assert (others["searched"], others["status"], nobody_yet) == (False, None, [])
    assert "only a manager" in others["why_not"]
    assert managers["searched"]


async def test_while_intake_is_away_the_council_is_asked_by_what_the_case_says(
    hub: Hub, tmp_path: Path
) -> None:
    case = await a_case(hub)
    with running_council(tmp_path) as council:
        app = create_app(settings_with(hub, council), with_workers=False, http=without_intake(hub))
        async with app.router.lifespan_context(app):
            http = httpx.AsyncClient(transport=httpx.ASGITransport(app))
            said = (await ask(hub, case, http=http)).json()
    source = source_of(said)
    assert source["searched"]
    assert source["note"].startswith("Searched only as this case names the child")
    assert not next(one for one in said["sources"] if one["source"] == "person_index")["searched"]


async def test_it_is_asked_by_https_and_trusted_by_the_councils_own_authority_alone(
    hub: Hub, tmp_path: Path
) -> None:
    case = await a_case(hub)
    (tmp_path / "council.secret").write_text(SECRET)
    ca_file, context = certificate(tmp_path, "localhost", days=2)
    given = {
        "council_system_secret_file": tmp_path / "council.secret",
        "allow_loopback_council_system": False,
    }
    answers = []
    with running_receiver(context) as receiver:
        receiver.says(
            PATH,
            200,
            {"Content-Type": "application/json"},
            b'{"found": false, "as_of": "2026-11-22T10:12:00Z"}',
        )
        given["council_system_url"] = receiver.url(PATH, host="localhost")
        for trusted in (ca_file, None):
            settings = _settings(hub, **given, council_system_ca_file=trusted)
            async with connected(hub, settings) as http:
                answers.append(source_of((await ask(hub, case, http=http)).json()))
    assert [answer["searched"] for answer in answers] == [True, False]
    assert "cannot be reached" in answers[1]["why_not"]


async def test_sources_are_asked_at_the_same_time_and_one_that_hangs_hides_no_other(tmp_path: Path) -> None:
    with running_council(tmp_path) as council:
        council.says(found(an_event()))
        council.receiver.hangs("/hangs")
        urls = [council.receiver.url("/hangs"), council.receiver.url("/hangs"), council.receiver.url(PATH)]
        two_seconds = timedelta(seconds=2)
        sources = [CouncilSystem(read_adapter(url, council.secret_file, None, two_seconds)) for url in urls]
        names = [SoughtName(family_name="Example")]
        sought = SoughtChild(request_id=new_id(), as_at=utc_now(), names=names)
        began = time.monotonic()
        answers = await search_elsewhere(sources, Search(sought))
        took = time.monotonic() - began
    assert [each.view.searched for each in answers] == [False, False, True]
    assert len(answers[2].lines) == 1
    # One after the other would take four.
    assert took < 3.9


@pytest.mark.parametrize(
    "wrong",
    [
        {"council_system_url": "http://council.example/hub"},
        {"council_system_url": "http://127.0.0.1/hub"},
        {"council_system_url": "http://council.example/hub", "allow_loopback_council_system": True},
        {"council_system_url": "https://user:word@council.example/hub"},
        {"council_system_url": "https://council.example/hub?key=1"},
        {"council_system_url": "ftp://council.example/hub"},
        {"council_system_secret_file": None},
        {"council_system_patience": "PT30S"},
    ],
    ids=str,
)
def test_an_address_that_is_not_safe_keeps_triage_from_starting(
    hub: Hub, tmp_path: Path, wrong: dict[str, Any]
) -> None:
    good = {
        "council_system_url": "https://council.example/hub",
        "council_system_secret_file": tmp_path / "council.secret",
    }
    assert _settings(hub, **good).council_system_url
    with pytest.raises(ValueError, match="council"):
        _settings(hub, **good | wrong)


@pytest.mark.parametrize("secret", ["", "short", "with a space in it that is far too long", "ü" * 40])
def test_a_secret_that_is_none_keeps_triage_from_starting(hub: Hub, tmp_path: Path, secret: str) -> None:
    with (
        running_council(tmp_path, secret) as council,
        pytest.raises(ValueError, match="secret for the council"),
    ):
        create_app(settings_with(hub, council), with_workers=False)


def _settings(hub: Hub, **given: Any) -> Settings:
    return Settings(**hub.settings["triage"].model_dump() | given)

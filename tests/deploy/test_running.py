"""One launcher per data folder, and other commands find it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.command import main
from deploy.local.faults import HubAlreadyRunning, NoDemoPeople, NoHubRunning
from deploy.local.files import Folder, secret_in
from deploy.local.ports import Ports
from deploy.local.running import announce, claimed, get_demo_hub, get_running
from deploy.local.telling import answer_of


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "var")
    folder.prepare()
    return folder


def test_a_running_hub_is_found_by_its_folder(folder: Folder) -> None:
    with claimed(folder):
        announce(folder, Ports(8300), demo=True)
        hub = get_running(folder.root)
        assert (hub.ports.triage, hub.demo) == (8303, True)

    with pytest.raises(NoHubRunning):
        get_running(folder.root)


def test_a_hub_that_is_not_ready_is_not_found(folder: Folder) -> None:
    with claimed(folder), pytest.raises(NoHubRunning):
        get_running(folder.root)


def test_a_folder_belongs_to_one_launcher(folder: Folder) -> None:
    with claimed(folder), pytest.raises(HubAlreadyRunning), claimed(folder):
        pass


def test_a_launcher_knows_whether_the_one_before_was_killed(folder: Folder) -> None:
    with claimed(folder) as left_behind:
        assert not left_behind
    with claimed(folder) as left_behind:
        assert not left_behind
    folder.lock.write_text("4242")
    with claimed(folder) as left_behind:
        assert left_behind


def test_what_a_killed_hub_said_is_not_believed(folder: Folder) -> None:
    announce(folder, Ports(), demo=True)
    folder.lock.write_text("4242")
    with pytest.raises(NoHubRunning):
        get_running(folder.root)


def test_the_journey_needs_a_demo(folder: Folder) -> None:
    with claimed(folder):
        announce(folder, Ports(), demo=False)
        with pytest.raises(NoDemoPeople):
            get_demo_hub(folder.root)


def test_a_command_without_a_hub_says_so_in_two_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--data", str(tmp_path)]) == 1
    answer = capsys.readouterr()
    assert answer.out == ""
    assert len(answer.err.splitlines()) == 2
    assert "hub up --demo" in answer.err


def test_folders_and_secrets_are_for_the_owner_alone(folder: Folder) -> None:
    path = folder.password_of("hub_intake")
    first = secret_in(path)
    assert secret_in(path) == first
    assert len(first) >= 40
    closed = [folder.root, folder.keys, folder.secrets, folder.logs, folder.nats, path]
    assert all(place.stat().st_mode & 0o077 == 0 for place in closed)


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Folder(tmp_path).prepare()
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_with_json_one_line_is_all_that_reaches_stdout() -> None:
    code = (
        "from deploy.local.telling import Teller; import os\n"
        "teller = Teller(as_json=True); teller.say('before'); teller.answer({'data_dir': 'here'})\n"
        "teller.say('afterwards'); os.system('echo from a child')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == {"data_dir": "here"}
    assert ran.stderr.split("\n") == ["before", "afterwards", "from a child", ""]


def test_the_answer_says_where_everything_is(folder: Folder) -> None:
    answer = answer_of(folder, Ports(), {"clients": ["c"], "staff": ["s"]})
    assert answer["services"]["console"] == "http://127.0.0.1:8000"
    assert (answer["clients"], answer["staff"], answer["data_dir"]) == (["c"], ["s"], str(folder.root))

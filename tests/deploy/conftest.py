"""Ports that are free, and PostgreSQL files made once and copied for each test."""

import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.local.postgres import running_postgres


def a_free_port() -> int:
    """Return a port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def free_port() -> Callable[[], int]:
    return a_free_port


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data_dir = tmp_path_factory.mktemp("made") / "var"
    with running_postgres(data_dir, a_free_port(), durable=False):
        pass
    return data_dir


@pytest.fixture
def data_dir(made_once: Path, tmp_path: Path) -> Path:
    """A data folder in which PostgreSQL has run before."""
    return Path(shutil.copytree(made_once, tmp_path / "var"))

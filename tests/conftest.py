import io
import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot import logs
from tests.world import World, world


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the conversations with today's answers")


MEMORY = Path("/dev/shm")
ROOM = 1 << 30  # bytes: of what tests write, a full run leaves less


def pytest_configure() -> None:
    """Keep databases in memory where there is room: a commit need not wait for the disk here."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(scope="session", autouse=True)
def _quiet() -> None:
    """Log as in production, to nowhere."""
    logs.setup("info", io.StringIO())


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[World]:
    """A prepared world."""
    async with world(tmp_path) as made:
        yield made


@pytest.fixture(scope="session", autouse=True)
def _only_this_machine() -> Iterator[None]:
    """A test that reaches for the network fails."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test reached for the network: {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    socket.socket.connect = refuse  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]

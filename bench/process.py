"""The bot that is measured: a child process, its clock time, processor time and memory."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import gettempdir

from bench.officers import paths

ROOT = Path(__file__).parent.parent
_TICK = os.sysconf("SC_CLK_TCK")


def _inherited() -> dict[str, str]:
    """Our environment; compiled modules are kept, as on any machine that starts a program twice."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PAYUNG_")}
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    return ours | {"PYTHONPYCACHEPREFIX": str(Path(gettempdir()) / "payung-bench-pyc")}


class Child:
    """A running bot; use `with`: it is killed at the end, whatever happens."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._log = folder / "bot.log"
        self._output = self._log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**_inherited(), "PYTHONPATH": str(ROOT), **environment},
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        if self.running:
            self._process.kill()
        self._process.wait()
        self._output.close()

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def status(self) -> int | None:
        """How it ended; the negative number of the signal that killed it."""
        return self._process.poll()

    def last_words(self) -> str:
        """The end of its log."""
        return self._log.read_text(errors="replace")[-2000:]

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        self._process.wait()

    async def ended(self, seconds: float) -> bool:
        """Wait for its end; False if it goes on."""
        try:
            await asyncio.to_thread(self._process.wait, seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    async def stop(self, seconds: float) -> bool:
        """SIGTERM, and wait; False if it goes on."""
        self._process.send_signal(signal.SIGTERM)
        return await self.ended(seconds)

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far, user and system, all threads."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    @property
    def memory(self) -> float:
        """Resident memory in MB."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(folder: Path, api: str, token: str, port: int, now: datetime) -> dict[str, str]:
    """The settings of a bot under measurement at Telegram, whose clock starts at `now`."""
    return of_bench(folder, port, now) | telegram(api, token)


def telegram(api: str, token: str) -> dict[str, str]:
    """What switches Telegram on, with open rates."""
    return {
        "PAYUNG_TELEGRAM_TOKEN": token,
        "PAYUNG_TELEGRAM_API": api,
        "PAYUNG_TELEGRAM_RATE": "1000000",
        "PAYUNG_TELEGRAM_CHAT_RATE": "1000000",
    }


def of_bench(folder: Path, port: int, now: datetime) -> dict[str, str]:
    """The settings of any bot under measurement."""
    database, key = paths(folder)
    return {
        "PAYUNG_DATABASE": str(database),
        "PAYUNG_KEY_FILE": str(key),
        "PAYUNG_HOST": "127.0.0.1",
        "PAYUNG_PORT": str(port),
        "PAYUNG_NOW": now.isoformat(),
    }

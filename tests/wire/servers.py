"""Where the other servers live and how they are started: each in its own environment under `.wire/`."""

import asyncio
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".wire"


class LeftOut(Exception):
    """The machine lacks something; the message says what."""


def python_of(version: str) -> str:
    """An interpreter of this version, from the path or from pyenv."""
    found = [shutil.which(f"python{version}")]
    found += [str(path) for path in Path.home().glob(f".pyenv/versions/{version}*/bin/python{version}")]
    for candidate in filter(None, found):
        if subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0:
            return candidate
    raise LeftOut(f"no Python {version} here")


def environment(name: str, requirement: str, python: str) -> str:
    """The interpreter of `.wire/<name>`, made on first use."""
    ours = PLACE / name / "bin" / "python"
    mark = PLACE / name / requirement
    if not mark.exists():
        commands = [[python, "-m", "venv", "--clear", str(PLACE / name)]]
        commands += [[str(ours), "-m", "pip", "install", "--quiet", requirement]]
        for command in commands:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise LeftOut(f"{requirement} could not be installed: {done.stderr.strip().splitlines()[-1]}")
        mark.touch()
    return str(ours)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@asynccontextmanager
async def running(
    command: list[str], folder: Path = ROOT, env: Mapping[str, str] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process with pipes, ended with the block."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


def report(name: str, work: Callable[[], Coroutine[object, object, str]]) -> None:
    """Run the comparison and print its one line; a difference is an error."""
    try:
        sys.stdout.write(f"{asyncio.run(work())}\n")
    except LeftOut as missing:
        sys.stdout.write(f"{name}: left out, {missing}\n")

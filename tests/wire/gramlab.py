"""gramlab (PyPI, MIT and BSL, Python 3.13) keeps offsets as Telegram does: our poller loses nothing to it.

The poller is killed (SIGKILL) at each point of taking updates, again and again.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.wire.poller import taken
from tests.wire.servers import ROOT, LeftOut, environment, python_of, report, running

REQUIREMENT = "gramlab==0.1.0a2"
POINTS = ("after_getupdates", "in_inbox_tx", "after_inbox_commit")
ROUNDS = 3
BURST = 5
INSIDE = "inside"


def own_network() -> list[str]:
    """The command that gives a process a network with nothing but loopback."""
    unshare = shutil.which("unshare")
    if (
        unshare is None
        or subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode
    ):
        raise LeftOut("unshare may not make a network namespace here")
    return [unshare, "-rn"]


async def compare() -> str:
    """Go on in a network of our own, as gramlab demands."""
    python = environment("gramlab", REQUIREMENT, python_of("3.13"))
    command = [*own_network(), sys.executable, "-m", "tests.wire.gramlab", INSIDE, python]
    async with running(command) as process:
        output, _ = await process.communicate()
    if process.returncode:
        raise AssertionError(f"the comparison failed: {output.decode()}")
    return output.decode().strip()


async def inside(python: str) -> None:
    """Start the server, talk and kill, then count."""
    server = str(Path(__file__).with_name("gramlab_server.py"))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "inbox.jsonl"
        async with running([python, "-I", server]) as process:
            said, killed = await talked(process, file)
        texts = [json.loads(line["body"])["message"]["text"] for line in taken(file)]
    assert killed == len(POINTS) * ROUNDS, killed
    assert texts == [f"pesan {number}" for number in range(said)], texts
    sys.stdout.write(f"{REQUIREMENT}: {said} messages, poller killed {killed} times, none lost, in order\n")


async def talked(server: asyncio.subprocess.Process, file: Path) -> tuple[int, int]:
    """Say a burst, kill the poller that takes it, and again; how much was said, how often it died."""
    assert server.stdin
    assert server.stdout
    place = json.loads(await server.stdout.readline())
    said = killed = 0
    for point in POINTS * ROUNDS:
        server.stdin.write(b"".join(b"pesan %d\n" % number for number in range(said, said + BURST)))
        for _ in range(BURST):
            await server.stdout.readline()
        said += BURST
        killed += await polled(place, file, said + BURST, point) == -signal.SIGKILL
    assert await polled(place, file, said, "") == 0
    return said, killed


async def polled(place: dict[str, str], file: Path, wanted: int, kill_at: str) -> int:
    """Run the poller until it has all or is killed; its exit code."""
    command = [
        sys.executable,
        "-m",
        "tests.wire.poller",
        place["address"],
        place["token"],
        str(file),
        str(wanted),
    ]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env={**os.environ, "PAYUNG_KILL_AT": kill_at}
    )
    return await asyncio.wait_for(process.wait(), 30)


if __name__ == "__main__":
    if sys.argv[1:2] == [INSIDE]:
        asyncio.run(inside(sys.argv[2]))
    else:
        report("gramlab", compare)

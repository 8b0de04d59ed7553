"""A program of its own beside the bot: what is heavy, or what a stranger sent, is worked on there."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ended:
    """What a child made, what it said beside that, and how it ended (0 for well)."""

    made: bytes
    said: bytes
    code: int | None


async def run(script: Path, told: bytes, patience: float, env: Mapping[str, str]) -> Ended:
    """Run a script on `told`; after `patience` seconds it is killed, and `TimeoutError` raised."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(script),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=env,
    )
    try:
        async with asyncio.timeout(patience):
            made, said = await child.communicate(told)
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    return Ended(made, said, child.returncode)

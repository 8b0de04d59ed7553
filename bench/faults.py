"""Fifteen schedules of faults, each with what must hold and what was counted.

    python -m bench.faults [--only F5]

The bot is the bot's own, over the fake platforms or over a store whose disk fails; long ones run in virtual time.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench import faults_network, faults_people, faults_store
from bench.rig import prepared
from bench.verdicts import Verdict
from bot import logs

#: Of the schedules what there is nothing for here, and why.
ELSEWHERE = (
    "F10 PostgreSQL: backends killed, failover, deadlocks: there is no second store; SQLite's lock is tried",
    "F9 a read-only remount and a limit of open files: need root, or the whole machine; writes that fail are tried",
    "F12 10,000 rows read while people chat: `bench.hostile` (a child process with limits)",
    "F13 24-hour window, paused texts, pair limit: `tests/test_ways.py`, `tests/test_whatsapp_sending.py`",
)
Scenario = Callable[[Path, Path], Verdict]


@dataclass(frozen=True)
class Named:
    """One schedule under its number."""

    name: str
    play: Scenario


ALL: Sequence[Named] = tuple(
    Named(name, play)
    for module in (faults_network, faults_store, faults_people)
    for name, play in module.SCENARIOS.items()
)


def played(names: Sequence[str]) -> Iterator[tuple[str, Verdict, float]]:
    """Each schedule in a folder of its own, in the order of their numbers."""
    with TemporaryDirectory(prefix="payung-faults-") as folder:
        made = Path(folder) / "made"
        made.mkdir()
        prepared(made)
        for one in sorted(ALL, key=lambda one: int(one.name[1:])):
            if names and one.name not in names:
                continue
            here = Path(folder) / one.name
            here.mkdir()
            begun = time.perf_counter()
            yield one.name, _judged(one, made, here), time.perf_counter() - begun


def _judged(one: Named, made: Path, here: Path) -> Verdict:
    try:
        return one.play(made, here)
    except (AssertionError, TimeoutError, asyncio.CancelledError) as error:
        return Verdict("it ends", f"{type(error).__name__}: {error}", stuck=1)


@click.command()
@click.option("--only", "names", multiple=True, help="Only this schedule, as in F5; may be repeated.")
def main(names: tuple[str, ...]) -> None:
    """Play them, print the table; exit 1 if one did not hold."""
    logs.setup("critical", sys.stderr)
    begun, verdicts = time.perf_counter(), list[Verdict]()
    for name, verdict, seconds in played(names):
        verdicts.append(verdict)
        held = "holds" if verdict.holds else "BROKEN"
        click.echo(f"{name:4} {held:7} {verdict.must}: {verdict.counted}  ({seconds:.1f} s)")
    for line in ELSEWHERE:
        click.echo(f"not here: {line}")
    totals = {
        what: sum(getattr(one, what) for one in verdicts) for what in ("lost", "wrong", "leaked", "stuck")
    }
    seconds = round(time.perf_counter() - begun)
    click.echo(json.dumps({"what": "faults", "runs": len(verdicts), **totals, "seconds": seconds}))
    raise SystemExit(0 if all(one.holds for one in verdicts) and verdicts else 1)


if __name__ == "__main__":
    main()

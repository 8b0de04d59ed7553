"""Everything that is done to the bot to break it, one after another, and one table of what came of it.

python -m bench.torture [--short] [--only fuzz …] [--kept FILE]
"""

import json
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import click

from bench.kept import Kept
from bench.table import FAULTS

#: Lines of a run's end that are shown where it broke.
SHOWN = 15


@dataclass(frozen=True)
class Row:
    """One line of the table: a program of its own, in full and in short, and how much it must at least have done."""

    name: str
    full: Sequence[str]
    short: Sequence[str]
    least: int
    counts: str  # what its runs are
    parts: Sequence[Sequence[str]] = ()  # what takes hours, in pieces that are started one by one
    together: int = 1  # so many of them at the same time

    def command(self, *, short: bool) -> list[str]:
        """What repeats it, after `python -m`."""
        return [*(self.short if short else self.full)]

    def commands(self, *, short: bool) -> list[list[str]]:
        """What is started for it."""
        return [[*part] for part in self.parts] if self.parts and not short else [self.command(short=short)]


def _crash(channel: str, *more: str) -> list[str]:
    return ["bench.crash", "--channel", channel, *more]


def _lives(channel: str) -> list[list[str]]:
    return [_crash(channel, "--kills", "50", "--seed", str(seed)) for seed in (1, 2, 3)]


def _years(seeds: str, years: int, villages: int, *more: str) -> list[str]:
    return ["bench.simulate", "--seeds", seeds, "--years", str(years), "--villages", str(villages), *more]


ROWS = (
    Row("kills", _crash("telegram", "--kills", "50", "--seed", "1-3"), _crash("telegram", "--kills", "8"), 150,
        "SIGKILLs over Telegram", _lives("telegram")),
    Row("kills-whatsapp", _crash("whatsapp", "--kills", "50", "--seed", "1-3"), _crash("whatsapp", "--kills", "8"), 150,
        "SIGKILLs over WhatsApp", _lives("whatsapp")),
    Row("faults", ["bench.faults"], ["bench.faults"], 15, "fault schedules"),
    Row("years", _years("1-20", 4, 400), _years("1-2", 1, 20), 20, "seeds of four simulated years",
        [_years(str(seed), 4, 400, "--processes", "1") for seed in range(1, 21)], together=2),
    Row("fuzz", ["bench.fuzz", "--cases", "100000"], ["bench.fuzz", "--cases", "4000"], 100_000, "broken updates"),
    Row("walks", ["bench.walks", "--walks", "10000"], ["bench.walks", "--walks", "200"], 10_000, "walks"),
    Row("hostile", ["bench.hostile"], ["bench.hostile", "--only", "xlsm", "--only", "billion laughs"], 12, "hostile files"),
    Row("backups", ["bench.keys"], ["bench.keys", "--villages", "20", "--flips", "40"], 400, "flipped backups"),
    Row("attacks", ["bench.attacks", "--processes", "2"], ["bench.attacks", "--processes", "2"], 34, "threats"),
)  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What a program said in its last line, and how it ended."""

    row: Row
    command: Sequence[str]
    status: int
    said: Mapping[str, float] = field(default_factory=dict)
    tail: str = ""  # of what it printed, where it broke
    short: bool = False

    @property
    def runs(self) -> int:
        """How much it did."""
        return int(self.said.get("runs", 0))

    @property
    def faults(self) -> list[int]:
        """Lost, wrong, leaked, stuck."""
        return [int(self.said.get(name, 0)) for name in FAULTS]

    @property
    def why(self) -> str:
        """What is wrong with it, or nothing."""
        if not self.said:
            return "said nothing"
        if any(self.faults):
            return "broken"
        if self.status:
            return f"ended with {self.status}"
        return "" if self.short or self.runs >= self.row.least else f"did less than {self.row.least}"


def read(output: str) -> dict[str, float]:
    """The last line as an object with all faults and the number of runs; empty if it is none."""
    line = next((line for line in reversed(output.splitlines()) if line.strip()), "")
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    whole = isinstance(found, dict) and all(isinstance(found.get(name), int) for name in ("runs", *FAULTS))
    return found if whole else {}


def run(row: Row, *, short: bool, kept: Kept) -> Result:
    """Carry the row out, but for what was kept of it."""
    with ThreadPoolExecutor(row.together) as pool:
        started = partial(_started, row, short=short, kept=kept)
        results = [*pool.map(started, row.commands(short=short))]
    return _together(row, results) if len(results) > 1 else results[0]


def _started(row: Row, command: Sequence[str], *, short: bool, kept: Kept) -> Result:
    if said := kept.get(command):
        return Result(row, command, 0, said, "", short)
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=False)
    said = read(done.stdout)
    if said:
        said.setdefault("seconds", time.perf_counter() - begun)
    tail = "\n".join((done.stdout + done.stderr).splitlines()[-SHOWN:])
    if said and not done.returncode:
        kept.keep(command, said)
    else:  # hours before the end of the row
        click.echo(f"not held: python -m {shlex.join(command)}", err=True)
    return Result(row, command, done.returncode, said, tail, short)


def _together(row: Row, results: Sequence[Result]) -> Result:
    """The pieces as one: sums, and the end of each that did not hold."""
    names = ("runs", *FAULTS, "seconds")
    whole = all(result.said for result in results)
    said = {name: sum(result.said.get(name, 0) for result in results) for name in names} if whole else {}
    tails = "\n".join(result.tail for result in results if result.status or not result.said)
    return Result(row, row.full, next((result.status for result in results if result.status), 0), said, tails)


def line(result: Result) -> str:
    """One row of the table."""
    numbers = "".join(f"{count:>8}" for count in result.faults)
    seconds = result.said.get("seconds", 0)
    what = f"{result.runs:>9,} {result.row.counts:<30}"
    return f"{what}{numbers}{seconds:>9.0f}  python -m {shlex.join(result.command)}  {result.why and f'<- {result.why}'}".rstrip()


def head() -> str:
    """The head of the table."""
    return f"{'':9} {'':30}{''.join(f'{name:>8}' for name in FAULTS)}{'seconds':>9}"


def total(results: Sequence[Result]) -> str:
    """The last line of the table."""
    sums = [sum(result.faults[at] for result in results) for at in range(len(FAULTS))]
    counted = ", ".join(f"{name} {count}" for name, count in zip(FAULTS, sums, strict=True))
    broken = [result.row.name for result in results if result.why]
    return f"{counted}: {'not held by ' + ', '.join(broken) if broken else 'held'}"


@click.command()
@click.option("--short", is_flag=True, help="Minutes in place of hours.")
@click.option("--only", multiple=True, type=click.Choice([row.name for row in ROWS]), help="Only these rows.")
@click.option(
    "--kept",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Results are kept here, and not made again for the same program.",
)
def main(short: bool, only: tuple[str, ...], kept: Path | None) -> None:
    """Run every row, print the table; exit 1 unless all of it holds."""
    results = []
    click.echo(head())
    for row in ROWS:
        if only and row.name not in only:
            continue
        results.append(run(row, short=short, kept=Kept(kept)))
        click.echo(line(results[-1]))
    for result in results:
        if result.why:
            click.echo(f"\n{result.row.name}, the end of what it said:\n{result.tail}")
    click.echo(total(results))
    raise SystemExit(1 if any(result.why for result in results) else 0)


if __name__ == "__main__":
    main()

"""Years of a whole district office on a clock that is moved, with all that goes wrong drawn from one seed.

    python -m bench.simulate [--seeds 1-20] [--years 4] [--villages 400] [--processes 2]

The bot is the bot's own, its loops, its store and its file included; people, network and disk are made up.  One
seed is one run, the same each time; a run that broke something prints the command that repeats it.
"""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bench import table, virtual
from bench.simulation import Found, Simulation, lived

SHOWN = 10


def live(seed: int, span: float, villages: int) -> Found:
    """One seed from its beginning to its end."""
    begun = time.process_time()
    with TemporaryDirectory(prefix="payung-simulate-") as folder:
        run = Simulation(Path(folder), seed, villages, round(span * 365.25))
        found = virtual.run(lived(run))
    found.cpu = time.process_time() - begun
    return found


@click.command()
@click.option("--seeds", default="1-20", show_default=True, callback=table.span, help="One, or from-to.")
@click.option("--years", "span", default=4.0, show_default=True)
@click.option("--villages", default=400, show_default=True)
@click.option("--processes", default=2, show_default=True)
def main(seeds: range, span: float, villages: int, processes: int) -> None:
    """Live each seed, judge it, print; exit 1 if anything was broken."""
    begun, results = time.perf_counter(), list[Found]()
    with ProcessPoolExecutor(processes, max_tasks_per_child=1) as pool:
        waiting = {pool.submit(live, seed, span, villages): seed for seed in seeds}
        for done in as_completed(waiting):
            results.append(_result(done, waiting[done]))
            for line in _lines(results[-1], span, villages):
                click.echo(line)
    click.echo(json.dumps(_summary(results, span, villages, time.perf_counter() - begun)))
    raise SystemExit(1 if any(found.broken for found in results) else 0)


def _result(done: Future[Found], seed: int) -> Found:
    try:
        return done.result()
    except Exception as error:  # noqa: BLE001 - a run that fell over is one that failed
        return Found(seed, broken=[f"the run itself fell over: {type(error).__name__}: {error}"])


def _lines(found: Found, span: float, villages: int) -> Iterator[str]:
    speed = 60 * found.days / 365.25 / found.cpu if found.cpu else 0
    faults = ", ".join(f"{kind} {number}" for kind, number in sorted(found.faults.items()))
    yield (
        f"seed {found.seed}: {found.villages} villages, {found.days} days, {found.steps} steps, {found.events} events, "
        f"{found.sent} messages, {found.reminders} planned ones, {found.restarts} restarts, broken {len(found.broken)}, "
        f"{found.cpu:.0f} s of a processor ({speed:.1f} years a minute)"
    )
    yield f"  {faults}; parked {found.parked}"
    yield from (f"  BROKEN {line[:300]}" for line in found.broken[:SHOWN])
    if found.broken:
        yield f"  repeat: python -m bench.simulate --seeds {found.seed} --years {span:g} --villages {villages}"


def _summary(results: Sequence[Found], span: float, villages: int, seconds: float) -> dict[str, object]:
    """For the runner: which invariant counts as what."""
    numbers = Counter(_kind(line) for found in results for line in found.broken)
    return {
        "what": "simulate", "runs": len(results), "lost": numbers["lost"], "wrong": numbers["wrong"],
        "leaked": numbers["leaked"], "stuck": numbers["stuck"], "seconds": round(seconds),
        "years": span * len(results), "villages": villages, "events": sum(found.events for found in results),
        "messages": sum(found.sent for found in results), "faults": sum(f.faults.total() for f in results),
        "failed_seeds": [found.seed for found in results if found.broken],
    }  # fmt: skip


def _kind(line: str) -> str:
    kinds = {"I1": "stuck", "I3": "lost", "I9": "leaked"}
    number = re.search(r"\bI\d+\b", line)
    return kinds.get(number[0], "wrong") if number else "wrong"


if __name__ == "__main__":
    main()

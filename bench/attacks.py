"""Every threat of the table, by the tests that the table names: they are run, and each threat is told.

python -m bench.attacks [--processes 2] [--only T30 …]
"""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
import pytest

from bench import table

ROOT = Path(__file__).parent.parent
_ROW = re.compile(r"(?m)^\| (T\d+) \| (.+?) \| ([0-9. –]+?) \| (.+?) \| (.+) \|$")
_NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
_OPEN = re.compile(r"(?i)\bopen: ([^|]+)")


@dataclass(frozen=True)
class Threat:
    """One row of docs/asvs.md."""

    name: str
    what: str
    items: str  # of ASVS
    against: str
    tests: tuple[str, ...]  # as pytest names them, without their cases
    quoted: int  # in the last column, tests or not

    @property
    def open(self) -> str:
        """What is not there yet."""
        found = _OPEN.search(self.against)
        return found[1].strip() if found else ""


def threats(text: str) -> list[Threat]:
    """The rows of the table."""
    found = []
    for name, what, items, against, last in _ROW.findall(text):
        named = tuple(f"tests/{file}::{test}" for file, test in _NAMED.findall(last))
        found.append(Threat(name, what, items, against, named, last.count("`") // 2))
    return found


def in_docs() -> list[Threat]:
    """The table as it is published."""
    return threats((ROOT / "docs" / "asvs.md").read_text(encoding="utf-8"))


@dataclass(eq=False)  # a plugin must be itself alone
class Outcomes:
    """A plugin of pytest: how each test ended, all of its cases together."""

    ended: dict[str, set[str]] = field(default_factory=dict)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A part of a test is over; setting up and tearing down count where they fail."""
        if report.when == "call" or report.outcome != "passed":
            self.ended.setdefault(report.nodeid.partition("[")[0], set()).add(report.outcome)

    def held(self, threat: Threat) -> list[str]:
        """The tests of the threat that did not pass in every case, or did not run."""
        return [test for test in threat.tests if self.ended.get(test) != {"passed"}]


def run(rows: Sequence[Threat], processes: int) -> Outcomes:
    """Run the tests that the rows name, each once."""
    tests = dict.fromkeys(test for threat in rows for test in threat.tests)
    outcomes = Outcomes()
    beside = ["-n", str(processes), "--dist", "worksteal"] if processes else ["-n", "0"]
    pytest.main(["-q", "--no-header", "-p", "no:warnings", *beside, *tests], plugins=[outcomes])
    return outcomes


def told(rows: Sequence[Threat], outcomes: Outcomes) -> Mapping[str, list[str]]:
    """Print a line for each threat; returns those that were not held, with their tests."""
    broken = {}
    for threat in rows:
        failed = outcomes.held(threat)
        state = "NOT HELD" if failed or not threat.tests else "held"
        beyond = f"; open: {threat.open}" if threat.open else ""
        click.echo(f"{threat.name:4} {state:8} {len(threat.tests):2} tests  {threat.what}{beyond}")
        if state != "held":
            broken[threat.name] = failed
    return broken


@click.command()
@click.option("--processes", default=0, show_default=True, help="Tests beside each other.")
@click.option("--only", multiple=True, help="Threats by their name in the table; all, where none is given.")
def main(processes: int, only: tuple[str, ...]) -> None:
    """Run, tell, count; exit 1 where a threat was not held."""
    begun = time.perf_counter()
    rows = [threat for threat in in_docs() if not only or threat.name in only]
    broken = told(rows, run(rows, processes))
    for name, tests in broken.items():
        click.echo(f"BROKEN {name}: {', '.join(tests) or 'no test'}")
    unmet = sum(bool(threat.open) for threat in rows)
    raise SystemExit(
        table.told(
            "attacks of the threat table",
            len(rows),
            time.perf_counter() - begun,
            wrong=len(broken),
            open=unmet,
        )
    )


if __name__ == "__main__":
    main()

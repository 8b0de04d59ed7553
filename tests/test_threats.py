"""The table of threats: each has its row, and every test that it names is there, is collected, and runs.

`python -m bench.attacks` runs them and tells each threat.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

from bench import attacks, torture
from bench.attacks import Outcomes, Threat
from bench.kept import Kept
from bench.torture import Row
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
TABLE = attacks.in_docs()
#: Where SQL is put together: names of tables and columns cannot be bound.
NAMES_OF_OUR_OWN = {"copies.py", "sealed.py", "rekeying.py"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def test_every_threat_has_its_row() -> None:
    assert [threat.name for threat in TABLE] == [f"T{number}" for number in range(1, 35)]


@cache
def _tests(file: str) -> dict[str, bool]:
    """The tests of a file that are collected and never left out; whether each runs on every machine."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    above = [ast.unparse(node) for node in tree.body if "pytestmark" in ast.unparse(node)[:10]]
    found = {}
    for one in tree.body:
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)) and one.name.startswith("test_"):
            marks = [*above, *map(ast.unparse, one.decorator_list)]
            if not any("skip" in mark or "xfail" in mark for mark in marks) and not _skips(one):
                found[one.name] = not any("needs." in mark for mark in marks)
    return found


def _skips(one: ast.AST) -> bool:
    """Whether it may leave itself out while it runs."""
    called = [ast.unparse(node.func) for node in ast.walk(one) if isinstance(node, ast.Call)]
    return any(name in ("pytest.skip", "pytest.importorskip", "pytest.xfail") for name in called)


@pytest.mark.parametrize("threat", TABLE, ids=lambda threat: threat.name)
def test_every_test_that_is_named_is_there_and_runs(threat: Threat) -> None:
    assert len(threat.tests) == threat.quoted >= 1
    named = [test.split("::") for test in threat.tests]
    assert [test for file, test in named if test not in _tests(file)] == []
    assert any(_tests(file)[test] for file, test in named), "none of them runs on every machine"


def test_what_is_left_open_says_what_it_is() -> None:
    assert all(len(threat.open) > 10 for threat in TABLE if "open" in threat.against.lower().split(";")[-1])


def test_a_threat_is_held_by_tests_that_passed_in_every_case() -> None:
    threat = Threat("T1", "", "", "", ("tests/test_x.py::test_a", "tests/test_x.py::test_b"), 2)
    passed, failed, skipped = ({"passed"}, {"passed", "failed"}, {"skipped"})
    a, b = threat.tests
    assert Outcomes({a: passed, b: passed}).held(threat) == []
    assert Outcomes({a: passed, b: failed}).held(threat) == [b]
    assert Outcomes({a: skipped, b: passed}).held(threat) == [a]
    assert Outcomes({a: passed}).held(threat) == [b]


@pytest.mark.slow
def test_a_threat_is_attacked() -> None:
    found = torture.run(
        Row("attacks", [], ["bench.attacks", "--only", "T1"], 1, "threats"), short=True, kept=Kept(None)
    )
    assert (found.status, found.runs, found.faults) == (0, 1, [0, 0, 0, 0])


def test_a_threat_without_a_test_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    bare = Threat("T9", "x", "", "Something; open: the rest of it", (), 0)
    assert attacks.told([bare], Outcomes()) == {"T9": []}
    assert "open: the rest of it" in capsys.readouterr().out


def test_sql_is_put_together_only_from_names_of_our_own() -> None:
    """The linter refuses SQL made of strings (S608); these are the only places that say otherwise."""
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
    found = {path.name for path in files if "S608" in path.read_text(encoding="utf-8")}
    assert found == NAMES_OF_OUR_OWN


def test_only_this_machine_can_ask_unless_the_operator_says_otherwise() -> None:
    assert Settings.model_fields["host"].default == "127.0.0.1"
    assert Settings.model_fields["telegram_mode"].default == "poll"

"""The table of threats: each has its row, and every test that it names is there and runs."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
ROW = re.compile(r"(?m)^\| (T\d+) \| (.+?) \| ([0-9. –]+?) \| (.+?) \| (.+) \|$")
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")
TABLE = ROW.findall((ROOT / "docs" / "asvs.md").read_text(encoding="utf-8"))
#: Where SQL is put together: names of tables and columns cannot be bound.
NAMES_OF_OUR_OWN = {"copies.py", "sealed.py", "rekeying.py"}


def test_every_threat_has_its_row() -> None:
    assert [row[0] for row in TABLE] == [f"T{number}" for number in range(1, 35)]


@cache
def _tests(file: str) -> dict[str, bool]:
    """The tests of a file, and whether each is run everywhere."""
    tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    return {
        one.name: not any("skip" in ast.unparse(each) for each in one.decorator_list) for one in functions
    }


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_every_test_that_is_named_is_there_and_runs(row: tuple[str, ...]) -> None:
    named = NAMED.findall(row[4])
    assert len(named) == row[4].count("`") // 2 >= 1
    assert [name for file, name in named if not _tests(file).get(name)] == []


def test_sql_is_put_together_only_from_names_of_our_own() -> None:
    """The linter refuses SQL made of strings (S608); these are the only places that say otherwise."""
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
    found = {path.name for path in files if "S608" in path.read_text(encoding="utf-8")}
    assert found == NAMES_OF_OUR_OWN


def test_only_this_machine_can_ask_unless_the_operator_says_otherwise() -> None:
    assert Settings.model_fields["host"].default == "127.0.0.1"
    assert Settings.model_fields["telegram_mode"].default == "poll"

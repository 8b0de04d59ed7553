"""The rules of the house that a program can check: who may import whom, and how large things may be."""

import ast
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot import points
from bot.store.sealed import COLUMNS

ROOT = Path(__file__).parent.parent

#: Floor of each module; the longest name that fits counts.  An import goes down, or stays on its floor.
FLOORS = {
    "bot": 0,
    "bot.messages": 0,
    "bot.errors": 0,
    "bot.clock": 0,
    "bot.settings": 0,
    "bot.logs": 0,
    "bot.texts": 0,
    "bot.points": 0,
    "bot.stencils": 0,
    "bot.stencil_lint": 0,
    "bot.bells": 0,
    "bot.domain": 1,
    "bot.rules": 2,
    "bot.store": 2,
    "bot.forms": 2,
    "bot.progress": 2,
    "bot.channels": 2,
    "bot.channels.base": 2,
    "bot.pace": 3,
    "bot.planning": 3,
    "bot.ways": 3,
    "bot.publishing": 3,
    "bot.receipts": 3,
    "bot.accounts": 3,
    "bot.regions": 3,
    "bot.turns": 3,
    "bot.filling": 3,
    "bot.routing": 3,
    "bot.presses": 3,
    "bot.guarding": 3,
    "bot.door": 3,
    "bot.ledger": 3,
    "bot.budgets": 3,
    "bot.retention": 3,
    "bot.renaming": 3,
    "bot.ruling": 3,
    "bot.reports": 3,
    "handlers": 4,
    "bot.inbox": 4,
    "bot.delivery": 4,
    "bot.jobs": 4,
    "bot.schedule": 4,
    "bot.health": 4,
    "bot.backup": 4,
    "bot.keys": 4,
    "bot.rivals": 4,
    "bot.channels.memory": 4,
    "bot.channels.telegram": 4,
    "bot.channels.web": 4,
    "bot.channels.whatsapp": 4,
    "bot.channels.whatsapp_letters": 3,  # what a letter looks like there: the demo draws it, nobody sends it
    "bot.works": 5,
    "bot.engine": 5,
    "bot.gateways": 5,
    "bot.app": 5,
    "bot.demo": 6,
    "bot.check": 6,
    "bot.breach_command": 6,
    "bot.breach": 3,
    "bot.template_commands": 6,
    "bot.key_commands": 6,
    "bot.template_cost": 3,
    "bot.__main__": 7,  # the command line starts the demo and the check
}
#: Modules of one unit may know each other although they stand on floor 4.
UNITS = ("handlers", "bot.channels.telegram", "bot.channels.web", "bot.channels.whatsapp")
SIDEWAYS_FREE = 4

#: Who alone may name a library.
FENCES = {
    "telegram": ("bot.channels.telegram",),
    "starlette": (
        "bot.channels.posted",
        "bot.gateways",
        "bot.channels.web",
        "bot.channels.telegram",
        "bot.channels.whatsapp",
        "bot.health",
        "bot.app",
        "bot.demo",
    ),
    "uvicorn": ("bot.app",),
    "sse_starlette": ("bot.channels.web",),
    "aiosqlite": ("bot.store",),
    "aiosql": ("bot.store",),
    "jinja2": ("bot.texts", "bot.channels.web_pages"),
    "cryptography": ("bot.store.vault",),
    "apscheduler": ("bot.schedule",),
    "click": ("bot.breach_command", "bot.__main__", "bot.template_commands", "bot.key_commands"),
    "pydantic": ("bot.settings",),
    "pydantic_settings": ("bot.settings",),
    "structlog": ("bot.logs",),
    "prometheus_client": ("bot.health",),
    "openpyxl": ("bot.reports.reading",),
    "xlsxwriter": ("bot.reports.sheets", "bot.reports.books"),
    "typst": ("bot.reports.typesetting",),
    "lokal": ("bot.regions", "bot.domain"),
    "pywa": ("bot.channels.whatsapp_wire",),
    "pywa_async": ("bot.channels.whatsapp_wire",),
    "httpx": ("bot.channels.whatsapp_wire",),
    "aiohttp": ("bot.channels.telegram", "bot.check"),
}
#: Outside the store these may catch `sqlite3.Error`, and know nothing else of the database.
MAY_CATCH = ("bot.inbox", "bot.delivery", "bot.jobs", "bot.schedule", "bot.__main__")
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "core", "models", "services", "misc"}
ARCHITECTURE = ROOT / "docs" / "ARCHITECTURE.md"
LONGEST_MODULE = 350
LONGEST_FUNCTION = 45


def _files() -> Iterator[Path]:
    for folder in ("bot", "handlers"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def _trees() -> dict[str, ast.Module]:
    return {_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in _files()}


@cache
def _nodes(module: str) -> tuple[ast.AST, ...]:
    """Everything that is written in a module."""
    return tuple(ast.walk(_trees()[module]))


@cache
def _imports(module: str) -> frozenset[str]:
    """Everything a module imports, our own modules by their full name."""
    return frozenset(_imported(module))


def _imported(module: str) -> Iterator[str]:
    for node in _nodes(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in _trees() else node.module


def _ours(module: str) -> set[str]:
    return {name for name in _imports(module) if name in _trees()} - {module}


def _fits(module: str, prefix: str) -> bool:
    """A prefix fits whole names, and `bot.channels.web` also `bot.channels.web_pages`."""
    return module == prefix or module.startswith((f"{prefix}.", f"{prefix}_"))


def _floor(module: str) -> int:
    fitting = [prefix for prefix in FLOORS if _fits(module, prefix) and prefix != "bot"]
    assert fitting or module == "bot", f"{module} stands on no floor: add it to FLOORS"
    return FLOORS[max(fitting, key=len, default="bot")]


def _unit(module: str) -> str:
    return next((unit for unit in UNITS if _fits(module, unit)), module)


def test_an_import_goes_down_and_never_sideways_on_the_floor_of_moving_parts() -> None:
    floors = {module: _floor(module) for module in _trees()}
    pairs = [(module, other) for module in _trees() for other in _ours(module)]
    above = [(module, other) for module, other in pairs if floors[other] > floors[module]]
    moving = [(module, other) for module, other in pairs if floors[module] == SIDEWAYS_FREE == floors[other]]
    beside = [(module, other) for module, other in moving if _unit(other) != _unit(module)]
    assert (above, beside) == ([], [])


def _told(head: str) -> Iterator[list[str]]:
    """The cells of each row of the document's table that begins with such a head."""
    _, found, rest = ARCHITECTURE.read_text(encoding="utf-8").partition(f"| {head} |")
    assert found, head
    for line in rest.partition("\n\n")[0].splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_document_names_every_floor_once_and_truly() -> None:
    told = [
        (name, int(floor))
        for floor, modules in _told("floor")
        for name in re.findall(r"`((?:bot|handlers)[a-z_.]*)\*?`", modules)
    ]
    assert Counter(told) == Counter(FLOORS.items())


def test_the_document_names_every_table_once_and_what_is_sealed_in_it() -> None:
    with sqlite3.connect(":memory:") as database:
        for file in sorted((ROOT / "bot" / "store" / "migrations").glob("*.sql")):
            database.executescript(file.read_text(encoding="utf-8"))
        there = {
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            )
        }
    rows = [
        (table, sealed) for tables, _, sealed in _told("table") for table in re.findall(r"`(\w+)`", tables)
    ]
    assert Counter(table for table, _ in rows) == Counter(there)
    told = dict(rows)
    missing = [each for each in COLUMNS if each.partition(".")[2] not in told[each.partition(".")[0]]]
    assert missing == []


def test_no_module_imports_itself_in_a_circle() -> None:
    done: set[str] = set()

    def visit(module: str, way: tuple[str, ...]) -> None:
        assert module not in way, " → ".join((*way, module))
        if module not in done:
            for other in sorted(_ours(module)):
                visit(other, (*way, module))
            done.add(module)

    for module in _trees():
        visit(module, ())


@pytest.mark.parametrize("library", sorted(FENCES))
def test_a_library_stays_behind_its_fence(library: str) -> None:
    found = {m for m in _trees() if any(_fits(name, library) for name in _imports(m))}
    assert {m for m in found if not any(_fits(m, fence) for fence in FENCES[library])} == set()


def test_only_the_store_speaks_to_the_database() -> None:
    for module in _trees():
        if "sqlite3" not in _imports(module) or _fits(module, "bot.store"):
            continue
        named = {
            node.attr
            for node in _nodes(module)
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "sqlite3"
        }
        assert module in MAY_CATCH, module
        assert {name for name in named if not name.endswith("Error")} == set(), module


def test_only_the_clock_asks_the_machine_for_the_time() -> None:
    asked = {
        module
        for module in _trees()
        for node in _nodes(module)
        if isinstance(node, ast.Attribute)
        and node.attr in ("now", "utcnow", "today")
        and isinstance(node.value, ast.Name)
        and node.value.id in ("datetime", "date")
    }
    assert asked == {"bot.clock"}


def test_every_point_of_the_crash_bench_stands_in_the_code() -> None:
    reached = {
        node.args[0].value
        for module in _trees()
        for node in _nodes(module)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) == "reached"
        and isinstance(node.args[0], ast.Constant)
    }
    assert reached == {*points.NAMES, *points.OF_KEYS}


def test_a_module_says_in_its_name_what_it_is_about() -> None:
    assert {m for m in _trees() if NAMES_THAT_SAY_NOTHING & set(m.split("."))} == set()


def test_a_module_fits_on_a_few_pages() -> None:
    lines = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _files()}
    assert {module: count for module, count in lines.items() if count > LONGEST_MODULE} == {}


def _functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for module in _trees():
        for node in _nodes(module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{module}.{node.name}", node


def test_a_function_fits_on_one_page() -> None:
    lines = {name: (node.end_lineno or node.lineno) - node.lineno + 1 for name, node in _functions()}
    assert {name: count for name, count in lines.items() if count > LONGEST_FUNCTION} == {}


def test_a_function_imports_nothing() -> None:
    inside = {
        name
        for name, node in _functions()
        if any(isinstance(each, ast.Import | ast.ImportFrom) for each in ast.walk(node))
    }
    assert inside == set()


def test_a_module_says_what_it_is_for() -> None:
    assert {module for module, tree in _trees().items() if not ast.get_docstring(tree)} == set()


def test_a_handler_cannot_wait_for_anything() -> None:
    waits = {
        module
        for module in _trees()
        for node in _nodes(module)
        if _fits(module, "handlers") and isinstance(node, ast.AsyncFunctionDef | ast.Await)
    }
    assert waits == set()

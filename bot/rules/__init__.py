"""Reads the dated rules from the TOML files beside this module, and from a district's own folder.

Every row is checked when the program starts; what is wrong is said with the file and the row.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import date, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar, get_type_hints
from zoneinfo import ZoneInfo

from bot.domain.people import Category, Position
from bot.domain.rulebook import (
    EVERYWHERE,
    Cap,
    Certainty,
    Dated,
    District,
    Payer,
    Programme,
    ProgrammeSet,
    Rate,
    Risk,
    Rules,
    Stage,
    WageBase,
)
from bot.errors import Misconfigured

FOLDER = Path(__file__).parent

T = TypeVar("T")
Row = Category | Position | Programme | District | Rate | Risk | Cap | ProgrammeSet | WageBase | Stage

#: Each table's rows, and what makes one row replace another (beside `effective_from`).
TABLES: Mapping[str, tuple[type[Row], tuple[str, ...]]] = {
    "programme": (Programme, ("code",)),
    "rate": (Rate, ("programme", "risk", "payer")),
    "risk": (Risk, ("district",)),
    "cap": (Cap, ("programme",)),
    "category": (Category, ("code",)),
    "position": (Position, ("code",)),
    "district": (District, ("code",)),
    "programme_set": (ProgrammeSet, ("district", "category")),
    "wage_base": (WageBase, ("district", "category", "position")),
    "stage": (Stage, ("name",)),
}


def load(folder: Path | None = None, *more: Path) -> Rules:
    """The rules of `folder` (those of the program, if none is named).

    Rows of the folders in `more` are added; one with the same key and the same `effective_from`
    replaces the earlier one.
    """
    found: dict[tuple[object, ...], tuple[str, Row]] = {}
    for place in (folder or FOLDER, *more):
        here: dict[tuple[object, ...], tuple[str, Row]] = {}
        for where, table, raw in _raw_rows(place):
            row = _row(TABLES[table][0], raw, where)
            key = (
                table,
                *(getattr(row, name) for name in TABLES[table][1]),
                getattr(row, "effective_from", None),
            )
            if key in here:
                raise Misconfigured(f"{where}: the same as {here[key][0]}")
            here[key] = (where, row)
        found |= here
    rules = _rules([row for _, row in found.values()])
    for where, row in found.values():
        _check_references(rules, row, where)
    return rules


def _raw_rows(folder: Path) -> Iterable[tuple[str, str, Mapping[str, object]]]:
    """Every row with the words that say where it stands."""
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise Misconfigured(f"{folder}: holds no rules (*.toml)")
    for path in paths:
        try:
            tables = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Misconfigured(f"{path.name}: cannot be read: {error}") from error
        for table, rows in tables.items():
            if table not in TABLES or not isinstance(rows, list):
                raise Misconfigured(f"{path.name}: [[{table}]] is not a table of rules")
            for number, row in enumerate(rows, 1):
                yield f"{path.name}, [[{table}]] row {number}", table, row


def _row(kind: type[T], raw: Mapping[str, object], where: str) -> T:
    hints = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    if strange := sorted(raw.keys() - known.keys()):
        raise Misconfigured(f"{where}: unknown key {', '.join(strange)}")
    missing = [name for name, field in known.items() if field.default is MISSING and name not in raw]
    if missing:
        raise Misconfigured(f"{where}: {', '.join(missing)} missing")
    row = kind(**{name: _value(hints[name], value, f"{where}: {name}") for name, value in raw.items()})
    if isinstance(row, Dated) and row.effective_to and row.effective_to < row.effective_from:
        raise Misconfigured(f"{where}: effective_to is before effective_from")
    return row


def _value(kind: object, raw: object, where: str) -> object:
    """A value as the row's field wants it; strict, since TOML has types of its own."""
    try:
        return _READERS[kind](raw)
    except (ValueError, InvalidOperation, TypeError, OSError, LookupError) as error:
        raise Misconfigured(f"{where} cannot be {raw!r}") from error


def _exactly(kind: type[T]) -> Callable[[object], T]:
    def read(raw: object) -> T:
        if type(raw) is not kind:
            raise ValueError(raw)
        return raw

    return read


def _texts(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list):
        raise ValueError(raw)
    return tuple(_exactly(str)(item) for item in raw)


def _percent(raw: object) -> Decimal:
    """Percentages are written as text, "0.24", so that no binary fraction comes in."""
    percent = Decimal(_exactly(str)(raw))
    if not 0 <= percent <= 100:
        raise ValueError(raw)
    return percent


def _amount(raw: object) -> int:
    number = _exactly(int)(raw)
    if abs(number) > 10**12:
        raise ValueError(raw)
    return number


_READERS: Mapping[object, Callable[[object], object]] = {
    str: _exactly(str),
    int: _amount,
    Decimal: _percent,
    date: _exactly(date),
    date | None: _exactly(date),
    time: _exactly(time),
    tuple[str, ...]: _texts,
    ZoneInfo: lambda raw: ZoneInfo(_exactly(str)(raw)),
    Payer: lambda raw: Payer(_exactly(str)(raw)),
    Certainty: lambda raw: Certainty(_exactly(str)(raw)),
}


def _rules(rows: list[Row]) -> Rules:
    def of(kind: type[T]) -> tuple[T, ...]:
        return tuple(row for row in rows if isinstance(row, kind))

    return Rules(
        programmes=of(Programme),
        all_rates=of(Rate),
        all_risks=of(Risk),
        all_caps=of(Cap),
        categories=of(Category),
        positions=of(Position),
        districts=of(District),
        all_programme_sets=of(ProgrammeSet),
        all_wage_bases=of(WageBase),
        all_stages=of(Stage),
    )


def _check_references(rules: Rules, row: Row, where: str) -> None:
    """What a row names must exist: a mistyped code would otherwise only be missed on a village's bill."""
    known = {
        "programme": {programme.code for programme in rules.programmes},
        "category": {category.code for category in rules.categories},
        "position": {position.code for position in rules.positions} | {""},
        "district": {district.code for district in rules.districts} | {EVERYWHERE},
    }
    for name, codes in known.items():
        code = getattr(row, name, None)
        if code is not None and code not in codes:
            raise Misconfigured(f"{where}: there is no {name} {code!r}")
    for code in getattr(row, "programmes", ()):
        if code not in known["programme"]:
            raise Misconfigured(f"{where}: there is no programme {code!r}")

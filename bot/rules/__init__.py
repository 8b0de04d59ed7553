"""Reads the dated rules from the TOML files beside this module, and from a district's own folder.

Every row is checked when the program starts; what is wrong is said with the file and the row.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

from bot.domain.budget import Account, Funding, FundingRule
from bot.domain.customs import (
    Criterion,
    District,
    DueRule,
    Holiday,
    ProgrammeSet,
    Stage,
    WageBase,
    WhatsappPrice,
)
from bot.domain.dated import EVERYWHERE, Segment
from bot.domain.people import Category, Position
from bot.domain.retention import Retention
from bot.domain.rulebook import Rules
from bot.domain.sipp import SippLayout, SippUse
from bot.domain.statements import Answer, Benefit, ReportLimit
from bot.domain.tariffs import (
    AgeLimit,
    BpuRate,
    Cap,
    ConstructionTax,
    ConstructionTier,
    ConstructionWage,
    Discount,
    DiscountUse,
    Penalty,
    Programme,
    Rate,
    Risk,
)
from bot.errors import Misconfigured
from bot.rules.rows import OF_FILES, OF_JSON, TABLES, Row, key, read

FOLDER = Path(__file__).parent

T = TypeVar("T")


def load(folder: Path | None = None, *more: Path) -> Rules:
    """The rules of `folder` (those of the program, if none is named).

    Rows of the folders in `more` are added; one with the same key and the same `effective_from`
    replaces the earlier one.
    """
    found: dict[tuple[object, ...], tuple[str, Row]] = {}
    for place in (folder or FOLDER, *more):
        here: dict[tuple[object, ...], tuple[str, Row]] = {}
        for where, table, raw in _raw_rows(place):
            row = read(table, raw, where, OF_FILES)
            if key(table, row) in here:
                raise Misconfigured(f"{where}: the same as {here[key(table, row)][0]}")
            here[key(table, row)] = (where, row)
        found |= here
    return _checked([row for _, row in found.values()], found.values())


def with_decisions(base: Rules, rows: Sequence[tuple[str, str, Mapping[str, object]]]) -> Rules:
    """`base` with the rows that districts set in chat: (district, table, row as JSON has it).

    Of two with the same key and the same `effective_from` the later one counts.  A district decides for
    itself alone.
    """
    found = {key(table, row): ("", row) for table, row in _rows_of(base)}
    decided: dict[tuple[object, ...], tuple[str, Row]] = {}
    for number, (district, table, raw) in enumerate(rows, 1):
        where = f"decision {number} of {district}, [[{table}]]"
        if table not in TABLES or "district" not in {field.name for field in fields(TABLES[table][0])}:
            raise Misconfigured(f"{where}: not for a district to decide")
        row = read(table, raw, where, OF_JSON)
        if getattr(row, "district", "") != district:
            raise Misconfigured(f"{where}: district is not {district!r}")
        decided[key(table, row)] = (where, row)
    return _checked([row for _, row in (found | decided).values()], decided.values())


def counts(found: Rules) -> Mapping[str, int]:
    """How many rows each table has."""
    return Counter(table for table, _ in _rows_of(found))


def _rows_of(rules: Rules) -> Iterator[tuple[str, Row]]:
    tables = {kind: table for table, (kind, _) in TABLES.items()}
    for field in fields(rules):
        for row in getattr(rules, field.name):
            yield tables[type(row)], row


def _raw_rows(folder: Path) -> Iterable[tuple[str, str, object]]:
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


def _checked(rows: Sequence[Row], new: Iterable[tuple[str, Row]]) -> Rules:
    """The rules of `rows`, of which those in `new` name nothing that is missing."""
    rules = _rules(rows)
    for where, row in new:
        _check_references(rules, row, where)
    return rules


def _rules(rows: Sequence[Row]) -> Rules:
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
        all_due_rules=of(DueRule),
        holidays=of(Holiday),
        all_bpu_rates=of(BpuRate),
        all_discounts=of(Discount),
        all_discount_uses=of(DiscountUse),
        all_construction_tiers=of(ConstructionTier),
        all_construction_wages=of(ConstructionWage),
        all_construction_taxes=of(ConstructionTax),
        all_penalties=of(Penalty),
        fundings=of(Funding),
        all_funding_rules=of(FundingRule),
        all_accounts=of(Account),
        all_age_limits=of(AgeLimit),
        all_whatsapp_prices=of(WhatsappPrice),
        all_benefits=of(Benefit),
        all_report_limits=of(ReportLimit),
        all_answers=of(Answer),
        all_sipp_layouts=of(SippLayout),
        all_sipp_uses=of(SippUse),
        all_criteria=of(Criterion),
        all_retentions=of(Retention),
    )


def _check_references(rules: Rules, row: Row, where: str) -> None:
    """What a row names must exist: a mistyped code would otherwise only be missed on a village's bill."""
    known = {
        "programme": {programme.code for programme in rules.programmes},
        "category": {category.code for category in rules.categories},
        "position": {position.code for position in rules.positions},
        "district": {district.code for district in rules.districts} | {EVERYWHERE},
        "funding": {funding.code for funding in rules.fundings},
    }
    optional = {field.name for field in fields(row) if field.default == ""}
    for name, codes in known.items():
        code = getattr(row, name, None)
        if code is not None and code not in codes and not (code == "" and name in optional):
            raise Misconfigured(f"{where}: there is no {name} {code!r}")
    for code in getattr(row, "programmes", ()):
        if code not in known["programme"]:
            raise Misconfigured(f"{where}: there is no programme {code!r}")
    if isinstance(row, ProgrammeSet) and row.segment is Segment.BPU:
        for code in row.programmes:
            if code not in {rate.programme for rate in rules.all_bpu_rates}:
                raise Misconfigured(f"{where}: BPU has no programme {code!r}")

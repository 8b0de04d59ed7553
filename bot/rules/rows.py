"""One row of the rules: from what a file or a chat says to a checked value, or a word on what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, time
from decimal import Decimal, InvalidOperation
from typing import TypeVar, get_type_hints
from zoneinfo import ZoneInfo

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
from bot.domain.dated import Certainty, Dated, Segment
from bot.domain.people import Category, Position
from bot.domain.retention import Retention
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
    Payer,
    Penalty,
    Programme,
    Rate,
    Risk,
)
from bot.errors import Misconfigured

T = TypeVar("T")
Readers = Mapping[object, Callable[[object], object]]
Row = (
    Category | Position | Programme | District | Rate | Risk | Cap | ProgrammeSet | WageBase | Stage | DueRule
    | Holiday | BpuRate | Discount | DiscountUse | ConstructionTier | ConstructionWage | ConstructionTax | Penalty
    | Funding | FundingRule | Account | AgeLimit | WhatsappPrice | Benefit | ReportLimit
    | Answer | SippLayout | SippUse | Criterion | Retention
)  # fmt: skip

#: Each table's rows, and what makes one row replace another (beside `effective_from`).
TABLES: Mapping[str, tuple[type[Row], tuple[str, ...]]] = {
    "programme": (Programme, ("code",)),
    "rate": (Rate, ("programme", "risk", "payer")),
    "risk": (Risk, ("district",)),
    "cap": (Cap, ("programme",)),
    "category": (Category, ("district", "code")),
    "position": (Position, ("district", "code")),
    "district": (District, ("code",)),
    "programme_set": (ProgrammeSet, ("district", "category")),
    "wage_base": (WageBase, ("district", "category", "position")),
    "stage": (Stage, ("district", "kind", "name")),
    "due_rule": (DueRule, ("district", "segment")),
    "holiday": (Holiday, ("district", "day")),
    "bpu_rate": (BpuRate, ("programme", "above")),
    "discount": (Discount, ("worker", "programmes")),
    "discount_use": (DiscountUse, ("district",)),
    "construction_tier": (ConstructionTier, ("above",)),
    "construction_wage": (ConstructionWage, ()),
    "construction_tax": (ConstructionTax, ()),
    "penalty": (Penalty, ("district",)),
    "funding": (Funding, ("code",)),
    "funding_rule": (FundingRule, ("district", "category", "funding")),
    "account": (Account, ("district", "category")),
    "age_limit": (AgeLimit, ("segment", "programme")),
    "whatsapp_price": (WhatsappPrice, ("district",)),
    "benefit": (Benefit, ("event", "code")),
    "report_limit": (ReportLimit, ()),
    "answer": (Answer, ("topic",)),
    "sipp_layout": (SippLayout, ("generation", "sheet")),
    "sipp_use": (SippUse, ("district",)),
    "criterion": (Criterion, ("district", "code")),
    "retention": (Retention, ("what",)),
}


def key(table: str, row: Row) -> tuple[object, ...]:
    """Rows with the same key replace one another."""
    return (table, *(getattr(row, name) for name in TABLES[table][1]), getattr(row, "effective_from", None))


def read(table: str, raw: object, where: str, readers: Readers) -> Row:
    """The row that `raw` says; raises Misconfigured, beginning with `where`, if anything is wrong with it."""
    if not isinstance(raw, Mapping):
        raise Misconfigured(f"{where}: is not a row")
    kind = TABLES[table][0]
    hints = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}
    if strange := sorted(raw.keys() - known.keys()):
        raise Misconfigured(f"{where}: unknown key {', '.join(strange)}")
    missing = [name for name, field in known.items() if field.default is MISSING and name not in raw]
    if missing:
        raise Misconfigured(f"{where}: {', '.join(missing)} missing")
    values = {name: _value(readers[hints[name]], raw[name], f"{where}: {name}") for name in raw}
    try:
        row = kind(**values)  # type: ignore[arg-type]  # each value was read as its field wants it
    except ValueError as error:
        raise Misconfigured(f"{where}: {error}") from error
    if isinstance(row, Dated) and row.effective_to and row.effective_to < row.effective_from:
        raise Misconfigured(f"{where}: effective_to is before effective_from")
    return row


def _value(reader: Callable[[object], object], raw: object, where: str) -> object:
    try:
        return reader(raw)
    except (ValueError, InvalidOperation, TypeError, OSError, LookupError) as error:
        raise Misconfigured(f"{where} cannot be {raw!r}") from error


def _exactly(kind: type[T]) -> Callable[[object], T]:
    def reader(raw: object) -> T:
        if type(raw) is not kind:
            raise ValueError(raw)
        return raw

    return reader


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


def _day(raw: object) -> date:
    return date.fromisoformat(_exactly(str)(raw))


def _time(raw: object) -> time:
    return time.fromisoformat(_exactly(str)(raw))


#: Strict, since TOML has types of its own.
OF_FILES: Readers = {
    str: _exactly(str),
    int: _amount,
    bool: _exactly(bool),
    Decimal: _percent,
    date: _exactly(date),
    date | None: _exactly(date),
    time: _exactly(time),
    tuple[str, ...]: _texts,
    ZoneInfo: lambda raw: ZoneInfo(_exactly(str)(raw)),
    Payer: lambda raw: Payer(_exactly(str)(raw)),
    Certainty: lambda raw: Certainty(_exactly(str)(raw)),
    Segment: lambda raw: Segment(_exactly(str)(raw)),
}
#: JSON has no days and times: "2027-01-01", "09:00:00".
OF_JSON: Readers = {**OF_FILES, date: _day, date | None: _day, time: _time}

"""Building projects of the villages, with their instalments and what addenda changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain import projects
from bot.domain.cleaning import words
from bot.domain.projects import Basis, Cover, Part, Progress, State
from bot.store.database import Row, Tx, queries
from bot.store.inbox import stamp
from bot.store.vault import Vault

Q = queries(__file__)
_NAME = "project.name_index"
BODY = "project.body"
_NAMED = "project.named"

#: Who builds: the village's own people, or a company.
OWN, COMPANY = "own", "company"


@dataclass(frozen=True, slots=True)
class Project:
    """A project; `id` is 0 before it is kept.

    Of one that is only planned, `starts` is the first day of its month (None: not known), and what is
    not known is empty.  `named` are workers: name and NIK.
    """

    village: str
    year: int
    name: str
    value: int
    funding: str
    place: str = ""
    basis: Basis = Basis.VALUE
    builder: str = ""
    company: str = ""
    starts: date | None = None
    ends: date | None = None
    maintained: date | None = None
    spk: date | None = None
    workers: int = 0
    named: tuple[tuple[str, str], ...] = ()
    certificate: str = ""
    total: int = 0
    state: State = State.PLANNED
    parts: tuple[Part, ...] = ()
    id: int = 0

    @property
    def next(self) -> Part | None:
        """The first instalment that nobody has reported."""
        return next((part for part in self.parts if part.progress is Progress.OPEN), None)

    def cover(self, today: date) -> Cover:
        """How its workers stand."""
        return projects.cover(self.state, self.parts, today)


@dataclass(frozen=True, slots=True)
class Begun:
    """A project whose work has begun; `uncovered` is its name where nobody said that anything was paid."""

    village: str
    uncovered: str


@dataclass(frozen=True, slots=True)
class Due:
    """Something of a project that is to be done by a day."""

    project: int
    village: str
    number: int
    due: date


@dataclass(frozen=True, slots=True)
class Change:
    """What a project was before an addendum."""

    value: int
    starts: str
    ends: str
    total: int
    at: datetime


def add(tx: Tx, new: Project, by: int, now: datetime) -> int | None:
    """Keep a project; None where the village has one of that name and year."""
    row = tx.one(Q.add, **_row(tx, new), village=new.village, by=by, now=stamp(now))
    if row is None:
        return None
    number: int = row["id"]
    _lay(tx, number, new.parts)
    return number


def change(tx: Tx, changed: Project, before: State) -> bool:
    """Keep it as it is now; False where somebody has finished, dropped or completed it meanwhile."""
    taken = named(tx, changed.village, changed.year, changed.name)
    if taken is not None and taken.id != changed.id:
        return False
    return bool(tx.run(Q.change, **_row(tx, changed), id=changed.id, before=before.value))


def respread(tx: Tx, project: int, parts: Sequence[Part]) -> None:
    """Lay the open instalments anew; paid ones stay as they are."""
    tx.run(Q.drop_open_parts, project=project)
    _lay(tx, project, parts)


def _lay(tx: Tx, project: int, parts: Sequence[Part]) -> None:
    for part in parts:
        tx.run(Q.put_part, project=project, number=part.number, amount=part.amount, due=part.due.isoformat())


def _row(tx: Tx, one: Project) -> dict[str, bytes | int | str]:
    body = {"name": one.name, "place": one.place, "company": one.company, "certificate": one.certificate}
    return {
        "year": one.year,
        "state": one.state.value,
        "name_index": index(tx.vault, one.name),
        "body": tx.vault.seal_json(BODY, body),
        "named": tx.vault.seal_json(_NAMED, one.named),
        "workers": one.workers,
        "basis": one.basis.value,
        "value": one.value,
        "funding": one.funding,
        "builder": one.builder,
        "spk": _said(one.spk),
        "starts": _said(one.starts),
        "ends": _said(one.ends),
        "maintained": _said(one.maintained),
        "total": one.total,
    }


def index(vault: Vault, name: str) -> bytes:
    """Equal for equal names, however they are spaced and punctuated."""
    return vault.index(_NAME, " ".join(words(name)))


def _said(day: date | None) -> str:
    return day.isoformat() if day else ""


def get(tx: Tx, number: int) -> Project | None:
    """One project, of whatever village: who asks must check that it is theirs."""
    row = tx.one(Q.get, id=number)
    return _project(tx, row) if row else None


def named(tx: Tx, village: str, year: int, name: str) -> Project | None:
    """The project of a village and year with this name, however it is spaced and punctuated."""
    row = tx.one(Q.named, village=village, year=year, name_index=index(tx.vault, name))
    return _project(tx, row) if row else None


def of_village(tx: Tx, village: str) -> list[Project]:
    """All of a village but dropped ones, by their beginning."""
    return [_project(tx, row) for row in tx.all(Q.of_village, village=village)]


def of_district(tx: Tx, district: str, year: int) -> list[Project]:
    """All of a district's budget year but dropped ones, by village."""
    return [_project(tx, row) for row in tx.all(Q.of_district, district=district, year=year)]


def years(tx: Tx, district: str) -> list[int]:
    """The budget years of which something is known, the latest first."""
    return [row["year"] for row in tx.all(Q.years, district=district)]


def begun(tx: Tx, district: str, today: date, village: str = "") -> list[Begun]:
    """Projects of a district, or of one village, whose work has begun: those of the running budget year, and
    older ones that are not finished or that nobody paid for.
    """
    rows = tx.all(Q.begun, district=district, village=village, year=today.year, today=today.isoformat())
    each: dict[int, list[Row]] = {}
    for row in rows:
        each.setdefault(row["id"], []).append(row)
    return [_begun(tx, parts, today) for parts in each.values()]


def _begun(tx: Tx, rows: Sequence[Row], today: date) -> Begun:
    one = rows[0]
    parts = tuple(_part(row) for row in rows if row["number"])
    covered = not projects.cover(State(one["project_state"]), parts, today).missing
    return Begun(one["village"], "" if covered else tx.vault.open_json(BODY, one["body"])["name"])


def near(tx: Tx, district: str, since: date, by: date) -> list[Due]:
    """What is to be done between two days: instalments to pay, plans (number 0) to complete, works (99) to end."""
    rows = tx.all(Q.near, district=district, since=since.isoformat(), by=by.isoformat())
    return [
        Due(row["project"], row["village"], row["number"], date.fromisoformat(row["due"])) for row in rows
    ]


def remember(tx: Tx, number: int, by: int, now: datetime) -> None:
    """Write down what it is now, before an addendum changes it."""
    tx.run(Q.remember, id=number, by=by, now=stamp(now))


def changes(tx: Tx, number: int) -> list[Change]:
    """What it was before each addendum, the oldest first."""
    return [
        Change(row["value"], row["starts"], row["ends"], row["total"], datetime.fromisoformat(row["at"]))
        for row in tx.all(Q.changes, project=number)
    ]


def _project(tx: Tx, row: Row) -> Project:
    body = tx.vault.open_json(BODY, row["body"])
    return Project(
        village=row["village"],
        year=row["year"],
        value=row["value"],
        funding=row["funding"],
        basis=Basis(row["basis"]),
        builder=row["builder"],
        starts=_day(row["starts"]),
        ends=_day(row["ends"]),
        maintained=_day(row["maintained"]),
        spk=_day(row["spk"]),
        workers=row["workers"],
        named=tuple((name, nik) for name, nik in tx.vault.open_json(_NAMED, row["named"])),
        total=row["total"],
        state=State(row["state"]),
        parts=tuple(_part(each) for each in tx.all(Q.parts, project=row["id"])),
        id=row["id"],
        **body,
    )


def _part(row: Row) -> Part:
    progress = Progress(row["state"]) if row["report"] else Progress.OPEN
    return Part(row["number"], row["amount"], date.fromisoformat(row["due"]), progress, row["report"] or 0)


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None

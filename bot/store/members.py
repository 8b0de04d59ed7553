"""The insured people of a village: registered, confirmed, ended, and who is paid for in a month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.people import State
from bot.store.database import Row, Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
NIK = "member.nik"
_DETAILS = "member.details"
_WAGE = "service.wage"


@dataclass(frozen=True, slots=True)
class By:
    """Who did something, and when."""

    person: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """One insured person.

    `details`: born, sex, place, mother, phone, wage (whole rupiah), kpj, refused (a reason's code),
    source (by which list of the agency they are active).
    `ended` is the last day of cover, which may lie ahead.
    """

    id: int
    village: str
    name: str
    nik: str
    details: Mapping[str, Any]
    category: str
    position: str
    since: date
    joined: date
    state: State
    state_at: datetime
    state_by: str
    ended: date | None = None
    why_ended: str = ""
    said: bool = False  # active by the village's own word, confirmed by nobody else

    @property
    def open(self) -> bool:
        """Whether no last day is known."""
        return self.ended is None and self.state is not State.ENDED


@dataclass(frozen=True, slots=True)
class New:
    """What a registration brings."""

    village: str
    name: str
    nik: str
    details: Mapping[str, Any]
    category: str
    position: str
    since: date
    joined: date
    state: State = State.SUBMITTED


@dataclass(frozen=True, slots=True)
class Waiting:
    """A village with people not confirmed yet; `said` of them are active by its own word."""

    village: str
    people: int
    said: int


@dataclass(frozen=True, slots=True)
class Insured:
    """Somebody paid for in a month; `beside`: a post held beside another, without a wage of its own.

    `since` is the first day of the post (with that wage); `before` are the posts held earlier in the
    month, the last one first.
    """

    member: int
    category: str
    wage: int
    joined: date
    beside: bool = False
    since: date = date.min
    before: tuple["Insured", ...] = ()


def add(tx: Tx, new: New, by: int | None, now: datetime) -> int | None:
    """Register somebody with their first post; None if the NIK has an open registration in this village."""
    row = tx.one(
        Q.add,
        village=new.village,
        name=new.name,
        nik=tx.vault.seal(NIK, new.nik),
        nik_index=tx.vault.index(NIK, new.nik),
        details=tx.vault.seal_json(_DETAILS, new.details),
        category=new.category,
        position=new.position,
        since=new.since.isoformat(),
        joined=new.joined.isoformat(),
        state=new.state.value,
        now=stamp(now),
        by=by,
    )
    if row is None:
        return None
    # Cover never waits for the post: an SK may name a day after the registration.
    since = min(new.since, new.joined).isoformat()
    post = {"category": new.category, "position": new.position, "since": since}
    tx.run(Q.first_post, member=row["id"], **post, now=stamp(now), by=by)
    number: int = row["id"]
    return number


def by_nik(tx: Tx, village: str, nik: str) -> Member | None:
    """The open registration of a NIK in this village; other villages' people are never looked at."""
    row = tx.one(Q.by_nik, village=village, nik_index=tx.vault.index(NIK, nik))
    return _member(tx, row) if row else None


def get(tx: Tx, member: int) -> Member | None:
    """The member with this id, of whatever village: who asks must check that it is theirs."""
    row = tx.one(Q.get, id=member)
    return _member(tx, row) if row else None


def of_village(tx: Tx, village: str) -> list[Member]:
    """Everybody the village registered, also those who left, in the order of registration."""
    return [_member(tx, row) for row in tx.all(Q.of_village, village=village)]


def villages_of(tx: Tx, district: str, niks: Iterable[str]) -> dict[str, str]:
    """In which village of a district each NIK is registered; for who sees all of them."""
    found = {bytes(row["nik_index"]): row["village"] for row in tx.all(Q.indexes, district=district)}
    indexes = {number: tx.vault.index(NIK, number) for number in niks}
    return {number: found[index] for number, index in indexes.items() if index in found}


def waiting(tx: Tx, district: str) -> list[Waiting]:
    """The villages of a district with people to be confirmed, by subdistrict and name."""
    return [Waiting(*row) for row in tx.all(Q.waiting, district=district)]


def waiting_in(tx: Tx, village: str) -> list[Member]:
    """Who of a village is to be confirmed: submitted, or active by the village's own word."""
    return [_member(tx, row) for row in tx.all(Q.waiting_in, village=village)]


def _member(tx: Tx, row: Row) -> Member:
    return Member(
        row["id"],
        row["village"],
        row["name"],
        tx.vault.open(NIK, row["nik"]),
        tx.vault.open_json(_DETAILS, row["details"]),
        row["category"],
        row["position"],
        date.fromisoformat(row["since"]),
        date.fromisoformat(row["joined"]),
        State(row["state"]),
        datetime.fromisoformat(row["state_at"]),
        row["state_by"] or "",
        date.fromisoformat(row["ended"]) if row["ended"] else None,
        row["why_ended"],
        bool(row["said"]),
    )


def accept(tx: Tx, member: Member, by: By, kpj: str = "", *, checked: bool = True) -> bool:
    """Active from now on; False if it was not waiting any more.

    Without `checked` it is the village's own word: the office may still confirm or refuse it.
    """
    details = {**member.details, **({"kpj": kpj} if kpj else {})}
    return _settle(tx, replace(member, state=State.ACTIVE, details=details), by, checked=checked)


def add_number(tx: Tx, member: Member, kpj: str) -> bool:
    """The number of somebody active whose number was not known; False if it was, or they are not."""
    if member.details.get("kpj"):
        return False
    details = tx.vault.seal_json(_DETAILS, {**member.details, "kpj": kpj})
    return bool(tx.run(Q.add_number, id=member.id, details=details))


def refuse(tx: Tx, member: Member, reason: str, by: By) -> bool:
    """Never insured: nothing is owed for them; `reason` is a code.  False if it was not waiting any more."""
    details = {**member.details, "refused": reason}
    if not _settle(tx, replace(member, details=details), by, checked=True):
        return False
    return end(tx, member.id, (office_day(by.at) - timedelta(days=1), "mistake"), by)


def _settle(tx: Tx, member: Member, by: By, *, checked: bool) -> bool:
    return bool(
        tx.run(
            Q.settle,
            id=member.id,
            state=member.state.value,
            details=tx.vault.seal_json(_DETAILS, member.details),
            checked=int(checked),
            now=stamp(by.at),
            by=by.person,
        )
    )


def end(tx: Tx, member: int, last: tuple[date, str], by: By) -> bool:
    """Cover ends with the last day named, for a reason's code; False if it has an end already.

    The posts end with it.  The state changes once that day is over (`end_those_over`).
    """
    day, why = last
    closed = tx.run(
        Q.close,
        id=member,
        last=day.isoformat(),
        why=why,
        over=int(why == "mistake" or day < office_day(by.at)),
        now=stamp(by.at),
        by=by.person,
    )
    if closed:
        tx.run(Q.close_posts, id=member, last=day.isoformat())
    return bool(closed)


def end_those_over(tx: Tx, today: date) -> int:
    """Those whose last day is past are no longer insured; returns how many that were."""
    return tx.run(Q.end_those_over, today=today.isoformat())


def move(tx: Tx, member: Member, to: New, by: By) -> int | None:
    """Serves another village from the day `to.joined` on: ends here the day before, is submitted there.

    None, and nothing changed, if the registration has an end already or is open there.
    """
    if member.ended is not None or by_nik(tx, to.village, member.nik) is not None:
        return None
    end(tx, member.id, (to.joined - timedelta(days=1), "moved"), by)
    return add(tx, to, by.person, by.at)


def insured(tx: Tx, village: str, month: Month) -> list[Insured]:
    """Whose contribution the village owes for a month: one row for each member and category."""
    rows = tx.all(Q.insured, village=village, first=month.first.isoformat(), last=month.last.isoformat())
    return _insured(tx, rows).get(village, [])


def insured_of(tx: Tx, district: str, month: Month) -> dict[str, list[Insured]]:
    """The same for every village of a district that owes anything, by its code."""
    rows = tx.all(Q.insured_of, district=district, first=month.first.isoformat(), last=month.last.isoformat())
    return _insured(tx, rows)


def _insured(tx: Tx, rows: Iterable[Row]) -> dict[str, list[Insured]]:
    """Of the posts of a member the latest one with a wage counts, and others held beside it."""
    found: dict[str, list[Insured]] = {}
    counted: set[tuple[int, str]] = set()
    main: dict[int, int] = {}  # where each member's latest post stands in the village's list
    for row in rows:
        mine, one = found.setdefault(row["village"], []), _one(tx, row)
        at = main.get(one.member)
        if not one.beside and at is not None:
            mine[at] = replace(mine[at], before=(*mine[at].before, one))
        elif (one.member, one.category) not in counted:
            counted.add((one.member, one.category))
            main.update({} if one.beside else {one.member: len(mine)})
            mine.append(one)
    return found


def _one(tx: Tx, row: Row) -> Insured:
    beside = bool(row["beside"])
    joined, since = date.fromisoformat(row["joined"]), date.fromisoformat(row["since"])
    return Insured(row["id"], row["category"], 0 if beside else _wage(tx, row), joined, beside, since)


def _wage(tx: Tx, row: Row) -> int:
    if row["wage"] is not None:
        return int(tx.vault.open(_WAGE, row["wage"]))
    return int(tx.vault.open_json(_DETAILS, row["details"])["wage"])

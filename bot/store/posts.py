"""The posts a member holds, each from one day to another; their history is these rows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.store.database import Row, Tx, queries
from bot.store.inbox import stamp
from bot.store.members import By, Member

Q = queries(__file__)
_WAGE = "service.wage"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Post:
    """A post from `since` to its last day `until`; `wage` is None where that of the registration counts."""

    id: int
    member: int
    category: str
    position: str
    wage: int | None
    beside: bool
    since: date
    until: date | None
    term_end: date | None
    made_by: int | None

    def held(self, on: date) -> bool:
        """Whether it is held on that day."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Term:
    """A term of office that ends on a day."""

    village: str
    member: int
    name: str
    position: str
    end: date


def of(tx: Tx, member: int) -> list[Post]:
    """All posts of a member in time, those held beside another after the rest."""
    return [_post(tx, row) for row in tx.all(Q.of, member=member)]


def beside_in(tx: Tx, village: str, today: date) -> list[Post]:
    """What the people of a village hold beside their posts."""
    return [_post(tx, row) for row in tx.all(Q.of_village, village=village, today=today.isoformat())]


def _post(tx: Tx, row: Row) -> Post:
    return Post(
        row["id"],
        row["member"],
        row["category"],
        row["position"],
        int(tx.vault.open(_WAGE, row["wage"])) if row["wage"] is not None else None,
        bool(row["beside"]),
        date.fromisoformat(row["since"]),
        date.fromisoformat(row["until"]) if row["until"] else None,
        date.fromisoformat(row["term_end"]) if row["term_end"] else None,
        row["made_by"],
    )


def change_wage(tx: Tx, member: int, wage: int, since: date, by: By) -> bool:
    """Another wage (rupiah a month) from a day on; False if it is that already, or nothing is held then."""
    held = [post for post in _from(tx, member, since) if not post.beside]
    if not _open(tx, member) or not held or all(post.wage == wage for post in held):
        return False
    _split(tx, member, since, by)
    tx.run(Q.set_wage, member=member, since=since.isoformat(), wage=tx.vault.seal(_WAGE, str(wage)))
    return True


def change(tx: Tx, member: int, post: tuple[str, str], since: date, by: By) -> bool:
    """Another post (position, category) from a day on, with the wage as it is; False if it is held then."""
    position, category = post
    held = _from(tx, member, since)
    if not _open(tx, member) or any(each.position == position and each.held(since) for each in held):
        return False
    _split(tx, member, since, by)
    tx.run(Q.set_post, member=member, since=since.isoformat(), position=position, category=category)
    today = office_day(by.at)
    for now in [each for each in of(tx, member) if not each.beside and each.held(today)]:
        tx.run(Q.show, member=member, category=now.category, position=now.position)
    return True


def _from(tx: Tx, member: int, since: date) -> list[Post]:
    """What is held on a day or later."""
    return [post for post in of(tx, member) if post.until is None or post.until >= since]


def _split(tx: Tx, member: int, since: date, by: By) -> None:
    """A row ends before the day, and one like it begins on it."""
    tx.run(Q.split, member=member, since=since.isoformat(), now=stamp(by.at), by=by.person)
    tx.run(Q.cut, member=member, last=(since - _DAY).isoformat())


def add_beside(tx: Tx, member: int, post: tuple[str, str], since: date, by: By) -> bool:
    """One more post (position, category) beside the others, without a wage of its own."""
    position, category = post
    if not _open(tx, member) or any(each.position == position for each in _from(tx, member, since)):
        return False
    tx.run(
        Q.add_beside,
        member=member,
        position=position,
        category=category,
        since=since.isoformat(),
        now=stamp(by.at),
        by=by.person,
    )
    return True


def _open(tx: Tx, member: int) -> bool:
    """Nobody gets another post after their last day, or one that is not in the books."""
    return tx.one(Q.is_open, member=member) is not None


def show_begun(tx: Tx, today: date) -> None:
    """Members' own rows name the posts that are held today, whenever those began."""
    for row in tx.all(Q.begun, today=today.isoformat()):
        tx.run(Q.show, member=row["member"], category=row["category"], position=row["position"])


def set_term(tx: Tx, member: int, end: date) -> bool:
    """The last day of the term by the SK; False if it is that already, or nothing is held any more."""
    return bool(tx.run(Q.set_term, member=member, term_end=end.isoformat()))


def terms(tx: Tx, district: str, first: date, last: date) -> list[Term]:
    """Terms of open posts in a district that end between two days, by village."""
    rows = tx.all(Q.terms, district=district, first=first.isoformat(), last=last.isoformat())
    return [
        Term(row["village"], row["member"], row["name"], row["position"], date.fromisoformat(row["term_end"]))
        for row in rows
    ]


def terms_in(tx: Tx, village: str, end: date) -> list[Term]:
    """Those of one village that end on a day."""
    return [term for term in terms(tx, village[:5], end, end) if term.village == village]


def oldest_open(tx: Tx, member: Member, segment: Callable[[str], str], today: date) -> Month:
    """The first month in which this member's wage may still change.

    A month is closed by the bill of the segment (by category) in which the member was insured then.
    """
    rows = tx.all(Q.fixed, village=member.village, today=today.isoformat())
    fixed = {row["segment"]: Month.parse(row["month"]) for row in rows}
    closed = []
    for post in of(tx, member.id):
        last = fixed.get(segment(post.category))
        if post.beside or last is None or Month.of(post.since) > last:
            continue
        closed.append(last if post.until is None else min(last, Month.of(post.until)))
    return max(closed).next() if closed else Month.of(today)

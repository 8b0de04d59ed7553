"""Access that is cut because a phone was lost, and restored; work that ends with an office."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.offices import Office, Role
from bot.messages import Address
from bot.store import arriving, people, pins
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)

#: Until somebody misses their phone, and says so.
DOUBTFUL = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in office, and whether their access is cut."""

    person: int
    name: str
    office: Office
    frozen: bool


def freeze(tx: Tx, person: int, district: str, by: int, now: datetime) -> list[Address]:
    """Cut all they can do, at once: addresses, drafts, buttons, codes, what waits for them.

    Returns where they may be told; nothing if it was cut before.
    """
    if not tx.run(Q.freeze, person=person, district=district, by=by, now=stamp(now)):
        return []
    tx.run(Q.drop_drafts, person=person)
    tx.run(Q.close_questions, person=person, now=stamp(now))
    tx.run(Q.cancel, person=person, now=stamp(now))
    tx.run(Q.revoke_codes, person=person)
    arriving.refuse(tx, person)
    pins.forget(tx, person)
    tx.run(Q.reach, person=person, reachable=0)
    return addresses(tx, person)


def restore(tx: Tx, person: int, *, anew: bool) -> int | None:
    """They may go on; `anew`: nobody who holds one of the old phones, they are linked again by a code.

    Else on the phone that is back: what was linked not long before the cut, beside the first, may be the thief's.
    Returns how many were unlinked; None if their access was not cut.
    """
    _, at = cut(tx, person)
    if not tx.run(Q.restore, person=person):
        return None
    if anew:
        return tx.run(Q.unlink, person=person)
    unlinked = tx.run(Q.unlink_new, person=person, since=stamp(datetime.fromisoformat(at) - DOUBTFUL))
    tx.run(Q.reach, person=person, reachable=1)
    return unlinked


def may_restore(tx: Tx, person: int, district: str, today: date) -> bool:
    """Whether that district's office restores it: who cut it, unless the person serves there no more."""
    by, _ = cut(tx, person)
    return by == district or by not in {office.district for office in people.offices(tx, person, today)}


def cut(tx: Tx, person: int) -> tuple[str, str]:
    """The district whose office restores it, and when their access was cut, as it is stored."""
    row = tx.one(Q.cut, person=person)
    return (row["district"], row["at"]) if row else ("", "")


def addresses(tx: Tx, person: int) -> list[Address]:
    """Everywhere they are written to, the one used last first."""
    return [Address(row["channel"], row["chat"]) for row in tx.all(Q.addresses, person=person)]


def holders(tx: Tx, district: str, today: date) -> list[Holder]:
    """Who holds an office in a district today, an entry for each office."""
    return [
        Holder(
            row["id"],
            row["name"],
            Office(Role(row["role"]), district, row["village"] or "", row["subdistrict"]),
            bool(row["frozen"]),
        )
        for row in tx.all(Q.holders, district=district, today=today.isoformat())
    ]


def left_behind(tx: Tx, since: date, today: date) -> list[tuple[int, str]]:
    """Whose last day in an office lies in [since, today), with the place."""
    rows = tx.all(Q.left_behind, since=since.isoformat(), today=today.isoformat())
    return [(row["person"], row["place"]) for row in rows]

"""Where a message that did not arrive goes next: another address, a colleague, the kecamatan."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.offices import Role
from bot.messages import Address, Lane
from bot.store.database import Tx, queries
from bot.store.inbox import stamp
from bot.store.people import RANK, Recipient

Q = queries(__file__)


@dataclass(frozen=True, slots=True)
class Fallen:
    """A reminder that could not be sent; `expires` (UTC) is when it would have lost its sense."""

    key: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class Camat:
    """Who looks after the villages whose codes begin with `subdistrict`, as in 64.02.01."""

    person: int
    name: str
    subdistrict: str
    to: Address


def fallen(tx: Tx, since: datetime, until: datetime) -> list[Fallen]:
    """What failed from `since` to `until` and would still be in time."""
    rows = tx.all(Q.fallen, since=stamp(since), until=stamp(until), lane=int(Lane.REMINDER))
    return [Fallen(row["key"], datetime.fromisoformat(row["expires_at"])) for row in rows]


def untried(tx: Tx, stem: str, village: str, today: date) -> Recipient | None:
    """Who of a village is next for a reminder whose keys begin with `stem`, at an address not tried yet.

    The person written to last comes first, at another address of theirs; then their colleagues in order.
    None too while one of the messages may still arrive.
    """
    tried = tx.all(Q.tried, first=f"{stem}:", last=f"{stem};")
    if any(row["status"] in ("ready", "sending", "sent", "unknown") for row in tried):
        return None
    gone = {(row["channel"], row["chat"]) for row in tried}
    found = [
        Recipient(row["id"], row["name"], Role(row["role"]), Address(row["channel"], row["chat"]))
        for row in tx.all(Q.addresses, village=village, today=today.isoformat())
        if row["role"] in RANK and (row["channel"], row["chat"]) not in gone
    ]
    last = tried[-1]["key"].removeprefix(f"{stem}:").partition(":")[0] if tried else ""
    return min(found, key=lambda one: (str(one.person) != last, RANK[one.role]), default=None)


def tries(tx: Tx, stem: str) -> int:
    """To how many addresses a reminder was sent whose keys begin with `stem`."""
    return len(tx.all(Q.tried, first=f"{stem}:", last=f"{stem};"))


def camats(tx: Tx, district: str, today: date) -> list[Camat]:
    """Who is told of villages of their kecamatan, each at the address they used last."""
    found: dict[tuple[int, str], Camat] = {}
    for row in tx.all(Q.camats, district=district, today=today.isoformat()):
        to = Address(row["channel"], row["chat"])
        key = row["id"], row["subdistrict"]
        found.setdefault(key, Camat(row["id"], row["name"], row["subdistrict"], to))
    return list(found.values())

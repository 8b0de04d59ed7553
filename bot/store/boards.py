"""The live board of each group, and the counts that stand on it."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.domain.months import Month
from bot.messages import Address
from bot.store import employers, places
from bot.store.database import Tx, queries
from bot.store.inbox import stamp
from bot.store.places import RoomKind

Q = queries(__file__)


class Standing(StrEnum):
    """How a village stands, for a month and what came before it; in the order in which it is shown."""

    PAID = "lunas"
    REPORTED = "dilaporkan"  # by the village; the office has not looked at it
    AWAITED = "belum tercatat"  # not due yet
    LATE = "menunggak"
    NOTHING = "belum ada tagihan"  # registered, and nobody insured in that month
    MISSING = "belum daftar"


class Pin(StrEnum):
    """What became of pinning a board."""

    NOT_ASKED = ""
    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Board:
    """The board of a group; `home` is the chat where it was written last, `opened` since when we were in it.

    `anew`: when it was posted in place of one that was gone.
    """

    opened: str
    key: str
    home: str
    digest: str
    at: datetime
    message: str = ""
    last: str = ""
    pin: Pin = Pin.NOT_ASKED
    anew: datetime | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """A group of a district, since when the bot is in it, and its board."""

    at: Address
    kind: RoomKind
    since: str
    board: Board | None


def rooms(tx: Tx, district: str) -> list[Room]:
    """The groups of a district that the bot is in."""
    return [_room(row) for row in tx.all(Q.rooms, district=district)]


def _room(row: Any) -> Room:
    board = None
    if row["key"] is not None:
        at, pin = datetime.fromisoformat(row["at"]), Pin(row["pin"])
        board = Board(
            row["opened"], row["key"], row["home"], row["digest"], at, row["message"], row["last"], pin,
            datetime.fromisoformat(row["anew"]) if row["anew"] else None,
        )  # fmt: skip
    return Room(
        Address(row["channel"], row["chat"], row["thread"]), RoomKind(row["kind"]), row["since"], board
    )


def keep(tx: Tx, room: Room, board: Board) -> None:
    """Write down how the board of a group stands."""
    tx.run(
        Q.keep,
        channel=room.at.channel,
        chat=room.at.chat,
        opened=board.opened,
        key=board.key,
        message=board.message,
        home=board.home,
        last=board.last,
        digest=board.digest,
        pin=board.pin.value,
        at=stamp(board.at),
        anew=stamp(board.anew) if board.anew else "",
    )


def standings(tx: Tx, district: str, month: Month, today: date) -> Mapping[str, Counter[Standing]]:
    """How many villages of each kecamatan stand how, by the name of the kecamatan.

    Counted anew only where a bill, a report or a registration of the district changed since, or the day did.
    """
    at = {"district": district, "day": today.isoformat(), "month": str(month)}
    known = tx.one(Q.counted, **at)
    if known is None:
        found = _standings(tx, district, month, today)
        tx.run(Q.count, **at, body=json.dumps(found))
        return found
    counts = json.loads(known["body"])
    return {name: Counter({Standing(one): n for one, n in of.items()}) for name, of in counts.items()}


def _standings(tx: Tx, district: str, month: Month, today: date) -> dict[str, Counter[Standing]]:
    unpaid = {
        row["village"]: row
        for row in tx.all(Q.open, district=district, month=str(month), today=today.isoformat())
    }
    billed = {row["village"] for row in tx.all(Q.billed, district=district, month=str(month))}
    reported = {row["village"] for row in tx.all(Q.reported, district=district, month=str(month))}
    registered = employers.registered(tx, district)

    def standing(code: str) -> Standing:
        mine = unpaid.get(code)
        if code not in registered:
            return Standing.MISSING
        if mine is not None and mine["late"]:
            return Standing.LATE
        if mine is not None and mine["awaited"]:
            return Standing.AWAITED
        if code in reported:
            return Standing.REPORTED
        return Standing.PAID if code in billed else Standing.NOTHING

    found: dict[str, Counter[Standing]] = {}
    for village in places.villages(tx, district):
        found.setdefault(village.subdistrict, Counter())[standing(village.code)] += 1
    return found

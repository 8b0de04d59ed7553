"""Villages, and the groups that belong to a district."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot import points
from bot.messages import Address
from bot.store import outbox, people
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)


@dataclass(frozen=True, slots=True)
class Village:
    """A village with its Kemendagri code.  Names repeat inside a district: show the subdistrict."""

    code: str
    district: str
    subdistrict: str
    name: str

    @property
    def label(self) -> str:
        """The name as it is always shown."""
        return f"Desa {self.name}, Kec. {self.subdistrict}"


class RoomKind(StrEnum):
    """What a group is: the office's own, or one with village officers in it."""

    OFFICE = "office"
    FORUM = "forum"


@dataclass(frozen=True, slots=True)
class Room:
    """A group that an administrator tied to a district."""

    district: str
    kind: RoomKind


def load(tx: Tx, villages: Iterable[Village]) -> int:
    """Add or rename villages; returns how many were given."""
    count = 0
    for village in villages:
        tx.run(
            Q.add_village,
            code=village.code,
            district=village.district,
            subdistrict=village.subdistrict,
            name=village.name,
        )
        points.reached("mid_villages")
        count += 1
    return count


def village(tx: Tx, code: str) -> Village | None:
    """The village of a code."""
    row = tx.one(Q.village, code=code)
    return Village(*row) if row else None


def named(tx: Tx, name: str) -> list[Village]:
    """The villages that bear a name, in all districts."""
    return [Village(*row) for row in tx.all(Q.named, name=name)]


def villages(tx: Tx, district: str) -> list[Village]:
    """All villages of a district, by subdistrict and name."""
    return [Village(*row) for row in tx.all(Q.villages, district=district)]


def room(tx: Tx, at: Address) -> Room | None:
    """What is known of a group, None where nobody tied it to a district."""
    row = tx.one(Q.room, channel=at.channel, chat=at.chat)
    return Room(row["district"], RoomKind(row["kind"])) if row else None


def rooms(tx: Tx, district: str, kind: RoomKind) -> list[Address]:
    """Where the bot speaks by itself to the groups of this kind, the oldest first."""
    rows = tx.all(Q.rooms, district=district)
    return [Address(row["channel"], row["chat"], row["thread"]) for row in rows if row["kind"] == kind]


def office(
    tx: Tx,
    district: str,
    today: date,
    staff: Callable[[Tx, str, date], list[people.Recipient]] = people.staff,
) -> tuple[list[Address], list[people.Recipient]]:
    """Where the office is told something: its groups; where it has none, each of its people."""
    groups = rooms(tx, district, RoomKind.OFFICE)
    return groups, [] if groups else staff(tx, district, today)


def open_room(tx: Tx, at: Address, room: Room, now: datetime) -> None:
    """Tie a group to a district."""
    tx.run(
        Q.open_room,
        channel=at.channel,
        chat=at.chat,
        thread=at.thread,
        district=room.district,
        kind=room.kind.value,
        now=stamp(now),
    )
    tx.run(Q.said, channel=at.channel, chat=at.chat)


def leave_room(tx: Tx, at: Address, now: datetime) -> None:
    """The bot is no longer in the group."""
    tx.run(Q.leave_room, channel=at.channel, chat=at.chat, now=stamp(now))
    tx.run(Q.said, channel=at.channel, chat=at.chat)


def came(tx: Tx, at: Address, now: datetime) -> None:
    """An administrator added the bot to a group and is asked what it is for."""
    tx.run(Q.came, channel=at.channel, chat=at.chat, thread=at.thread, now=stamp(now))


def unsaid(tx: Tx, before: datetime) -> list[Address]:
    """Groups the bot came to by then, and nobody said what they are for; they are forgotten here."""
    rows = tx.all(Q.unsaid, before=stamp(before))
    for row in rows:
        tx.run(Q.said, channel=row["channel"], chat=row["chat"])
    return [Address(row["channel"], row["chat"], row["thread"]) for row in rows]


def move(tx: Tx, channel: str, old: str, new: str) -> None:
    """A chat has a new id: everything that names it follows."""
    tx.run(Q.forget_room, channel=channel, old=old, new=new)
    tx.run(Q.move_room, channel=channel, old=old, new=new)
    tx.run(Q.move_unsaid, channel=channel, old=old, new=new)
    tx.run(Q.close_cards, channel=channel, old=old)
    people.move(tx, channel, old, new)
    outbox.move(tx, channel, old, new)

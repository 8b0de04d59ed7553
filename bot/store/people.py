"""The people who chat: persons, their addresses on the channels, their offices."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.offices import VILLAGE, Actor, Office, Role
from bot.messages import Address
from bot.store.database import Row, Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)

#: The place of each role in that order.
RANK = {role: rank for rank, role in enumerate(VILLAGE)}


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody in office, and where they are written to."""

    person: int
    name: str
    role: Role
    to: Address


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a post, and since when."""

    person: int
    name: str
    since: date


def actor(tx: Tx, channel: str, user: str, today: date) -> Actor | None:
    """The linked person behind a channel's user id, None for a stranger."""
    rows = tx.all(Q.actor, channel=channel, user=user, today=today.isoformat())
    if not rows:
        return None
    first = rows[0]
    offices = tuple(_office(row) for row in rows if row["role"])
    seen = (first["chat"] if first["reachable"] else "", first["seen_at"])
    return Actor(
        first["id"],
        first["name"],
        offices,
        first["focus"],
        bool(first["notice_at"]),
        seen,
        bool(first["frozen"]),
    )


def _office(row: Row) -> Office:
    return Office(Role(row["role"]), row["district"], row["village"] or "", row["subdistrict"])


def offices(tx: Tx, person: int, today: date) -> tuple[Office, ...]:
    """What somebody holds, the oldest first."""
    return tuple(_office(row) for row in tx.all(Q.offices, person=person, today=today.isoformat()))


def add(tx: Tx, name: str, now: datetime) -> int:
    """A new person; returns their id."""
    person: int = tx.one(Q.add_person, name=name, now=stamp(now))["id"]
    return person


def link(tx: Tx, person: int, user: str, at: Address, now: datetime) -> None:
    """The person is written to at this address from now on; an older link of the address ends."""
    tx.run(Q.add_address, channel=at.channel, user=user, chat=at.chat, person=person, now=stamp(now))


def appoint(tx: Tx, person: int, office: Office, since: date, today: date | None = None) -> None:
    """The person holds the office from a day on: a last day that was named for it counts no more.

    `today` is to be given where the office began before it.
    """
    held = _of(person, office)
    tx.run(Q.go_on, **held, today=(today or since).isoformat())
    tx.run(Q.add_office, **held, since=since.isoformat())


def _of(person: int, office: Office) -> dict[str, int | str]:
    return {
        "person": person,
        "role": office.role.value,
        "district": office.district,
        "village": office.village,
        "subdistrict": office.subdistrict,
    }


def noticed(tx: Tx, person: int, now: datetime) -> None:
    """They have seen who keeps what about whom, and why."""
    tx.run(Q.noticed, person=person, now=stamp(now))


def focus(tx: Tx, person: int, place: str) -> None:
    """They speak about this village or district until they choose another."""
    tx.run(Q.focus, person=person, place=place)


def mute(tx: Tx, person: int, now: datetime | None) -> None:
    """No broadcasts for them from now on; None takes it back."""
    tx.run(Q.mute, person=person, at=stamp(now) if now else "")


def set_reachable(tx: Tx, channel: str, chat: str, *, reachable: bool) -> None:
    """Whether the platform still lets us write to this chat."""
    tx.run(Q.reachable, channel=channel, chat=chat, reachable=int(reachable))


def move(tx: Tx, channel: str, old: str, new: str) -> None:
    """A chat has a new id."""
    tx.run(Q.move, channel=channel, old=old, new=new)


def rename(tx: Tx, at: Address, old: str, new: str) -> None:
    """The platform calls the account by another name from now on, and it is written to `at`."""
    tx.run(Q.rename, channel=at.channel, chat=at.chat, old=old, new=new)


def unlink(tx: Tx, channel: str, user: str) -> None:
    """Nobody is known by this name of the platform any more; a new invitation links them again."""
    tx.run(Q.unlink, channel=channel, user=user)


def seen(tx: Tx, actor: Actor, at: Address, user: str, now: datetime) -> None:
    """They wrote from here: this is where they can be reached.  Kept to the minute."""
    chat, last = actor.seen
    if chat == at.chat and last > stamp(now - timedelta(minutes=1)):
        return
    tx.run(Q.seen, channel=at.channel, user=user, chat=at.chat, now=stamp(now))


def serving(tx: Tx, village: str, today: date) -> list[Recipient]:
    """Who serves the village today, one entry each, at the address they used last."""
    return once(tx.all(Q.recipients, village=village, today=today.isoformat()))


def first(serving: list[Recipient]) -> Recipient | None:
    """Who of a village is turned to: the treasurer, else the secretary, else the head."""
    return min(serving, key=lambda one: RANK.get(one.role, len(RANK)), default=None)


def staff(tx: Tx, district: str, today: date) -> list[Recipient]:
    """The district office's own people, one entry each."""
    return once(tx.all(Q.staff, district=district, today=today.isoformat()))


def checkers(tx: Tx, district: str, today: date) -> list[Recipient]:
    """Who looks at what the villages of the district report, one entry each."""
    return once(tx.all(Q.checkers, district=district, today=today.isoformat()))


def admins(tx: Tx, today: date) -> list[Recipient]:
    """Who runs the office of any district, one entry each."""
    return once(tx.all(Q.admins, today=today.isoformat()))


def once(rows: list[dict[str, str]]) -> list[Recipient]:
    """Rows of addresses as people: of several addresses the first."""
    found: dict[int, Recipient] = {}
    for row in rows:
        person = int(row["id"])
        to = Address(row["channel"], row["chat"])
        found.setdefault(person, Recipient(person, row["name"], Role(row["role"]), to))
    return list(found.values())


def is_linked(tx: Tx, person: int, place: str, today: date) -> bool:
    """Whether the person still holds an office in this village or district."""
    return tx.one(Q.is_linked, person=person, place=place, today=today.isoformat()) is not None


def holders(tx: Tx, village: str, role: Role, today: date) -> list[Holder]:
    """Who holds a post of a village today, the longest first."""
    return _holding(tx.all(Q.holders, village=village, role=role.value, today=today.isoformat()))


def holding(tx: Tx, office: Office, today: date) -> list[Holder]:
    """Who holds an office today, of a village or of the district's own, the longest first."""
    if office.village:
        return holders(tx, office.village, office.role, today)
    place = {"district": office.district, "subdistrict": office.subdistrict}
    return _holding(tx.all(Q.staff_holders, role=office.role.value, **place, today=today.isoformat()))


def _holding(rows: list[Row]) -> list[Holder]:
    return [Holder(row["id"], row["name"], date.fromisoformat(row["since"])) for row in rows]


def is_last_admin(tx: Tx, person: int, district: str) -> bool:
    """Whether nobody else would go on running the district's office."""
    return tx.one(Q.other_admins, person=person, district=district) is None


def runs_alone(tx: Tx, person: int, today: date) -> str:
    """The district whose office nobody else would go on running, wherever else they serve; "" for none."""
    held = (one.district for one in offices(tx, person, today) if one.role is Role.ADMIN)
    return next((code for code in held if is_last_admin(tx, person, code)), "")


def end(tx: Tx, person: int, office: Office, last: date) -> bool:
    """An office ends with its last day; False where it had ended by then."""
    return bool(tx.run(Q.end_office, **_of(person, office), last=last.isoformat()))


def drop_work(tx: Tx, person: int, village: str, now: datetime) -> None:
    """What they began for a village, or a district, is dropped: their open questions mean nothing any more, and
    nobody comes in by a code they made.
    """
    tx.run(Q.drop_drafts, person=person, village=village)
    tx.run(Q.revoke_codes, person=person, district=village)
    tx.run(Q.close_questions, person=person, now=stamp(now))


def address(tx: Tx, person: int) -> Address | None:
    """Where somebody is written to, whether in office or not."""
    row = tx.one(Q.address_of, person=person)
    return Address(row["channel"], row["chat"]) if row else None

"""PINs of the people who chat: sealed hashes, tries, the chats that wait for one, the ones that were told it."""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import scrypt
from typing import Any

from bot.messages import Address
from bot.store import records
from bot.store.database import Row, Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_PIN, _WAIT = "pin.body", "pin_wait.body"

TRIES = 5
LOCK = timedelta(hours=1)
#: How long a right PIN is remembered in its chat, and how long a question for it is open.
FRESH = timedelta(minutes=10)
#: RFC 7914: 16 MB and some hundredths of a second for each try; the hash is sealed besides.
_COST = {"n": 2**14, "r": 8, "p": 1}


class Stage(StrEnum):
    """What the chat waits for."""

    ASK = "ask"
    FIRST = "first"  # a PIN to be set
    SECOND = "second"  # the same again


@dataclass(frozen=True, slots=True)
class Wait:
    """A question for a PIN: what was asked for, and of the second time the first."""

    stage: Stage
    then: Mapping[str, Any]
    first: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a try; `until` is set while no more are taken."""

    right: bool
    left: int = 0
    until: datetime | None = None


def required(tx: Tx, district: str) -> bool:
    """Whether the district wants a PIN for harmful acts; it does unless an administrator said no."""
    return records.get(tx, f"pin.{district}") != "off"


def require(tx: Tx, district: str, *, wanted: bool) -> None:
    """From now on a PIN is asked for in the district, or not."""
    records.put(tx, f"pin.{district}", "on" if wanted else "off")


def is_set(tx: Tx, person: int) -> bool:
    """Whether they have chosen a PIN."""
    return tx.one(Q.of, person=person) is not None


def hashed(pin: str) -> str:
    """Salt and hash, as text."""
    salt = os.urandom(16)
    return f"{salt.hex()}:{scrypt(pin.encode(), salt=salt, **_COST).hex()}"


def fits(pin: str, kept: str) -> bool:
    """Whether it is the PIN of this salt and hash."""
    salt, _, digest = kept.partition(":")
    found = scrypt(pin.encode(), salt=bytes.fromhex(salt), **_COST).hex()
    return hmac.compare_digest(found, digest)


def keep(tx: Tx, person: int, kept: str, now: datetime) -> None:
    """Their PIN from now on, as `hashed` made it."""
    tx.run(Q.keep, person=person, body=tx.vault.seal(_PIN, kept), now=stamp(now))


def locked(tx: Tx, person: int, now: datetime) -> datetime | None:
    """Until when no try is taken from them, if so."""
    row = tx.one(Q.of, person=person)
    until = row["locked_until"] if row else ""
    return datetime.fromisoformat(until) if until > stamp(now) else None


def check(tx: Tx, person: int, pin: str, now: datetime) -> Checked:
    """Take one try, wherever it was typed: after the fifth wrong one in a row none for an hour."""
    row, until = tx.one(Q.of, person=person), locked(tx, person, now)
    if row is None or until is not None:
        return Checked(right=False, until=until)
    right = fits(pin, tx.vault.open(_PIN, row["body"]))
    wrong = 0 if right else row["wrong"] + 1
    until = now + LOCK if wrong >= TRIES else None
    tx.run(Q.tried, person=person, wrong=0 if until else wrong, locked_until=stamp(until) if until else "")
    return Checked(right, TRIES - wrong, until)


def drop(tx: Tx, person: int) -> None:
    """They choose another the next time one is needed."""
    tx.run(Q.drop, person=person)
    forget(tx, person)


def wait(tx: Tx, at: Address, person: int, asked: Wait) -> None:
    """The next message of this chat is a PIN."""
    body = tx.vault.seal_json(_WAIT, {"then": asked.then, "first": asked.first})
    tx.run(
        Q.wait,
        channel=at.channel,
        chat=at.chat,
        person=person,
        stage=asked.stage.value,
        body=body,
        now=stamp(asked.at),
    )


def waiting(tx: Tx, at: Address, person: int) -> Wait | None:
    """What this chat was asked for, if it was."""
    row = tx.one(Q.waiting, channel=at.channel, chat=at.chat, person=person)
    if row is None:
        return None
    body = tx.vault.open_json(_WAIT, row["body"])
    return Wait(Stage(row["stage"]), body["then"], body["first"], datetime.fromisoformat(row["at"]))


def no_wait(tx: Tx, at: Address) -> None:
    """The next message of this chat is none."""
    tx.run(Q.no_wait, channel=at.channel, chat=at.chat)


def remember(tx: Tx, at: Address, person: int, now: datetime) -> None:
    """The right PIN was typed here: for a while it is not asked for again in this chat."""
    tx.run(Q.remember, channel=at.channel, chat=at.chat, person=person, until=stamp(now + FRESH))


def remembered(tx: Tx, person: int, now: datetime, at: Address | None) -> bool:
    """Whether they typed it a moment ago in this chat; without one, in any of theirs."""
    channel, chat = (at.channel, at.chat) if at else ("", "")
    return tx.one(Q.remembered, person=person, now=stamp(now), channel=channel, chat=chat) is not None


def close(tx: Tx, person: int) -> None:
    """No chat of theirs remembers one."""
    tx.run(Q.close_open, person=person)


def forget(tx: Tx, person: int) -> None:
    """Nor waits for one."""
    tx.run(Q.close_waits, person=person)
    close(tx, person)


def forget_chat(tx: Tx, at: Address) -> None:
    """Whoever has this chat next types it themselves."""
    tx.run(Q.no_wait, channel=at.channel, chat=at.chat)
    tx.run(Q.close_chat, channel=at.channel, chat=at.chat)


def last_act(tx: Tx) -> int:
    """The number of the newest act of the audit chain."""
    number: int = tx.one(Q.last_act)["seq"]
    return number


def acts(tx: Tx, after: int, fresh: datetime) -> list[Row]:
    """What people did behind this number, unless it is older."""
    return tx.all(Q.acts, after=after, fresh=stamp(fresh))


def forget_waits(tx: Tx, before: datetime) -> None:
    """Drop what was asked for, and remembered, before then."""
    tx.run(Q.drop_waits, before=stamp(before))
    tx.run(Q.drop_open, before=stamp(before))
    tx.run(Q.drop_arriving, before=stamp(before))

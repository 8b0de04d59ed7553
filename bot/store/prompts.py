"""Questions with buttons: what a token means is kept here, never on the wire."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from bot.messages import Address, Choice, Lane, Outgoing
from bot.store.database import Row, Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_CHOICES = "prompt.choices"

#: How long a button means something unless its message says more; a form's draft lives as long.
LIFE = timedelta(days=30)


class Press(Enum):
    """What a pressed token turned out to be."""

    FRESH = "fresh"
    USED = "used"  # somebody pressed a button of this question before
    STALE = "stale"  # expired, unknown, forged, or another person's: all answered alike


@dataclass(frozen=True, slots=True)
class Prompt:
    """An open question of a chat."""

    number: int
    nonce: str
    topic: str
    choices: tuple[Choice, ...]
    made: datetime
    unasked: bool  # in a lane below that of answers: as a rule they had not written for it


def nonce() -> str:
    """What nobody can guess: the token of a choice is this, a full stop and its position."""
    return secrets.token_urlsafe(12)


def make(tx: Tx, now: datetime, nonce: str, out: Outgoing, key: str) -> None:
    """Keep what the buttons of a message mean; `key` is that of its row in the outbox."""
    topic = out.choices[0].id.partition(":")[0]
    tx.run(
        Q.make,
        nonce=nonce,
        key=key,
        channel=out.to.channel,
        chat=out.to.chat,
        person=out.person,
        choices=tx.vault.seal_json(_CHOICES, [[choice.id, choice.label] for choice in out.choices]),
        topic=topic,
        now=stamp(now),
        expires_at=stamp(max(now + LIFE, out.buttons_until or now)),
    )


def look(tx: Tx, now: datetime, token: str, at: Address, person: int | None) -> tuple[Press, Choice | None]:
    """The choice a token stands for, or what is wrong with it (then with its label if used)."""
    nonce, _, position = token.rpartition(".")
    row = tx.one(Q.find, nonce=nonce) if nonce else None
    if row is None or (row["channel"], row["chat"]) != (at.channel, at.chat):
        return Press.STALE, None
    if row["person"] is not None and row["person"] != person:
        return Press.STALE, None
    choices = tx.vault.open_json(_CHOICES, row["choices"])
    if row["used_at"]:
        return Press.USED, None if row["used_choice"] is None else Choice(*choices[row["used_choice"]])
    if row["expires_at"] <= stamp(now) or not position.isdecimal() or int(position) >= len(choices):
        return Press.STALE, None
    return Press.FRESH, Choice(*choices[int(position)])


def rest(tx: Tx, now: datetime, token: str, at: Address, person: int | None) -> tuple[Choice, ...]:
    """What follows the first choices of a question that a channel could not show at once.

    The token is that of a choice with the number of those shown before: `nonce.+9`.  Empty for any other,
    and where the question is no longer asked.
    """
    nonce, _, position = token.rpartition(".+")
    row = tx.one(Q.find, nonce=nonce) if nonce and position.isdecimal() else None
    if row is None or (row["channel"], row["chat"]) != (at.channel, at.chat) or row["used_at"]:
        return ()
    if row["expires_at"] <= stamp(now) or (row["person"] is not None and row["person"] != person):
        return ()
    choices = tx.vault.open_json(_CHOICES, row["choices"])
    return tuple(Choice(meaning, label) for meaning, label in choices[int(position) :])


def latest(tx: Tx, now: datetime, at: Address, person: int | None, topic: str) -> Prompt | None:
    """The newest question of a chat (of a topic, if named), while this person may answer it by typing."""
    return _newest(tx, now, at, person, topic=topic, before=0)


def earlier(tx: Tx, now: datetime, at: Address, person: int | None, before: int) -> Prompt | None:
    """The same, of what was asked before the question of this number."""
    return _newest(tx, now, at, person, topic="", before=before)


def unasked(tx: Tx, now: datetime, at: Address, person: int | None, since: datetime) -> list[Prompt]:
    """The open questions that were sent by themselves since then, the newest first."""
    where = {"channel": at.channel, "chat": at.chat, "person": person, "alert": Lane.ALERT}
    return [_prompt(tx, row) for row in tx.all(Q.unasked, now=stamp(now), since=stamp(since), **where)]


def said_since(tx: Tx, at: Address, number: int, said: Sequence[str], until: Sequence[str]) -> bool:
    """Whether one of the templates `said` stands in a chat below the question of this number, and none of `until` below that.

    Of a question whose own message is forgotten, anything in the chat stands below it.
    """
    names = {"said": json.dumps(said), "until": json.dumps(until)}
    return tx.one(Q.said_since, channel=at.channel, chat=at.chat, number=number, **names) is not None


def _newest(tx: Tx, now: datetime, at: Address, person: int | None, **which: Any) -> Prompt | None:
    row = tx.one(Q.latest, channel=at.channel, chat=at.chat, now=stamp(now), **which)
    if row is None or row["used_at"] or (row["person"] is not None and row["person"] != person):
        return None
    return _prompt(tx, row)


def _prompt(tx: Tx, row: Row) -> Prompt:
    choices = tx.vault.open_json(_CHOICES, row["choices"])
    offered = tuple(Choice(meaning, label) for meaning, label in choices)
    made, by_itself = datetime.fromisoformat(row["created_at"]), (row["lane"] or 0) >= Lane.ALERT
    return Prompt(row["id"], row["nonce"], row["topic"], offered, made, by_itself)


def asked_now(tx: Tx, key: str) -> None:
    """The message of this key leaves only now: its question is the newest."""
    tx.run(Q.asked_now, key=key)


def use(tx: Tx, now: datetime, token: str, person: int | None = None) -> None:
    """The question is answered: its buttons mean nothing any more."""
    nonce, _, position = token.rpartition(".")
    tx.run(Q.use, nonce=nonce, now=stamp(now), choice=int(position), by=person)


def answered_by(tx: Tx, token: str) -> str:
    """The name of who pressed a button of this question, "" where nobody did or nobody knows."""
    row = tx.one(Q.answered_by, nonce=token.rpartition(".")[0])
    return row["name"] if row else ""


def close(tx: Tx, now: datetime, at: Address, topic: str) -> None:
    """The open questions of a topic are no longer asked in this chat."""
    tx.run(Q.close, channel=at.channel, chat=at.chat, topic=topic, now=stamp(now))


def move(tx: Tx, channel: str, old: str, new: str) -> None:
    """A chat has a new id: its questions are asked there."""
    tx.run(Q.move, channel=channel, old=old, new=new)


def forget(tx: Tx, before: datetime) -> None:
    """Drop questions that expired before then."""
    tx.run(Q.forget, before=stamp(before))

"""Rows of what is to be sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot import stencils, texts
from bot.errors import Misconfigured
from bot.messages import CAPTION_LIMIT, Address, Attachment, Choice, Kind, Lane, Letter, Outgoing, Stencil
from bot.store import prompts, receipts
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
#: Noted of what is held until a person writes, and of what then went to another address.
_BODY = "outbox.body"
_FILE_NAME = re.compile(r"[^\x00-\x1f\x7f/\\\"]{1,120}")  # what every system can keep a file under


@dataclass(frozen=True, slots=True)
class Claimed:
    """One message taken for sending.  `attempts` fences the result: an older claim records nothing.

    `attachment` is read into the letter only while it is being sent.
    """

    id: int
    letter: Letter
    template: str
    public: bool
    repeatable: bool
    attempts: int
    unknowns: int
    at: datetime  # when it was taken
    lane: Lane
    attachment: Attachment | None = None


def put(tx: Tx, now: datetime, out: Outgoing, key: str = "") -> bool:
    """Write one message to be sent; False when its key is there already.

    The text is made here, in the transaction that knows the values: a sentence that cannot be
    said rolls back everything that would have led to it, and so does a file that cannot be sent.
    """
    text = texts.render(out.template, out.values) if out.template else ""
    attached = _attached(out, text)
    stencil = stencils.fill(out.template, out.values) if out.template else None
    nonce = prompts.nonce() if out.choices else ""
    choices = [[f"{nonce}.{n}", choice.label, choice.note] for n, choice in enumerate(out.choices)]
    new = tx.run(
        Q.put,
        key=out.key or key,
        channel=out.to.channel,
        chat=out.to.chat,
        thread=out.to.thread,
        lane=int(out.lane),
        kind=out.kind.value,
        template=out.template,
        body=tx.vault.seal_json(_BODY, [text, choices, out.message, *_beside(attached, stencil)]),
        public=int(out.public),
        repeatable=int(out.lane <= Lane.REPLY if out.repeatable is None else out.repeatable),
        reason=out.reason,
        not_before=stamp(out.not_before or now),
        expires_at=stamp(out.expires_at) if out.expires_at else "",
        now=stamp(now),
        about=out.about,
        person=out.person,
    )
    if new and out.choices:
        prompts.make(tx, now, nonce, out, out.key or key)
    return bool(new)


def _beside(attached: Sequence[int | str], stencil: Stencil | None) -> list[Any]:
    """What goes with the words: row and name of a file, name and words of an approved text."""
    if stencil is None:
        return list(attached)
    return [*(attached or (0, "")), stencil.name, stencil.words]


def _attached(out: Outgoing, caption: str) -> list[int | str]:
    """Row and name of the file; `ValueError` for what some channel could not send."""
    if out.attachment is None:
        return []
    if out.kind is not Kind.TEXT:
        raise ValueError(f"{out.template}: a file needs a message of its own")
    if not _FILE_NAME.fullmatch(out.attachment.name):
        raise ValueError(f"{out.template}: the name of its file cannot be kept everywhere")
    if len(texts.plain(caption).encode("utf-16-le", "replace")) // 2 > CAPTION_LIMIT:
        raise ValueError(f"{out.template}: too long to stand beside a file")
    return [out.attachment.file, out.attachment.name]


@dataclass(frozen=True, slots=True)
class Head:
    """A message that could be sent now."""

    id: int
    channel: str
    chat: str
    lane: Lane
    reason: str
    kind: Kind = Kind.TEXT
    person: int | None = None


def channels(tx: Tx) -> list[str]:
    """The channels that something waits for, also those that are switched off."""
    return [row["channel"] for row in tx.all(Q.channels)]


def heads(tx: Tx, channel: str, now: datetime, count: int) -> list[Head]:
    """What could be sent now on a channel, most urgent first."""
    rows = tx.all(Q.heads, channel=channel, now=stamp(now), count=count)
    return [
        Head(
            row["id"],
            row["channel"],
            row["chat"],
            Lane(row["lane"]),
            row["reason"],
            Kind(row["kind"]),
            row["person"],
        )
        for row in rows
    ]


def stencil(tx: Tx, head: Head) -> str:
    """The approved text whose words were kept beside the message when it was written; "" if there is none."""
    _, _, _, *beside = tx.vault.open_json(_BODY, tx.one(Q.body, id=head.id)["body"])
    return str(beside[2]) if beside[2:] else ""


def take(tx: Tx, head: Head, now: datetime, lease: timedelta, stencil: str = "") -> Claimed | None:
    """Claim one head: its attempt is counted before anything is sent.  None if it is damaged.

    With `stencil` the approved text of that name leaves instead of the words.
    """
    row = tx.one(Q.take, id=head.id, lease=stamp(now + lease), stencil=stencil)
    try:
        return _claimed(tx, row, now, by_stencil=bool(stencil))
    except Misconfigured:
        _damaged(tx, row, now)
        return None


def _claimed(tx: Tx, row: Any, at: datetime, *, by_stencil: bool = False) -> Claimed:
    text, choices, message, *beside = tx.vault.open_json(_BODY, row["body"])
    stencil = _stencil(*beside[2:]) if by_stencil and beside[2:] else None
    offered = tuple(Choice(token, label, note) for token, label, note in choices)
    letter = Letter(
        to=Address(row["channel"], row["chat"], row["thread"]),
        text=text,
        kind=Kind(row["kind"]),
        choices=stencils.presses(stencil.name, offered) if stencil else offered,
        message=message,
        key=row["key"],
        mark=receipts.mark(row["id"], row["key"]),
        stencil=stencil,
    )
    return Claimed(
        row["id"],
        letter,
        row["template"],
        bool(row["public"]),
        bool(row["repeatable"]),
        row["attempts"],
        row["unknowns"],
        at,
        Lane(row["lane"]),
        Attachment(*beside[:2]) if beside and beside[0] else None,
    )


def _stencil(name: str, words: Sequence[Sequence[str]]) -> Stencil:
    return Stencil(name, tuple((variable, word) for variable, word in words))


def sent(tx: Tx, claimed: Claimed, now: datetime, platform_id: str) -> None:
    """It arrived at the platform."""
    tx.run(Q.sent, id=claimed.id, attempts=claimed.attempts, now=stamp(now), platform_id=platform_id)


def again(tx: Tx, claimed: Claimed, at: datetime, error: str, *, unknown: bool = False) -> None:
    """Send once more from `at` on."""
    tx.run(
        Q.again,
        id=claimed.id,
        attempts=claimed.attempts,
        not_before=stamp(at),
        unknown=int(unknown),
        error=error,
    )


def finish(tx: Tx, claimed: Claimed, now: datetime, status: str, error: str) -> None:
    """Never again: `failed`, or `unknown` for a person to look at."""
    unknown = int(status == "unknown")
    tx.run(
        Q.finish,
        id=claimed.id,
        attempts=claimed.attempts,
        now=stamp(now),
        status=status,
        unknown=unknown,
        error=error,
    )


def drop(tx: Tx, head: Head, now: datetime, status: str, why: str) -> None:
    """Not sent: `cancelled` when the reason to send is gone, `failed` when it cannot be known."""
    tx.run(Q.drop, id=head.id, status=status, now=stamp(now), error=why)


def hold(tx: Tx, head: Head, until: datetime) -> None:
    """Not before `until`, although it was due."""
    tx.run(Q.hold, id=head.id, until=stamp(until))


def expire(tx: Tx, now: datetime) -> int:
    """Drop what is too late to be sent; returns how many."""
    return tx.run(Q.expire, now=stamp(now))


def move(tx: Tx, channel: str, old: str, new: str) -> None:
    """A chat has a new id: what is still open goes there."""
    tx.run(Q.move, channel=channel, old=old, new=new)


def cut(tx: Tx, channel: str, chat: str, now: datetime, why: str) -> None:
    """A chat cannot be reached: nothing more is tried there."""
    tx.run(Q.cut, channel=channel, chat=chat, now=stamp(now), error=why)


def leased(tx: Tx, now: datetime, until: datetime) -> list[Claimed]:
    """Sends whose lease ended by `until` and whose outcome was never recorded."""
    found = []
    for row in tx.all(Q.leased, now=stamp(until)):
        try:
            found.append(_claimed(tx, row, now))
        except Misconfigured:
            _damaged(tx, row, now)
    return found


def _damaged(tx: Tx, row: Any, now: datetime) -> None:
    """It can neither be sent nor judged: it must not hold up what stands behind it."""
    tx.run(
        Q.finish,
        id=row["id"],
        attempts=row["attempts"],
        now=stamp(now),
        status="failed",
        unknown=0,
        error="damaged",
    )


def gate(tx: Tx, scope: str, until: datetime) -> None:
    """Nothing is sent to a channel, or to a chat of it, before `until`."""
    tx.run(Q.gate, scope=scope, until=stamp(until))


def gates(tx: Tx, now: datetime) -> dict[str, str]:
    """What is closed, and until when; opens what is over."""
    tx.run(Q.open_gates, now=stamp(now))
    return {row["scope"]: row["until"] for row in tx.all(Q.gates, now=stamp(now))}


def next_due(tx: Tx) -> datetime | None:
    """When the next open message may be sent, None if there is none."""
    at = tx.one(Q.next_due)["at"]
    return datetime.fromisoformat(at) if at else None


def waiting(tx: Tx) -> dict[str, tuple[int, str]]:
    """How many messages are open, parked or failed, and since when."""
    return {row["status"]: (row["n"], row["oldest"]) for row in tx.all(Q.count_by_status)}


def forget(tx: Tx, before: datetime) -> None:
    """Drop what was settled long ago; of what is evidence, the text only."""
    tx.run(Q.forget, before=stamp(before))
    tx.run(Q.empty, before=stamp(before))


def said_in_group(tx: Tx, at: Address, message: str) -> str:
    """The key of what the bot said in a group, by the platform's id of it; "" if it was not ours."""
    row = tx.one(Q.said_in_group, channel=at.channel, chat=at.chat, message=message) if message else None
    return row["key"] if row else ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message: its status, the platform's id of it, and why it failed."""

    status: str
    platform_id: str
    error: str
    ended_at: str


def fate(tx: Tx, key: str) -> Fate | None:
    """What became of the message of this key, None where it was never written."""
    row = tx.one(Q.outcome, key=key)
    return Fate(row["status"], row["platform_id"], row["error"], row["ended_at"]) if row else None

"""Forms half filled in: they belong to a person and a village, whatever the channel.

A colleague who takes one over becomes its person; a mark stays behind for who had it before.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row
from typing import Any

from bot.progress import Progress
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_BODY = "draft.body"
_NAME, _BY = "name", "by"  # of a mark; no form has `by`

LIFE = timedelta(days=30)
#: Somebody who answered within this time is taken to be typing.
IDLE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Draft:
    """A form half filled in, and whether the next message is an answer to it."""

    progress: Progress
    active: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """A form that somebody left half filled in."""

    person: int
    owner: str  # their name
    draft: Draft


@dataclass(frozen=True, slots=True)
class Resting:
    """Whose form has not been touched since when."""

    person: int
    village: str
    form: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """What stays with somebody whose form a colleague took over."""

    village: str
    name: str  # of whom it is about, may be empty
    by: str  # the colleague's name
    active: bool  # whether their next message would have been an answer to it


def save(tx: Tx, person: int, progress: Progress, now: datetime, *, active: bool = True) -> None:
    """Keep the form as it stands."""
    _keep(tx, (person, progress.village, progress.form), progress.to_json(), now, active=active)


def _keep(
    tx: Tx, whose: tuple[int, str, str], body: Mapping[str, object], now: datetime, *, active: bool
) -> None:
    person, village, form = whose
    tx.run(
        Q.save,
        person=person,
        village=village,
        form=form,
        active=int(active),
        body=tx.vault.seal_json(_BODY, body),
        now=stamp(now),
    )


def of(tx: Tx, person: int, now: datetime) -> list[Draft]:
    """The person's drafts of the last 30 days, the active one first."""
    rows = [(row, _open(tx, row)) for row in tx.all(Q.of, person=person, fresh=stamp(now - LIFE))]
    return [_draft(row, body) for row, body in rows if _BY not in body]


def _open(tx: Tx, row: Row) -> dict[str, Any]:
    body: dict[str, Any] = tx.vault.open_json(_BODY, row["body"])
    return body


def _draft(row: Row, body: Mapping[str, Any]) -> Draft:
    return Draft(Progress(**body), bool(row["active"]), datetime.fromisoformat(row["updated_at"]))


def left(tx: Tx, village: str, form: str, person: int, now: datetime) -> list[Left]:
    """What the others of a village left half filled in, the latest first.

    Whoever answered a moment ago is still at it.  It does not matter whether they are in office.
    """
    idle, fresh = stamp(now - IDLE), stamp(now - LIFE)
    rows = tx.all(Q.left, village=village, form=form, person=person, idle=idle, fresh=fresh)
    opened = [(row, _open(tx, row)) for row in rows]
    return [Left(row["person"], row["name"], _draft(row, body)) for row, body in opened if _BY not in body]


def resting(tx: Tx, forms: Collection[str], since: datetime, until: datetime) -> list[Resting]:
    """Forms of these names, of which none is ever taken over, that nobody touched since a moment in (since, until]."""
    rows = tx.all(Q.resting, forms=json.dumps(sorted(forms)), since=stamp(since), until=stamp(until))
    return [
        Resting(row["person"], row["village"], row["form"], datetime.fromisoformat(row["updated_at"]))
        for row in rows
    ]


def take(tx: Tx, found: Left, person: int, now: datetime, mark: tuple[str, str]) -> None:
    """The form is this person's from now on; `mark` says whose name it bears, and who took it."""
    progress = found.draft.progress
    name, by = mark
    whose = (found.person, progress.village, progress.form)
    _keep(tx, whose, {_NAME: name, _BY: by}, now, active=found.draft.active)
    save(tx, person, progress, now)


def lost(tx: Tx, person: int, now: datetime) -> Mark | None:
    """The form that was taken over last from this person."""
    for row in tx.all(Q.of, person=person, fresh=stamp(now - LIFE)):
        body = _open(tx, row)
        if _BY in body:
            return Mark(row["village"], body[_NAME], body[_BY], bool(row["active"]))
    return None


def rest(tx: Tx, person: int) -> None:
    """None of the person's drafts is waiting for an answer now."""
    tx.run(Q.rest, person=person)


def drop(tx: Tx, person: int, progress: Progress) -> None:
    """The form is finished, or given up."""
    tx.run(Q.drop, person=person, village=progress.village, form=progress.form)


def forget(tx: Tx, before: datetime) -> None:
    """Drop drafts nobody touched since then."""
    tx.run(Q.forget, before=stamp(before))

"""Forms half filled in: they belong to a person and a village, whatever the channel."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.forms import Progress
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
_BODY = "draft.body"

LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Draft:
    """A form half filled in, and whether the next message is an answer to it."""

    progress: Progress
    active: bool
    updated_at: datetime


def save(tx: Tx, person: int, progress: Progress, now: datetime, *, active: bool = True) -> None:
    """Keep the form as it stands."""
    tx.run(
        Q.save,
        person=person,
        village=progress.village,
        form=progress.form,
        active=int(active),
        body=tx.vault.seal_json(_BODY, progress.to_json()),
        now=stamp(now),
    )


def of(tx: Tx, person: int, now: datetime) -> list[Draft]:
    """The person's drafts of the last 30 days, the active one first."""
    rows = tx.all(Q.of, person=person, fresh=stamp(now - LIFE))
    return [
        Draft(
            Progress(**tx.vault.open_json(_BODY, row["body"])),
            bool(row["active"]),
            datetime.fromisoformat(row["updated_at"]),
        )
        for row in rows
    ]


def rest(tx: Tx, person: int) -> None:
    """None of the person's drafts is waiting for an answer now."""
    tx.run(Q.rest, person=person)


def drop(tx: Tx, person: int, progress: Progress) -> None:
    """The form is finished, or given up."""
    tx.run(Q.drop, person=person, village=progress.village, form=progress.form)


def forget(tx: Tx, before: datetime) -> None:
    """Drop drafts nobody touched since then."""
    tx.run(Q.forget, before=stamp(before))

"""What the platform says of our stencils: which of them may be sent now, and why others may not."""

from dataclasses import dataclass
from datetime import datetime

from bot.stencils import IN_PLACE, KNOCK
from bot.store import holding
from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)

#: May be sent.  FLAGGED is on the way to being paused, REINSTATED on the way back.
SENDABLE = frozenset({"APPROVED", "FLAGGED", "REINSTATED"})
#: Approved, but with another text than ours: what we would fill in does not fit.
DIFFERS = "DIFFERS"
#: What else is not news of a template's standing (its quality is RED), and leaves what was known.
_STATUSES = SENDABLE | {
    DIFFERS, "ARCHIVED", "DELETED", "DISABLED", "IN_APPEAL", "LIMIT_EXCEEDED", "LOCKED", "PAUSED", "PENDING",
    "PENDING_DELETION", "REJECTED", "UNARCHIVED",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """The last that was heard of a stencil."""

    name: str
    status: str
    category: str
    reason: str
    at: datetime


def differs(tx: Tx, name: str) -> bool:
    """Whether what is approved there is another text than ours, as a comparison found."""
    row = tx.one(Q.status, name=name)
    return row is not None and row["status"] == DIFFERS


def approved(tx: Tx, name: str) -> bool:
    """Whether it may be sent."""
    row = tx.one(Q.status, name=name)
    return row is not None and row["status"] in SENDABLE


# The row of a table, and the moment.
def note(tx: Tx, name: str, status: str, reason: str, category: str, now: datetime) -> None:  # noqa: PLR0913
    """Keep what the platform said; an empty category, and what is no status, leave what was known.

    What was held for want of this text is looked at again once it may be sent.
    """
    known, before = status if status in _STATUSES else "", approved(tx, name)
    tx.run(Q.note, name=name, status=known, reason=reason, category=category, at=stamp(now))
    if before or not approved(tx, name):
        return
    if name == KNOCK:
        holding.release_all(tx)
    for template in (each for each, stencil in IN_PLACE.items() if stencil == name):
        holding.release_template(tx, template)


def all_(tx: Tx) -> list[Known]:
    """Everything that was heard, by name."""
    return [
        Known(row["name"], row["status"], row["category"], row["reason"], datetime.fromisoformat(row["at"]))
        for row in tx.all(Q.all)
    ]

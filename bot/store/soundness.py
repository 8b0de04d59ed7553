"""What holds for the rows of any database of ours, whenever nobody is writing to it."""

from datetime import datetime, timedelta

from bot.store.database import Tx, queries
from bot.store.inbox import stamp

Q = queries(__file__)
#: As often may nobody know whether an answer arrived: the sender's own bound.
COPIES = 3
#: Messages are forgotten after 90 days, plans are not: look only as far back as their messages surely are.
RECENT = timedelta(days=30)
_ORPHANS = "PRAGMA foreign_key_check"


def wrong(tx: Tx, now: datetime) -> list[str]:
    """Each rule that does not hold, with some rows that break it: their keys name no person."""
    found = [f"risked too often: {row['key']}" for row in tx.all(Q.overcopied, copies=COPIES)]
    found += [f"in no state: {row['row']}" for row in tx.all(Q.stateless)]
    since = stamp(now - RECENT)
    found += [f"planned, and no message: {row['key']}" for row in tx.all(Q.messageless, since=since)]
    found += [f"refers to nothing: {row[0]} {row[1]}" for row in tx.all(_ORPHANS)[:5]]
    return found

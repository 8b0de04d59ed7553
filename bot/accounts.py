"""What a platform reports of our account there, told to who runs the district's office."""

from datetime import datetime

from bot.domain.offices import office_day
from bot.messages import Account, Lane, Outgoing
from bot.store import outbox, people, records, stencils
from bot.store.database import Tx
from bot.store.inbox import Event

#: Words of WhatsApp's for a template or a number with which all is well: known, and not told to anybody.
WELL = {
    "APPROVED", "GREEN", "ENABLED", "UNBLOCKED", "UNFLAGGED", "REINSTATED", "PENDING", "IN_APPEAL", "UNARCHIVED",
    "UTILITY", "ONBOARDING", "VERIFIED_ACCOUNT", "UPGRADE", "NONE", "UNKNOWN",
}  # fmt: skip


def heard(tx: Tx, event: Event, news: Account, now: datetime) -> None:
    """Keep what is said of a template; tell the administrators what is not well, once."""
    if news.about == "template":
        stencils.note(tx, news.name, news.state, news.why, "", now)
    if (news.about, news.name) == ("quality", "number"):
        records.put(tx, f"{event.channel}.quality", news.state)
    if news.state in WELL:
        return
    values = {"about": news.about, "name": news.name, "state": news.state, "why": news.why}
    for admin in people.admins(tx, office_day(now)):
        key = f"account:{event.external_id}:{admin.person}"
        outbox.put(tx, now, Outgoing(admin.to, "alert/account", values, lane=Lane.ALERT, key=key))

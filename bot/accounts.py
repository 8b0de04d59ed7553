"""What a platform reports of our account there, told to who runs the district's office."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.offices import office_day
from bot.messages import Account, Lane, Outgoing
from bot.store import outbox, people, records, stencils
from bot.store.database import Tx
from bot.store.inbox import Event

#: Words of WhatsApp's for a template, a number or an account with which all is well: told to nobody.
WELL = {
    "APPROVED", "GREEN", "ENABLED", "UNBLOCKED", "UNFLAGGED", "REINSTATED", "PENDING", "IN_APPEAL", "UNARCHIVED",
    "UTILITY", "ONBOARDING", "VERIFIED_ACCOUNT", "UPGRADE", "THROUGHPUT_UPGRADE", "NONE", "UNKNOWN",
}  # fmt: skip
#: How good our number is thought to be.
QUALITIES = {"GREEN", "YELLOW", "RED", "FLAGGED", "UNFLAGGED"}
CATEGORIES = {"UTILITY", "MARKETING", "AUTHENTICATION"}
#: How long an administrator who is silent there is told of it.
WORTH = timedelta(days=2)


def heard(tx: Tx, event: Event, news: Account, now: datetime) -> None:
    """Keep what is said of templates and of our number; tell the administrators what is not well, once."""
    tier = records.get(tx, f"{event.channel}.tier") or ""
    if news.about == "template":
        _of_template(tx, news, now)
    if (news.about, news.name) == ("quality", "number") and news.state in QUALITIES:
        records.put(tx, f"{event.channel}.quality", news.state)
    if news.state in WELL or (news.name == "limit" and news.state == tier):
        return
    of_text = news.about == "template" or (news.about == "quality" and news.name != "number")
    template = "alert/stencil" if of_text else "alert/account"
    values = {"about": news.about, "name": news.name, "state": news.state, "why": news.why, "tier": tier}
    for admin in people.admins(tx, office_day(now)):
        key = f"account:{event.external_id}:{admin.person}"
        out = Outgoing(admin.to, template, values, lane=Lane.ALERT, key=key, person=admin.person)
        outbox.put(tx, now, replace(out, expires_at=now + WORTH))


def _of_template(tx: Tx, news: Account, now: datetime) -> None:
    """That it is approved says nothing of a text that a comparison found to be another than ours."""
    if news.state in CATEGORIES:
        stencils.note(tx, news.name, "", "", news.state, now)
    elif not (news.state in stencils.SENDABLE and stencils.differs(tx, news.name)):
        stencils.note(tx, news.name, news.state, news.why, "", now)

"""What WhatsApp reports where nobody speaks: how far a message has come, and how our account does.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status
"""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime

from bot import logs
from bot.channels.fields import Part
from bot.channels.whatsapp_errors import reported
from bot.channels.whatsapp_messages import NAME, WAMID
from bot.channels.whatsapp_names import Names
from bot.errors import Unreadable
from bot.messages import Account, Address, Incoming, Receipt, Stage

#: Where news of our account are kept in order.
ACCOUNT = Address(NAME, "account")
WHY_LIMIT = 80

_STAGES = {
    "sent": Stage.SENT,
    "delivered": Stage.DELIVERED,
    "read": Stage.READ,
    "played": Stage.READ,
    "failed": Stage.FAILED,
}
MARK_LIMIT = 64
_CODE = re.compile(r"[0-9]{1,9}")
#: Five digits and more, however they are grouped: a part of a number, of a NIK.
_LONG_NUMBER = re.compile(r"\+?\d(?:[ .()/-]{0,2}\d){4,}")
_EPOCH = datetime.fromtimestamp(0, UTC)

log = logs.get(__name__)


def beside(message: str) -> Address:
    """Where the news of a message (its concealed id) are kept in order: one of some thousand places,
    since a place is gone through one by one.
    """
    return Address(NAME, f"status{hashlib.sha256(message.encode()).hexdigest()[-3:]}")


def masked(text: str) -> str:
    """Words of the platform, short and without any long number."""
    return _LONG_NUMBER.sub("…", " ".join(text.split()))[:WHY_LIMIT]


def status(value: Part, names: Names) -> Incoming | None:
    """Read one element of `statuses`; None for a stage that says nothing to us."""
    said = value.needed("status", re.compile(r"\w{1,40}"))
    message = names.conceal(value.needed("id", WAMID))
    stage = _STAGES.get(said)
    if stage is None:
        log.info("status ignored", status=value.term("status"))
        return None
    mark = value.word("biz_opaque_callback_data")
    at = value.moment("timestamp")
    error = reported(*_failure(value)) if stage is Stage.FAILED else None
    return Incoming(
        address=beside(message),
        sender="",
        external_id=f"st:{message}:{said}",
        at=at,
        shape="receipt",
        receipt=Receipt(message, stage, mark[:MARK_LIMIT], error, at),
    )


def _failure(value: Part) -> tuple[int, str]:
    """Code and title of the first error; that there is a failure counts, however it is described."""
    try:
        errors = value.parts("errors")
    except Unreadable:
        errors = []
    if not errors:
        return 0, ""
    code = errors[0].word("code")
    title = errors[0].word("title") or errors[0].word("message")
    return int(code) if _CODE.fullmatch(code) else 0, masked(title)


def complaint(value: Part) -> None:
    """One element of `errors` beside the messages: nothing can be done but to say so."""
    log.warning("reported by the platform", code=value.word("code")[:9], title=masked(value.word("title")))


def account(field: str, value: Part, external_id: str, time: str) -> Incoming:
    """Read a change of our account; without a time of its own it counts as of 1970."""
    news = ACCOUNTS[field](value)
    at = Part({"time": time}, "event").moment("time") if time else _EPOCH
    return Incoming(ACCOUNT, "", external_id, at, shape="account", account=news)


def _template(value: Part) -> Account:
    reason = value.word("reason")
    other = value.maybe("other_info")
    why = (reason if reason != "NONE" else "") or (other.word("title") if other else "")
    return _news("template", value.word("message_template_name"), value.word("event"), why)


def _template_quality(value: Part) -> Account:
    name, before = value.word("message_template_name"), value.word("previous_quality_score")
    return _news("quality", name, value.word("new_quality_score"), before)


def _category(value: Part) -> Account:
    """A template costs more or less from now on, or soon."""
    state = value.word("correct_category") or value.word("new_category")
    before = value.word("previous_category") or (
        value.word("new_category") if value.has("correct_category") else ""
    )
    return _news("template", value.word("message_template_name"), state, before)


def _quality(value: Part) -> Account:
    limit = value.word("max_daily_conversations_per_business") or value.word("current_limit")
    return _news("quality", "number", value.word("event"), limit)


def _number_name(value: Part) -> Account:
    return _news("account", "number", value.word("decision"), value.word("rejection_reason"))


def _update(value: Part) -> Account:
    ban, violation = value.maybe("ban_info"), value.maybe("violation_info")
    why = [ban.word("waba_ban_state")] if ban else []
    why += [violation.word("violation_type")] if violation else []
    why += [each.word("restriction_type") for each in value.parts("restriction_info")]
    return _news("account", "", value.word("event"), ", ".join(filter(None, why)))


def _alert(value: Part) -> Account:
    said = value.maybe("alert_info") or value
    why = f"{said.word('alert_severity')} {said.word('alert_status')}"
    return _news(
        "account", said.word("entity_type") or value.word("entity_type"), said.word("alert_type"), why
    )


def _capability(value: Part) -> Account:
    """How many people may be written to first in a day."""
    limits = ("max_daily_conversations_per_business", "max_daily_conversation_per_phone")
    return _news("account", "limit", next(filter(None, map(value.word, limits)), ""), "")


def _review(value: Part) -> Account:
    return _news("account", "review", value.word("decision"), "")


def _news(about: str, name: str, state: str, why: str) -> Account:
    if not state:
        raise Unreadable("account.state")
    return Account(about, name[:512], state[:WHY_LIMIT], masked(why))


#: The fields of a webhook that are news of our account.
ACCOUNTS: dict[str, Callable[[Part], Account]] = {
    "message_template_status_update": _template,
    "message_template_quality_update": _template_quality,
    "template_category_update": _category,
    "message_template_category_update": _category,
    "phone_number_quality_update": _quality,
    "phone_number_name_update": _number_name,
    "account_update": _update,
    "account_review_update": _review,
    "account_alerts": _alert,
    "business_capability_update": _capability,
}

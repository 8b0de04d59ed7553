"""What a platform reports of a message of ours, and what that means for it.

Reports come late, twice, in any order, and sometimes before the answer to our own request.
"""

from datetime import datetime, timedelta

from bot.errors import Closed, GiveUp, SendError, TryLater
from bot.messages import Address, Receipt, Stage
from bot.store import holding, outbox, people, receipts, windows
from bot.store.database import Tx
from bot.store.receipts import Reported

#: Times that a message is sent at most whose failure is reported as one that passes.
TRIES = 5
#: A failure of the whole channel is waited out so long after the message was written.
PATIENCE = timedelta(days=3)
WAIT = timedelta(minutes=1)
_UNSETTLED = ("ready", "sending", "held", "unknown")


def settle(tx: Tx, channel: str, receipt: Receipt, now: datetime) -> None:
    """Lay one report over the message it is about; one that is not known yet is kept for later."""
    one = receipts.find(tx, channel, receipt.mark, receipt.message)
    if one is None:
        if not receipt.mark:
            receipts.keep(tx, channel, receipt, _as_word(receipt.error), now)
    elif one.part:
        if receipt.stage is Stage.FAILED:
            _failed(tx, channel, one, receipt, now)
    elif _is_of_newest_try(one, receipt.message):
        _apply(tx, channel, one, receipt, now)


def catch_up(tx: Tx, channel: str, message: str, now: datetime) -> None:
    """What was reported of a message before its id was known."""
    kept = receipts.kept(tx, channel, message)
    if kept is not None:
        stage, word = kept
        settle(tx, channel, Receipt(message, stage, error=_from_word(word)), now)


def _is_of_newest_try(one: Reported, message: str) -> bool:
    """Whether it may tell something of the try that counts.

    A message that waits to be sent again bears the id of the try that failed: what still comes of that is
    over.  One that was sent under another id since then is not moved by what comes of its first copy.
    """
    same = one.message == message
    return not same if one.status in _UNSETTLED else same


def _apply(tx: Tx, channel: str, one: Reported, receipt: Receipt, now: datetime) -> None:
    if receipt.stage is Stage.FAILED:
        _failed(tx, channel, one, receipt, now)
        return
    receipts.arrived(tx, one, receipt.message, now)
    if receipt.stage is not Stage.SENT:
        receipts.reached(tx, one, receipt.stage, now)


def _failed(tx: Tx, channel: str, one: Reported, receipt: Receipt, now: datetime) -> None:
    if one.status not in (*_UNSETTLED, "sent"):
        return
    error = receipt.error
    if isinstance(error, Closed):
        windows.closed(tx, channel, one.chat, receipt.at or now)
    again = None if one.delivered else _again_at(one, error, now)
    if isinstance(error, TryLater) and error.scope:
        outbox.gate(tx, error.scope, again or now + (error.after or WAIT))
    if again is not None:
        # What comes later of the other parts of this try must not settle the next one.
        of_try = one.message if one.part and one.message else receipt.message
        receipts.again(tx, one, of_try, str(error), again)
        return
    receipts.failed(tx, one, receipt.message, str(error), now)
    if isinstance(error, GiveUp) and error.unreachable:
        out_of_reach(tx, Address(channel, one.chat), (receipt.at or now, now), str(error))


def out_of_reach(tx: Tx, to: Address, at: tuple[datetime, datetime], why: str) -> None:
    """Nothing more is tried there, unless they wrote since it was so; `at` is when it was so, and now."""
    then, now = at
    if windows.wrote_since(tx, to.channel, to.chat, then):
        return
    people.set_reachable(tx, to.channel, to.chat, reachable=False)
    outbox.cut(tx, to.channel, to.chat, now, why)
    holding.cut(tx, to.channel, to.chat, now, why)


def _again_at(one: Reported, error: SendError | None, now: datetime) -> datetime | None:
    """When it is sent once more; None if never.

    Refused for being too late it leaves by an approved text or is held, which ends it; what is not its own
    fault is waited out.
    """
    if isinstance(error, Closed):
        return now if one.freely else None
    if not isinstance(error, TryLater):
        return None
    patient = bool(error.scope) and now < one.created + PATIENCE
    return now + (error.after or WAIT) if patient or one.attempts < TRIES else None


def _as_word(error: SendError | None) -> str:
    if error is None:
        return ""
    kind = "unreachable" if isinstance(error, GiveUp) and error.unreachable else type(error).__name__
    return f"{kind}:{error}"


def _from_word(word: str) -> SendError | None:
    if not word:
        return None
    kind, _, why = word.partition(":")
    if kind == Closed.__name__:
        return Closed(why)
    return TryLater(why) if kind == TryLater.__name__ else GiveUp(why, unreachable=kind == "unreachable")

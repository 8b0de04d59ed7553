"""What WhatsApp's error codes mean for a message: the one table, for answers and for what is reported later.

https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
"""

from datetime import timedelta

from bot.channels.whatsapp_messages import NAME
from bot.errors import Closed, GiveUp, SendError, TryLater

REFUSED_PAUSE = timedelta(minutes=10)
LONG_PAUSE = timedelta(hours=1)
#: One message in six seconds to one person is what WhatsApp takes for ever.
PAIR_PAUSE = timedelta(seconds=6)

PAIR, CLOSED = 131056, 131047
#: Too fast as a whole; None: as long as the pump thinks right.
_BUSY: dict[int, timedelta | None] = {
    4: None, 17: None, 32: None, 613: None, 80007: None, 130429: None, 133016: None,
    131048: LONG_PAUSE,  # too many people blocked or reported us
    131057: REFUSED_PAUSE,  # the account is being maintained
}  # fmt: skip
#: Only the operator can mend it: the token, its rights, our number, a locked account, a bill that is not paid.
REFUSED = frozenset(
    {0, 3, 10, 102, 190, 368, 131005, 131031, 131037, 131042, 131045, 133010, *range(200, 300)}
)
#: No WhatsApp behind the number, or not among the numbers that a test account may write to.
_UNREACHABLE = frozenset({131026, 131030})
#: The account as a whole may write less for a while; answers still go through.
_LATER = frozenset({131064})
#: Something went wrong over there: it may have gone out.
LOST = frozenset({1, 2, 131000, 131016})


def of_code(code: int, why: str, conversation: str) -> SendError | None:
    """What one of the codes above means for a message that certainly was not sent; None for any other."""
    if code in REFUSED:
        return TryLater(why, REFUSED_PAUSE, scope=NAME)
    if code in _BUSY:
        return TryLater(why, _BUSY[code], scope=NAME)
    if code in _UNREACHABLE:
        return GiveUp(why, unreachable=True)
    if code in _LATER:
        return TryLater(why, LONG_PAUSE)
    single = {PAIR: TryLater(why, PAIR_PAUSE, scope=conversation), CLOSED: Closed(why)}
    return single.get(code)


def reported(code: int, why: str) -> SendError:
    """What a failure means that is reported after the request was accepted; then it certainly did not arrive."""
    said = f"{why} ({code})" if why else str(code)
    if code in LOST:
        return TryLater(said)
    return of_code(code, said, "") or GiveUp(said)

"""How fast a platform may be written to: token buckets by channel and by chat.

They live in memory: after a restart the platform's own refusals, which are kept, correct them.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.messages import Lane
from bot.store.outbox import Head


@dataclass(frozen=True, slots=True)
class Rate:
    """So many messages a second on average, `burst` of them at once."""

    per_second: float
    burst: float


@dataclass(frozen=True, slots=True)
class Limits:
    """The rates of one platform."""

    overall: Rate
    private: Rate
    group: Rate
    #: What comes in: how many of an official's messages are handled at once, the rest of them later.
    heard: Rate = Rate(20 / 60, 40)


#: core.telegram.org/bots/faq: about 30 a second overall, 1 a second for a chat, 20 a minute for a group.
def telegram(per_second: float, per_chat: float) -> Limits:
    """Telegram's limits, with our own rates overall and in private chats, and a margin in groups.

    The burst is small: after a pause, a full second's worth at once would be twice the rate in that second.
    """
    return Limits(
        Rate(per_second, max(1.0, per_second / 5)),
        Rate(per_chat, 5 * per_chat),
        Rate(18 / 60, 5.0),
        Rate(per_chat / 3, 40 * per_chat),  # who is answered faster is heard faster
    )


#: developers.facebook.com/docs/whatsapp: 80 messages a second for a number, one in 6 seconds to the same
#: person with some borrowed from later.
def whatsapp(per_second: float) -> Limits:
    """WhatsApp's limits, with our own rate overall; groups there are none."""
    pair = Rate(1 / 6, 10.0)
    return Limits(Rate(per_second, max(1.0, per_second / 5)), pair, pair)


class _Bucket:
    __slots__ = ("at", "level")

    def __init__(self, rate: Rate, now: datetime) -> None:
        self.level = rate.burst
        self.at = now

    def fill(self, rate: Rate, now: datetime) -> None:
        passed = (now - self.at).total_seconds()
        self.level = min(rate.burst, self.level + max(passed, 0.0) * rate.per_second)
        self.at = now


class Pace:
    """Asked before each claim, told after it."""

    #: Chats remembered: the least lately used are full again anyway.
    CHATS = 10_000

    def __init__(self, limits: Mapping[str, Limits], is_group: Mapping[str, Callable[[str], bool]]) -> None:
        self._limits = limits
        self._is_group = is_group
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def allows(self, head: Head, now: datetime) -> bool:
        """Whether one more message may leave now."""
        return all(bucket.level >= 1.0 for bucket in self._of(head, now))

    def spend(self, head: Head, now: datetime) -> None:
        """One message leaves."""
        for bucket in self._of(head, now):
            bucket.level -= 1.0

    def refund(self, head: Head, now: datetime) -> None:
        """The message did not leave after all."""
        for bucket in self._of(head, now):
            bucket.level += 1.0

    def _of(self, head: Head, now: datetime) -> list[_Bucket]:
        channel, chat = head.channel, head.chat
        limits = self._limits.get(channel)
        if limits is None:
            return []
        in_group = self._is_group[channel](chat)
        rates = [(channel, limits.overall)]
        if head.lane is not Lane.TAP:  # ending a press is no message to the chat
            rates.append((f"{channel}:{chat}", limits.group if in_group else limits.private))
        found = []
        for name, rate in rates:
            bucket = self._buckets.get(name)
            if bucket is None:
                bucket = self._buckets[name] = _Bucket(rate, now)
                if len(self._buckets) > self.CHATS:
                    self._buckets.popitem(last=False)
            bucket.fill(rate, now)
            self._buckets.move_to_end(name)
            found.append(bucket)
        return found

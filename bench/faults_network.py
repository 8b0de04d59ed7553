"""F1 to F4, F13, F14: what the platform answers, and what it does not."""

import random
import re
import socket
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench import officers, virtual
from bench.rig import MINUTE, PATIENCE, Drawn, Rig, rig
from bench.verdicts import Verdict
from bot.channels.telegram import Telegram
from bot.clock import Clock
from bot.delivery import COPIES, LONGEST
from bot.messages import Lane
from tests.fakes.bot_faults import Fault

CHATS, EACH = 12, 4
HOUR, SLACK = timedelta(hours=1), timedelta(seconds=0.5)
Play = Callable[[Rig], Coroutine[Any, Any, Verdict]]


def on_telegram(play: Play) -> Callable[[Path, Path], Verdict]:
    """A scenario over a running bot on the fake Telegram."""

    async def run(made: Path, folder: Path) -> Verdict:
        async with rig(made, folder) as here:
            return await play(here)

    return lambda made, folder: virtual.run(run(made, folder), PATIENCE)


class Flood:
    """429 for most sends while it lasts; notes who comes back before their time."""

    ASKED: tuple[object, ...] = (1, 2, 5, 30, None, None, "x", "x", -5, -5)

    def __init__(self, clock: Clock, span: timedelta) -> None:
        self._clock = clock
        self.until = clock.now() + span
        self.gates: dict[str, datetime] = {}
        self.early = 0
        self.said = 0
        self._dice = random.Random(1)

    def draw(self, _method: str, chat: str) -> Fault | None:
        """The answer to this send."""
        now = self._clock.now()
        self.early += now + SLACK < self.gates.get(chat, now)
        if now >= self.until or self._dice.random() > 0.6:
            return None
        self.said += 1
        asked = 10**9 if self.said == 30 else self._dice.choice(self.ASKED)
        if isinstance(asked, int) and asked > 0:
            self.gates[chat] = now + min(timedelta(seconds=asked), LONGEST)
        parameters = {} if asked is None else {"retry_after": asked}
        return Fault(status=429, description="Too Many Requests", parameters=parameters)


async def f1(here: Rig) -> Verdict:
    """60 % of sends are refused for five minutes, with every kind of wait."""
    storm = Flood(here.clock, 5 * MINUTE)
    here.api.faults = Drawn(storm.draw)
    names = await here.flood(CHATS, EACH)
    took = await here.until_done(3 * HOUR)
    early, states = storm.early, await here.states(names)
    again = sum(times > 1 for times in here.copies.values())
    return Verdict(
        "nobody before their time, at most an hour, all delivered once",
        f"{storm.said} refusals, {early} came back early, {states['sent']} of {len(names)} sent after {took}",
        lost=len(names) - states["sent"], wrong=early + again, stuck=await here.left(),
    )  # fmt: skip


BROKEN: tuple[Mapping[str, Any], ...] = (
    {"status": 500, "description": "Internal Server Error"},
    {"status": 502, "raw": "<html>Bad Gateway</html>"},
    {"raw": '{"ok":false,"error_code":500,"description":"x"}'},
    {"raw": "<html>welcome</html>"},
    {"raw": ""},
    {"raw": '{"ok":true,"result":{"mess'},
)


def _some(here: Rig, share: float, kinds: tuple[Mapping[str, Any], ...]) -> tuple[Drawn, list[str]]:
    """Faults for a share of the sends of ten minutes, and the chats they hit."""
    dice, until, hit = random.Random(2), here.clock.now() + 10 * MINUTE, list[str]()

    def draw(_method: str, chat: str) -> Fault | None:
        if here.clock.now() >= until or dice.random() >= share:
            return None
        hit.append(chat)
        return Fault(**dice.choice(kinds))

    return Drawn(draw), hit


async def f2(here: Rig) -> Verdict:
    """A tenth of the answers is an error, a page, half a page or nothing, for ten minutes."""
    here.api.faults, hit = _some(here, 0.1, BROKEN)
    names = await here.flood(CHATS, 2 * EACH)
    await here.until_done(HOUR)
    copies, states = here.copies, await here.states(names)
    lost = sum(not copies[name] for name in names)
    most = max(copies.values())
    return Verdict(
        f"all delivered, at most {COPIES} copies",
        f"{len(hit)} odd answers, {len(names) - lost} of {len(names)} arrived, most copies {most}, {dict(states)}",
        lost=lost, wrong=max(0, most - COPIES), stuck=await here.left(),
    )  # fmt: skip


async def f3(here: Rig) -> Verdict:
    """Accepted, and the answer is lost: replies may come again, reminders are parked."""
    here.api.faults, hit = _some(here, 0.2, ({"drop": True}, {"hang": 40.0}))
    replies = await here.flood(CHATS, EACH)
    once = await here.flood(CHATS, EACH, lane=Lane.BROADCAST, repeatable=False)
    await here.until_done(HOUR)
    copies, states = here.copies, await here.states(once)
    twice = sum(copies[name] > 1 for name in once)
    doubled = sum(copies[name] - 1 for name in replies)
    unknown = states["unknown"]
    return Verdict(
        "copies of answers only; what must not come twice is parked, exactly those that were hit",
        f"{len(hit)} answers lost: {doubled} copies of {len(replies)} answers, {twice} of {len(once)} others, "
        f"{unknown} parked",
        lost=sum(not copies[name] for name in replies),
        wrong=twice + (unknown + doubled != len(hit)), stuck=await here.left(),
    )  # fmt: skip


async def f4(here: Rig) -> Verdict:
    """Nobody answers for thirty minutes; then the backlog leaves in order, and what is too late does not."""
    begun = here.clock.now()
    until = begun + 30 * MINUTE
    silent = Fault(delay=60.0, refuse=True, times=None)
    faults = Drawn(lambda _method, _chat: silent if here.clock.now() < until else None)
    hit = faults.hit
    faults.hit = lambda method, chat: (
        silent if method == "getMe" and here.clock.now() < until else hit(method, chat)
    )  # type: ignore[method-assign]
    here.api.faults = faults
    names = await here.flood(CHATS, EACH)
    late = await here.flood(CHATS, 1, lane=Lane.REMINDER, repeatable=False, expires_at=begun + 20 * MINUTE)
    await here.passes(30 * MINUTE, timedelta(seconds=30))
    kept = await here.states(names + late)
    freed = here.clock.now()
    await here.until_done(HOUR)
    copies, order = here.copies, _in_order(here)
    over = sum(copies[name] for name in late)
    lost = sum(not copies[name] for name in names)
    parked = (await here.states(late))["unknown"]
    return Verdict(
        "no copies, the backlog in order, expired reminders never",
        f"after the silence {dict(kept)}; {len(names) - lost} of {len(names)} arrived {here.clock.now() - freed} later, "
        f"{over} too late, {parked} parked, out of order {order}; refused connections: {await _refused(here)} sent",
        lost=lost, wrong=over + order + sum(times > 1 for times in copies.values()), stuck=await here.left(),
    )  # fmt: skip


def _in_order(here: Rig) -> int:
    """How many messages overtook an earlier one of their chat."""
    last: dict[str, int] = {}
    overtaken = 0
    for call in here.api.sent:
        found = re.search(r"-(\d+)-(\d+)”", str(call["params"]["text"]))
        if found:
            overtaken += int(found[2]) < last.get(found[1], 0)
            last[found[1]] = int(found[2])
    return overtaken


async def _refused(here: Rig) -> int:
    """A connection that is refused is known not to have been sent: no unknown is spent on it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with Telegram("1:a", f"http://127.0.0.1:{port}", here.clock) as nowhere:
        there, here.channel._api = here.channel._api, nowhere._api
        names = await here.flood(3, 1, lane=Lane.ALERT)
        await here.passes(MINUTE)
        here.channel._api = there
    wasted = await here.count("SELECT COUNT(*) FROM outbox WHERE unknowns > 0 AND status = 'ready'")
    await here.until_done(HOUR)
    return (await here.states(names))["sent"] - wasted


GONE: tuple[Mapping[str, Any], ...] = (
    {"status": 403, "description": "Forbidden: bot was blocked by the user"},
    {"status": 403, "description": "Forbidden: user is deactivated"},
    {"status": 403, "description": "Forbidden: bot was kicked from the supergroup chat"},
    {"status": 400, "description": "Bad Request: chat not found"},
    {"status": 400, "description": "Bad Request: not enough rights to send text messages to the chat"},
)


async def f13(here: Rig) -> Verdict:
    """Who blocked us, is gone, or put us out: one try, then nothing more; a chat that moved is followed."""
    gone = {str(officers.FIRST_CHAT + number): Fault(**fields) for number, fields in enumerate(GONE)}
    moved = officers.FIRST_CHAT + len(GONE)
    new = moved + 500_000
    to = Fault(status=400, description="Bad Request: group chat was upgraded to a supergroup chat",
               parameters={"migrate_to_chat_id": new})  # fmt: skip
    tries: dict[str, int] = {}

    def draw(_method: str, chat: str) -> Fault | None:
        tries[chat] = tries.get(chat, 0) + 1
        return to if chat == str(moved) else gone.get(chat)

    here.api.faults = Drawn(draw)
    names = await here.flood(CHATS, EACH)
    await here.until_done(HOUR)
    states = await here.states(names)
    storm = sum(max(0, tries[chat] - 1) for chat in gone)
    followed = sum(call["chat"] == str(new) for call in here.api.sent)
    good = (CHATS - len(GONE)) * EACH
    return Verdict(
        "the right end, no second try, the others as always",
        f"{len(gone)} chats gone after {len(gone) + storm} tries, {states['failed']} ended so, {followed} followed, "
        f"{states['sent']} of {good} sent",
        lost=good - states["sent"], wrong=storm + (followed != EACH), stuck=await here.left(),
    )  # fmt: skip


async def f14(here: Rig) -> Verdict:
    """The token is revoked while messages leave, and given back."""
    good, here.api.token = here.api.token, "1:another"
    names = await here.flood(CHATS, EACH)
    await here.passes(2 * MINUTE, timedelta(seconds=20))
    told, waits = here.channel.refused, await here.states(names)
    tried = await here.count("SELECT SUM(attempts) FROM outbox")
    here.api.token = good
    await here.until_done(HOUR)
    states = await here.states(names)
    return Verdict(
        "a pause after the first tries, told, nothing lost",
        f"{tried} tries in two minutes by 4 senders, refused {told}, {waits['ready']} kept; then {states['sent']} sent",
        lost=len(names) - states["sent"], wrong=(not told) + (tried > 8), stuck=await here.left(),
    )  # fmt: skip


SCENARIOS = {
    name: on_telegram(play)
    for name, play in {"F1": f1, "F2": f2, "F3": f3, "F4": f4, "F13": f13, "F14": f14}.items()
}

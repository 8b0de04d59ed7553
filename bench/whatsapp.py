"""The fake WhatsApp of the benches: people who write to it, statuses in every order, and its own book."""

import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from bench import officers
from bench.officers import Step
from bench.oracle import Quiet
from bench.platform import Watched
from bench.whatsapp_oracle import approve, number_of, silent
from bot import stencils, texts
from bot.channels.whatsapp_ingress import PATH
from bot.channels.whatsapp_messages import NAME
from bot.messages import PART, Address, Stage
from bot.points import NAMES
from bot.store.database import Tx
from bot.store.vault import open_key_file
from tests.fakes.whatsapp_api import TOKEN, WhatsAppApi
from tests.fakes.whatsapp_people import ACCOUNT_ID, PHONE_NUMBER_ID, SECRET, People, Somebody
from tests.fakes.whatsapp_push import Push
from tests.fakes.whatsapp_state import Json, Sent, status

#: Statuses are brought on so many ways beside each other, so that they overtake one another.
WAYS = 4
READ, DOUBLED, SLOW = 0.5, 0.1, 0.2  # shares of messages
ANSWERS_AFTER = 0.05  # seconds, where the answer comes after the statuses
PAUSE = 0.2  # seconds between two tries to bring something
READS = "Baca pesan"  # the button of the message that asks somebody to write
#: What is said to a press of it where nothing waits (any more), as where that message came twice.
ASIDE = {texts.render("chat/nothing_held", {}), texts.render("chat/used", {"label": READS, "by": ""})}


class AtWhatsApp(Watched, WhatsAppApi):
    """The Cloud API as a driver of the crash bench."""

    points = tuple(name for name in NAMES if name != "after_getupdates")

    def __init__(self, folder: Path, port: int, now: Callable[[], datetime], seed: int) -> None:
        Watched.__init__(self)
        WhatsAppApi.__init__(self, now=now)
        self.arrivals: list[dict[str, Any]] = []
        self.told: dict[str, set[str]] = {}  # the stages of each message
        self.asides = 0  # messages that ask somebody to write
        self._vault = open_key_file(officers.paths(folder)[1])
        self._port = port
        self._dice = random.Random(seed)
        self._ways = [Push() for _ in range(WAYS)]
        self._people: dict[int, People] = {}
        self._buttons: dict[tuple[int, str], tuple[str, str]] = {}

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        for way in (self.push, *self._ways):
            way.longest = PAUSE
            way.start(f"http://127.0.0.1:{self._port}{PATH}")
        for one in stencils.definitions():
            self.approve(one.name, one.body, one.buttons)
        self.fault(method="messages", times=None, rate=SLOW, hang=ANSWERS_AFTER)
        return self

    async def __aexit__(self, *_: object) -> None:
        for way in self._ways:
            await way.close()
        await super().__aexit__()

    # -- what people do --------------------------------------------------------------------------

    def can(self, chat: int, step: Step) -> bool:
        """See `Driver`."""
        return step.kind != "tap" or (chat, step.text) in self._buttons

    def do(self, chat: int, step: Step) -> str:
        """See `Driver`."""
        who = self._who(chat)
        if step.kind == "tap":
            on, choice = self._buttons.pop((chat, step.text))
            return self._done(who.press(choice, on, step.text))
        if step.kind == "photo":
            return self._done(who.image(self.state.new_media(step.text.encode(), "image/jpeg")))
        return self._done(who.say(step.text))

    def _who(self, chat: int) -> People:
        who = self._people.setdefault(chat, People(Somebody(number_of(chat), name=f"Petugas {chat}")))
        who.at = self.now()
        return who

    def _done(self, request: Json) -> str:
        self.bring(request)
        return str(request["entry"][0]["changes"][0]["value"]["messages"][0]["id"])

    # -- what the bot does -----------------------------------------------------------------------

    def _message(self, payload: Json) -> Json:
        answer = super()._message(payload)
        message = self.sent[-1]
        chat = int(message.to) - int(number_of(0))
        if not message.failed:
            self._note(chat, message)
        self.arrived.set()
        return answer

    def _note(self, chat: int, message: Sent) -> None:
        """Keep it; who is asked to write does so at once, and what that leads to nobody else is told."""
        self.sent_count += 1
        self._buttons |= {(chat, label): (message.id, choice) for label, choice in message.buttons.items()}
        asked = message.payload["type"] == "template" and message.content["name"] == stencils.KNOCK
        if asked:
            self.asides += 1
            self._done(self._who(chat).answer(next(iter(message.buttons.values())), message.id, READS))
        aside = asked or message.text in ASIDE
        method = "aside" if aside else "sendMessage"
        params = {"text": message.text}
        self.arrivals.append(
            {"method": method, "executed": True, "chat": str(chat), "params": params, "at": time.time()}
        )

    def _tell(self, message: Sent) -> None:
        """Sent, delivered, half of them read; in any order, some twice, some before the answer."""
        stages = ["failed"] if message.failed else ["sent", "delivered"]
        if not message.failed and self._dice.random() < READ:
            stages.append("read")
        self.told[message.id] = set(stages)
        stages += [stage for stage in stages if self._dice.random() < DOUBLED]
        self._dice.shuffle(stages)
        for stage in stages:
            self._dice.choice(self._ways).put(status(message, stage, self.now()))

    # -- what the bench asks ---------------------------------------------------------------------

    @property
    def idle(self) -> bool:
        """See `Driver`."""
        return all(way.idle for way in (self.push, *self._ways))

    def at(self, chat: int) -> Address:
        """See `Driver`."""
        return Address(NAME, self._vault.conceal(number_of(chat)))

    def chat(self, stored: str) -> int:
        """See `Driver`."""
        return int(self._vault.reveal(stored)) - int(number_of(0))

    def external_id(self, update: str) -> str:
        """See `Driver`."""
        return f"msg:{self._vault.conceal(update)}"

    def settings(self, point: str, port: int) -> dict[str, str]:  # noqa: ARG002
        """See `Driver`."""
        return {
            "PAYUNG_WHATSAPP_TOKEN": TOKEN,
            "PAYUNG_WHATSAPP_PHONE_ID": PHONE_NUMBER_ID,
            "PAYUNG_WHATSAPP_BUSINESS_ID": ACCOUNT_ID,
            "PAYUNG_WHATSAPP_APP_SECRET": SECRET,
            "PAYUNG_WHATSAPP_VERIFY_TOKEN": "made-up-word-of-the-bench",
            "PAYUNG_WHATSAPP_API": self.address,
            "PAYUNG_WHATSAPP_RATE": "1000000",
            "PAYUNG_WHATSAPP_TIER": "100000",
        }

    def prepare(self, tx: Tx) -> None:
        """See `Driver`."""
        approve(tx)

    def quiet(self, folder: Path) -> AbstractAsyncContextManager[Quiet]:
        """See `Driver`."""
        return silent(folder)

    def disagreements(self, tx: Tx) -> list[str]:
        """See `Driver`."""
        ids: dict[int, list[str]] = {}
        for message in self.sent:
            mark = message.payload.get("biz_opaque_callback_data")
            if mark and not mark.endswith(PART) and not message.failed:
                ids.setdefault(int(mark.partition(".")[0]), []).append(message.id)
        rows = {row["id"]: row for row in tx.all(_ROWS)}
        lines = [f"outbox {number}: sent, and not there" for number in ids.keys() - rows.keys()]
        for number in sorted(ids.keys() & rows.keys()):
            wrong = disagreement(tx, rows[number], ids[number], self.told)
            lines += [f"outbox {number}: {wrong}"] if wrong else []
        return lines


def disagreement(tx: Tx, row: Mapping[str, Any], ids: list[str], told: Mapping[str, set[str]]) -> str:
    """What a row says otherwise than the book, in which it was delivered under these ids."""
    if row["status"] != Stage.SENT.name.lower():
        return f"delivered, and stands as {row['status']}"
    message = tx.vault.reveal(row["platform_id"]) if row["platform_id"] else ""
    if message not in ids:
        return "under an id that its message never had"
    stages = told[message]
    shown = bool(row["delivered_at"]), bool(row["read_at"])
    book = bool({"delivered", "read"} & stages), "read" in stages
    return "" if shown == book else f"delivered and read {shown}, in the book {book}"


_ROWS = "SELECT id, status, platform_id, delivered_at, read_at FROM outbox WHERE kind IN ('text', 'edit')"


@asynccontextmanager
async def at_whatsapp(
    folder: Path, port: int, now: Callable[[], datetime], seed: int
) -> AsyncIterator[AtWhatsApp]:
    """A WhatsApp that brings everything to a bot on this port, whether it lives or not."""
    async with AtWhatsApp(folder, port, now, seed) as platform:
        yield platform

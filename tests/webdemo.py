"""A small demo for the web chat's tests: made-up people and a bot that repeats what it hears."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from starlette.applications import Starlette

from bot import texts
from bot.channels.web import Chats, Persona, Web
from bot.channels.web_site import routes
from bot.clock import ManualClock
from bot.messages import Address, Arrival, Choice, Document, Kind, Letter

START = datetime(2026, 11, 23, 1, 14, tzinfo=UTC)
KUKAR, LANDAK = "Kutai Kartanegara", "Landak"

PERSONAS = (
    Persona("darma", "Darma Wijaya", "Kaur Keuangan", "Desa Perian, Kec. Muara Muntai", "11", False, KUKAR),
    Persona("siti", "Siti Rahmah", "Sekretaris Desa", "Desa Loa Duri Ilir, Kec. Loa Janan", "12", False, KUKAR),
    Persona(
        "petrus", "Petrus Anyau", "Kepala Desa", "Desa Amboyo Utara, Kec. Ngabang", "13", False, LANDAK,
        "Asia/Pontianak",
    ),
    Persona("yuni", "Yuniarti Lestari", "Petugas DPMD", "Kabupaten Kutai Kartanegara", "21", False, KUKAR),
    Persona("kantor", "Kantor DPMD Kukar", "Grup kantor", "Kutai Kartanegara", "21", True, KUKAR),
)  # fmt: skip

MENU = (Choice("tok:1", "Lihat tagihan"), Choice("tok:2", "Sudah bayar"), Choice("tok:3", "Tanya petugas"))
VILLAGES = tuple(Choice(f"desa:{count}", f"Desa {count}", "Kec. Muara Muntai") for count in range(1, 25))


PICTURE = Document(
    "tren.png",
    "image/png",
    bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff"
        "03000006000557bfabd40000000049454e44ae426082"
    ),
)


class Echo:
    """A bot that answers at once.  Some words make it do more, see `_answer`."""

    def __init__(self, web: Web, clock: ManualClock) -> None:
        self.web, self.clock = web, clock
        self.seen: dict[str, Arrival] = {}
        self.broken = False

    async def accept(self, arrivals: Sequence[Arrival]) -> None:
        """Repeat each new arrival."""
        if self.broken:
            raise OSError("disk is full")
        for arrival in arrivals:
            if self.seen.setdefault(arrival.external_id, arrival) is arrival:
                await self._answer(arrival)

    async def _answer(self, arrival: Arrival) -> None:
        incoming = self.web.parse(arrival.body)
        words, here = incoming.text, incoming.address
        if incoming.choice:
            if incoming.message:
                await self.web.send(Letter(here, "", Kind.CLOSE, message=incoming.message))
            await self.web.send(Letter(here, "Diterima", Kind.ANSWER, message=incoming.tap))
            await self.web.send(Letter(here, f"Dipilih: *{incoming.choice}*"))
        elif incoming.file:
            await self.web.send(Letter(here, f"Berkas {incoming.file.size} bita"))
        else:
            await self._hear(here, words)

    async def _hear(self, here: Address, words: str) -> None:
        if words == "menu":
            text = "Iuran November *Desa Perian* jatuh tempo Selasa, 15 Desember.\nRp1.584.000 untuk 8 orang."
            await self.web.send(Letter(here, text, choices=MENU))
        elif words.startswith("papan"):
            await self._board(here, words)
        elif words == "gambar":
            await self.web.send(Letter(here, "*Tren* iuran", attachment=PICTURE))
        elif words == "desa":
            await self.web.send(Letter(here, "Desa yang mana?", choices=VILLAGES))
        elif words != "diam":
            await self.web.send(Letter(here, f"Anda menulis: {words.replace('*', texts.LITERAL)}"))

    async def _board(self, here: Address, words: str) -> None:
        """A message that is pinned, and edited when it is asked for again."""
        pinned = self.web.chats.pinned(here.chat)
        text = f"*Iuran Oktober 2026: Lunas {words.removeprefix('papan ')}* · Dilaporkan 12 · Menunggak 27 · Belum daftar 36"
        if pinned:
            await self.web.send(Letter(here, text, Kind.EDIT, message=str(pinned.id)))
            return
        number = await self.web.send(Letter(here, text))
        await self.web.send(Letter(here, "", Kind.PIN, message=number))

    async def advance(self, to: datetime) -> None:
        """Remind everybody each morning on the way."""
        if self.broken:
            raise OSError("disk is full")
        while (morning := self.clock.now() + timedelta(days=1)) <= to:
            self.clock.move(morning)
            for persona in PERSONAS:
                text = "Pengingat: iuran *November* belum tercatat."
                await self.web.send(Letter(Address("web", persona.id), text))
        self.clock.move(to)

    def bodies(self) -> list[dict[str, object]]:
        """What arrived, read."""
        return [json.loads(arrival.body) for arrival in self.seen.values()]


def demo(personas: Sequence[Persona] = PERSONAS) -> tuple[Starlette, Web, Echo]:
    """The page with its echo behind it."""
    clock = ManualClock(START)
    web = Web(Chats(personas, clock))
    echo = Echo(web, clock)
    return Starlette(routes=routes([web], echo.accept, clock.now, echo.advance)), web, echo

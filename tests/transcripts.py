"""Reads, replays and writes the conversations: a file is what people say and what the bot answers.

# a remark; "# rekam kegiatan" alone: the daily line of that name is told, which elsewhere is left out
@ 2026-12-08 09:00 WITA         time passes until then
= darma: kaur_keuangan 64.02.01.2001 Darma Wijaya
= sofia: camat 64.02.01 Sofia Lestari
= #kantor: office 64.02
= darma/wa: darma               a second address of the same person; `darma/telegram` is one there
= darma/wa: jendela tutup       it is over a day since they wrote there, where that counts
= pin: wajib                    the districts want a PIN for harmful acts
= templat: ada_pesan            the platform approves a text
= darma: -                      they leave every office
= lengkap: 64.02.01.2001        all its usual posts are held and confirmed; "… tanpa kaur_umum": but these
darma> daftar                   somebody writes
darma> [Benar]                  or presses a button
darma> (photo bukti.jpg)        or sends a file; other shapes: (voice), (sticker), …
darma> (document iuran.xlsx)    a file of this name that the bot sent comes back as it was, the newest
ani in #kantor> /rekap          or writes in a group
ani in #kantor> (balas) Baik    or replies there to the newest message with buttons
wawan> (kode)                   the code that was given last
< the answer                    to whoever spoke; "< siti: …" to somebody else
  (file iuran.xlsx)             the file beside it
  [1 Ya] [2 Tidak]              its buttons
< #kantor: (diubah) …           a message that is edited; "(disematkan)": one that is pinned
< (templat ada_pesan) …         a text that the platform had approved, in place of our own words
"""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import texts
from bot.domain.offices import Role
from bot.messages import Document, Kind, Letter
from tests.district import staffed
from tests.world import World

ZONES = {"WITA": "Asia/Makassar", "WIB": "Asia/Pontianak", "WIT": "Asia/Jayapura", "UTC": "UTC"}
_SAYS = re.compile(r"(?P<who>[\w/]+)(?: in (?P<room>#\w+))?> ?(?P<what>.*)")
_CODE = re.compile(r"(?:[2-9A-HJ-NP-Z]{4}-){2}[2-9A-HJ-NP-Z]{4}")
_IN_LINK = re.compile(r"(?<=start=)[2-9A-HJ-NP-Z]{12}")
#: The daily line about the chain of acts, whose code follows from all that was done before.
_HEAD = re.compile(r"^(< #.*Rekam kegiatan .*: kode) [0-9]+-[a-z]{12}")
_SHOWN = "# rekam kegiatan"
_SHAPE = re.compile(r"\((\w+)(?: ([^)]*))?\)")
_SILENT = {Kind.LEAVE: "(keluar dari grup)", Kind.PIN: "(disematkan)"}
_NOTES = {Kind.ANSWER: "(sekilas) ", Kind.EDIT: "(diubah) "}


@dataclass
class Transcript:
    """One conversation, with the answers as they are written in its file."""

    path: Path
    written: str

    @classmethod
    def read(cls, path: Path) -> "Transcript":
        """The conversation in a file."""
        return cls(path, path.read_text(encoding="utf-8"))

    @property
    def lines(self) -> list[str]:
        """What people say and what the world does."""
        return [line for line in self.written.splitlines() if not line.startswith(("<", "  "))]

    def write(self, told: str) -> None:
        """Keep what the bot answers now."""
        self.path.write_text(told, encoding="utf-8")

    async def replay(self, world: World) -> str:
        """The whole text again, with what the bot answers now."""
        written: list[str] = []
        for line in self.lines:
            written.append(line)
            told = await _one(world, line)
            heads = _SHOWN in self.lines
            written += [_HEAD.sub(r"\1 …", each) for each in told if heads or not _HEAD.match(each)]
        return "\n".join(written).rstrip() + "\n"


async def _one(world: World, line: str) -> list[str]:
    if not line or line.startswith("#"):
        return []
    if line.startswith("@ "):
        return _told(await world.move(_moment(line[2:])), "")
    if line.startswith("= "):
        await _known(world, line[2:])
        return []
    found = _SAYS.fullmatch(line)
    assert found, f"not a line of a conversation: {line}"
    who, room, what = found["who"], found["room"] or "", found["what"]
    letters = await _said(world, who, room, what)
    for letter in letters:
        found_code = _CODE.search(letter.text)
        world.code = found_code[0] if found_code else world.code
    return _told(letters, room or who, pressed=what)


async def _said(world: World, who: str, room: str, what: str) -> list[Letter]:
    if what.startswith("["):
        return await world.presses(who, what[1:-1], room)
    if what.startswith("(balas) "):
        return await world.replies(who, room, what.removeprefix("(balas) "))
    shape = _SHAPE.fullmatch(what)
    if shape is None or shape[1] == "kode":
        text = what.replace("\\n", "\n").replace("(kode)", world.code)
        return await world.says(who, text, chat=room or who, name=who.title())
    file = _file(world, shape[2] or "") if shape[1] in ("photo", "document") else None
    return await world.sends(who, shape[1], file, room or who)


def _file(world: World, name: str) -> Document:
    """A file to be sent: the newest of this name that the bot has sent, else one that is no such thing."""
    sent = [letter.attachment for letter in world.sent if letter.attachment]
    return next((each for each in reversed(sent) if each.name == name), Document(name, "", b"a photo."))


def _moment(text: str) -> datetime:
    day, hour, zone = text.split()
    return datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZoneInfo(ZONES[zone]))


async def _known(world: World, text: str) -> None:
    who, _, rest = text.partition(": ")
    if who.startswith("#"):
        kind, district = rest.split()
        await world.open_room(who, district, kind)
    elif rest == "-":
        await world.leave(who)
    elif who == "pin":
        await world.guard()
    elif who == "templat":
        await world.approve(rest)
    elif who == "lengkap":
        code, _, but = rest.partition(" tanpa ")
        await world.store.transact(lambda tx: staffed(tx, code, world.clock.now(), but.split()))
    elif rest == "jendela tutup":
        await world.shut(who)
    elif " " not in rest:
        await world.link(who, rest)
    else:
        role, place, name = rest.split(" ", 2)
        await world.appoint(who, name, Role(role), place)


def _told(letters: list[Letter], speaker: str, pressed: str = "") -> list[str]:
    lines: list[str] = []
    for letter in letters:
        if letter.kind in (Kind.CLOSE, Kind.DELETE) or (
            letter.kind is Kind.ANSWER and f"[{letter.text}]" in (pressed, "[]")
        ):
            continue  # what every press does is not told again and again
        to = "" if letter.to.chat == speaker else f"{letter.to.chat}: "
        text = _SILENT.get(letter.kind) or _IN_LINK.sub(
            "(kode)", _CODE.sub("(kode)", texts.plain(letter.text))
        )
        note = f"(templat {letter.stencil.name}) " if letter.stencil else _NOTES.get(letter.kind, "")
        first, *more = text.split("\n")
        lines += [f"< {to}{note}{first}", *(f"  {line}".rstrip() or "  " for line in more)]
        if letter.attachment:
            lines.append(f"  (file {letter.attachment.name})")
        if letter.choices:
            lines.append(
                "  " + " ".join(_button(n, c.label, letter) for n, c in enumerate(letter.choices, 1))
            )
    return lines


def _button(number: int, label: str, letter: Letter) -> str:
    return f"[{number} {label}]" if len(letter.choices) > 3 else f"[{label}]"

"""The sheet for SIPP: who is to be registered, of whom something changed, who has left, and what is empty.

What was entered is remembered by digests; of people who were in no sheet yet, a change is what differs
from their registration.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.domain import dates, phones, sipp
from bot.domain.people import Leaving, State
from bot.domain.rulebook import Rules
from bot.domain.sipp import CHANGED, ENDED, NEW, Entry, SippLayout, SippUse
from bot.reports.sheets import Cell, Column, Page
from bot.store import exported, members, posts
from bot.store.database import Tx
from bot.store.exported import Row
from bot.store.members import Member
from bot.store.places import Village
from bot.store.posts import Post

#: The names of the sheets in a file.
NAMES = {NEW: "Baru", CHANGED: "Perubahan", ENDED: "Keluar"}
#: How a change is called in a cell.
_WHAT = {"wage": "upah", "position": "jabatan", "phone": "nomor HP"}


@dataclass(frozen=True, slots=True)
class Registrations:
    """What one file says: people by sheet, those who wait for the agency, and the digests to be kept."""

    use: SippUse
    layouts: Mapping[str, SippLayout]
    entries: Mapping[str, Sequence[Entry]]
    waiting: int
    rows: Sequence[Row]

    def pages(self, notes: Sequence[str]) -> list[Page]:
        """The sheets of the file; what is empty and the notes stand behind those for SIPP."""
        found = [self._page(sheet) for sheet in sipp.SHEETS]
        columns = (
            Column("Lembar", 12),
            Column("Kolom", 24),
            Column("Yang diisi", 28),
            Column("Untuk siapa", 60),
        )
        gaps = Page(
            "Yang masih kosong", [*columns[:3], Column("Untuk siapa", 60, wrapped=True)], self._gaps()
        )
        return [
            *found,
            gaps,
            Page("Catatan", [Column("Catatan", 100, wrapped=True)], [[note] for note in notes]),
        ]

    def _page(self, sheet: str) -> Page:
        found = self.layouts[sheet]
        columns = [Column(title, max(12, len(title) + 2)) for title in found.titles]
        return Page(NAMES[sheet], columns, [sipp.row(found, entry) for entry in self.entries[sheet]])

    def _gaps(self) -> list[list[Cell]]:
        return [
            [
                NAMES[sheet],
                gap.title,
                gap.words,
                f"semua ({len(gap.names)} orang)" if gap.all else ", ".join(gap.names),
            ]
            for sheet in sipp.SHEETS
            for gap in sipp.gaps(self.layouts[sheet], self.entries[sheet])
        ]


def read(tx: Tx, rules: Rules, village: Village, today: date) -> Registrations:
    """What is to be told to SIPP about a village."""
    use = sipp.use(rules, village.district, today)
    layouts = {sheet: sipp.layout(rules, use.generation, sheet, today) for sheet in sipp.SHEETS}
    known = exported.entered(tx, village.code)
    listed = enumerate(members.of_village(tx, village.code), 1)
    people = [
        _Person(number, one, _posts(tx, one), known.get(one.id, {}), today)
        for number, one in listed
        if one.why_ended != Leaving.MISTAKE
    ]
    entries: dict[str, list[Entry]] = {sheet: [] for sheet in sipp.SHEETS}
    waiting, rows = 0, []
    for person in people:
        digests, changed = person.digests(tx), person.changed(tx)
        rows += [(person.member.id, what, digest) for what, digest in digests.items()]
        sheet = person.sheet(digests, changed)
        waiting += person.waits
        if sheet:
            entries[sheet].append(person.entry(rules, changed))
    return Registrations(use, layouts, entries, waiting, rows)


def _posts(tx: Tx, member: Member) -> tuple[Post, ...]:
    return tuple(post for post in posts.of(tx, member.id) if not post.beside)


@dataclass(frozen=True, slots=True)
class _Person:
    """One member, with what SIPP was told of them: nothing while they were in no sheet that was entered."""

    number: int
    member: Member
    posts: tuple[Post, ...]
    known: Mapping[str, bytes]
    today: date

    @property
    def waits(self) -> bool:
        """Whether SIPP has them and the agency has not confirmed them."""
        return bool(self.known) and self.member.open and self.member.state is State.SUBMITTED

    def digests(self, tx: Tx) -> dict[str, bytes]:
        """What this sheet says of them."""
        return self._digests(tx, self._held())

    def changed(self, tx: Tx) -> list[str]:
        """What is another than SIPP was told, or else than it was when they were registered."""
        if not self.member.open:
            return []
        before = self.known or self._digests(tx, next(iter(self.posts), None))
        return sipp.changes(before, self.digests(tx))

    def sheet(self, now: Mapping[str, bytes], changed: Sequence[str]) -> str:
        """The sheet they belong to, "" if to none."""
        if not self.member.open:
            return "" if self.known.get("ended") == now["ended"] else ENDED
        if self.member.state is State.SUBMITTED and not self.known:
            return NEW
        return CHANGED if changed else ""

    def _digests(self, tx: Tx, post: Post | None) -> dict[str, bytes]:
        values: dict[str, object] = {
            "wage": self._wage(post),
            "position": post.position if post else self.member.position,
            "phone": self.member.details.get("phone", ""),
        }
        if not self.member.open:
            values["ended"] = self.member.ended
        return {what: exported.digest(tx, self.member.id, what, value) for what, value in values.items()}

    def _held(self) -> Post | None:
        """The post of today; of who has left, the last one."""
        held = [post for post in self.posts if post.held(self.today)] or self.posts
        return held[-1] if held else None

    def _wage(self, post: Post | None) -> int:
        return int(self.member.details.get("wage", 0)) if post is None or post.wage is None else post.wage

    def entry(self, rules: Rules, changed: Sequence[str]) -> Entry:
        """Their row."""
        member, post, told = self.member, self._held(), self.member.details
        position = post.position if post else member.position
        labels = {one.code: one.label for one in rules.positions}
        return Entry(
            number=self.number,
            name=member.name,
            nik=member.nik,
            kpj=told.get("kpj", ""),
            phone=phones.dialled(told.get("phone", "")),
            place=told.get("place", ""),
            mother=told.get("mother", ""),
            sex=told.get("sex", ""),
            position=labels.get(position, position),
            location=member.village[:5].replace(".", ""),
            changed=", ".join(_WHAT[what] for what in changed),
            why=Leaving(member.why_ended).label if member.why_ended else "",
            wage=self._wage(post),
            born=_day(told.get("born")),
            joined=member.joined,
            since=member.since,
            term_end=post.term_end if post else None,
            effective=self._wage_since(post) if "wage" in changed else None,
            last_day=member.ended,
        )

    def _wage_since(self, post: Post | None) -> date | None:
        """Since when the wage of today is paid: posts before it may have had the same."""
        since = post.since if post else None
        for one in reversed(self.posts):
            if since and one.until == since - timedelta(days=1) and self._wage(one) == self._wage(post):
                since = one.since
        return since


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None


def notes(found: Registrations, village: Village, today: date) -> list[str]:
    """What stands on the last sheet: where it comes from, and by which rules it was filled in."""
    draft = (
        f"Susunan {found.use.generation}: {found.use.source}."
        if found.use.compared
        else "DRAF. Susunan kolom belum dibandingkan dengan templat SIPP yang asli. Cocokkan dulu judul kolomnya "
        "dengan templat yang diunduh dari SIPP."
    )
    sources = dict.fromkeys(f"{NAMES[one.sheet]}: {one.source}." for one in found.layouts.values())
    return [
        f"{village.label}, keadaan {dates.short_date(today)}.",
        draft,
        *sources,
        "Baru: diajukan desa, belum pernah masuk lembar yang sudah dimasukkan ke SIPP.",
        "Perubahan: upah, jabatan, atau nomor HP lain dari lembar terakhir yang sudah dimasukkan ke SIPP; bila belum "
        "pernah ada lembar, lain dari data saat didaftarkan.",
        "Keluar: berhenti, meninggal, atau pindah; hari terakhir adalah hari terakhir bertugas.",
        "Nama dibagi: kata pertama nama depan, kata terakhir nama belakang, di antaranya nama tengah. Yang di belakang "
        "koma, dan sebutan seperti H. atau Drs. di depan, masuk gelar.",
        "Lembar 'Yang masih kosong' menyebut yang harus dilengkapi sendiri di SIPP.",
        "Berisi NIK lengkap dan data pribadi. Jangan diteruskan ke grup.",
    ]

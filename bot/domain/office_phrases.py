"""How people of the district's office put things: politely, in short, in another word; and what they get for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from bot.domain import cleaning, dates, picking, words
from bot.domain.mentioned import Mentioned
from bot.domain.months import NAMES, Month
from bot.domain.placing import Place
from bot.domain.words import Vocabulary
from bot.domain.written import MONTH_NUMBERS
from bot.errors import Invalid

P = TypeVar("P", bound=Place)


@dataclass(frozen=True, slots=True)
class Meant:
    """The commands that answer, the best first; whoever may not use one gets the next.  `rest` stands behind it."""

    names: tuple[str, ...]
    rest: str = ""


_FULL = {
    "nunggak": "menunggak", "tunggakan": "menunggak", "menungak": "menunggak", "penunggak": "menunggak",
    "lap": "laporan", "no": "nomor", "bagaimana": "gimana", "kabupatennya": "kabupaten",
}  # fmt: skip


def words_of(text: str) -> frozenset[str]:
    """A list of words, as it is written down here."""
    return frozenset(text.split())


#: Asked before the thing itself: "tolong rekap", "mau lihat rekap".
PLEASE = words_of(
    """tolong mohon minta bantu coba mau ingin pengen bisa lihat cek tampilkan buat buatkan bikin bikinkan cetak print
    kirim kirimkan kirimin saya dong pak bu min"""
)
#: Between please and these stands nobody to whom something would be sent.
_SENDING = words_of("kirim kirimkan kirimin")
_PAPERS = words_of("laporan rekap rekapitulasi grafik tren daftar")
ON_PAPER = words_of("excel pdf bupati surat cetak bulanan sebulan")
_NOT_YET = words_of("belum tidak")
_SAYS_HOW = re.compile(r"^(?:(?:bagaimana|gimana|apa|tolong|mohon|ajari|tanya) )*(?:cara|caranya) (.+)")
_LAST = re.compile(r"\b(\d{1,2}|satu|dua|tiga|empat|lima|enam) bulan\b")
_MORE_THAN = re.compile(r"\b(?:lebih|di atas|diatas)(?: dari)? (?:\d{1,2}|\w+) bulan\b")

#: Other words for a command, of the whole text: "siapa admin perian" is about a village.
_WHOLE = Vocabulary({"daftar akses": (
    "daftar admin", "siapa admin", "siapa adminnya",
    *(f"{asked} {where}"
      for asked in ("petugas", "admin", "daftar petugas", "siapa petugas", "siapa saja petugas", "siapa admin")
      for where in ("kabupaten", "dinas", "kantor", "dpmd", "pmpd")),
)})  # fmt: skip
#: Other words for a command, said at the beginning; those of a village mean something else by them.
_SAID = Vocabulary(
    {
        "ingatkan": ("ingetin", "ingatin", "remind", "tagih", "tagihkan", "tegur", "suruh", "kirim tagihan",
                     "kirim ulang pengingat", "ingatkan lagi"),
        "terbayar": ("yang terbayar", "desa terbayar", "desa yang terbayar", "daftar terbayar", "lunas", "desa lunas"),
        "telepon": ("telp", "telpon", "telfon", "call"),
        "laporan": ("lap", "lap bulanan", "report"),
        "bukti": ("periksa pembayaran", "verifikasi pembayaran", "cek pembayaran", "cek bukti", "daftar bukti"),
    }
)  # fmt: skip


def plain(text: str) -> list[str]:
    """Its words, as the patterns here know them."""
    return [_FULL.get(word, word) for word in cleaning.spoken(text)]


def without_please(text: str) -> str:
    """The text without what asks for it: "tolong rekap muara muntai" wants the recap."""
    parts = text.split()
    at = 0
    while at < len(parts) and (said := plain(parts[at])) and said[0] in PLEASE:
        at += 1
    asked = {word for part in parts[:at] for word in plain(part)}
    ahead = (plain(parts[at]) or [""])[0] if at < len(parts) else ""
    return text if asked & _SENDING and ahead not in _PAPERS else " ".join(parts[at:])


#: Verbs of somebody who asks how a thing is done, by the command that does it.
_DOINGS: Mapping[str, frozenset[str]] = {
    "akhiri": words_of("hapus menghapus akhiri mengakhiri mengeluarkan berhentikan memberhentikan"),
    "reset pin": words_of("pin"),
    "bekukan": words_of("bekukan membekukan hilang dicuri"),
    "undang": words_of("undang mengundang tambah tambahkan menambah menambahkan ganti mengganti kode undangan"),
    "siaran": words_of("siaran pengumuman mengumumkan umumkan edaran broadcast pesan"),
    "ingatkan": words_of("ingatkan mengingatkan pengingat menagih tagih"),
    "setujui": words_of("setujui menyetujui"),
    "jawab": words_of("jawab menjawab pertanyaan tanya balas"),
    "bukti": words_of("bukti memeriksa periksa verifikasi"),
    "laporan": words_of("laporan"),
    "menunggak": words_of("menunggak"),
    "desa": words_of("kontak kartu"),
}  # fmt: skip
#: Of these a written answer tells more than a command: a telephone that was changed, an account.
_ANSWERED = words_of("nomor whatsapp rekening bayar klaim daftar mendaftar mendaftarkan nik")


def asks_how(text: str) -> str:
    """The command that somebody asks how to use: "cara hapus petugas" is *akhiri*; "" where nobody does."""
    found = _SAYS_HOW.match(" ".join(plain(text)))
    said = set(found[1].split()) if found else set()
    return "" if _ANSWERED & said and "bukti" not in said else doing(" ".join(said))


def doing(text: str) -> str:
    """The command that does what is told in a few words; "" where none does."""
    said = set(plain(text))
    return next((name for name, verbs in _DOINGS.items() if verbs & said), "")


def spoken(text: str) -> Meant | None:
    """A command in another word for it."""
    if whole := words.exactly(text, _WHOLE):
        return Meant((whole,))
    name = words.command(text, _SAID, fuzzy=False)
    if name == "terbayar" and _NOT_YET & set(plain(text)):
        return None
    return Meant((name,), words.behind(text, _SAID, name)) if name else None


def report_for(text: str) -> str:
    """The report that has what a list of today has not: of a month that is named, or on paper; else ""."""
    said = plain(text)
    month = next((word for word in said if word in MONTH_NUMBERS), "")
    return f"LAPORAN {month.upper()}" if month else ("LAPORAN" if ON_PAPER & set(said) else "")


def one_month(text: str, today: date) -> Month:
    """The month of contributions that is named, by name or number, else the one that was over last; raises `Invalid`
    for several, for a whole year, and for what is no month.
    """
    said = plain(text)
    names, numbers = [one for one in said if one in MONTH_NUMBERS], [one for one in said if one.isdecimal()]
    several = months_behind(text) or len(names) > 1
    if several or ("tahun" in said and not (names and numbers)):
        raise Invalid("invalid/period", example=Month.of(today).previous().label)
    if not names and not numbers:
        return Month.of(today).previous()
    if not names and len(numbers) == 1 and 1 <= int(numbers[0]) <= len(NAMES):
        names, numbers = [NAMES[int(numbers[0]) - 1].lower()], []
    return dates.parse_period(" ".join([*names, *numbers]), today)


def segment_in(text: str) -> str:
    """The segment that is named: "BPU", "PU", or "" for both."""
    return next((one.upper() for one in plain(text) if one in ("bpu", "pu")), "")


def months_behind(text: str) -> int:
    """From how many months on: "2 bulan", "lebih dari 2 bulan" (three); 0 where none is named."""
    said = " ".join(plain(text))
    found = _LAST.search(said)
    if found is None:
        return 0
    count = int(found[1]) if found[1].isdecimal() else picking.COUNTED.index(found[1]) + 1
    return count + 1 if _MORE_THAN.search(said) else count


def without_months(text: str) -> str:
    """The text without "lebih dari 2 bulan"."""
    return re.sub(
        r"(?i)\b(?:(?:lebih|di ?atas|minimal|sedikitnya|selama|sudah)\s+)*(?:dari\s+)?(?:\d{1,2}|satu|dua|tiga|empat|lima|enam)\s+(?:bulan|bln)\b(?:\s+lebih)?",
        " ",
        text,
    ).strip()


def called(here: Mentioned[P]) -> str:
    """The village by its name, with its kecamatan where it is sure which one."""
    one = here.one
    return f"{one.name}, Kec. {one.subdistrict}" if one else here.villages[0][0].name

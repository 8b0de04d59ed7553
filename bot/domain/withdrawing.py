"""Whom somebody wants off the list: "hapus Budi", "tolong keluarkan pak Rusdi dari daftar"."""

import re

from bot.domain.cleaning import LIMIT, spoken, visible, words
from bot.domain.enrolling import POLITELY, TITLE

_ASKED = re.compile(
    rf"(?i){POLITELY}"
    r"(?:(?:hapus|coret|keluar)(?:kan|in)?|cabut|batalkan pendaftaran|tarik pendaftaran)\s+"
    r"(?:(?:peserta|pegawai|perangkat|nama|orang|atas nama|an|a\.n\.?|pendaftaran|data)\s+)*"
    rf"(?:{TITLE})?"
    r"(?P<who>\S.*)"
)
_BEHIND = re.compile(r"(?i)(?<!\s)\s+(?:dari|karena|krn|soalnya|sebab|ya|dong|pak|bu|salah)\b.*$")
#: What else is taken away, elsewhere.
_THINGS = frozenset((
    "saya", "kami", "ini", "itu", "semua", "dia", "data", "isian", "proyek", "laporan", "pin", "sasaran", "kelompok",
    "kajian", "siaran", "grup", "group", "bukti", "akun", "pesan", "termin", "perjanjian", "kejadian", "rencana",
    "pekerja", "tukang", "form", "formulir", "foto", "berkas", "daftar", "peserta", "nomor", "chat", "bot", "binaan",
    "kode", "kodenya", "undangan", "undangannya",
))  # fmt: skip
_LONGEST = 6  # words of a name
_MYSELF = re.compile(
    rf"{POLITELY}(?:hapus|keluar|cabut|coret)(?:kan|in)? (?:(?:data|akun|nomor|nama|kontak) )*saya"
    r"(?: (?:dari|dr|di|bot|sini|ini|sistem|aplikasi|daftar|semua|ya|pak|bu|min))*"
)


def oneself(text: str) -> bool:
    """Whether somebody wants off themselves: "tolong hapus saya dari bot ini"."""
    return len(text) <= LIMIT and bool(_MYSELF.fullmatch(" ".join(spoken(text))))


def whom(text: str) -> str:
    """The name; "" where no person is to be taken off."""
    found = _ASKED.fullmatch(visible(text[:LIMIT])) if len(text) <= LIMIT else None
    name = _BEHIND.sub("", found["who"]).strip(" .,!?") if found else ""
    said = words(name)
    known = 1 <= len(said) <= _LONGEST and len(name) <= 100 and not any(sign.isdigit() for sign in name)
    known = known and len(name) > 2 and said[0] != "desa"
    return name if known and _THINGS.isdisjoint(said) else ""

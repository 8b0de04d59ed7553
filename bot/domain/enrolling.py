"""What people write who want somebody registered: whom, how many, or who is not yet."""

import re

from bot.domain.cleaning import LIMIT, visible, words

#: What stands before a wish, and before a name.
POLITELY = (
    r"(?:(?:tolong|bantu|mohon|minta|bisa|saya|kami|mau|ingin|pengen|akan|pak|bu|min|admin|kak|dong)\s+)*"
)
TITLE = r"(?:pak|bu|bapak|ibu|bpk|sdr|sdri|saudara|saudari)\.?\s+"
_WHOM = re.compile(
    rf"(?i){POLITELY}(?:(?:men)?daftar(?:kan|in)\s+(?:{TITLE})?|daftar\s+{TITLE})(?P<who>\S.*?)(?:\s+(?:dong|ya|pak|bu))*"
)
_NO_NAMES = frozenset((
    "dan", "orang", "perangkat", "pegawai", "bpjs", "baru", "peserta", "proyek", "isian", "lagi", "anggota", "kader", "rt", "rw",
    "desa", "satu", "kelompok", "semua", "kades", "sekdes", "kaur", "kasi", "kadus", "ketua", "bendahara", "sekretaris",
    "staf", "linmas", "bpd", "pkk", "kepala", "saya", "kami", "dulu", "sekarang", "di", "ke", "yang", "yg", "untuk",
    "mau", "siapa", "apa", "dia", "beliau", "diri", "sendiri", "nama", "data", "lewat", "sekaligus", "banyak", "beberapa",
    "bagaimana", "gimana", "cara", "kecelakaan", "pekerja", "tukang", "warga", "tenaga", "kontrak", "pengganti", "dengan",
))  # fmt: skip
_ASKED = re.compile(
    r"\b(?:belum|blm|blom|tidak|tdk)(?: \w+)? ?(?:(?:ter|di)?daftar|(?:ter)?lindungi|ikut|masuk|punya|jadi peserta)"
)
_PEOPLE = frozenset(
    ["perangkat", "pegawai", "orang", "orangnya", "siapa", "anggota", "staf", "kader", "bpd", "rt", "peserta"]
)
_RULES = frozenset((
    "kenapa", "mengapa", "apakah", "bagaimana", "gimana", "berapa", "boleh", "wajib", "harus", "kalau", "kalo", "jika",
    "bayar", "desa", "sanksi",
))  # fmt: skip
_MANY = re.compile(r"\b(?:(?:di|men)daftar(?:kan|in)?|daftar(?:kan|in))\b")
_SHORT = 80  # characters


def whom(text: str) -> str:
    """The person's name in "mau daftarin pak Joko"; "" where nobody is named."""
    found = _WHOM.fullmatch(visible(text)) if len(text) <= LIMIT and len(text.splitlines()) == 1 else None
    name = found["who"].strip(" .,!?") if found else ""
    said = words(name)
    fits = 1 <= len(said) <= 5 and 2 < len(name) <= 60 and not any(sign.isdigit() for sign in name)
    return name if fits and _NO_NAMES.isdisjoint(said) else ""


def asks_who_is_not(text: str) -> bool:
    """Whether it asks who of the people is not registered yet: "perangkat yang belum terdaftar"."""
    said = words(text[:_SHORT])
    plain = len(text) <= _SHORT and _RULES.isdisjoint(said)
    return plain and not _PEOPLE.isdisjoint(said) and bool(_ASKED.search(" ".join(said)))


def registers(text: str) -> bool:
    """Whether it speaks of registering: "12 perangkat mau didaftarkan"."""
    said = " ".join(words(text[:LIMIT]))
    return bool(_MANY.search(said)) and not _ASKED.search(said)

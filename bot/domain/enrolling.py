"""What people write who want somebody registered: whom, how many, or who is not yet."""

import re

from bot.domain.cleaning import LIMIT, spoken, visible, words

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
    r"\b(?:belum|blm|blom|tidak|tdk)(?: \w+)? ?(?:(?:ter|di)?daftar|(?:ter)?lindungi|ikut|masuk|punya|aktif|jadi peserta)"
)
_PEOPLE = frozenset(
    ["perangkat", "pegawai", "orang", "orangnya", "siapa", "anggota", "staf", "kader", "bpd", "rt", "peserta"]
)
_RULES = frozenset((
    "kenapa", "mengapa", "apakah", "bagaimana", "gimana", "berapa", "boleh", "wajib", "harus", "kalau", "kalo", "jika",
    "bayar", "desa", "sanksi",
))  # fmt: skip
_IS = re.compile(
    r"\b(?:sudah|yang|telah)(?: sudah| kami| saya)? (?:terdaftar|didaftarkan|daftar|aktif|terlindungi|dilindungi)\b"
)
#: What it is asked of somebody whether they are, what stands before them, and what may stand behind.
_STATES = frozenset(["terdaftar", "didaftarkan", "daftar", "aktif", "terlindungi", "dilindungi"])
_BEFORE = frozenset((
    "apakah", "apa", "min", "admin", "mau", "tanya", "bertanya", "nanya", "menanyakan", "izin", "ijin", "maaf", "pak", "bu",
    "bapak", "ibu", "kak", "tolong", "cek", "saudara", "saudari", "sdr", "sdri",
))  # fmt: skip
_BEHIND = frozenset((
    "belum", "tidak", "ya", "pak", "bu", "atau", "apa", "kah", "bpjs", "tk", "ketenagakerjaan", "jamsostek", "di", "ke",
    "sini", "min", "admin", "kan", "peserta",
))  # fmt: skip
#: Nobody in particular.
_NOBODY = frozenset((
    "saja", "yang", "semua", "semuanya", "kami", "kita", "proyek", "pekerja", "kartu", "saya", "iuran", "nik", "rt", "bpd",
    "kader", "linmas", "ini", "itu", "data", "sudah", "belum", "tidak", "masih",
))  # fmt: skip
_STAFF = (
    "perangkat",
    "kadus",
    "peserta",
    "orang",
    "pegawai",
    "kaur",
    "kasi",
    "staf",
    "anggota",
    "kader",
    "rt",
    "bpd",
    "sekdes",
    "kades",
    "aparat",
)
#: Whose post is named in full: "ketua bpd" is somebody, "bpd" is several.
_POSTS = frozenset(["ketua", "wakil", "sekretaris", "bendahara"])
_MYSELF = ["saya"]
_TAGS = frozenset(["apakah", "tidak", "kah"])
_POLITE = r"(?:(?:tolong|mohon|minta|bisa|mau|saya|kami|lihat|cek|kirim|izin|pak|bu|min|admin|kak|ya) )*"
_END = r"(?: (?:nya|kami|kita|desa|dong|pak|bu|ya|min|saja|berapa|siapa|siapa saja|sekarang|ini|yang (?:sudah )?(?:ter)?daftar|yang aktif))*"
#: Asks for the list, without a word of where they stand: "jumlah peserta", "list peserta dong".
_LIST = re.compile(
    rf"{_POLITE}(?:(?:jumlah|total|list|daftar nama|data|nama|nama2|siapa|siapa saja|berapa|berapa orang|semua)(?:nya)? )+"
    rf"(?:(?:orang|nama|para|semua) )*(?:peserta|perangkat|anggota|pegawai|yang (?:sudah )?(?:ter)?daftar|yang aktif)(?:nya)?{_END}"
)
_ALL_ARE = re.compile(
    r"(?:apakah )?(?:semua|semuanya)(?: \w+)? (?:sudah )?(?:aktif|terdaftar|didaftarkan|terlindungi)(?: (?:kah|belum|ya|pak|bu|min))*"
)
#: Somebody new, or several: "ada perangkat baru", "tambah 2 kadus".
_NEW = re.compile(
    rf"{_POLITE}(?:ada (?:\w+ )?(?P<new>{'|'.join(_STAFF)})(?: \w+)? baru|(?:tambah|nambah|menambah|tambahkan|menambahkan|masukkan|input)(?:kan)?"
    rf" (?:\w+ )?(?:{'|'.join(_STAFF)})(?: \w+)?(?: baru)?)(?: (?:lagi|pak|bu|ya|min|dong|desa|mau|daftar|didaftarkan|bisa))*"
)
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


def asks_who_is(text: str) -> bool:
    """Whether it asks who of the people is registered, or how many: "siapa saja yang sudah terdaftar"."""
    said = spoken(text[:_SHORT])
    if len(text) <= _SHORT and (_LIST.fullmatch(" ".join(said)) or _ALL_ARE.fullmatch(" ".join(said))):
        return True
    plain = len(text) <= _SHORT and (_RULES - {"berapa"}).isdisjoint(said) and "belum" not in said
    plain = plain and _POSTS.isdisjoint(said)
    return plain and not (_PEOPLE | {"nama"}).isdisjoint(said) and bool(_IS.search(" ".join(said)))


def asks_who(text: str) -> bool:
    """Whether it asks who is registered, or who is not, or whether somebody is."""
    return asks_who_is_not(text) or asks_who_is(text) or bool(asked_about(text))


def asked_about(text: str) -> str:
    """Of whom it is asked whether they are registered, by name or post: "apakah pak kades sudah aktif"; else ""."""
    said = spoken(text[:_SHORT])
    at = next(
        (n for n, word in enumerate(said) if word in _STATES and said[n - 1 : n] in (["sudah"], ["belum"])), 0
    )
    if not at or len(text) > _SHORT or not _BEHIND.issuperset(said[at + 1 :]):
        return ""
    who = said[: at - 1]
    while who and who[0] in _BEFORE:
        who.pop(0)
    if who == _MYSELF:  # who says that they are asks nothing
        asked = "?" in text or "belum" in said or not _TAGS.isdisjoint(said)
        return who[0] if asked else ""
    nobody = _PEOPLE | _RULES | _NOBODY
    if len(who) > 1 and who[0] in _POSTS:
        nobody -= {"rt", "bpd"}
    return " ".join(who) if 1 <= len(who) <= 5 and nobody.isdisjoint(who) else ""


def is_new(text: str) -> bool:
    """Whether somebody is to be added to the staff: "ada perangkat baru", "tambah 2 kadus"."""
    return len(text) <= _SHORT and bool(_NEW.fullmatch(" ".join(spoken(text))))


def registers(text: str) -> bool:
    """Whether it speaks of registering: "12 perangkat mau didaftarkan"."""
    said = " ".join(words(text[:LIMIT]))
    return bool(_MANY.search(said)) and not _ASKED.search(said)

"""Of which person a sentence speaks, by name or by post, and what became of them: their card is what helps."""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum

from rapidfuzz.distance import OSA

from bot.domain import cleaning
from bot.domain.people import Leaving


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What is asked or said around a person; of anything else the sentence is about something else.
_BEFORE = _set(
    """cek lihat buka tampilkan carikan cari tolong bantu mohon minta coba izin ijin bertanya nanya status statusnya data datanya
    kartu kartunya profil info informasi siapa siapakah namanya nama bagaimana apakah apa kalau mau saya tanya pak bu bapak ibu bpk
    min admin kak si saudara saudari sdr sdri itu dengan untuk"""
)
_BEHIND = _set(
    """bagaimana ya pak bu min admin kak kami kita desa dong saja ini itu sekarang siapa namanya mana belum sudah tidak aktif
    terdaftar didaftarkan daftar terlindungi dilindungi bayar dibayar dibayarkan lunas kah datanya statusnya gimana sih nih
    masih peserta bpjs"""
)
_TITLES = _set("pak bu bapak ibu bpk saudara saudari sdr sdri almarhum")
_LONGEST = 80  # characters
_NAMED = 5  # words of a name or a post
_PREFIX, _TYPED, _LONG = (
    4,
    4,
    7,
)  # letters of a word's beginning; from which on one slip, and two, are forgiven

_POLITELY = r"(?:(?:tolong|bantu|mohon|minta|izin|bisa|saya|kami|mau|ingin|pak|bu|min|admin|kak|lapor|info|bahwa|ada|untuk) )*"
_WHAT = (
    r"(?:(?:data|gaji|upah|siltap|penghasilan|tunjangan|jabatan|nama|nik|ktp|nomor|hp|wa|tanggal|tempat|lahir|ibu|kandung"
    r"|masa|periode|akhir|pokok|tetap)(?:nya)? )+"
)
_CHANGES = (
    re.compile(
        rf"{_POLITELY}masa jabatan(?:nya)? (?P<who>.+?) (?:sudah |akan |mau )?(?:habis|berakhir|selesai)\b.*"
    ),
    re.compile(rf"{_POLITELY}(?P<who>.+?) baru (?:sudah |akan |mau )?(?:dilantik|diangkat|menjabat)\b.*"),
    re.compile(
        rf"{_POLITELY}(?:(?:me|di)?(?:ubah|rubah|ganti|edit|perbaiki|koreksi|perbarui|update|naikkan|turunkan)(?:kan)?) "
        rf"{_WHAT}(?P<who>.+)"
    ),
    re.compile(
        r"(?:kenaikan )?(?:gaji|upah|siltap|penghasilan|tunjangan|jabatan)(?: tetap| pokok)? (?P<who>.*?) ?"
        r"\b(?:naik|turun|berubah|jadi|menjadi|salah|keliru|disesuaikan|rp)\b.*"
    ),
    re.compile(
        r"(?:data|nik|ktp|nama|tanggal lahir|tempat lahir|nomor hp|nomor|hp|nama ibu(?: kandung)?|ibu kandung) (?P<who>.+?) "
        r"(?:yang )?(?:salah|keliru|tidak sesuai|tidak cocok|beda|berubah|salah ketik)\b.*"
    ),
    re.compile(
        rf"{_POLITELY}(?P<who>.+?) (?:(?:sudah|telah|akan|mau|ingin|baru|barusan|per|jadi|mulai) )*"
        r"(?:resign|risen|berhenti|pensiun|dipecat|diberhentikan|mengundurkan diri|undur diri|mundur(?! dari rapat)|keluar(?! (?:kota|daerah|kantor|rumah|negeri|kabupaten|sebentar|dulu))|diganti(?:kan)?|ganti (?:orang|pejabat)"
        r"|purna tugas|purnabakti|(?:ber|meng)?akhir masa jabatan(?:nya)?|habis (?:masa )?(?:jabatan|tugas)(?:nya)?|dimutasi|mutasi"
        r"|pindah(?: tugas| desa)?(?! (?:rapat|rumah|kantor|ruang|ruangan|jadwal|tempat|rekening))|tidak (?:lagi )?(?:menjabat|bertugas|bekerja)(?: lagi)?)\b.*"
    ),
)
#: Not one of them, but the whole staff, or nobody yet.
_EVERYBODY = _set(
    "semua semuanya seluruh perangkat pegawai staf aparat desa kami kita orang peserta kepala beberapa"
)
_OF_ALL = re.compile(
    rf"{_POLITELY}(?:ada )?(?:pergantian|penggantian|perubahan|mutasi) (?:data )?(?:perangkat|pegawai|peserta|aparat|staf|pengurus)\b.*"
)
_QUESTION = _set(
    "apakah kenapa mengapa kapan berapa kalau jika bila bagaimana boleh bolehkah wajib siapa apa dapat"
)


#: Somebody's own office passes on: "saya bukan kaur keuangan lagi", "saya sekdes baru".
_HANDS_OVER = re.compile(
    r"(?:(?:pak|bu|min|maaf|mohon|info|kalau) )*saya (?:sudah |sekarang )?(?:bukan (?:lagi )?\w+(?: \w+)?(?: lagi)|bukan lagi \w+(?: \w+)?"
    r"|tidak (?:lagi )?(?:menjabat|bertugas)(?: lagi)?(?: .*)?|(?:kades|sekdes|kaur keuangan|kaur keu|bendahara|sekretaris|kepala desa)"
    r"(?: desa)? (?:yang )?baru(?: .*)?)(?: (?:pak|bu|ya|min))*"
)
#: A phone is gone: "hp kaur keuangan hilang".
_LOST = re.compile(
    r"(?:(?:pak|bu|min|maaf|tolong|lapor|kalau) )*(?:hp|hape|handphone|ponsel|telepon)(?:nya)?(?: \w+){0,3} (?:hilang|dicuri|kecurian|dirampas|dijambret)"
    r"(?: (?:pak|bu|ya|min|kemarin|tadi|bagaimana|tolong))*"
)
#: Why somebody leaves, in other words than the buttons.
_WHY = (
    (Leaving.TERM, re.compile(r"\b(?:pensiun|purna ?tugas|purnabakti|(?:habis|selesai|berakhir|akhir) (?:masa |periode )?(?:jabatan|tugas|bakti|periode)"
                              r"|(?:masa |periode )?(?:jabatan|jabatannya|periode)(?:nya)? (?:sudah )?(?:habis|selesai|berakhir))")),
    (Leaving.DISMISSED, re.compile(r"\b(?:di)?pecat\b|\bdiberhentikan\b|\bphk\b")),
    (Leaving.RESIGNED, re.compile(r"\b(?:resign|risen|mundur|keluar|(?:meng)?undur(?:kan)? diri|berhenti(?: sendiri)?)\b")),
    (Leaving.MOVED, re.compile(r"\b(?:pindah|mutasi|dimutasi)\b")),
    (Leaving.MISTAKE, re.compile(r"\bsalah (?:ketik|input|daftar|tulis|orang|masuk)\b")),
)  # fmt: skip


_DIED = re.compile(r"\b(?:meninggal|wafat|berpulang|tutup usia)\b")
#: What may stand before a reason that is given for somebody of whom it was just asked; with another word it is said of another.
_OF_THEM = _set(
    """pak bu bapak ibu bpk beliau dia ia orang orangnya yang bersangkutan ybs sudah telah mau akan ingin karena sebab ya iya itu ini
    tadi kemarin besok lusa lalu lama baru barusan sekarang memang ternyata atas permintaan sendiri tolong mohon maaf min admin
    kak kan lagi jadi katanya kayaknya sepertinya mungkin saya rasa per tmt sejak mulai akhir awal depan nanti hari minggu bulan
    tahun tanggal tgl umur usia kena januari februari maret april mei juni juli agustus september oktober november desember"""
)
#: "Ibu beliau": somebody of their family.
_THEIR_FAMILY = re.compile(r"\b(?:ibu|bapak|mama|bapa|ayah|saudara|saudari) (?:beliau|dia|ybs|almarhum)\b")


class Change(StrEnum):
    """What a sentence says of the people of a village."""

    NONE = ""
    ONE = "one"
    SEVERAL = "several"


def about(text: str) -> str:
    """Who stands in a text that is hardly more than a person: "cek kades", "siapa kasi kesra kami"; "" where nobody does."""
    said = cleaning.spoken(text[:_LONGEST]) if len(text) <= _LONGEST else []
    while said and said[0] in _BEFORE:
        said = said[1:]
    while said and said[-1] in _BEHIND:
        said = said[:-1]
    return " ".join(said) if len(said) <= _NAMED else ""


def changed(text: str) -> tuple[Change, str]:
    """Of whom it is said that something changed, or is to be: "gaji kades naik", "kasi pelayanan sudah resign"."""
    said = cleaning.spoken(text[:_LONGEST])
    if len(text) > _LONGEST or "?" in text or not _QUESTION.isdisjoint(said):
        return Change.NONE, ""
    plain = " ".join(said)
    if _OF_ALL.fullmatch(plain):
        return Change.SEVERAL, ""
    found = next((match["who"] for way in _CHANGES if (match := way.fullmatch(plain))), None)
    if found is None:
        return Change.NONE, ""
    who = [word for word in found.split() if not any(sign.isdigit() for sign in word)]
    return (Change.SEVERAL, "") if _EVERYBODY.issuperset(who) else (Change.ONE, " ".join(who))


def hands_over(text: str) -> bool:
    """Whether somebody says that their office has passed on."""
    return len(text) <= _LONGEST and bool(_HANDS_OVER.fullmatch(" ".join(cleaning.spoken(text))))


def lost_phone(text: str) -> bool:
    """Whether somebody says that a phone is gone, theirs or a colleague's."""
    return len(text) <= _LONGEST and bool(_LOST.fullmatch(" ".join(cleaning.spoken(text))))


def why(text: str, who: str = "") -> Leaving | None:
    """The reason that somebody gives for `who` leaves (name and post); None where it is none, a question, or said of another."""
    plain = " ".join(cleaning.spoken(text[:_LONGEST]))
    told = len(text) <= _LONGEST and not text.startswith("/") and "?" not in text and "tidak" not in plain
    return next((one for one, words in _WHY if told and _of_them(plain, words, who)), None)


def died(text: str, who: str, others: Collection[str] = ()) -> bool:
    """Whether it is said of `who` (name and post) that they died: not of their family, nor of the post of another."""
    plain = " ".join(cleaning.spoken(text[:_LONGEST]))
    told = len(text) <= _LONGEST and not text.startswith("/") and not _THEIR_FAMILY.search(plain)
    return (
        told
        and _of_them(plain, _DIED, who)
        and {*others}.isdisjoint({*plain.split()} - {*cleaning.spoken(who)})
    )


def _of_them(plain: str, reason: re.Pattern[str], who: str) -> bool:
    """Whether the reason is given, and nobody else stands before it."""
    found = reason.search(plain)
    allowed = _OF_THEM | {*cleaning.spoken(who)}
    before = plain[: found.start()].split() if found else []
    return found is not None and all(
        word.isdecimal() or word in allowed or word.removesuffix("nya") in allowed for word in before
    )


def named_in(text: str, names: Mapping[int, str]) -> list[int]:
    """Whose name holds a word of the text, whole, begun or mistyped; without a title, and nobody for a mere likeness."""
    said = [word for word in cleaning.words(text) if word not in _TITLES]
    return [
        one
        for one, name in names.items()
        if any(_near(word, part) for word in said for part in cleaning.words(name))
    ]


def surely(text: str, name: str) -> bool:
    """Whether a short text holds a whole word of the name: "agus kemarin gimana"."""
    said = cleaning.words(text)
    return len(said) <= _NAMED and any(len(word) >= _TYPED for word in {*said} & {*cleaning.words(name)})


def whole(text: str, names: Mapping[int, str], *, mistyped: bool = False) -> list[int]:
    """Whose name holds every word of the text, `mistyped` or not."""
    said = [word for word in cleaning.words(text) if word not in _TITLES]
    same = _near if mistyped else str.__eq__
    return [
        one
        for one, name in names.items()
        if said and all(any(same(word, part) for part in cleaning.words(name)) for word in said)
    ]


def _near(word: str, part: str) -> bool:
    if word == part or (len(word) >= _PREFIX and part.startswith(word)):
        return True
    least = min(len(word), len(part))
    return least >= _TYPED and OSA.distance(word, part) <= (2 if least >= _LONG else 1)

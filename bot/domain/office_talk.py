"""What somebody of the district's office asks in their own words, and which of the office's commands answers it.

Nothing here changes anything: whatever is understood ends in a list, a card, or a question.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from bot.domain import mentioned, placing
from bot.domain.mentioned import Mentioned
from bot.domain.office_people import about_a_person
from bot.domain.office_phrases import ON_PAPER, PLEASE, Meant, called, months_behind, plain, words_of
from bot.domain.placing import Place
from bot.domain.written import MONTH_NUMBERS

P = TypeVar("P", bound=Place)

_LONGEST = 120  # characters; a longer text tells something, and asks for no list
FEW = 3  # words that may be the misspelled name of a place


#: What is left to who speaks of a broadcast, an invitation, an answer, or of stopping one.
_OTHERS = words_of(
    """siaran pengumuman broadcast umumkan rapat undang undangan akhiri jawab jawaban pesan kode stop batal batalkan
    hentikan pertanyaan surat edaran hadir berhenti hapus tarik"""
)
#: Words around the name of a village that still ask for its card, and for nothing else.
_ABOUT = words_of(
    """desa kec kecamatan kab kabupaten data kontak nomor nomer hp wa whatsapp telepon telp telpon petugas petugasnya
    perangkat pj plt kades kepala sekdes sekretaris kaur keuangan bendahara operator admin siapa nama namanya info profil kartu
    status gimana bagaimana bgmn progres progresnya kondisi tagihan iuran iurannya peserta pesertanya anggota jumlah
    berapa bulan bln ini menunggak sudah belum bayar dibayar bayarnya lunas lapor lapornya apa apakah kenapa mengapa
    alasan terlambat telat kendala npp excel berkas sipp lembar daftar terdaftar aktif rincian dari di untuk ya dong pak
    bu cek lihat buka tolong coba minta mohon setor transfer ada kah yang saja saya mau cari tampilkan download unduh
    export file kepesertaan terlindungi orang dana cair rencana anggaran dianggarkan tidak dan total jabatan"""
)
_PAID = words_of("bukti riwayat histori pembayaran pencatatan verifikasi periksa transferan tercatat")
#: What is to be done about a payment that was looked at: from its card.
_CHANGED = words_of("batalkan koreksi perbaiki salah keliru catat tandai dicek")
_YEAR = re.compile("[0-9]{1,4}")
#: Words that say nothing about where.
_NOWHERE = _ABOUT | PLEASE | _PAID | words_of(
    """mana semua seluruh per hari minggu tahun lalu kemarin sekarang lebih minimal paling banyak sedikit terbanyak
    persen persentase statistik realisasi cakupan rekapan rekap laporan list kabupaten terjangkau dijangkau dihubungi
    hubungi petugasnya operatornya kontaknya cair cairnya turun dananya anggarkan menganggarkan tertaut terkirim bot
    dengan masih sih nih nya kok lagi saja aja ke oleh atas dari urutkan yg itu sampai saat jadi daftarkan mendaftar
    kabupatennya dalam wilayah masing sudahkah belumkah kemarin hadi seberapa"""
)  # fmt: skip

_LATE = re.compile(
    r"\bmenunggak\b|\b(?:belum|tidak|telat|terlambat)(?: ada)?(?: yang)? (?:sudah )?(?:di|me|ter)?(?:bayar|lunas|setor|lapor|transfer|melunasi)\b"
)
_MISSING = re.compile(
    r"\bbelumdaftar\b|\b(?:belum|tidak)(?: \w+)? (?:(?:ter|di|men)?daftar(?:kan)?|terlindungi|ikut|gabung)\b"
)
_BPU = re.compile(r"\bbpu\b|\bpeserta mandiri\b")
#: In a wish to remind somebody these say neither whom nor where.
_IN_REMINDERS = words_of(
    "bpu mandiri belumdaftar segera agar supaya utk iuran lewat melalui penuh pengingat ingatkan tagih tentang"
)
_UNREACHED = re.compile(
    r"\b(?:belum|tidak)(?: \w+){0,2} (?:terjangkau|dijangkau|(?:di)?hubungi|kontak(?:nya)?|petugas(?:nya)?|operator(?:nya)?|tertaut)\b"
    r"|\bperlu (?:di)?telepon\b|\bpengingat(?:nya)?\b.*\b(?:tidak|belum)(?: \w+)? (?:sampai|terkirim)\b|\b(?:belum|tidak) diingatkan\b"
)
_IN_THE_WAY = re.compile(
    r"\bbelum(?: \w+)? (?:cair|turun|(?:di|meng?)?anggar\w*|ada dana)\b|\bkendala(?:nya)?\b|\balasan(?:nya)?\b|\bkenapa\b.*\bbayar\b"
)
_DONE = re.compile(r"\bsudah(?: \w+)? (?:(?:di)?bayar|lunas|setor|lapor|(?:ter)?daftar)\b")
_PAID_UP = re.compile(
    r"\b(?:sudah|telah)(?: (?:pada|semua|ada|yang|melapor|lapor|berapa|desa)){0,3} (?:(?:di|ter|mem)?bayar|(?:me)?lunas(?:i)?|setor|menyetor|transfer|(?:me)?lapor(?:kan)?)\b|\bterbayar\b|\b(?:desa|yang|mana|siapa)(?: yang)? lunas\b"
)
#: What else may be paid, handed in or reported.
_NO_DUES = words_of("peserta pesertanya orang pegawai anggota berkas lembar rencana belum tidak")
_HANDED_IN = words_of("setor menyetor lapor melapor melaporkan")
_WHO = words_of("desa siapa mana")
_SAID_PAID = words_of("bpjs bpu pu telah terbayar membayar melapor melaporkan melunasi menyetor transfer")
#: Which month, and of which segment.
_WHICH_MONTH = MONTH_NUMBERS.keys() | {"bulan", "tahun", "pu", "bpu"}
_NEXT = re.compile(r"\b(?:kapan|jadwal)\b.*\bpengingat(?:nya)? (?:berikut(?:nya)?|lagi|selanjutnya)\b")
_SUBMITTED = re.compile(r"\bpeserta\b.*\bmenunggu\b|\bmenunggu\b.*\bpeserta\b")
_WHICH_KECAMATAN = re.compile(r"\b(?:per|tiap|semua) kecamatan\b|\bkecamatan (?:mana|apa|paling|yang)\b")
_COUNTED = re.compile(
    r"\b(?:berapa|jumlah|total|persen|persentase|statistik|realisasi|progres|cakupan|rekapan)\b"
)
_OF_WHAT = re.compile(
    r"\b(?:desa|kecamatan|kabupaten|peserta|terdaftar|daftar|perangkat|(?:total|jumlah|realisasi) iuran)\b"
)
#: Said of all, these are no name of a place either, and still tell something here.
_KEPT = words_of("belum sudah tidak kec kecamatan")
_COUNTED_ALONE = words_of("statistik realisasi progres cakupan rekapan")
#: Asked of the rules, and of no village.
_RULE = re.compile(
    r"\b(?:sanksi|denda|aturan|wajib|harus|boleh|kalau|kalo|jika|bila|apa itu|tarif|perbup|hukum|syarat|sadar|proyek|klaim|santunan)\b"
)
_HAPPENED = re.compile(
    r"(?:(?:laporan|daftar|data|lihat|berapa|jumlah|rekap|riwayat|cek) )+(?:kecelakaan|kejadian|kematian|meninggal)"
    r"(?: (?:kerja|bulan|tahun|minggu|hari|ini|lalu|kemarin|masuk|yang|ada|desa|di|kecamatan|\d+))*"
)
#: Which or how many, wherever they lie.
_WITHOUT_PLACE = (
    (_WHICH_KECAMATAN, ("rekap",)),
    (_NEXT, ("sistem", "rekap")),
    (_SUBMITTED, ("ajuan", "rekap")),
    (_UNREACHED, ("telepon", "rekap")),
)

# -- what is asked ---------------------------------------------------------------------------------


def meant(text: str, places: Sequence[P], district: str) -> Meant | None:
    """The command of the office that a sentence asks for; None where it asks for none of these."""
    said = plain(text)
    if not said or len(text) > _LONGEST or _RULE.search(" ".join(said)):
        return None
    here = mentioned.places_in(said, places)
    here = replace(
        here,
        left=tuple(w for w in here.left if w in _KEPT or w.isdecimal() or not placing.means_all(w, district)),
    )
    if own := about_a_person(said, text, here):
        return own
    if _OTHERS & set(said) and not _PAID & set(said):
        return None
    many = _of_many(said, here, places)
    of_both = here.inside is not None and here.one is not None and here.one.name == here.inside.name
    if many is not None and of_both and "desa" not in said:
        return many
    return _of_village(here) or many or _of_kecamatan(here, said)


def happened(text: str, places: Sequence[P]) -> Meant | None:
    """*laporan kecelakaan [desa]*: what was reported, and no new accident."""
    here = mentioned.places_in(plain(text), places)
    return Meant(("kejadian",), where_in(here, places)) if _HAPPENED.fullmatch(" ".join(here.left)) else None


def _of_village(here: Mentioned[P]) -> Meant | None:
    """Nothing but the name of a village, and words that ask how it stands or whom to call there."""
    changed = _CHANGED & set(here.left)
    others = set(here.left) - _ABOUT - _PAID - MONTH_NUMBERS.keys() - changed
    if len(here.villages) != 1 or not here.agree or not all(_YEAR.fullmatch(word) for word in others):
        return None
    if changed and not _PAID & set(here.left) and "lunas" not in here.left:
        return None
    paid = changed or _PAID & set(here.left)
    return Meant(("bukti", "desa") if paid else ("desa",), called(here))


def _of_many(said: Sequence[str], here: Mentioned[P], places: Sequence[P]) -> Meant | None:
    """Which villages, or how many."""
    whole = " ".join(said)
    if len(unread(here.left)) > FEW:
        return None
    rest = where_in(here, places)
    for pattern, names in _WITHOUT_PLACE:
        if pattern.search(whole):
            return Meant(names, rest if here.villages else "")
    if _IN_THE_WAY.search(whole):
        return Meant(("kendala", "menunggak"), rest)
    if _MISSING.search(whole):
        return Meant(("belumdaftar",), rest)
    if _LATE.search(whole):
        months = months_behind(whole)
        return Meant(("menunggak",), f"{f'{months} bulan' if months else ''} {rest}".strip())
    return _counted(said, here, rest)


def _counted(said: Sequence[str], here: Mentioned[P], rest: str) -> Meant | None:
    """Who has paid; else how many there are of anything."""
    if _PAID_UP.search(" ".join(said)) and not here.villages and _of_dues(said, here):
        month = [word for word in said if word in _WHICH_MONTH or word.isdecimal()]
        return Meant(("terbayar",), " ".join([*month, rest]).strip())
    return Meant(("rekap",), rest) if _counts(said, here) else None


def _of_dues(said: Sequence[str], here: Mentioned[P]) -> bool:
    """Whether who paid is asked, and not how much, of whom, or what else was handed in."""
    every = set(said)
    if (
        every & _NO_DUES
        or ("data" in every and every & _HANDED_IN)
        or ("iuran" in every and not every & _WHO)
    ):
        return False
    return not unread(word for word in here.left if word not in _SAID_PAID)


def _counts(said: Sequence[str], here: Mentioned[P]) -> bool:
    whole = " ".join(said)
    if unread(here.left):
        return False
    if _DONE.search(whole) and not here.villages:
        return True
    return bool(_COUNTED.search(whole)) and bool(_OF_WHAT.search(whole) or _COUNTED_ALONE & set(said))


def _of_kecamatan(here: Mentioned[P], said: Sequence[str]) -> Meant | None:
    """A kecamatan and nothing else: how its villages stand."""
    if (
        here.inside is None
        or (set(here.left) - _ABOUT - {"semua"})
        or ("desa" in said and "kecamatan" not in said)
    ):
        return None
    return Meant(("rekap",), f"kec. {here.inside.name}")


@dataclass(frozen=True, slots=True)
class Whom(Generic[P]):
    """Whom a reminder is for: a `group` ("late", "missing", "bpu", or none), where, and words that were not read."""

    group: str
    here: Mentioned[P]
    unread: tuple[str, ...]

    @property
    def nobody(self) -> bool:
        """Whether neither a group nor a place is named."""
        return not (self.group or self.here.villages or self.here.inside or self.unread)

    @property
    def either(self) -> bool:
        """Whether a village and its kecamatan have the name."""
        one, inside = self.here.one, self.here.inside
        return one is not None and inside is not None and one.name == inside.name


def whom(text: str, places: Sequence[P]) -> Whom[P]:
    """Take apart what stands behind *ingatkan*: "yg nunggak kec muara muntai", "perian dan muara leka"."""
    said = plain(text)
    here = mentioned.places_in(said, places)
    left = [word for word in unread(here.left) if word not in _IN_REMINDERS]
    return Whom(_group(" ".join(said)), here, tuple(left))


def _group(said: str) -> str:
    signs = {"missing": _MISSING, "late": _LATE, "bpu": _BPU}
    return next((name for name, sign in signs.items() if sign.search(said)), "")


def where_in(here: Mentioned[P], places: Sequence[P]) -> str:
    """The kecamatan, or the village, as it is written behind a command; a name with a slip as it was typed."""
    if here.inside is not None:
        return f"kec. {here.inside.name}"
    if here.villages:
        return called(here)
    near = " ".join(unread(here.left))
    if near and {"kec", "kecamatan"} & set(here.left):
        return f"kec. {near}"
    return near if near and placing.subdistrict(near, places).likely else ""


def left_over(text: str, places: Sequence[P], district: str) -> list[str]:
    """The words of a text that tell neither a place of the district nor anything else that is known here."""
    here = mentioned.places_in(plain(text), places)
    return [
        word for word in unread(here.left) if word not in ON_PAPER and not placing.means_all(word, district)
    ]


def names_district(text: str, district: str) -> bool:
    """Whether the whole district is spoken of: "rekap kukar", "rekap kabupaten"."""
    said = [word for word in plain(text) if word not in ("kab", "kabupaten")]
    own = any(placing.means_all(word, district) and not placing.means_all(word, "") for word in said)
    return own or len(said) < len(plain(text))


def unread(said: Iterable[str]) -> list[str]:
    """The words that may be the name of a place, misspelled."""
    return [word for word in said if not (word in _NOWHERE or word in MONTH_NUMBERS or word.isdecimal())]

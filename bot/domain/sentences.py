"""Whole sentences about the month's payment: that it was made, when it will be, why it is not, that it is not shown.

A plan that holds another word is none.  What says that it was paid is read again before it is kept: a word that was
not understood is asked about.
"""

import re

from bot.domain.alarms import SAID_TO_OTHERS
from bot.domain.cleaning import spoken, written_out
from bot.domain.written import MONTH_NUMBERS

_SHORT = 100  # characters; whoever writes more tells a story
_DAYS = "senin|selasa|rabu|kamis|jumat|sabtu"
_MONTHS = "|".join(MONTH_NUMBERS)
_WHEN = re.compile(
    rf"\b(?:besok|bsk|lusa|hari ini|(?:hari )?(?:{_DAYS})(?: depan| ini)?|minggu (?:depan|ini)|(?:akhir|awal) bulan(?: ini)?"
    rf"|bulan depan|(?:nanti )?tanggal [0-9]{{1,2}}\b(?: (?:{_MONTHS})\b)?|[0-9]{{1,2}} (?:{_MONTHS})\b"
    rf"|nanti(?: siang| sore| malam)?)"
)
#: What stands in a sentence about a day that has been or will be: only a word beside it says which.
_EITHER = re.compile(rf"\b(?:tanggal|hari ini|{_DAYS}|[0-9]{{1,2}} (?:{_MONTHS}))\b")
_WILL = re.compile(r"\b(?:akan|rencana\w*|insya ?allah|mau|baru|nanti|depan|dibayar|bayarnya|paling)\b")
_PAYS = re.compile(
    r"\b(?:(?:di|mem|ku|ter)?bayar(?:kan|nya)?|(?:di)?setor(?:kan)?|menyetor|transfer|ditransfer|(?:di)?lunas(?:i)?|ke bank)\b"
)
_ASKING = re.compile(
    r"\b(?:apa|apakah|kapan|berapa|bagaimana|kenapa|mengapa|kok|boleh|bisakah|kalau|siapa|cara|santunan|klaim)\b"
)
#: What may stand beside a plan: "besok pajak desa dibayar" is another's.
_AROUND = re.compile(
    rf"\b(?:iuran|iurannya|bpjs|tk|ketenagakerjaan|bulan|tanggal|hari|ini|itu|desa|baru|akan|insya ?allah|mau|rencana\w*|dulu|lagi"
    rf"|bisa|ke|di|untuk|bank|kantor|pos|paling|cepat|kok|dong|bendahara|kaur|keuangan|nanti|jadi|langsung|segera|[0-9]+|{_MONTHS})\b"
)
_NO_PLAN = re.compile(
    rf"{_ASKING.pattern}|\b(?:sudah|telah|belum|tidak|jangan|batal|proyek|termin|kemarin|lalu|tadi)\b"
)
_MONEY = r"(?:dana|dd|uang|duit|anggaran|add|adk|kas|siltap|spp|pencairan)(?:nya)?"
_NO_MONEY = re.compile(
    rf"\b{_MONEY}(?: \w+){{0,2}} (?:belum(?: ada| juga)?|kosong)(?: (?:cair|turun|masuk|keluar|salur|disalurkan|dicairkan|ada))?\b"
    rf"|\b(?:belum|tidak) (?:ada|punya|dapat) {_MONEY}|\b(?:menunggu|nunggu|tunggu) {_MONEY}"
)
#: Money of others than the village, or for others: a family's, an officer's own.
_OTHERS = re.compile(
    r"\b(?:duka|pengobatan|jkm|jkk|jht|jp|pensiun|almarhum\w*|alm|ahli waris|lembur|bon|uang saya|proyek|termin)\b"
)
_NO_BUDGET = re.compile(
    r"\b(?:belum|tidak) (?:masuk|ada di|dianggarkan(?: di)?) ?(?:apbdes|apbdesa|anggaran)\b|\banggaran ?nya (?:tidak|belum) ada\b"
)
#: Done, and by whom: what else stands there is read by `paying.read`.
_DONE = re.compile(
    r"\b(?:(?:sudah|telah|barusan|baru saja|baru|tadi|sampun|wis|sdah)(?: (?:saya|kami|kita|di|ku))*"
    r" (?:di|ter|mem|ku)?(?:bayar(?:kan)?|setor(?:kan)?|transfer|lunas(?:i)?)"
    r"|(?:ter|di)bayar(?:kan)? (?:sudah|tadi|barusan|kemarin)|(?:saya|kami) (?:bayar|setor|transfer) (?:tadi|barusan|kemarin))\b"
)
_UNDONE = re.compile(
    rf"{_ASKING.pattern}|\b(?:belum|tidak|jangan|batal|salah|proyek|termin|ingatkan|akan|besok|nanti|bisa|ternyata)\b"
)
_SOFT = re.compile(
    r"\b(?:saya|kami|kita|pak|bu|bapak|ibu|min|admin|bang|kak|mas|mbak|maaf|izin|ijin|lapor|alhamdulillah|ya|iya|yang|ulun|kan)\b"
)
#: It was reported and does not show, or they are reminded still.
_NOT_SHOWN = re.compile(
    r"\bkok (?:\w+ ){0,2}(?:belum (?:masuk|tercatat|muncul|ada)|masih (?:di\w+|muncul|belum|tetap))"
    r"|\b(?:masih|tetap) (?:ditagih|diingatkan)\b|\bsudah (?:tercatat|masuk|diterima) (?:belum|apa belum)\b"
    r"|^(?:(?:pak|bu|min|apakah|iuran|bulan ini|kami|desa kami) )*sudah (?:di)?bayar (?:apa )?belum\b|\bapakah (?:\w+ )?sudah (?:di|ter)?bayar\b|\b(?:kan|padahal) sudah (?:\w+ )?(?:di)?bayar\b"
)
_REGRET = re.compile(
    r"\bsalah (?:lapor|pencet|tekan|kirim|input|klik|catat|transfer|bayar)\b|\bternyata belum\b"
    r"|\b(?:hapus|cabut|tarik|batalkan|batalin) laporan|^(?:eh|maaf|waduh|aduh)(?: \w+)? salah$|^(?:eh |maaf )*(?:jumlah|tanggal|nominal)(?:nya)? salah\b"
)


_OTHER_REPORT = re.compile(r"\b(?:kecelakaan|meninggal|kematian|kejadian|proyek|termin)\b")


def _stated(text: str) -> str:
    """The words of a short sentence that asks nothing and is for no other eyes; "" for any other."""
    said = spoken(text[:_SHORT])
    fits = len(text) <= _SHORT and "?" not in text and SAID_TO_OTHERS.isdisjoint(said[:1])
    return " ".join(said) if fits else ""


def planned(text: str) -> str:
    """When a sentence means to pay, as it was said: "besok saya bayar"; "" where it plans nothing, or something else."""
    said = _stated(text)
    when = _WHEN.search(said)
    if when is None or not _PAYS.search(said) or _NO_PLAN.search(said):
        return ""
    if _EITHER.match(when[0]) and not _WILL.search(said):
        return ""
    rest = said[: when.start()] + said[when.end() :]
    for known in (_PAYS, _SOFT, _AROUND):
        rest = known.sub(" ", rest)
    return "" if rest.strip() else when[0]


def plans(text: str) -> bool:
    """Whether a sentence says when they mean to pay."""
    return bool(planned(text))


def day_alone(text: str) -> str:
    """A coming day and nothing else but politeness, the answer to when: "besok pak", "tgl 12"; "" for anything else."""
    said = _stated(text)
    when = _WHEN.search(said)
    rest = _SOFT.sub(" ", said[: when.start()] + said[when.end() :]) if when else said
    return when[0] if when and not rest.strip() else ""


def lacks_money(text: str) -> bool:
    """Whether a sentence says that the village has not received its money: "ADD belum cair"."""
    said = _stated(text)
    others = _ASKING.search(said) or _OTHERS.search(said) or lacks_budget(text)
    return bool(_NO_MONEY.search(said)) and not others


def lacks_budget(text: str) -> bool:
    """Whether a sentence says that it does not stand in the village's budget."""
    said = _stated(text)
    return bool(_NO_BUDGET.search(said)) and not _ASKING.search(said)


def reports(text: str) -> bool:
    """Whether a sentence says that it was paid: "pak iuran november sudah kami bayar"."""
    said = _stated(text)
    return bool(_DONE.search(said)) and not _UNDONE.search(said) and not planned(text)


def told(text: str) -> str:
    """What such a sentence says beside that: "pak sudah saya bayar kemarin 139.337" is "kemarin 139.337"."""
    return " ".join(_SOFT.sub(" ", _DONE.sub(" ", written_out(text), count=1)).split())


def is_not_shown(text: str) -> bool:
    """Whether they ask why a report does not show: "kok belum masuk", "sudah bayar kok masih ditagih"."""
    said = " ".join(spoken(text[:_SHORT]))
    return len(text) <= _SHORT and bool(_NOT_SHOWN.search(said))


def regrets(text: str) -> bool:
    """Whether a report was a mistake: "maaf salah lapor, belum bayar"."""
    said = _stated(text)
    return bool(_REGRET.search(said)) and not _OTHER_REPORT.search(said)

"""What a village says in place of a payment: when it means to pay, or that its money has not come."""

import re

from bot.domain.alarms import SAID_TO_OTHERS
from bot.domain.cleaning import spoken
from bot.domain.written import MONTH_NUMBERS

_SHORT = 80
_WHEN = re.compile(
    r"\b(?:besok|lusa|(?:hari )?(?:senin|selasa|rabu|kamis|jumat|sabtu)(?: depan)?|minggu (?:depan|ini)|(?:akhir|awal) bulan"
    r"|bulan depan|nanti(?: siang| sore)?|(?:akan|rencana|rencananya|insyaallah|insya allah|mau) .*tanggal [0-9]{1,2}\b"
    rf"(?: (?:{'|'.join(MONTH_NUMBERS)})\b)?)"
)
_PAYS = re.compile(
    r"\b(?:di|mem)?bayar(?:kan)?\b|\b(?:di)?setor(?:kan)?\b|\b(?:di)?transfer\b|\b(?:di)?lunasi\b"
)
_ASKING = re.compile(
    r"\b(?:apa|apakah|kapan|berapa|bagaimana|kenapa|mengapa|boleh|bisa|kalau|siapa|cara|santunan|klaim)\b"
)
_NO_PLAN = re.compile(rf"{_ASKING.pattern}|\b(?:sudah|belum|tidak|jangan|batal|proyek|termin)\b")
_END = r"(?: (?:pak|bu|ya|min|kak|kami|desa|dari|kabupaten|pusat))*$"
_NO_MONEY = re.compile(
    rf"\b(?:dana|uang|duit|anggaran|add|adk|siltap|pencairan)(?:nya)?(?: \w+)? belum(?: ada| juga)?"
    rf" ?(?:cair|turun|masuk|keluar|salur|disalurkan|dicairkan|ada)?{_END}"
    rf"|\bbelum (?:ada|punya|dapat) (?:dana|uang|duit|anggaran)(?:nya)?{_END}"
)


def planned(text: str) -> str:
    """When a sentence means to pay, as it was said: "besok saya bayar"; "" where it plans nothing."""
    said = _stated(text)
    when = _WHEN.search(said)
    return when[0] if when and _PAYS.search(said) and not _NO_PLAN.search(said) else ""


def plans(text: str) -> bool:
    """Whether a sentence says when they mean to pay."""
    return bool(planned(text))


def lacks_money(text: str) -> bool:
    """Whether a sentence says that the village has not received its money: "ADD belum cair"."""
    said = _stated(text)
    return bool(_NO_MONEY.search(said)) and not _ASKING.search(said)


def _stated(text: str) -> str:
    """The words of a short sentence that asks nothing and is for no other eyes; "" for any other."""
    said = spoken(text[:_SHORT])
    fits = len(text) <= _SHORT and "?" not in text and SAID_TO_OTHERS.isdisjoint(said[:1])
    return " ".join(said) if fits else ""

"""What somebody wrote, and whether a group may read it: whatever could be about a person may not.

Wrong in one direction only: a harmless text that is held back costs one tap, a name or a number that
slips through cannot be taken back.
"""

import re
import unicodedata
from collections.abc import Iterable

from bot.domain.cleaning import words

#: Digits that stand together, whatever is put between them to make them look apart.
_DIGITS = re.compile(r"\d(?:[^0-9A-Za-z\n]{0,3}\d){5,}")
#: A NIK, also one mistyped by a digit, or the number of a family card.
_LONG = re.compile(r"(?<!\d)(?:\d[ .\-\u200b]{0,2}){14,16}\d(?!\d)")
_MONEY = re.compile(
    r"\brp\b|\brp ?\d|(?:\b|\d)(?:juta|jutaan|jt|ribu|ribuan|rb|rupiah|perak)\b", re.IGNORECASE
)
#: An invitation's code, or a part of it.
_CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\S@\S|https?:|\bt\.me/|\bwa\.me/", re.IGNORECASE)
#: "a.n. …", "bernama …"; and a title before a capital letter: "Bu Siti", "Pak Camat" too.
_CALLED = re.compile(
    r"\b(?:a\.? ?n\.?|atas nama|bernama|nama(?:nya)?|nik(?:nya)?|kk|almarhum(?:ah)?|alm|anak|istri|suami)\b[ .:]+\w|"
    r"\b(?i:pak|bu|bapak|ibu|sdri?|saudara|saudari|kak|mas|mbak|haji|hj?\.) ?[A-Z]\w"
)
#: Parts of names that are words of every day.
_NO_NAMES = frozenset(
    [
        "bin",
        "binti",
        "haji",
        "hajah",
        "drs",
        "dra",
        "ibu",
        "bapak",
        "anak",
        "desa",
        "kepala",
        "ketua",
        "sekretaris",
        "staf",
    ]
)
_SHORTEST = 3  # letters of a part of a name that gives somebody away


def may_be_personal(text: str, names: Iterable[str]) -> bool:
    """Whether a text holds numbers, money, a code, an address, or any part of one of these `names`."""
    plain = unicodedata.normalize("NFKC", text)
    if any(each.search(plain) for each in (_DIGITS, _MONEY, _CODE, _ADDRESS, _CALLED)):
        return True
    parts = {part for name in names for part in words(name)}
    given_away = {part for part in parts if len(part) >= _SHORTEST and part not in _NO_NAMES}
    return not given_away.isdisjoint(_all_words(plain))


def masked(text: str) -> str:
    """The text with long numbers, a NIK above all, down to their last four digits, as everywhere in a chat."""
    return _LONG.sub(lambda found: "••••" + re.sub(r"\D", "", found[0])[-4:], text)


def _all_words(text: str) -> set[str]:
    """Its words, also those written apart with signs between the letters."""
    found = re.findall(r"[^\W_]+", text.casefold())
    return {*found, *re.findall(r"[^\W_]+", re.sub(r"(?<=\w)[-._*'](?=\w)", "", text.casefold()))}

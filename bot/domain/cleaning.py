"""What people type, made plain before anybody reads a meaning into it.

Everything here is linear, and long texts are refused before they are looked at.
"""

import re
import unicodedata
from collections.abc import Iterable

from bot.errors import Invalid

LIMIT = 400  # characters; no single answer needs more
_CALLED = 60  # of a name that nobody asked for

_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}  # controls, bidi and zero-width marks, surrogates, private use
_SPACES = re.compile(r"\s+")
_SHORT = {
    short: whole
    for whole, shorts in {
        "bagaimana": "gmn gimana gmana bgmn bgmna", "bayar": "byr bayr bayer byar", "belum": "blm blom blum bloom",
        "berapa": "brp brpa brapa", "bisa": "bs", "boleh": "blh", "bukan": "bkn", "bulan": "bln",
        "dapat": "dpt dpat", "dengan": "dgn dg", "harus": "hrs", "jatuh": "jth", "kalau": "kalo klo klu kl", "kapan": "kpn",
        "karena": "krn karna", "kenapa": "knp knapa napa", "kirim": "krm", "lagi": "lg", "lihat": "liat lht",
        "masih": "msh", "minggu": "mgg mnggu", "mohon": "mhn", "nomor": "nmr nomer nomr", "orang": "org",
        "punya": "pny pnya", "saja": "aja", "saya": "sy sya", "sekarang": "skrg skrng", "siapa": "spa sapa",
        "sudah": "sdh udah udh dah sudh suda sudha", "tahun": "thn", "tanggal": "tgl tggl", "terdaftar": "trdaftar tdaftar",
        "tidak": "tdk gak ga nggak", "tolong": "tlg tlng tolng", "untuk": "utk tuk", "yang": "yg",
    }.items()
    for short in shorts.split()
}  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_IN_NO_NAME = re.compile(r'[\\/:*?"<>|]+')


def visible(text: str) -> str:
    """Without characters nobody sees; every run of white space becomes one space."""
    if text.isprintable():  # a blank is the only white space in it
        return " ".join(text.split())
    spaced = _SPACES.sub(" ", text)
    return _SPACES.sub(" ", "".join(c for c in spaced if unicodedata.category(c) not in _INVISIBLE)).strip()


def called(name: str) -> str:
    """What somebody calls themselves, as it may stand beside our own words: one line, and not a long one."""
    return visible(name)[:_CALLED].strip()


def typed(text: str) -> str:
    """The answer in compatibility form, ready for a parser of numbers, dates or words.

    Raises `Invalid` for an empty or very long text and for digits other than 0-9, which Python's
    own `int()` and `\\d` would accept in silence.
    """
    if len(text) > LIMIT:
        raise Invalid("invalid/too_long", limit=LIMIT)
    plain = visible(unicodedata.normalize("NFKC", visible(text)))
    if not plain:
        raise Invalid("invalid/empty")
    if any(c.isdigit() and not c.isascii() for c in plain):
        raise Invalid("invalid/digits")
    return plain


def words(text: str) -> list[str]:
    """The lower-case words and numbers of a text, without punctuation and signs."""
    return _WORD.findall(unicodedata.normalize("NFKC", visible(text[:LIMIT])).casefold())


def in_full(said: Iterable[str]) -> list[str]:
    """Lower-case words with what is shortened in chats written out; never for names, where "Sy." is no "saya"."""
    return [_SHORT.get(word, word) for word in said]


def spoken(text: str) -> list[str]:
    """The words of a sentence, written out."""
    return in_full(words(text))


def written_out(text: str) -> str:
    """A sentence in lower case with the same written out; figures and signs as they are."""
    return _WORD.sub(lambda found: _SHORT.get(found[0], found[0]), visible(text).casefold())


def file_name(text: str) -> str:
    """What may be called so, as the name of a file: a group called "RT/RW" makes no folder."""
    return _IN_NO_NAME.sub("-", visible(text)).strip(" .-") or "berkas"

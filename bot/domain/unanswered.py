"""What people type who cannot answer a question yet: "tunggu dulu", "belum tahu", "lewati".  No answer, and never kept."""

from enum import Enum
from itertools import pairwise

from bot.domain import words
from bot.domain.cleaning import LIMIT, spoken


class Unanswered(Enum):
    """Why there is no answer."""

    WAITS = "waits"  # they look it up, or ask somebody
    LACKS = "lacks"  # they do not know it, it is not there, or they leave it out


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Not to go on with what was begun; "ga", "gak" and "tdk" are written out before this is read.
NOT_ON = ("tidak jadi", "gajadi", *(f"{no} jadi" for no in ("gk", "ngga", "enggak", "engga", "ndak", "nda")))

_WAITING = _set("tunggu sebentar bentar bntr sbntr sebntar ntar wait")
_LATER = _WAITING | {"nanti"}
#: Behind them somebody speaks of what they do meanwhile; a person may be called Bentar.
_MEANWHILE = _set("dulu lagi saya sy aku mau masih kami yah pak bu ktp kk")
_LOOKING = _set(
    """cari carikan cariin dicari nyari tanya tanyakan tanyain ditanya ditanyakan nanya cek dicek lihat ambil hubungi pastikan
    konfirmasi telepon telpon"""
)
_NOT = _set("tidak belum kurang gk ngga enggak engga ndak nda kada tak")
_KNOWN = _set("tahu tau hafal hapal apal ingat inget ada punya diisi")
_UNKNOWN = _set("gapunya gaada gatau gtau gatahu lupa entah entahlah")
_SKIPPED = _set("skip lewati lewatin lewatkan dilewati kosongkan kosongin dikosongkan")
_EMPTY = _UNKNOWN | _SKIPPED | {"lewat", "kosong"}
_BESIDE = _set("dulu dl ini yang saja nya itu")
_LONGEST = 8  # words


def heard(text: str, *, whole: bool) -> Unanswered | None:
    """Why this is no answer; None where it may be one.

    With `whole` nothing else may be said: what is asked for is a text, that may begin with "nanti".
    """
    said = spoken(text) if len(text) <= LIMIT and not any(sign.isdigit() for sign in text) else []
    core = [word for word in said if word not in _BESIDE and not words.is_polite(word)]
    if _WAITING.issuperset(core) and core:
        return Unanswered.WAITS
    if (len(core) == 1 and core[0] in _EMPTY) or (len(core) == 2 and _lacks(core)):
        return Unanswered.LACKS
    if whole or not 1 < len(said) <= _LONGEST:
        return None
    if _waits(said):
        return Unanswered.WAITS
    return Unanswered.LACKS if _lacks(said) or not (_UNKNOWN | _SKIPPED).isdisjoint(said) else None


def is_unknown(text: str) -> bool:
    """Whether they do not know it, which does not say that there is none."""
    said = spoken(text)
    return not {*_UNKNOWN, "tahu", "tau", "hafal", "hapal", "apal", "ingat", "inget"}.isdisjoint(said)


def _waits(said: list[str]) -> bool:
    looks = not _LOOKING.isdisjoint(said)
    begins = said[0] in _LATER and (looks or not _MEANWHILE.isdisjoint(said[1:]))
    return begins or (looks and not {"dulu", "masih", "lagi"}.isdisjoint(said))


def _lacks(said: list[str]) -> bool:
    """As in "tidak tahu", "ktpnya tidak ada"."""
    return any(word in _NOT and after in _KNOWN for word, after in pairwise(said))

"""Which line of a review is to be changed, by its number or its label, and what it is to say instead."""

import re
from collections.abc import Sequence

from bot.domain import picking
from bot.domain.cleaning import LIMIT
from bot.domain.cleaning import words as plain

_VERB = r"(?i:ubah|ganti|edit|betulkan|perbaiki|koreksi|revisi|salah)\b"
_NUMBER_AND_VALUE = re.compile(
    rf"(?:{_VERB}\s*(?i:no|nomor|nomer)?|(?i:no|nomor|nomer))\.?\s*([0-9]{{1,2}})\s*[:=]?\s+(\S.*)"
)
_NUMBER = re.compile(rf"(?:{_VERB}\s*)?(?:(?:(?i:no|nomor|nomer)\.?|\.)\s*)?([0-9]{{1,2}})\.?")
_CHANGE = re.compile(rf"(?:{_VERB}[\s:]*(?:(?i:isian|bagian|data|yang|yg|ketik|tulis|isi)\s+)*)?")
#: Between a label and what it is to say.
_TO = re.compile(r"(?i)^(?:(?:(?:jadi|menjadi|ke|adalah|harusnya|seharusnya|yang benar)\b|[:=])\s*)+")
_IS_WRONG = r"(?:(?:masih|itu|yang|yg|nya)\s+)*(?:salah|keliru|kurang tepat|kurang pas|belum benar|typo)(?:\s+(?:pak|bu|ya|min|itu))*"
_WRONG = re.compile(rf"(?i){_IS_WRONG}")
#: Around a number: "yang no 8 salah".  A run of blanks is begun once: from within it nothing else would be found.
_AROUND = re.compile(rf"(?i)^(?:yang|yg)\s+|(?<!\s)\s+{_IS_WRONG}$")
#: A complaint about a line, which does not say what it should be.
_COMPLAINT = frozenset(
    ("kok", "kenapa", "knp", "mengapa", "masa", "aneh", "disamarkan", "dirahasiakan", "disembunyikan")
)
#: Words of a sentence about a line, which is no new value for it.
_TALK = frozenset((
    "sudah", "sdh", "udah", "benar", "betul", "sesuai", "semua", "apa", "berapa", "tidak", "belum",
))  # fmt: skip
#: What people call a thing, by the word of its label.
_CALLED = {
    "gaji": "upah", "honor": "upah", "siltap": "upah", "tgl": "tanggal", "no": "nomor", "telepon": "hp", "wa": "hp",
    "kontraktor": "pelaksana", "penyedia": "pelaksana", "tukang": "pekerja", "tempat": "lokasi",
}  # fmt: skip
#: Before what is meant: "nama ibu", "tanggal mulai".
_BEFORE = frozenset(("nama", "nomor", "tanggal", "jumlah", "besar"))
_LONGEST = 4  # words of a label


def meant(text: str, labels: Sequence[str]) -> tuple[int, str]:
    """The line, counted from 1, of "3", "ubah 3", "ubah upah", "lokasi RT 05", and its new value; 0 where none is.

    The one line of a short review needs no naming: what is said is its new value.
    """
    said = text.strip()
    if found := _NUMBER.fullmatch(_AROUND.sub("", said)):
        return int(found[1]), ""
    if with_value := _NUMBER_AND_VALUE.fullmatch(said):
        return _valued(int(with_value[1]), with_value[2], asked=True)
    verb = _CHANGE.match(said)
    rest = said[verb.end() :] if verb else said
    line, value = _labelled(rest, labels, asked=rest != said)
    return (1, text) if len(labels) == 1 and not (line and (rest != said or not value)) else (line, value)


def to_be_changed(text: str, labels: Sequence[str]) -> int:
    """The line that somebody wants to change, and nothing more: "salah ketik nama", "namanya salah"; 0 where none is."""
    if not labels or len(text) > LIMIT:
        return 0
    said = text.strip()
    verb = _CHANGE.match(said)
    bare = _AROUND.sub("", said[verb.end() :] if verb else said)
    return _line(bare, labels) if bare != said else 0


def _labelled(said: str, labels: Sequence[str], *, asked: bool) -> tuple[int, str]:
    typed = said.split()
    for length in range(min(_LONGEST, len(typed)), 0, -1):
        line = _line(" ".join(typed[:length]), labels)
        if line:
            return _valued(line, " ".join(typed[length:]), asked=asked)
    return 0, ""


def _valued(line: int, said: str, *, asked: bool) -> tuple[int, str]:
    value = _TO.sub("", said).strip()
    if not value or _WRONG.fullmatch(value) or not _COMPLAINT.isdisjoint(plain(value)):
        return line, ""
    talk = "?" in value or not _TALK.isdisjoint(plain(value))
    return (0, "") if talk and not asked else (line, value)


def _line(called: str, labels: Sequence[str]) -> int:
    """The line whose label these words are, or begin, or name the one part of."""
    own = {word for label in labels for word in plain(label)}
    said = [word.removesuffix("nya") or word for word in plain(called)]
    said = [word if word in own else _CALLED.get(word, word) for word in said]
    if not said or picking.is_number(called) or called[-1:] in ",.;":
        return 0
    tried = [said, *([said[1:]] if said[0] in _BEFORE and len(said) > 1 else [])]
    found = (picking.pick(" ".join(each), labels) for each in tried)
    return next((number + 1 for number in found if number is not None), 0)

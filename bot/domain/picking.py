"""Which of several choices typed words mean: by their number, their label or a part of it."""

import re
from collections.abc import Iterable, Sequence

from bot.domain.cleaning import LIMIT, in_full, words
from bot.domain.words import FILLERS, NO, YES, distance_of, only_best, squeezed

#: How people are called: beside a label nothing else may stand.
_CALLED = frozenset(
    ["pak", "bu", "bpk", "bapak", "ibu", "mas", "mbak", "bang", "kak", "kakak", "min", "admin"]
)
_NUMBER = re.compile(
    r"(?:no|nomor|nomer|nmr|pilih|pilihan|opsi|angka|yang|ke|yg)*\s*([0-9]{1,2})(?:\s(?:pak|bu|saja|aja|ya|min))*"
)
COUNTED = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")
_THE_ONE = "yang"  # "yang Tabang" is "Tabang"
_COUNTING = re.compile(rf"(?:no |nomor |pilih |yang )*(?:ke)?({'|'.join(COUNTED)})")
#: Other words for what stands on a button.
_SAME = {
    "kec": "kecamatan",
    "gaji": "upah",
    "gajinya": "upah",
    "siltap": "upah",
    "penghasilan": "upah",
    "honor": "upah",
}


def is_number(text: str) -> bool:
    """Whether the text is a number and nothing else: "12", "dua", "nomor 3"."""
    return _number(" ".join(_plain(text))) is not None


def pick(text: str, labels: Sequence[str]) -> int | None:
    """The index of the label that was chosen by its number or its name; None when that is unclear."""
    said, choices = _plain(text), [_plain(label) for label in labels]
    if not said or len(text) > LIMIT:
        return None
    if said in choices:
        return _single(i for i, choice in enumerate(choices) if choice == said)
    if (number := _number(" ".join(said))) is not None:
        return _numbered(number, choices)
    spoken = {word for choice in choices for word in choice}
    if len(said) > 1 and said[0] not in spoken and squeezed(said[0]) in YES:
        said = said[1:]  # "iya, November"
    core = [word for word in said if word in spoken or (squeezed(word) not in FILLERS and word != _THE_ONE)]
    return _named(core or said, choices)


def is_whole(text: str, label: str) -> bool:
    """Whether the label was typed from its first word to its last, with nothing else but a form of address."""
    said, wanted = _plain(text), _plain(label)
    return bool(said) and [word for word in said if word in wanted or word not in _CALLED] == wanted


def as_on_buttons(text: str) -> str:
    """The text with what buttons call a thing: "gaji" is "upah"."""
    return " ".join(_SAME.get(word, word) for word in words(text))


def _numbered(number: int, choices: Sequence[list[str]]) -> int | None:
    """The choice that bears this number, as "Kejadian 7" does; else the one in this place."""
    alike = len({tuple(choice[:-1]) for choice in choices}) == 1 and all(
        len(choice) > 1 for choice in choices
    )
    own = [choice[-1] for choice in choices] if alike else []
    if str(number) in own:
        return own.index(str(number))
    return number - 1 if 1 <= number <= len(choices) else None


def _named(said: list[str], choices: Sequence[list[str]]) -> int | None:
    """The one choice that begins with these words, or holds them, or is near them; one that begins with a no
    is never meant without it: "itu saya" is not "Bukan saya".
    """
    starting = [i for i, choice in enumerate(choices) if choice[: len(said)] == said]
    holding = [i for i, choice in enumerate(choices) if set(said) <= set(choice)]
    found = _single(starting or holding) if holding else only_best(_slips(said, choices))
    return None if found is None or _denies(choices[found][:1]) > _denies(said) else found


def _denies(said: Sequence[str]) -> bool:
    return any(squeezed(word) in NO for word in said)


def _plain(text: str) -> list[str]:
    """Its words, written in full, and its numbers without leading zeros."""
    return in_full([word.lstrip("0") or "0" for word in words(text)])


def _number(said: str) -> int | None:
    if counted := _COUNTING.fullmatch(said):
        return COUNTED.index(counted.group(1)) + 1
    if said in ("pertama", "yang pertama"):
        return 1
    found = _NUMBER.fullmatch(said)
    return int(found.group(1)) if found else None


def _slips(said: Sequence[str], choices: Sequence[Sequence[str]]) -> dict[int, int]:
    word = "".join(said)
    found = {}
    for i, choice in enumerate(choices):
        distance = distance_of(word, "".join(choice))
        if distance is not None:
            found[i] = distance
    return found


def _single(found: Iterable[int]) -> int | None:
    rows = list(found)
    return rows[0] if len(rows) == 1 else None

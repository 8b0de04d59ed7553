"""Which of some names somebody meant: a village of the district, a person of the village.

One name is taken only when it is near and no other comes close; otherwise the nearest are offered.
"""

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from rapidfuzz import fuzz

from bot.domain.cleaning import LIMIT, words

K = TypeVar("K", bound=Hashable)

SURE, GAP = 90, 5  # "lo duri" scores 86 for both Loa Duri Ulu and Loa Duri Ilir
LIKELY, OFFERED = 65, 5
_EQUAL = 200.0  # above every score
_PREFIXES = {"desa", "ds", "kelurahan", "kel", "kantor", "pemdes", "pemerintah", "bapak", "pak", "ibu", "bu"}
_ROMAN = {"1": "i", "2": "ii", "3": "iii", "4": "iv", "5": "v"}


@dataclass(frozen=True, slots=True)
class Match(Generic[K]):
    """`sure` is the one that was certainly meant; else `likely` holds the nearest, best first."""

    sure: K | None
    likely: list[K]


def best(query: str, names: Mapping[K, str]) -> Match[K]:
    """Find `query` among `names`; equal names are never sure, whoever asks must tell them apart."""
    asked = _plain(query)
    if not asked or len(query) > LIMIT:
        return Match(None, [])
    scores = {key: _score(asked, _plain(name)) for key, name in names.items()}
    ranked = sorted(scores, key=lambda key: -scores[key])
    least = _EQUAL if ranked and scores[ranked[0]] == _EQUAL else LIKELY
    likely = [key for key in ranked[:OFFERED] if scores[key] >= least]
    second = scores[ranked[1]] if len(ranked) > 1 else 0.0
    clear = likely and scores[likely[0]] >= SURE and scores[likely[0]] - second >= GAP and len(asked) > 2
    if clear and _numbers(asked) == _numbers(_plain(names[likely[0]])):
        return Match(likely[0], likely)
    return Match(None, likely)


def _numbers(name: str) -> list[str]:
    """Numbers in it: "RT 3" is near to "RT 5", and still another one."""
    return [word for word in name.split() if word.isdigit() or word in _ROMAN.values()]


def _score(asked: str, name: str) -> float:
    """Equal names stand above every other: "loa duri" also lies within "loa duri ulu"."""
    return _EQUAL if asked == name else fuzz.WRatio(asked, name)


@lru_cache(maxsize=2000)  # the same names are looked through for each line of a sheet
def _plain(name: str) -> str:
    """In lower case, without what stands before a name, and a closing 2 as the Roman II."""
    said = words(re.sub("['’`]", "", name[: LIMIT + 1]))
    while len(said) > 1 and said[0] in _PREFIXES:
        said = said[1:]
    if len(said) > 1:
        said[-1] = _ROMAN.get(said[-1], said[-1])
    return " ".join(said)

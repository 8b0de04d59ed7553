"""Which village, kecamatan or office somebody meant: said outright, or guessed and to be asked.

Names repeat inside a district and are mistyped; the kecamatan tells equal ones apart: "sidomulyo anggana",
"desa Sidomulyo, Kec. Anggana".
"""

import re
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from bot.domain import cleaning, matching, words
from bot.domain.offices import Role
from bot.domain.words import Vocabulary
from bot.domain.written import MONTH_NUMBERS


class Place(Protocol):
    """A village, as far as it is looked for."""

    @property
    def code(self) -> str:
        """Of Kemendagri, as in 64.02.01.2001."""

    @property
    def name(self) -> str:
        """Without "Desa"."""

    @property
    def subdistrict(self) -> str:
        """The name of its kecamatan."""


@dataclass(frozen=True, slots=True)
class Subdistrict:
    """A kecamatan: the first three parts of its villages' codes, and its name."""

    code: str
    name: str


P = TypeVar("P", bound=Place)
T = TypeVar("T")
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """`sure` is what was certainly meant, and named without a slip if `exact`; `likely` is it alone, or else
    the nearest, best first; `more` are those that fit as well and are not among them.
    """

    sure: T | None = None
    likely: tuple[T, ...] = ()
    exact: bool = False
    more: tuple[T, ...] = ()

    @property
    def named(self) -> T | None:
        """For what is not done upon a guess."""
        return self.sure if self.exact else None


def _among(match: matching.Match[K], known: Mapping[K, T], *, exact: bool = False) -> Found[T]:
    if match.sure is not None:
        return Found(known[match.sure], (known[match.sure],), exact)
    return Found(None, tuple(known[key] for key in match.likely))


# -- kecamatan ---------------------------------------------------------------------------------

_KECAMATAN = re.compile(r"(?:^|[,;(\s]+)kec(?:amatan\s+|\.\s*|\s+)", re.IGNORECASE)
_REGENCY = re.compile(r"[,;\s]+kab(?:upaten|\.)?\s.*", re.IGNORECASE)
_LONGEST_KECAMATAN = 4  # words


def subdistricts(places: Iterable[Place]) -> list[Subdistrict]:
    """The kecamatan of these villages, in their order."""
    found = {place.code.rpartition(".")[0]: place.subdistrict for place in places}
    return [Subdistrict(code, name) for code, name in found.items()]


def names(places: Iterable[Place]) -> dict[str, str]:
    """The names of the kecamatan of these villages, by code."""
    return {one.code: one.name for one in subdistricts(places)}


#: Behind a command these words name no kecamatan.
_ALL = frozenset(
    cleaning.words(
        "per se kec kecamatan kab kabupaten desa yang"
        " hari minggu bulan tahun ini lalu kemarin sekarang terbaru terakhir"
    )
)


def means_all(said: str, district: str) -> bool:
    """Whether a text names no kecamatan: nothing, politeness, the whole district, a time."""
    return not _naming(said, district)


def naming(said: str, district: str, places: Iterable[Place]) -> str:
    """What of a text may be the name of a kecamatan; a word that stands in one of theirs always is."""
    known = {word for one in subdistricts(places) for word in cleaning.words(one.name)}
    return " ".join(_naming(said, district, known))


def _naming(said: str, district: str, known: Container[str] = ()) -> list[str]:
    own = cleaning.words(district)
    around = _ALL.union(own, MONTH_NUMBERS)
    return [
        word
        for word in cleaning.words(said)
        if word in known
        or not (word in around or word.isdecimal() or words.is_polite(word) or _is_short(word, own))
    ]


def _is_short(word: str, name: Sequence[str]) -> bool:
    """Whether it is made of the beginnings of a name's words, as "kukar" of Kutai Kartanegara."""
    if len(name) < 2:
        return bool(name) and len(word) > 1 and name[0].startswith(word)
    parts = range(2, len(word) - 1)
    return any(name[0].startswith(word[:at]) and _is_short(word[at:], name[1:]) for at in parts)


def says_kecamatan(said: str) -> bool:
    """Whether it begins with "kecamatan"."""
    return _KECAMATAN.match(said.strip()) is not None


def subdistrict(said: str, places: Iterable[Place]) -> Found[Subdistrict]:
    """The kecamatan that is meant, with that word or without."""
    known = {one.code: one for one in subdistricts(places)}
    bare = _REGENCY.sub("", _KECAMATAN.sub("", f" {said}", count=1)).strip(" ,;.)")
    return _among(matching.best(bare, {code: one.name for code, one in known.items()}), known)


def subdistrict_before(said: str, places: Iterable[Place]) -> tuple[Found[Subdistrict], str]:
    """The kecamatan named without a slip at the beginning of a text, and what stands behind it."""
    known = {one.name.casefold(): one for one in subdistricts(places)}
    parts = _KECAMATAN.sub("", f" {said}", count=1).split()
    for count in range(min(_LONGEST_KECAMATAN, len(parts)), 0, -1):
        found = known.get(" ".join(parts[:count]).casefold())
        if found is not None:
            return Found(found, (found,), exact=True), " ".join(parts[count:])
    spelled = {name: one.name for name, one in known.items()}
    near = [matching.best(" ".join(parts[:count]), spelled) for count in (3, 2, 1)]
    likely = next((one.likely for one in near if one.sure is not None), near[1].likely if parts else [])
    return Found(None, tuple(known[name] for name in likely)), ""


# -- villages ----------------------------------------------------------------------------------

CODE = re.compile(r"\b\d{2}\.\d{2}\.\d{2}\.\d{4}\b")
_AROUND = {
    *("saya", "dari", "desa", "ds", "kec", "kecamatan", "kab", "kabupaten"),
    *("pak", "bu", "selaku", "sebagai"),
}


def village(said: str, places: Sequence[P]) -> Found[P]:
    """The village that is meant by its code or its name, with its kecamatan or without."""
    if code := CODE.search(said):
        coded = next((one for one in places if one.code == code[0]), None)
        return Found(coded, (coded,), exact=True) if coded else Found()
    name, *behind = _KECAMATAN.split(said.strip(), maxsplit=1)
    if not behind:
        return _of(name, places)
    meant = {one.code for one in subdistrict(behind[0], places).likely}
    inside = [one for one in places if one.code.rpartition(".")[0] in meant]
    return _of(name, inside) if inside else replace(_of(name, places), sure=None, exact=False)


def named(said: str, places: Sequence[P]) -> P | None:
    """The village that is named without any slip; cheap, for lists with thousands of names of companies."""
    if CODE.search(said) or len(_KECAMATAN.split(said.strip(), maxsplit=1)) > 1:
        return village(said, places).named
    found = exactly(said, places)
    return found[0] if len(found) == 1 else None


def _of(name: str, places: Sequence[P]) -> Found[P]:
    exact = exactly(name, places)
    if exact:
        one = exact[0] if len(exact) == 1 else None
        offered = matching.OFFERED
        return Found(one, tuple(exact[:offered]), exact=one is not None, more=tuple(exact[offered:]))
    known = {place.code: place for place in places}
    asked = " ".join(_core(name))
    match = matching.best(asked, {code: one.name for code, one in known.items()})
    if match.sure is None:
        full = matching.best(asked, {code: f"{one.name} {one.subdistrict}" for code, one in known.items()})
        named = full.sure is not None and not set(_core(name)) <= set(_core(known[full.sure].subdistrict))
        match = full if named or not match.likely else match
    found = _among(match, known)
    if found.sure is not None or not found.likely:
        return found
    return replace(found, more=_further(name, places, found.likely))


def _further(name: str, places: Iterable[P], shown: Iterable[P]) -> tuple[P, ...]:
    """Those in whose name all the words stand that were typed, as "muara" does in many."""
    asked, codes = set(_core(name)), {one.code for one in shown}
    return tuple(one for one in places if one.code not in codes and asked <= set(_core(one.name)))


def exactly(said: str, places: Iterable[P]) -> list[P]:
    """The villages that bear this name, alone or with their kecamatan; cheap, for whoever writes anything."""
    asked = _core(said)
    return [
        one for one in places if asked == _core(one.name) or asked == _core(one.name) + _core(one.subdistrict)
    ]


@lru_cache(maxsize=4096)
def _core(said: str) -> tuple[str, ...]:
    return tuple(word for word in cleaning.words(said) if word not in _AROUND)


# -- offices -----------------------------------------------------------------------------------

ROLES: Mapping[str, tuple[str, ...]] = {
    Role.HEAD.value: ("kades", "kepala desa", "pj kades", "petinggi"),
    Role.SECRETARY.value: ("sekdes", "sekretaris desa", "sekretaris", "carik"),
    Role.TREASURER.value: ("kaur keuangan", "kaur_keuangan", "keuangan", "bendahara", "kaurkeu"),
}
_VOCABULARY = Vocabulary(ROLES)
_LONGEST = max(len(cleaning.words(alias)) for names_ in ROLES.values() for alias in names_)


def role_in(text: str) -> str:
    """The role somebody names in a few words, small slips allowed; "" where it is none."""
    return words.command(text, _VOCABULARY, fuzzy=True) or ""


def without_role(text: str) -> tuple[str, str]:
    """A text about oneself, as in "saya kades perian": what is left as the village, and the role."""
    place, role, rest, guessed = _apart(cleaning.visible(text))
    return ("", "") if guessed or not role else (f"{place} {rest}".strip(), role)


def _apart(said: str) -> tuple[str, str, str, bool]:
    """Village, role, name, and whether the role is only near to what was typed."""
    parts = said.replace(",", " ").split()
    spans = [
        (start, start + count)
        for start in range(len(parts))
        for count in range(min(_LONGEST, len(parts) - start), 0, -1)
    ]
    for exact in (True, False):
        for start, end in spans:
            role = _role(" ".join(parts[start:end]), exact=exact)
            if role and (exact or start):
                return " ".join(parts[:start]), role, " ".join(parts[end:]), not exact
    return said, "", "", False


def _role(text: str, *, exact: bool) -> str:
    if not exact:
        return role_in(text)
    said = tuple(cleaning.words(text))
    return _VOCABULARY.known.get(said, "")

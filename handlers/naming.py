"""What is meant by "<desa> <jabatan> <the rest>": said outright, or guessed and to be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain import cleaning, matching, words
from bot.domain.offices import Role
from bot.domain.words import Vocabulary
from bot.store.places import Village

ROLES: Mapping[str, tuple[str, ...]] = {
    Role.HEAD.value: ("kades", "kepala desa", "pj kades", "petinggi"),
    Role.SECRETARY.value: ("sekdes", "sekretaris desa", "sekretaris", "carik"),
    Role.TREASURER.value: ("kaur keuangan", "kaur_keuangan", "keuangan", "bendahara", "kaurkeu"),
}
_VOCABULARY = Vocabulary(ROLES)
_LONGEST = max(len(cleaning.words(alias)) for names in ROLES.values() for alias in names)
_AROUND = {
    "saya",
    "dari",
    "desa",
    "ds",
    "kec",
    "kecamatan",
    "kab",
    "kabupaten",
    "pak",
    "bu",
    "selaku",
    "sebagai",
}


@dataclass(frozen=True, slots=True)
class Named:
    """`village` was named exactly; else `likely` holds the nearest.  `role` is "" if none was named, and
    only near to what was typed if it is `guessed`.
    """

    place: str  # as typed
    village: Village | None
    likely: tuple[Village, ...]
    role: str
    guessed: bool
    rest: str


def read(said: str, villages: Sequence[Village]) -> Named:
    """Take one line apart and look the village up."""
    place, role, rest, guessed = _apart(cleaning.visible(said))
    sure, likely = village_of(place, villages)
    return Named(place, sure, likely, role, guessed, rest)


def village_of(place: str, villages: Sequence[Village]) -> tuple[Village | None, tuple[Village, ...]]:
    """The village that bears exactly this name (with its kecamatan, where several do), and the nearest."""
    asked = _core(place)
    known = {village.code: village for village in villages}
    exact = exactly(place, villages)
    if len(exact) == 1:
        return exact[0], tuple(exact)
    full = {code: f"{village.name} {village.subdistrict}" for code, village in known.items()}
    match = matching.best(" ".join(asked), {code: village.name for code, village in known.items()})
    if not match.likely or (len(asked) > 1 and match.sure is None and not exact):
        longer = matching.best(" ".join(asked), full)
        match = longer if longer.sure is not None or not match.likely else match
    codes = [one.code for one in exact] or ([match.sure] if match.sure is not None else match.likely)
    return None, tuple(known[code] for code in codes[: matching.OFFERED])


def exactly(place: str, villages: Sequence[Village]) -> list[Village]:
    """The villages that bear this name, alone or with their kecamatan; cheap, for whoever writes anything."""
    asked = _core(place)
    return [
        one
        for one in villages
        if asked == _core(one.name) or asked == _core(one.name) + _core(one.subdistrict)
    ]


@lru_cache(maxsize=4096)
def _core(place: str) -> tuple[str, ...]:
    return tuple(word for word in cleaning.words(place) if word not in _AROUND)


def subdistrict_of(said: str, villages: Sequence[Village]) -> tuple[str, str, list[str], str]:
    """Code and name of the kecamatan at the beginning of a text ("" where it is not exactly one), the
    nearest names, and what stands behind it.
    """
    names = {village.subdistrict: village.code[:8] for village in villages}
    parts = said.removeprefix("kecamatan ").removeprefix("kec. ").split()
    for count in range(min(4, len(parts)), 0, -1):
        asked = " ".join(parts[:count]).casefold()
        found = next((name for name in names if name.casefold() == asked), "")
        if found:
            return names[found], found, [found], " ".join(parts[count:])
    near = [matching.best(" ".join(parts[:count]), {name: name for name in names}) for count in (3, 2, 1)]
    likely = next((one.likely for one in near if one.sure is not None), near[1].likely if parts else [])
    return "", "", likely, ""


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
        return words.command(text, _VOCABULARY, fuzzy=True) or ""
    said = tuple(cleaning.words(text))
    return _VOCABULARY.known.get(said, "")

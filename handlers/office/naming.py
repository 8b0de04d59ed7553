"""Which village, or which kecamatan, somebody meant, among those that their office may see."""

import re
from dataclasses import dataclass

from bot.domain import matching
from bot.messages import Choice, Outgoing
from bot.store.places import Village
from bot.turns import Turn

_KECAMATAN = re.compile(r"(?:^|[,\s]+)kec(?:amatan|\.)?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subdistrict:
    """A kecamatan: the first three parts of its villages' codes, and its name."""

    code: str
    name: str


def subdistricts(turn: Turn) -> list[Subdistrict]:
    """The kecamatan that the turn's office may see."""
    found = {village.code.rpartition(".")[0]: village.subdistrict for village in turn.villages}
    return [Subdistrict(code, name) for code, name in found.items()]


def subdistrict(turn: Turn, said: str) -> Subdistrict | None:
    """The one kecamatan that was certainly meant."""
    known = {one.code: one for one in subdistricts(turn)}
    named = _KECAMATAN.sub("", f" {said}", count=1).strip()
    sure = matching.best(named, {code: one.name for code, one in known.items()}).sure
    return known[sure] if sure is not None else None


def says_kecamatan(said: str) -> bool:
    """Whether it begins with "kecamatan"."""
    return _KECAMATAN.match(said.strip()) is not None


def by_code(turn: Turn, code: str) -> Subdistrict | None:
    """The kecamatan of a pressed choice, if the office may see it."""
    return next((one for one in subdistricts(turn) if one.code == code), None)


def near(turn: Turn, said: str) -> matching.Match[str]:
    """The village that was meant, by code: "perian, kec. muara muntai" names one of several."""
    place, *kecamatan = _KECAMATAN.split(said.strip(), maxsplit=1)
    names = {village.code: village.name for village in turn.villages}
    inside = subdistrict(turn, kecamatan[0]) if kecamatan else None
    if inside is not None:
        names = {code: name for code, name in names.items() if code.startswith(f"{inside.code}.")}
    match = matching.best(place, names)
    if match.sure is not None:
        return match
    both = {one.code: f"{one.name} {one.subdistrict}" for one in turn.villages if one.code in names}
    full = matching.best(place, both)
    return full if full.sure is not None else match


def village(turn: Turn, said: str, prefix: str) -> Village | list[Outgoing]:
    """The village that was meant; else a question whose answers begin with `prefix`, or that there is none."""
    match = near(turn, said)
    known = {one.code: one for one in turn.villages}
    if match.sure is not None:
        return known[match.sure]
    return [which(turn, [known[code] for code in match.likely], prefix) if match.likely else unknown(turn)]


def which(turn: Turn, found: list[Village], prefix: str) -> Outgoing:
    """Names repeat inside a district: the kecamatan tells them apart."""
    choices = [Choice(f"{prefix}:{one.code}", one.label.removeprefix("Desa ")) for one in found]
    return turn.post("office/which_village", choices)


def unknown(turn: Turn) -> Outgoing:
    """No such village: the same words for one that this office may not see."""
    return turn.post("office/no_such_village")

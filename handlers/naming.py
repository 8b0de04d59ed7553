"""How it is asked which village, or which kecamatan, somebody meant; the same words for what is not theirs."""

from collections.abc import Callable, Sequence

from bot.domain import placing
from bot.domain.placing import Found, Subdistrict
from bot.messages import Choice, Outgoing
from bot.store import places
from bot.store.places import Village
from bot.turns import Turn


def village(turn: Turn, said: str, meaning: Callable[[str], str]) -> Village | list[Outgoing]:
    """The village that the turn's office may see; else a question, or that there is none."""
    found = placing.village(said, turn.villages)
    if not found.exact and (beyond := _beyond(turn, said)) is not None:
        return [unknown(turn, beyond.label)]
    return found.sure if found.sure is not None else ask(turn, found, meaning)


def _beyond(turn: Turn, said: str) -> Village | None:
    """A village of the district, rightly named, that lies outside of what the office may see."""
    return placing.village(said, places.villages(turn.tx, turn.district.code)).named if turn.limits else None


def ask(turn: Turn, found: Found[Village], meaning: Callable[[str], str]) -> list[Outgoing]:
    """Which of the nearest; a choice means what `meaning` makes of the code."""
    return [_which(turn, found, meaning) if found.likely else unknown(turn)]


def _which(turn: Turn, found: Found[Village], meaning: Callable[[str], str]) -> Outgoing:
    """Names repeat inside a district: the kecamatan tells them apart."""
    choices = [Choice(meaning(one.code), _bare(one)) for one in found.likely]
    example = _bare(found.more[0]) if found.more else ""
    return turn.post("chat/which_village", choices, more=len(found.more), example=example)


def _bare(village: Village) -> str:
    return village.label.removeprefix("Desa ")


def unknown(turn: Turn, beyond: str = "") -> Outgoing:
    """No such village; or one that this office may not see, by its name."""
    return turn.post("chat/no_such_village", beyond=beyond, mine=turn.kecamatan if beyond else "")


def subdistrict(turn: Turn, said: str, *, lenient: bool = False) -> Subdistrict | list[Outgoing] | None:
    """The kecamatan that is meant, None where all are; else that there is none of that name.

    Where it is `lenient`, words that are near to no name mean nothing.
    """
    district = turn.district
    if placing.means_all(said, district.name):
        return None
    every = places.villages(turn.tx, district.code)
    name = placing.naming(said, district.name, every)
    found = placing.subdistrict(name, turn.villages)
    if found.sure is not None:
        return found.sure
    if lenient and not placing.says_kecamatan(said) and not placing.subdistrict(name, every).likely:
        return None
    beyond = placing.subdistrict(name, every).sure if turn.limits else None
    return [no_subdistrict(turn, found, beyond.name if beyond else "")]


def unread(turn: Turn, words: Sequence[str]) -> str:
    """Words that were not understood, as they are told: a group does not read again what somebody typed."""
    if not words:
        return ""
    return f"{len(words)} kata" if turn.incoming.group else f"“{' '.join(words)}”"


def area(turn: Turn, inside: Subdistrict | None) -> str:
    """Where the villages lie that are spoken of: in one kecamatan, or wherever the office may look."""
    return f"Kec. {inside.name}, {turn.district.name}" if inside else turn.area


def by_code(turn: Turn, code: str) -> Subdistrict | None:
    """The kecamatan of a pressed choice, if the office may see it."""
    return next((one for one in placing.subdistricts(turn.villages) if one.code == code), None)


def no_subdistrict(turn: Turn, found: Found[Subdistrict], beyond: str = "") -> Outgoing:
    """No such kecamatan: the nearest, or all there are; or one that this office may not see, by its name."""
    names = [one.name for one in (not beyond and found.likely) or placing.subdistricts(turn.villages)]
    return turn.post("chat/no_such_subdistrict", names=names, near=bool(found.likely), beyond=beyond)

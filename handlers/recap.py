"""*/rekap [kecamatan]*: the one line that is read out, and the same for each kecamatan."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain import dates, mentioned, office_phrases, office_talk, placing
from bot.domain.placing import Subdistrict
from bot.domain.standings import Count
from bot.messages import Choice, Outgoing
from bot.reports import standing
from bot.turns import Turn, within
from handlers import naming, own_chat
from handlers.office import village_card
from handlers.sadar import overview


def recap(turn: Turn) -> list[Outgoing]:
    """Registered, of these with something unpaid, and not yet; per kecamatan, or in the one that is named.

    Where no kecamatan but a village is named, it is its card.  Registered means that an employer number is known, or that somebody is submitted or active.
    """
    inside = naming.subdistrict(turn, turn.rest, lenient=True)
    if isinstance(inside, list):
        named = placing.village(turn.rest, turn.villages).sure
        return village_card.show_one(turn, named) if named is not None else inside
    counts = _counted(turn, inside)
    at = turn.now.astimezone(turn.district.zone)
    # A kecamatan with one registered village would name the village: not where villages listen.
    alone = inside is not None or bool(turn.limits)
    listening = turn.in_forum and not alone
    shown = {} if listening or len(counts) == 1 else counts
    code = inside.code if inside else ""
    said = turn.post(
        "district/recap",
        () if listening else (Choice(within(turn.district.code, f"trend:{code}"), "Grafik tren"),),
        area=naming.area(turn, inside),
        sadar=overview.counted(turn, inside),
        day=dates.short_date(at.date()),
        at=dates.clock_time(at, turn.district.zone_label),
        total=sum(counts.values(), Count()),
        lines=[pair for pair in shown.items() if pair[1].registered],
        untouched=[pair for pair in shown.items() if not pair[1].registered],
        report=office_phrases.report_for(turn.rest),
        unread=_unread(turn, inside),
        only=turn.kecamatan if office_talk.names_district(turn.rest, turn.district.name) else "",
    )
    if turn.in_forum and alone:
        return own_chat.with_a_line(turn, [said])
    return [replace(said, person=None) if turn.incoming.group else said]


def _counted(turn: Turn, inside: Subdistrict | None) -> Mapping[str, Count]:
    """By the name of the kecamatan."""
    found = standing.counts(turn.tx, turn.district.code, turn.today)
    names = placing.names(turn.villages)
    return {name: found[code] for code, name in names.items() if inside is None or code == inside.code}


def _unread(turn: Turn, inside: Subdistrict | None) -> str:
    """The words that changed nothing; where a kecamatan was recognised in them, all were read."""
    left = office_talk.left_over(turn.rest, turn.villages, turn.district.name)
    guessed = (
        inside is not None
        and inside != mentioned.places_in(office_phrases.plain(turn.rest), turn.villages).inside
    )
    return "" if guessed else naming.unread(turn, left)

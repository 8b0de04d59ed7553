"""*sadar*: how far the village is, and the next step of each criterion, one tap away."""

from dataclasses import replace

from bot.domain import placing, sadar
from bot.domain.offices import DISTRICT
from bot.domain.sadar import Part, Standing
from bot.messages import Choice, Outgoing
from bot.reports.sadar import sentence, standings
from bot.store import employers
from bot.store import sadar as recognitions
from bot.store.employers import Payer
from bot.store.places import Village
from bot.turns import Turn, entitled, may
from handlers import fostered, naming, own_chat
from handlers.office import rooms
from handlers.sadar import criteria, overview


def show(turn: Turn) -> list[Outgoing]:
    """*sadar*: of the village they serve; of the district, where they speak for its office."""
    if turn.incoming.group:  # it is turned over and narrowed: in their own chat
        return own_chat.with_a_line(turn, _of_office(turn)) if may(turn, DISTRICT) else []
    return _of_office(turn) if _for_the_office(turn) else [_of_own(turn)]


def _of_office(turn: Turn) -> list[Outgoing]:
    """All villages, those of a kecamatan, or the one that is named."""
    inside = naming.subdistrict(turn, turn.rest)
    if not isinstance(inside, list):
        return overview.show(turn, inside)
    found = placing.village(turn.rest, turn.villages)
    if found.sure is not None:
        return [_told(turn, found.sure)]
    return naming.ask(turn, found, "sadar_at:{}".format) if found.likely else inside


def chosen(turn: Turn) -> list[Outgoing]:
    """The village that the office meant."""
    village = rooms.chosen_village(turn, turn.choice.partition(":")[2], DISTRICT)
    return [naming.unknown(turn) if village is None else _told(turn, village)]


def _for_the_office(turn: Turn) -> bool:
    """Of somebody who serves in both, if they chose it last."""
    office = entitled(turn, DISTRICT)
    if office is not None and office.district == turn.who.focus:
        may(turn, DISTRICT)
    return turn.office is not None and not turn.office.village


def _of_own(turn: Turn) -> Outgoing:
    said = _told(turn, turn.village)
    [found] = standings(turn.tx, turn.rules, turn.village.district, turn.today, turn.village.code).values()
    return replace(said, choices=[*steps(turn, found), Choice("menu:status", "Status desa")])


def _told(turn: Turn, village: Village) -> Outgoing:
    """How the village stands, without a step to take."""
    today = turn.today
    found = standings(turn.tx, turn.rules, village.district, today, village.code)[village.code]
    this_year = recognitions.of_year(turn.tx, village.district, today.year)
    made = any(one.village == village.code and one.made for one in this_year)
    return turn.reply(
        "sadar/village",
        (),
        place=village.label,
        office=turn.district.office,
        **criteria.decided(turn),
        left=found.left,
        met=found.met,
        parts=[(not part.left, sentence(part)) for part in found.parts],
        made=str(today.year) if made else "",
        fostered=fostered.lines(turn.tx, village.code, today),
    )


def steps(turn: Turn, found: Standing) -> list[Choice]:
    """What the village can do itself, one button for each criterion that is not met."""
    each = (_step(turn, part) for part in found.parts if part.left)
    return [choice for choice in each if choice is not None]


def _step(turn: Turn, part: Part) -> Choice | None:
    if part.code == sadar.STAFF:
        waits = Choice("menu:belum terlindungi", "Siapa yang menunggu")
        return Choice("menu:daftar", "Daftarkan orang") if part.empty else waits
    if part.code == sadar.PROJECTS:
        return Choice("menu:proyek", "Lihat proyek")
    employer = employers.get(turn.tx, turn.who.village)
    pays = employer is None or employer.payer is Payer.VILLAGE
    return Choice("menu:sudah bayar", "Lapor bayar") if part.late and pays else None

"""*sadar*: how far the village is, and the next step of each criterion, one tap away."""

from bot.domain import sadar
from bot.domain.offices import DISTRICT
from bot.domain.sadar import Part, Standing
from bot.messages import Choice, Outgoing
from bot.reports.sadar import sentence, standings
from bot.store import employers
from bot.store import sadar as recognitions
from bot.store.employers import Payer
from bot.turns import Turn, entitled, may
from handlers import fostered
from handlers.sadar import criteria, overview


def show(turn: Turn) -> list[Outgoing]:
    """*sadar*: of the village they serve; of the district, where they speak for its office."""
    return overview.show(turn) if _for_the_office(turn) else [_of_village(turn)]


def _for_the_office(turn: Turn) -> bool:
    """Of somebody who serves in both, if they chose it last."""
    office = entitled(turn, DISTRICT)
    if office is not None and office.district == turn.who.focus:
        may(turn, DISTRICT)
    return turn.office is not None and not turn.office.village


def _of_village(turn: Turn) -> Outgoing:
    village, today = turn.village, turn.today
    found = standings(turn.tx, turn.rules, village.district, today, village.code)[village.code]
    this_year = recognitions.of_year(turn.tx, village.district, today.year)
    made = any(one.village == village.code and one.made for one in this_year)
    return turn.reply(
        "sadar/village",
        [*steps(turn, found), Choice("menu:status", "Status desa")],
        place=village.label,
        office=turn.district.office,
        **criteria.decided(turn),
        left=found.left,
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
    employer = employers.get(turn.tx, turn.who.village)
    pays = employer is None or employer.payer is Payer.VILLAGE
    return Choice("menu:sudah bayar", "Lapor bayar") if part.late and pays else None

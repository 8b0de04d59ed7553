"""Which person in office is meant, by a village or by a name; and who hears what is done about them."""

from collections.abc import Callable

from bot import guarding
from bot.domain import cleaning, placing
from bot.domain.offices import Role, office_day
from bot.messages import Choice, Outgoing
from bot.store import freezing
from bot.store.freezing import Holder
from bot.turns import Turn, entitled, within
from handlers import district, own_chat

#: Buttons of one question; whoever is not among them is named more exactly.
_OFFERED = 6


def ask(
    turn: Turn, meaning: str, template: str, label: str, fits: Callable[[Holder], bool]
) -> list[Outgoing]:
    """Whom: in private, also where it was asked for in a group."""

    def inside(turn: Turn) -> list[Outgoing]:
        said = turn.rest.strip()
        if not said and not _of_village(turn):
            return [turn.reply("guarding/how", word=turn.word)]
        meant = _meant(turn, said)
        found = [one for one in meant if fits(one) and one.person != turn.who.person]
        if not found:
            return [turn.reply("guarding/nobody", said=said[:40], meant=bool(meant))]
        about = turn.district.code
        choices = [
            Choice(within(about, f"{meaning}:{one.person}") if turn.who.districts else f"{meaning}:{one.person}",
                   f"{label}: {one.name}"[:30])
            for one in found[:_OFFERED]
        ]  # fmt: skip
        shown = [
            (one.name, one.office.role.label, district.place_of(turn, one.office)) for one in found[:_OFFERED]
        ]
        return [turn.reply(template, choices, found=shown, more=len(found) > _OFFERED)]

    return own_chat.go_on(turn, (Role.ADMIN, Role.HEAD), inside)


def _of_village(turn: Turn) -> bool:
    """Whether they act as the head of a village: there everybody is named."""
    return turn.office is not None and bool(turn.office.village)


def _seen(turn: Turn) -> list[Holder]:
    """Each person once, whom the turn's office may do something about."""
    found: dict[int, Holder] = {}
    office = turn.office
    assert office is not None
    for one in freezing.holders(turn.tx, office.district, office_day(turn.now)):
        if not office.village or one.office.village == office.village:
            found.setdefault(one.person, one)
    return list(found.values())


def _meant(turn: Turn, said: str) -> list[Holder]:
    every = _seen(turn)
    if _of_village(turn) and not said:
        return every
    wanted = set(cleaning.words(said))
    by_name = [one for one in every if wanted and wanted <= set(cleaning.words(one.name))]
    village = placing.village(said, turn.villages).sure
    return by_name or [one for one in every if village is not None and one.office.village == village.code]


def chosen(turn: Turn) -> Holder | None:
    """Who stands on the button, if the turn's office may do something about them."""
    number = turn.choice.split(":")[1]
    turn.office = turn.office or entitled(turn, (Role.ADMIN, Role.HEAD))
    return next((one for one in _seen(turn) if str(one.person) == number), None) if turn.office else None


def place(one: Holder) -> dict[str, str]:
    """Where they serve, for the audit chain."""
    office = one.office
    return {"village": office.village} if office.village else {"place": office.subdistrict or office.district}


def alarm(turn: Turn, template: str, one: Holder) -> list[Outgoing]:
    """The village's others and the office's group hear of it."""
    return guarding.told_about(turn, template, (one.person, one.name), one.office)

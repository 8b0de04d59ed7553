"""Who is covered: the village in one card, its people in a list, one person by name."""

from bot.domain import dates, matching, nik
from bot.domain.people import State
from bot.messages import Choice, Outgoing
from bot.store import members
from bot.store.members import Member
from bot.turns import Turn
from handlers import month
from handlers.registration import position_label

#: People shown at once; the rest a tap further.
PAGE = 15

CURRENT = (State.SUBMITTED, State.ACTIVE, State.UNKNOWN)


def village(turn: Turn) -> list[Outgoing]:
    """The village in one card."""
    everybody = [m for m in members.of_village(turn.tx, turn.who.village) if m.state in CURRENT]
    if not everybody:
        begin = (Choice("menu:daftar", "Daftarkan orang"),)
        return [turn.reply("status/nobody", begin, place=turn.village.label)]
    labels = {category.code: category.label for category in turn.rules.categories}
    by_category = [
        (label, sum(member.category == code for member in everybody)) for code, label in labels.items()
    ]
    states = [(state.label, sum(m.state is state for m in everybody)) for state in CURRENT]
    choices = (
        Choice("menu:peserta", "Lihat peserta"),
        Choice("menu:tagihan", "Tagihan"),
        Choice("menu:daftar", "Daftarkan orang"),
    )
    return [
        turn.reply(
            "status/village",
            choices,
            place=turn.village.label,
            total=len(everybody),
            categories=[(label, count) for label, count in by_category if count],
            states=[(label, count) for label, count in states if count],
            empty=empty_posts(turn, everybody),
            owed=month.in_short(turn),
        )
    ]


def empty_posts(turn: Turn, everybody: list[Member]) -> list[str]:
    """Posts a village normally has and for which nobody is registered."""
    filled: dict[str, int] = {}
    for member in everybody:
        filled[member.position] = filled.get(member.position, 0) + 1
    return [p.label for p in turn.rules.positions if p.usual and not filled.get(p.code)]


def unprotected(turn: Turn) -> list[Outgoing]:
    """Who is not covered yet: registered and not confirmed, and posts without anybody."""
    everybody = [m for m in members.of_village(turn.tx, turn.who.village) if m.state in CURRENT]
    waiting = [_line(turn, member) for member in everybody if member.state is not State.ACTIVE]
    choices = (Choice("menu:daftar", "Daftarkan orang"),)
    return [
        turn.reply(
            "status/unprotected",
            choices,
            place=turn.village.label,
            waiting=waiting[:PAGE],
            more=max(len(waiting) - PAGE, 0),
            empty=empty_posts(turn, everybody),
            nobody=not everybody,
        )
    ]


def people(turn: Turn) -> list[Outgoing]:
    """Everybody registered in the village, a page at a time; a name behind the word shows one."""
    if turn.rest:
        return _by_name(turn, turn.rest)
    _, _, page = turn.choice.partition(":")
    start = int(page) if turn.choice.startswith("people:") and page.isdecimal() else 0
    everybody = [m for m in members.of_village(turn.tx, turn.who.village) if m.state in CURRENT]
    if not everybody:
        return village(turn)
    shown = everybody[start : start + PAGE]
    choices = []
    if start + PAGE < len(everybody):
        choices.append(Choice(f"people:{start + PAGE}", "Berikutnya"))
    choices.append(Choice("menu:status", "Status desa"))
    return [
        turn.reply(
            "status/people",
            choices,
            place=turn.village.label,
            total=len(everybody),
            first=start + 1,
            lines=[_line(turn, member) for member in shown],
        )
    ]


def one(turn: Turn) -> list[Outgoing]:
    """The person that was chosen from several."""
    _, _, number = turn.choice.partition(":")
    everybody = members.of_village(turn.tx, turn.who.village)
    found = next((m for m in everybody if str(m.id) == number), None)
    return [_card(turn, found)] if found else [turn.reply("status/no_such_person", name="itu")]


def _by_name(turn: Turn, said: str) -> list[Outgoing]:
    found = find(turn, said)
    return found or [turn.reply("status/no_such_person", name=said[:60])]


def find(turn: Turn, said: str) -> list[Outgoing]:
    """The card of the person whose name was typed, also with mistakes; nothing if nobody is near."""
    everybody = {m.id: m for m in members.of_village(turn.tx, turn.who.village)}
    match = matching.best(said, {number: member.name for number, member in everybody.items()})
    if match.sure is not None:
        return [_card(turn, everybody[match.sure])]
    if not match.likely:
        return []
    choices = [
        Choice(f"member:{number}", f"{everybody[number].name}, {_position(turn, everybody[number])}")
        for number in match.likely
    ]
    return [turn.reply("status/which_person", choices, name=said[:60])]


def _position(turn: Turn, member: Member) -> str:
    return position_label(turn.rules.positions, member.position)


def _line(turn: Turn, member: Member) -> tuple[str, str, str]:
    return member.name, _position(turn, member), member.state.label


def _card(turn: Turn, member: Member) -> Outgoing:
    day = dates.short_date(member.state_at.astimezone(turn.district.zone).date())
    return turn.reply(
        "status/person",
        (Choice("menu:peserta", "Lihat peserta"), Choice("menu:status", "Status desa")),
        name=member.name,
        position=_position(turn, member),
        nik=nik.last4(member.nik),
        state=member.state.label,
        active=member.state is State.ACTIVE,
        day=day,
        by=member.state_by,
        kpj=member.details.get("kpj", ""),
        since=dates.short_date(member.since),
    )

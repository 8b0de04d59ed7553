"""Who is covered: the village in one card, its people in a list, one person by name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain import costing, dates, matching, nik, picking, referring
from bot.domain.offices import CHECKERS
from bot.domain.people import Leaving, Refusal, State
from bot.messages import Choice, Outgoing
from bot.store import members, posts, prompts
from bot.store.members import Member
from bot.store.posts import Post
from bot.turns import Turn
from handlers import fostered, month
from handlers.paging import page
from handlers.questions import position_label

#: People shown at once; the rest a tap further.
PAGE = 15

#: The list of a village's people, as a topic of questions; the way from it to the village's card.
LIST = "people"
_BACK = f"{LIST}:village"

CURRENT = (State.SUBMITTED, State.ACTIVE, State.UNKNOWN)


def theirs(turn: Turn, number: str | int) -> Member | None:
    """The member with this id, if the person serves their village or checks its district."""
    found = members.get(turn.tx, int(number)) if str(number).isdecimal() else None
    if found is None or found.village in turn.who.villages:
        return found
    district = found.village[:5]
    return found if turn.who.office(*CHECKERS, district=district) else None


def serving(turn: Turn) -> Member | list[Outgoing]:
    """The person a button names, who serves a village of theirs; or what is said instead."""
    found = theirs(turn, turn.choice.split(":")[1])
    if found is None or found.village not in turn.who.villages:
        return [turn.reply("chat/not_yours")]
    turn.actor = replace(turn.who, focus=found.village)
    return found if found.open else [over(turn, found)]


def over(turn: Turn, member: Member) -> Outgoing:
    """Nothing is changed any more of somebody who has left."""
    card = (Choice(f"member:{member.id}", "Lihat kartunya"),)
    return turn.reply("members/over", card, name=member.name, state=state_label(turn, member))


def village(turn: Turn) -> list[Outgoing]:
    """The village in one card."""
    everybody = _current(turn)
    if not everybody:
        begin = (Choice("menu:daftar", "Daftarkan orang"),)
        return [turn.reply("status/nobody", begin, place=turn.village.label)]
    labels = {category.code: category.label for category in turn.rules.categories_of(turn.district.code)}
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
            fostered=fostered.lines(turn.tx, turn.who.village, turn.today),
        )
    ]


def _current(turn: Turn) -> list[Member]:
    return [m for m in members.of_village(turn.tx, turn.who.village) if m.state in CURRENT]


def empty_posts(turn: Turn, everybody: list[Member]) -> list[str]:
    """Posts a village normally has and for which nobody is registered, also not beside another."""
    filled = {member.position for member in everybody}
    filled |= {post.position for post in posts.beside_in(turn.tx, turn.who.village, turn.today)}
    return [p.label for p in costing.unfilled(turn.rules, turn.district.code, turn.today, filled)]


def unprotected(turn: Turn) -> list[Outgoing]:
    """Who is not covered yet: registered and not confirmed, and posts without anybody."""
    everybody = _current(turn)
    waiting = _lines(turn, [member for member in everybody if member.state is not State.ACTIVE])
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
            said=sum(member.said for member in everybody),
            office=turn.district.office,
        )
    ]


def people(turn: Turn) -> list[Outgoing]:
    """Everybody registered in the village, a page at a time; a name or a number behind the word shows one."""
    if turn.choice == _BACK:
        return village(turn)
    if turn.rest:
        return numbered(turn, turn.rest) or by_name(turn, turn.rest)
    everybody = _known(turn)
    if not everybody:
        return village(turn)
    here = page(turn.choice, LIST, everybody, PAGE)
    choices = (*here.onward, Choice(_BACK, "Status desa"))
    return [
        turn.reply(
            "status/people",
            choices,
            place=turn.village.label,
            total=sum(member.state in CURRENT for member in everybody),
            first=here.start + 1,
            lines=_lines(turn, here.shown),
        )
    ]


def _known(turn: Turn) -> list[Member]:
    """Those in office first, then those who left, each once; a slip of the pen is nobody."""
    everybody = members.of_village(turn.tx, turn.who.village)
    current = [member for member in everybody if member.state in CURRENT]
    here = {member.nik for member in current}
    former = {member.nik: member for member in everybody if member.nik not in here and not _slip(member)}
    return [*current, *former.values()]


def _slip(member: Member) -> bool:
    return member.why_ended == Leaving.MISTAKE and "refused" not in member.details


def one(turn: Turn) -> list[Outgoing]:
    """The person that was chosen from several."""
    _, _, number = turn.choice.partition(":")
    found = theirs(turn, number)
    if found is None or found.village not in turn.who.villages:
        return [turn.reply("status/no_such_person", name="itu")]
    return [card(turn, found)]


def numbered(turn: Turn, said: str) -> list[Outgoing]:
    """The card of who bears this number in the list; nothing for what is no number of it."""
    everybody = _known(turn) if picking.is_number(said) else []
    place = picking.pick(said, [""] * len(everybody))
    return [] if place is None else [card(turn, everybody[place])]


def meant(turn: Turn, said: str) -> list[Outgoing]:
    """Somebody by name; by a number where the list is what the chat was asked last; nothing for anything else."""
    asked = prompts.latest(turn.tx, turn.now, turn.incoming.address, turn.who.person, "")
    chosen = numbered(turn, said) if asked is not None and asked.topic == LIST else []
    return chosen or (near(turn, said) if len(said) > 2 else [])


def by_name(turn: Turn, said: str) -> list[Outgoing]:
    """Somebody by name, or that nobody bears it."""
    found = find(turn, said)
    return found or [turn.reply("status/no_such_person", name=said[:60])]


def find(turn: Turn, said: str) -> list[Outgoing]:
    """The card of the person whose name was typed, also with mistakes; nothing if nobody is near."""
    return _found(turn, said, by_number(turn))


def near(turn: Turn, said: str) -> list[Outgoing]:
    """The same of a text that may be something else: only whose name holds one of its words, or nearly."""
    known = by_number(turn)
    names = {number: member.name for number, member in known.items()}
    near = {number: known[number] for number in referring.named_in(said, names)}
    if len(near) == 1 and referring.surely(said, *(member.name for member in near.values())):
        return [card(turn, *near.values())]
    return _found(turn, said, near)


def by_number(turn: Turn) -> dict[int, Member]:
    """Everybody the village knows, by their number in the store."""
    return {member.id: member for member in _known(turn)}


def _found(turn: Turn, said: str, known: Mapping[int, Member]) -> list[Outgoing]:
    match = matching.best(said, {number: member.name for number, member in known.items()})
    if match.sure is not None:
        return [card(turn, known[match.sure])]
    return which(turn, said, [known[number] for number in match.likely])


def which(turn: Turn, said: str, likely: list[Member]) -> list[Outgoing]:
    """Who was meant, of one who is near or of several."""
    if len(likely) == 1:
        (one,) = likely
        choices = [Choice(f"member:{one.id}", "Ya, lihat kartunya")]
        return [turn.reply("status/person_meant", choices, name=one.name, position=position(turn, one))]
    choices = [Choice(f"member:{one.id}", f"{one.name}, {position(turn, one)}") for one in likely]
    return [turn.reply("status/which_person", choices, name=said[:60])] if likely else []


def position(turn: Turn, member: Member) -> str:
    """The post a member holds, as people say it."""
    return position_label(turn.rules.positions, member.position)


def state_label(turn: Turn, member: Member) -> str:
    """Where the registration stands, in a few words."""
    if "refused" in member.details:
        return "belum diterima"
    if member.ended is None:
        return "aktif menurut desa" if member.said else member.state.label
    if member.why_ended == Leaving.DIED:
        return f"wafat {dates.short_date(member.ended)}"
    if member.ended >= turn.today:
        return f"{member.state.label} sampai {dates.short_date(member.ended)}"
    return f"tidak aktif sejak {dates.short_date(member.ended + timedelta(days=1))}"


def _lines(turn: Turn, shown: Sequence[Member]) -> list[tuple[str, str, str]]:
    beside: dict[int, list[str]] = {}
    for post in posts.beside_in(turn.tx, turn.who.village, turn.today):
        beside.setdefault(post.member, []).append(position_label(turn.rules.positions, post.position))
    return [
        (m.name, " merangkap ".join([position(turn, m), *beside.get(m.id, ())]), state_label(turn, m))
        for m in shown
    ]


def card(turn: Turn, member: Member) -> Outgoing:
    """What is known of somebody, and what may be changed."""
    held = posts.of(turn.tx, member.id)
    day = dates.short_date(member.state_at.astimezone(turn.district.zone).date())
    refused = member.details.get("refused", "")
    return turn.reply(
        "status/person",
        _buttons(member),
        name=member.name,
        position=position(turn, member),
        nik=nik.last4(member.nik),
        state=state_label(turn, member),
        active=member.state is State.ACTIVE,
        ended=member.ended is not None,
        refused=Refusal(refused).label if refused else "",
        day=day,
        by=member.state_by,
        kpj=member.details.get("kpj", ""),
        source=member.details.get("source", "") if member.open else "",
        since=dates.short_date(member.since),
        others=_others(turn, held) if member.open else [],
        term=_term(held) if member.open else "",
    )


def _others(turn: Turn, held: list[Post]) -> list[tuple[str, str]]:
    """The next post, and those held beside; each with its first day."""
    now = [post.position for post in held if not post.beside and post.held(turn.today)]
    ahead = [p for p in held if not p.beside and p.since > turn.today and p.position not in now]
    beside = [post for post in held if post.beside and (post.until is None or post.until >= turn.today)]
    return [
        (f"{word} {position_label(turn.rules.positions, post.position)}", dates.short_date(post.since))
        for word, post in [*(("Menjadi", post) for post in ahead[:1]), *(("Merangkap", p) for p in beside)]
    ]


def _term(held: list[Post]) -> str:
    ends = [post.term_end for post in held if not post.beside and post.until is None and post.term_end]
    return dates.short_date(ends[-1]) if ends else ""


def _buttons(member: Member) -> list[Choice]:
    """What may be changed, while the person serves; the list and the village otherwise."""
    if not member.open:
        return [Choice("menu:peserta", "Lihat peserta"), Choice("menu:status", "Status desa")]
    number = []
    if member.state is not State.ACTIVE:
        number = [Choice(f"kpj:{member.id}", "BPJS sudah menerima")]
    elif not member.details.get("kpj"):
        number = [Choice(f"kpj:{member.id}", "Isi nomor peserta")]
    return [
        *number,
        Choice(f"change:{member.id}", "Ubah data"),
        Choice(f"leaving:{member.id}", "Berhenti/diganti"),
        Choice("menu:peserta", "Lihat peserta"),
    ]


def change(turn: Turn) -> list[Outgoing]:
    """*Ubah data*: what of this person has changed?"""
    member = serving(turn)
    if not isinstance(member, Member):
        return member
    taken = member.state is State.ACTIVE and not member.said
    choices = (
        Choice(f"wage:{member.id}", "Ubah upah"),
        Choice(f"post:{member.id}", "Ubah jabatan"),
        Choice(f"beside:{member.id}", "Merangkap jabatan"),
        Choice(f"term:{member.id}", "Isi akhir masa jabatan"),
        *(() if taken else (Choice(f"leave:{member.id}:{Leaving.MISTAKE.value}", "Nama atau NIK keliru"),)),
    )
    return [
        turn.reply("status/change_what", choices, name=member.name, taken=taken, office=turn.district.office)
    ]

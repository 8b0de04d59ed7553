"""Somebody who is spoken of by name or by post: their card, with what may be done about them."""

from bot.domain import cleaning, enrolling, referring, withdrawing, words
from bot.domain.referring import Change
from bot.messages import Choice, Outgoing
from bot.store import members
from bot.store.members import Member
from bot.turns import Turn
from handlers import status

#: Cards that are shown at once; of more it is asked who is meant.
_MOST = 2
_MYSELF = "saya"


def is_asked(turn: Turn) -> bool:
    """Whether it is asked of somebody if they are registered, in private: "pak kades sudah terdaftar belum"."""
    plain = not turn.incoming.group and not turn.choice and turn.draft is None
    return (
        plain and not turn.incoming.text.startswith("/") and bool(enrolling.asked_about(turn.incoming.text))
    )


def answer(turn: Turn) -> list[Outgoing]:
    """Their card; of a post that nobody holds, or of a name nobody bears, that it is so."""
    who = enrolling.asked_about(turn.incoming.text)
    if who == _MYSELF:
        return _myself(turn)
    return of_post(turn, who) or status.by_name(turn, who)


def _myself(turn: Turn) -> list[Outgoing]:
    """The card of whoever asks: who bears their name, else who holds their office."""
    everybody = [one for one in members.of_village(turn.tx, turn.who.village) if one.open]
    named = referring.whole(turn.who.name, {one.id: one.name for one in everybody})
    held = [one.role.value for one in turn.who.offices if one.village == turn.who.village]
    mine = [one for one in everybody if one.id in named] or [one for one in everybody if one.position in held]
    return _cards(turn, turn.who.name, mine) or of_post(turn, held[0])


def of_post(turn: Turn, who: str) -> list[Outgoing]:
    """The cards of who holds the post that was named, or that nobody does; nothing for what is no post."""
    code, label = _post(turn, who)
    begin = (Choice("menu:daftar", "Daftarkan orang"),)
    empty = [turn.reply("status/post_empty", begin, post=label, place=turn.village.label)] if code else []
    return _held(turn, (code, label)) or empty


def village(turn: Turn) -> list[Outgoing]:
    """*status*: of the village, or of whoever stands behind it."""
    return spoken_of(turn, turn.rest) or status.village(turn)


def people(turn: Turn) -> list[Outgoing]:
    """*peserta*: all of them, or whoever stands behind it."""
    return spoken_of(turn, turn.rest) or status.people(turn)


def spoken_of(turn: Turn, said: str) -> list[Outgoing]:
    """Whoever a text is about, and hardly anything else; nothing where that is nobody of the village."""
    who = referring.about(said)
    if not who:
        return _myself(turn) if cleaning.spoken(said)[-1:] == [_MYSELF] else []
    known = status.by_number(turn)
    whole = referring.whole(who, {number: one.name for number, one in known.items()})
    if len(whole) == 1:
        return [status.card(turn, known[whole[0]])]
    return _held(turn, _post(turn, who))


def nobody(turn: Turn, said: str) -> list[Outgoing]:
    """That nobody holds the post that was named."""
    return of_post(turn, referring.about(said))


def changed(turn: Turn, said: str) -> list[Outgoing]:
    """Of somebody something is new: where it is changed, with their card; of several, with the list."""
    found, who = referring.changed(said)
    how = turn.reply("status/change_how")
    if found is Change.SEVERAL:
        turn.rest = ""
        return [how, *status.people(turn)]
    shown = _cards_of(turn, who) if found and _is_somebody(turn, who) else []
    return [how, *shown] if shown else []


def _is_somebody(turn: Turn, who: str) -> bool:
    """Whether a post or a name is all there is: of "uang siti sudah keluar" it is her money that went."""
    names = {number: one.name for number, one in status.by_number(turn).items()}
    return bool(_post(turn, who)[0] or referring.whole(who, names, mistyped=True))


def is_removal(turn: Turn) -> bool:
    """Whether somebody is to be taken off the list, in private: "hapus Budi"."""
    here = bool(turn.actor and turn.actor.village) and not turn.incoming.group and not turn.choice
    return here and bool(withdrawing.whom(turn.incoming.text))


def removal(turn: Turn) -> list[Outgoing]:
    """Their card, with the button that takes them off, and what it does."""
    name = withdrawing.whom(turn.incoming.text)
    found = _cards_of(turn, name)
    if not found:
        return of_post(turn, name) or [turn.reply("status/no_such_person", name=name[:60])]
    return [turn.reply("status/remove_how", office=turn.district.office), *found]


def _cards_of(turn: Turn, who: str) -> list[Outgoing]:
    return _held(turn, _post(turn, who)) or status.near(turn, who)


def _post(turn: Turn, who: str) -> tuple[str, str]:
    """The code and the label of the post that is named, and nothing beside it."""
    posts = {one.code: (one.label, *one.aliases) for one in turn.rules.positions_of(turn.district.code)}
    code = words.exactly(who, words.Vocabulary(posts)) or ""
    return (code, posts[code][0]) if code else ("", "")


def _held(turn: Turn, post: tuple[str, str]) -> list[Outgoing]:
    code, label = post
    everybody = members.of_village(turn.tx, turn.who.village)
    return _cards(turn, label, [one for one in everybody if one.open and one.position == code])


def _cards(turn: Turn, who: str, found: list[Member]) -> list[Outgoing]:
    """Of one or two at once."""
    return status.which(turn, who, found) if len(found) > _MOST else [status.card(turn, one) for one in found]

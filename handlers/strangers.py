"""Somebody nobody invited: at most three questions, and the office decides."""

import re
from dataclasses import replace
from typing import Any

from bot.domain import cleaning, dates, placing, words
from bot.domain.offices import Role
from bot.errors import Doubtful, Invalid
from bot.messages import Outgoing
from bot.store import places, requests
from bot.store.places import Village
from bot.store.requests import Kind, Request, State
from bot.turns import Turn, noise
from handlers import requesting

_ROLES = (Role.HEAD, Role.SECRETARY, Role.TREASURER)
_SKIP = words.Vocabulary({"skip": ("lewati", "lewat", "tidak ada", "belum ada", "kosong", "skip")})
_DATED = re.compile(r"(?i)\b(?:tanggal|tertanggal|tgl)\b\.?")
_LONGEST = 80  # characters of the number of an SK


def heard(turn: Turn) -> list[Outgoing]:
    """What a stranger wrote: an answer to the open question, or the beginning of a request."""
    at, user = turn.incoming.address, turn.incoming.sender
    known = requests.of(turn.tx, at.channel, user)
    text = cleaning.visible(turn.incoming.text)
    phone = _own_phone(turn)
    if known is None:
        return _begun(turn, text, phone)
    if phone:
        known = replace(known, words={**known.words, "phone": phone})
        requests.keep(turn.tx, known, known.since if known.state is State.OPEN else turn.now)
        return _next(turn, known) if known.state is State.ASKING else _again(turn, known)
    if known.state is State.OPEN or not text or text.startswith("/") or len(text) > cleaning.LIMIT:
        return _again(turn, known)
    return _answered(turn, known, text)


def _own_phone(turn: Turn) -> str:
    """The number on a contact card, only if it is the sender's own and was not forwarded."""
    contact = turn.incoming.contact
    own = contact is not None and contact.user == turn.incoming.sender and not turn.incoming.forwarded
    return contact.phone[:20] if contact is not None and own else ""


def _begun(turn: Turn, text: str, phone: str) -> list[Outgoing]:
    """The first message: who says all of it at once is asked for nothing twice."""
    said: dict[str, Any] = {"name": turn.incoming.name.strip()[:60]}
    said |= {"phone": phone} if phone else {}
    new = Request(Kind.LINK, turn.incoming.address, turn.incoming.sender, words=said)
    place, role = placing.without_role(text)
    named = placing.exactly(place or text, _villages(turn)) if text else []
    village = named[0] if len(named) == 1 else None
    if village is not None:
        new = replace(new, village=village.code, district=village.district, role=role)
    number = requests.begin(turn.tx, new, turn.now)
    if number is None:
        return []
    if village is not None:
        return _next(turn, replace(new, id=number))
    return [noise(turn, turn.reply("start/stranger"))]


def _villages(turn: Turn) -> list[Village]:
    return [one for district in turn.rules.districts for one in places.villages(turn.tx, district.code)]


def _again(turn: Turn, known: Request) -> list[Outgoing]:
    """Nothing that could be an answer: what is still open, once a minute."""
    return [noise(turn, turn.reply("start/stranger_again", asked=_open(known)))]


def _open(known: Request) -> str:
    """The question that is open: village, role, sk, or none."""
    if known.state is State.OPEN:
        return ""
    return "village" if not known.village else "role" if not known.role else "sk"


def _answered(turn: Turn, known: Request, text: str) -> list[Outgoing]:
    asked = _open(known)
    if asked == "sk":
        return _heard_decree(turn, known, text)
    if asked == "role" and (role := _role(text)):
        return _next(turn, replace(known, role=role))
    return _heard_place(turn, known, text)


def _role(text: str) -> str:
    picked = words.pick(text, [role.label for role in _ROLES])
    return _ROLES[picked].value if picked is not None else placing.role_in(text)


def _heard_place(turn: Turn, known: Request, text: str) -> list[Outgoing]:
    """The village, perhaps with the office beside it; or the number of one of those that were near."""
    villages = _villages(turn)
    near = [one for code in known.words.get("likely", ()) for one in villages if one.code == code]
    picked = words.pick(text, [one.label for one in near]) if near else None
    place, role = placing.without_role(text)
    meant = placing.village(place or text, villages)
    likely = tuple(one for one in meant.likely if _alike(place or text, one))
    found = near[picked] if picked is not None else meant.named
    if found is not None:
        said = {name: value for name, value in known.words.items() if name != "likely"}
        role = role or known.role
        return _next(turn, replace(known, village=found.code, district=found.district, role=role, words=said))
    if known.village:
        return _again(turn, known)  # it was neither an office nor a village
    if not likely:
        return [noise(turn, turn.reply("start/no_such_place"))]
    requests.keep(
        turn.tx, replace(known, words={**known.words, "likely": [v.code for v in likely]}), turn.now
    )
    shown = [f"{one.label}, {turn.rules.district(one.district).name}" for one in likely]
    return [noise(turn, turn.reply("start/which_place", places=shown))]


def _alike(said: str, village: Village) -> bool:
    """Whether a word begins like a word of the name: a greeting is near to some village or other."""
    firsts = {word[0] for word in cleaning.words(said)}
    return any(word[0] in firsts for word in cleaning.words(village.name))


def _heard_decree(turn: Turn, known: Request, text: str) -> list[Outgoing]:
    """The number of the SK and its date, or that there is none."""
    if words.exactly(text, _SKIP) or words.is_no(text):
        return _next(turn, replace(known, words={**known.words, "sk": ""}))
    if not any(sign.isdigit() for sign in text):
        return _again(turn, known)
    number, _, day = (_DATED.sub("\n", text, count=1)).partition("\n")
    said = {"sk": number.strip(" ,.")[:_LONGEST] or text[:_LONGEST]}
    try:
        said["sk_date"] = dates.parse_start(day, turn.now.date()).isoformat() if day else ""
    except (Invalid, Doubtful):
        said["sk"] = text[:_LONGEST]
    return _next(turn, replace(known, words={**known.words, **said}))


def _next(turn: Turn, known: Request) -> list[Outgoing]:
    """Keep what is known, and ask what is not; all of it is a request."""
    village = places.village(turn.tx, known.village)
    place = village.label if village else ""
    if not known.village or not known.role or "sk" not in known.words:
        requests.keep(turn.tx, known, turn.now)
        if not known.village:
            return _again(turn, known)
        if not known.role:
            return [turn.reply("start/ask_role", place=place, roles=[role.label for role in _ROLES])]
        return [turn.reply("start/ask_decree", place=place, role=Role(known.role).label)]
    known = replace(known, state=State.OPEN, since=turn.now)
    requests.keep(turn.tx, known, turn.now)
    turn.note("request", f"village:{known.village}", request=known.id, role=known.role)
    district = turn.rules.district(known.district)
    said = turn.reply(
        "start/requested", what=requesting.label(turn, known), office=district.office, days=requests.LIFE.days
    )
    return [said, *requesting.announce(turn, known)]

"""Draws the web chat: the page, and the pieces of it that change while it is open."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot import texts
from bot.channels.web_chats import Chats, Message, Persona, file_url
from bot.domain.dates import long_date, short_date

STATIC = Path(__file__).parent / "static"
PICTURES = ("image/png", "image/jpeg")
FILTER_FROM = 11  # choices; so many get a field to search in

_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
_TITLES = {"pak", "bapak", "bu", "ibu", "h.", "hj.", "dr.", "drs.", "grup", "ruang"}
_COLOURS = 8
_HOUR = 3600
_KB = 1024


@cache
def _environment() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(texts.FOLDER / "pages"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    tools: Iterable[Callable[..., object]] = (
        beginning,
        colour,
        date_of,
        day,
        file_url,
        hours,
        initials,
        is_picture,
        moment,
        preview,
        said,
        size,
        zone_name,
    )
    pages.globals.update({tool.__name__: tool for tool in tools}, version=_version(), filter_from=FILTER_FROM)
    return pages


def _version() -> str:
    """Changes with any static file, so that no browser shows an old page with a new script."""
    mine = sorted(path for path in STATIC.iterdir() if path.suffix in {".css", ".js", ".svg"})
    return sha256(b"".join(path.read_bytes() for path in mine)).hexdigest()[:10]


def page(chats: Chats, persona: Persona | None) -> str:
    """The whole page, opened on one chat or on the list."""
    groups = _groups(chats.personas.values())
    return (
        _environment()
        .get_template("page.html")
        .render(
            chats=chats,
            persona=persona,
            groups=groups,
            starters=_starters(groups),
            messages=[(each, opens_day(chats, persona, each)) for each in chats.of(persona.id)]
            if persona
            else [],
            cursor=f"{len(chats.journal)}-{chats.run}",
            row=lambda each: Markup(row(chats, each, persona)),
            bubble=bubble,
            clock=Markup(clock(chats, persona)),
            pinned=Markup(pinned(chats, persona)) if persona else "",
            until=Markup(until(chats, persona)) if persona else "",
        )
    )


def lost() -> str:
    """The page for an address that leads nowhere."""
    return _environment().get_template("lost.html").render()


def bubble(persona: Persona, message: Message, new_day: bool) -> Markup:
    """One message, under its date where it is the first of that day."""
    template = _environment().get_template("bubble.html")
    return Markup(template.render(persona=persona, message=message, new_day=new_day))


def pinned(chats: Chats, persona: Persona) -> str:
    """The line at the top of a chat that leads to its pinned message."""
    return _environment().get_template("pinned.html").render(message=chats.pinned(persona.id))


def until(chats: Chats, persona: Persona) -> str:
    """The line that says how long free text may be written to somebody, where that ends."""
    at = chats.open_until.get(persona.id)
    is_open = at is not None and at > chats.clock.now()
    return _environment().get_template("until.html").render(persona=persona, at=at if is_open else None)


def row(chats: Chats, persona: Persona, opened: Persona | None) -> str:
    """A line of the side list: who, the last words, what is unread."""
    messages = chats.of(persona.id)
    return (
        _environment()
        .get_template("row.html")
        .render(
            persona=persona,
            last=messages[-1] if messages else None,
            unread=chats.unread[persona.id],
            opened=opened == persona,
            now=chats.clock.now(),
        )
    )


def clock(chats: Chats, persona: Persona | None) -> str:
    """What time it is in the demo, in the zone of the chat."""
    shown = persona or next(iter(chats.personas.values()))
    at = chats.clock.now()
    return (
        _environment()
        .get_template("clock.html")
        .render(persona=persona, zone=shown.zone, at=at, playing=chats.playing)
    )


def opens_day(chats: Chats, persona: Persona, message: Message) -> bool:
    """Whether a message is the first of its day in its chat."""
    before = chats.before(persona.id, message)
    return before is None or day(before.at, persona.zone) != day(message.at, persona.zone)


def day(at: datetime, zone: str) -> str:
    """Senin, 23 November 2026."""
    return long_date(at.astimezone(ZoneInfo(zone)).date())


def moment(at: datetime, now: datetime, zone: str) -> str:
    """09.14 of today, else the date: 23/11."""
    local = at.astimezone(ZoneInfo(zone))
    return hours(at, zone) if local.date() == now.astimezone(ZoneInfo(zone)).date() else f"{local:%d/%m}"


def date_of(at: datetime, zone: str) -> str:
    """24 November."""
    local = at.astimezone(ZoneInfo(zone)).date()
    return short_date(local).removesuffix(f" {local.year}")


def hours(at: datetime, zone: str) -> str:
    """09.14."""
    return f"{at.astimezone(ZoneInfo(zone)):%H.%M}"


def zone_name(at: datetime, zone: str) -> str:
    """WIB, WITA or WIT."""
    offset = at.astimezone(ZoneInfo(zone)).utcoffset()
    return _ZONES.get(int(offset.total_seconds() // _HOUR), zone) if offset is not None else zone


def said(message: Message) -> Markup:
    """A message's text as HTML: only the bot's has emphasis."""
    return Markup(texts.html(message.text)) if not message.mine else Markup.escape(message.text)


def preview(message: Message) -> str:
    """The beginning of a message in one line, and who said it."""
    line = beginning(message)
    return f"Anda: {line}" if message.mine else line


def beginning(message: Message, length: int = 80) -> str:
    """The first words of a message in one line."""
    text = message.text if message.mine else texts.plain(message.text)
    return " ".join(text.split())[:length] or (f"Berkas: {message.file.name}" if message.file else "")


def is_picture(message: Message) -> bool:
    """Whether it is shown at once: a picture of the bot's own; what people send is not looked into."""
    return message.file is not None and not message.mine and message.file.mime in PICTURES


def initials(name: str) -> str:
    """DW for Pak Darma Wijaya."""
    words = [word for word in name.split() if word.lower() not in _TITLES and word[0].isalnum()]
    return "".join(word[0].upper() for word in words[:2]) or "?"


def colour(persona: Persona) -> int:
    """The same avatar colour for the same person, always."""
    who = persona.id.removesuffix(f"-{persona.channel}")
    return sha256(who.encode()).digest()[0] % _COLOURS


def size(count: int) -> str:
    """240 KB, 1,2 MB."""
    if count < _KB * _KB:
        return f"{max(1, round(count / _KB))} KB"
    return f"{count / _KB / _KB:.1f} MB".replace(".", ",")


def _groups(personas: Iterable[Persona]) -> list[tuple[str, list[Persona]]]:
    """People by district in the order they were given, rooms last."""

    def heading(persona: Persona) -> str:
        return "Grup" if persona.room else persona.district

    order: list[str] = list(
        dict.fromkeys(heading(each) for each in sorted(personas, key=lambda each: each.room))
    )
    ranked = sorted(personas, key=lambda each: order.index(heading(each)))
    return [(name, list(members)) for name, members in groupby(ranked, key=heading)]


def _starters(groups: Sequence[tuple[str, Sequence[Persona]]]) -> list[tuple[Persona, str]]:
    """Whom to begin with: the first of each group, and in another app the first who is there alone."""
    found = []
    for heading, members in groups:
        here = {each.name for each in members if not each.app}
        ranked = sorted(members, key=lambda each: bool(each.app) and each.name in here)
        firsts = {each.app: each for each in reversed(ranked)}
        found += [(each, heading) for each in members if each in firsts.values()]
    return found

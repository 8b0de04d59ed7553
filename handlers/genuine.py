"""*cek <kode>*: whether a broadcast is ours, for anybody who was shown one."""

from bot.domain import dates
from bot.messages import Outgoing
from bot.store import broadcasts, marks
from bot.store.broadcasts import Broadcast
from bot.store.invitations import as_code
from bot.turns import Turn

#: Words before the code.
_ASKED = ("cek kode", "/cek", "cek")
_SHOWN = 200  # characters of what it says


def code_in(text: str) -> str:
    """The code that is asked about; "" where the text asks about none."""
    said = text.strip()
    rest = next((said[len(word) :] for word in _ASKED if said.lower().startswith(f"{word} ")), "")
    return as_code(rest.strip(" .?!")) or ""


def is_asked(text: str) -> bool:
    """Whether a whole text asks about a code."""
    return bool(code_in(text))


def check(turn: Turn) -> list[Outgoing]:
    """Who sent it and when; who serves in that district reads what it said, so that a changed copy is seen."""
    found = _found(turn, code_in(turn.incoming.text) or turn.rest)
    if found is None:
        return [turn.reply("siaran/not_genuine")]
    district = turn.rules.district(found.district)
    at = found.begun_at
    theirs = turn.actor is not None and any(one.district == found.district for one in turn.actor.offices)
    said = found.text if len(found.text) <= _SHOWN else f"{found.text[:_SHOWN]} …"
    values = {
        "office": f"{district.office} {district.name}",
        "day": dates.long_date(at.astimezone(district.zone).date()) if at else "",
        "text": said if theirs else "",
    }
    return [turn.reply("siaran/genuine", (), **values)]


def _found(turn: Turn, typed: str) -> Broadcast | None:
    """Whatever may have reached somebody, though a second round of it may wait for its hour."""
    number = marks.number(turn.tx, typed)
    found = broadcasts.get(turn.tx, number) if number is not None else None
    served = found is not None and any(one.code == found.district for one in turn.rules.districts)
    return found if found is not None and served and found.begun_at else None

"""Sheets of a village's people, made aside and sent privately to who is entitled to that village."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.domain import dates, money
from bot.domain.offices import CHECKERS, VILLAGE, Role
from bot.errors import Invalid
from bot.messages import Attachment, Choice, Outgoing
from bot.reports import lists
from bot.store import exported, places
from bot.store.places import Village
from bot.turns import Handler, Turn, may, may_in, within
from handlers import month
from handlers.exports import releasing
from handlers.office import monthly

MENU = "menu"
CHOICES = {lists.SIPP: "Lembar SIPP", lists.PEOPLE: "Daftar peserta", lists.BILL: "Tagihan"}


def village_for(turn: Turn, code: str) -> Village | None:
    """The village of this code, if the person serves it, or checks its district; the turn is then about it."""
    if code in turn.who.villages:
        month.serves(turn, code)
        may(turn, VILLAGE)
    elif not (may_in(turn, CHECKERS, code[:5]) and turn.sees(code)):
        return None
    return places.village(turn.tx, code)


def pressed(turn: Turn) -> list[Outgoing]:
    """A sheet was chosen; or, of a village named on the button, which of them."""
    _, what, code = (*turn.choice.split(":"), "", "")[:3]
    village = village_for(turn, code or turn.who.village)
    if village is None:
        return [turn.reply("chat/not_yours")]
    if what not in CHOICES:
        choices = [Choice(f"export:{each}:{village.code}", label) for each, label in CHOICES.items()]
        return [turn.reply("exports/menu", choices, place=village.label)]
    return _order(turn, village, what)


def is_named(turn: Turn) -> bool:
    """Whether the button says which sheet: all of them name people, with their NIK or their wage."""
    return turn.choice.split(":")[1] in CHOICES


def typed(what: str) -> Handler:
    """The command for a sheet; behind that for the bill a month may be named."""

    def asked(turn: Turn) -> list[Outgoing]:
        if what != lists.BILL or not turn.rest.strip():
            return _order(turn, turn.village, what)
        try:
            named = dates.parse_period(turn.rest, turn.today)
        except Invalid as error:
            return [turn.reply(error.template, **error.values, attempt=1)]
        return _order(turn, turn.village, what, month=str(named))

    return asked


def _order(turn: Turn, village: Village, what: str, **more: str) -> list[Outgoing]:
    of_district = turn.office is not None and not turn.office.village
    if of_district and (said := releasing.bars(turn)):
        return said
    return monthly.order(turn, "export", {"what": what, "village": village.code, **more})


def made(turn: Turn) -> list[Outgoing]:
    """The sheet is there, or there was nothing to write; whose right ended meanwhile does not get it."""
    result = turn.incoming.result
    village = village_for(turn, str(result["village"]))
    if village is None:
        return [turn.reply("chat/not_yours")]
    if "failed" in result:
        return [monthly.failed(turn)]
    said = _CAPTIONS[result["what"]](turn, result)
    if "kept" not in result:
        return [said]
    turn.note("export", f"village:{village.code}", what=result["what"])
    return [replace(said, attachment=Attachment(result["kept"], result["name"]))]


def _sipp(turn: Turn, result: Mapping[str, Any]) -> Outgoing:
    if "kept" not in result:
        return turn.reply("exports/sipp_nothing", place=result["place"], waiting=result["waiting"])
    rows = [(member, what, bytes.fromhex(digest)) for member, what, digest in result["rows"]]
    number = exported.keep(turn.tx, result["village"], rows, (turn.who.person, turn.now))
    shown = {name: result[name] for name in ("place", "new", "changed", "ended", "waiting", "compared")}
    choices = [Choice(f"sipp_entered:{number}", "Sudah masuk SIPP")]
    if turn.who.office(Role.ADMIN, district=turn.district.code):
        choices.append(
            Choice(within(turn.district.code, f"sipp_layout:{result['generation']}"), "Susunan kolom")
        )
    return turn.reply("exports/sipp", choices, **shown)


def _people(turn: Turn, result: Mapping[str, Any]) -> Outgoing:
    counts = {name: result[name] for name in ("people", "left", "place")}
    if "kept" not in result:
        return turn.reply("exports/nobody", place=result["place"])
    return turn.reply("exports/people", **counts)


def _bill(turn: Turn, result: Mapping[str, Any]) -> Outgoing:
    if "kept" not in result:
        return turn.reply("exports/no_bill", place=result["place"], month=result["month"])
    amounts = [
        (month.SEGMENT_NAMES[segment], people, money.rupiah(amount), given, settled)
        for segment, people, amount, given, settled in result["amounts"]
    ]
    return turn.reply("exports/bill", place=result["place"], month=result["month"], amounts=amounts)


_CAPTIONS = {lists.SIPP: _sipp, lists.PEOPLE: _people, lists.BILL: _bill}


def entered(turn: Turn) -> list[Outgoing]:
    """*Sudah masuk SIPP*: the next sheet names only what has changed since this one."""
    number = turn.choice.partition(":")[2]
    code = exported.village_of(turn.tx, int(number)) if number.isdecimal() else ""
    village = village_for(turn, code)
    if village is None:
        return [turn.reply("chat/not_yours")]
    if exported.enter(turn.tx, int(number), (turn.who.person, turn.now)):
        turn.note("sheet_entered", f"village:{village.code}", sheet=int(number))
    return [turn.reply("exports/entered", place=village.label)]

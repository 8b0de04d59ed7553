"""What villages report, in the office's group: one card for each village and hour, edited as it is dealt with.

A card names the village, the month and the kind; who and how much stand in private, one tap away.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import dates
from bot.domain.offices import CHECKERS
from bot.domain.people import Leaving
from bot.domain.people import State as MemberState
from bot.domain.reminders import next_calm_in
from bot.domain.rulebook import District, Rules
from bot.messages import Choice, Kind, Lane, Outgoing
from bot.store import cards, members, outbox, payments, places
from bot.store.cards import Card, Ending
from bot.store.database import Tx
from bot.store.members import Member
from bot.store.payments import State
from bot.turns import Turn, may_in, within
from handlers import checking, confirming, own_chat, status
from handlers.office.rooms import digest
from handlers.served import Served

#: Payments named on a card, and cards of payments opened at once; the others are counted.
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Line:
    """What one kind of report says on a card; `left` of them wait, `done` is who dealt with the last."""

    text: str
    left: int
    done: str = ""


def _done(verb: str, by: str, at: datetime | None, zone: ZoneInfo) -> str:
    when = f" {at.astimezone(zone):%H.%M}" if at is not None else ""
    return f"{verb} oleh {by}{when}" if by else verb


_VERBS = {
    State.RECORDED: "✅ dicatat",
    State.RETURNED: "perlu perbaikan, dikembalikan",
    State.WITHDRAWN: "ditarik oleh desa",
    State.REVERSED: "pencatatan dibatalkan",
}


def _payment(tx: Tx, number: int, zone: ZoneInfo) -> Line | None:
    one = payments.get(tx, number)
    if one is None:
        return None
    months = f" dan {one.months - 1} bulan lain" if one.months > 1 else ""
    text = f"Iuran {one.month.label}{months}, {'ada bukti' if one.proof else 'tanpa bukti'}"
    if one.state is State.REPORTED:
        return Line(text, 1)
    by = "" if one.state is State.WITHDRAWN else one.checked_by
    return Line(text, 0, _done(_VERBS[one.state], by, one.checked_at if by else None, zone))


def _together(text: str, found: Sequence[tuple[bool, str]]) -> Line | None:
    """People of one kind: how many, how many wait, who dealt with the last."""
    if not found:
        return None
    left = sum(waits for waits, _ in found)
    return Line(f"{len(found)} orang {text}", left, next((done for waits, done in found if not waits), ""))


def _member(tx: Tx, number: int, zone: ZoneInfo) -> tuple[bool, str] | None:
    one = members.get(tx, number)
    if one is None:
        return None
    if one.open and (one.state is MemberState.SUBMITTED or one.said):
        return True, ""
    if not one.open and not one.details.get("refused"):
        return False, "selesai"
    verb = "✅ aktif" if one.open else "tidak diterima"
    return False, _done(verb, one.state_by, one.state_at, zone)


def _ending(tx: Tx, number: int, zone: ZoneInfo) -> tuple[bool, str] | None:
    one = cards.ending(tx, number)
    if one is None:
        return None
    verb = "✅ dicatat" if one.state == "recorded" else "diminta diperiksa lagi"
    return not one.state, _done(verb, one.by, one.at, zone) if one.state else ""


def lines(tx: Tx, card: Card, zone: ZoneInfo) -> list[Line]:
    """What the card says now."""
    of = {
        kind: [item for each, item in card.items if each == kind] for kind in ("payment", "member", "ending")
    }
    paid = [line for item in of["payment"] if (line := _payment(tx, item, zone)) is not None]
    found = paid if len(paid) <= SHOWN else [*paid[: SHOWN - 1], _rest(paid[SHOWN - 1 :])]
    asked = [one for item in of["member"] if (one := _member(tx, item, zone)) is not None]
    left = [one for item in of["ending"] if (one := _ending(tx, item, zone)) is not None]
    together = (_together("diajukan", asked), _together("dilaporkan berhenti", left))
    return [*found, *(line for line in together if line is not None)]


def _rest(paid: Sequence[Line]) -> Line:
    left = sum(line.left for line in paid)
    return Line(f"{len(paid)} laporan pembayaran lain", left, "" if left else "✅ selesai")


class Cards(Served):
    """The planner: new reports make or lengthen cards, what was dealt with is written on them."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """New cards, and edits of those that say something else now."""
        rules = self.rules(tx)
        came = {code: of for code, of in cards.new(tx, since, until).items() if self.serves(code)}
        for code, to in cards.rooms(tx) if came else ():
            for village, items in came.get(code, {}).items():
                cards.put(tx, to, village, items, until)
        changed = [card for card in cards.open_(tx) if self.serves(card.village[:5])]
        return [out for card in changed for out in _shown(tx, rules, card, until)]


def _shown(tx: Tx, rules: Rules, card: Card, now: datetime) -> list[Outgoing]:
    """The card, or an edit of it, where it says something new."""
    district = rules.district(card.village[:5])
    template, values, waits = _face(tx, district, card)
    mark = digest(values)
    if mark == card.shown:
        cards.same(tx, card)
        return []
    choices = (Choice(f"reports_open:{card.id}", "Buka di chat pribadi"),) if waits else ()
    out = Outgoing(card.to, template, values, choices, lane=Lane.ALERT, key=card.key, public=True)
    if not card.edits:
        cards.showed(tx, card, mark, closed=not waits)
        return [replace(out, not_before=next_calm_in(rules, district.code, now))]
    fate = outbox.fate(tx, card.key)
    if fate is None or fate.status in ("ready", "sending"):
        return []  # not sent yet: looked at again at the next tick
    cards.showed(tx, card, mark, closed=not waits)
    if not fate.platform_id:
        return []
    key = f"{card.key}:{card.edits}"
    return [replace(out, kind=Kind.EDIT, message=fate.platform_id, key=key)]


def _face(tx: Tx, district: District, card: Card) -> tuple[str, dict[str, Any], bool]:
    """Template and values of a card, and whether something on it waits."""
    opened = ""
    if card.opener:
        at = datetime.fromisoformat(card.opened_at).astimezone(district.zone)
        opened = f"{card.opener} {at:%H.%M}"
    if card.of_many:
        count, left = cards.villages_on(tx, card)
        values = {"count": count, "left": left, "opened": opened if left else ""}
        return "approvals/reports_many", values, bool(left)
    found = lines(tx, card, district.zone)
    waits = any(line.left for line in found)
    village = places.village(tx, card.village)
    values = {
        "place": village.label if village else card.village,
        "lines": [(line.text, line.left, line.done) for line in found],
        "opened": opened if waits else "",
    }
    return "approvals/reports", values, waits


def open_(turn: Turn) -> list[Outgoing]:
    """*Buka di chat pribadi*: all that waits of the village, for who pressed; colleagues may press as well."""
    number = turn.choice.split(":")[1]
    card = cards.get(turn.tx, int(number)) if number.isdecimal() else None
    if card is None or turn.room is None or turn.room.district != card.village[:5]:
        return []
    if not may_in(turn, CHECKERS, card.village[:5]):
        return []
    if own_chat.reachable(turn):
        cards.opened(turn.tx, card, turn.who.person, turn.now)
    if card.of_many:
        return own_chat.privately(turn, _of_many(turn, card.village))
    return own_chat.entered(turn, partial(_all_of, village=card.village))


def _of_many(turn: Turn, district: str) -> list[Outgoing]:
    """All that waits in the district, as lists: what was on the card may be dealt with by now."""
    said = checking.waiting(turn) if payments.waiting(turn.tx, district) else []
    said += confirming.villages(turn) if members.waiting(turn.tx, district) else []
    left = [one for number in cards.endings_of(turn.tx, district) if (one := members.get(turn.tx, number))]
    said += [_ending_card(turn, one) for one in left[:SHOWN]]
    return said or [turn.reply("approvals/nothing_waits", place=turn.district.name)]


def _all_of(turn: Turn, village: str) -> list[Outgoing]:
    """Payments, people to be confirmed, and people who stop, of one village."""
    waiting = [one for one in payments.of_village(turn.tx, village) if one.state is State.REPORTED]
    said = [checking.card_of(turn, one) for one in waiting[:SHOWN]]
    if members.waiting_in(turn.tx, village):
        turn.choice = f"confirming_in:{village}"
        said += confirming.people(turn)
    said += [_ending_card(turn, one) for one in _endings(turn, village)[:SHOWN]]
    found = places.village(turn.tx, village)
    return said or [turn.reply("approvals/nothing_waits", place=found.label if found else village)]


def _endings(turn: Turn, village: str) -> list[Member]:
    found = [members.get(turn.tx, number) for number in cards.endings_in(turn.tx, village)]
    return [one for one in found if one is not None]


def _ending_card(turn: Turn, one: Member) -> Outgoing:
    """Who stops, since when and why: seen, or to be looked at again."""
    village = places.village(turn.tx, one.village)
    choices = [
        Choice(within(one.village[:5], f"ending:{one.id}:recorded"), "Tercatat"),
        Choice(within(one.village[:5], f"ending:{one.id}:returned"), "Perlu perbaikan"),
    ]
    return turn.reply(
        "approvals/ending",
        choices,
        name=one.name,
        position=status.position(turn, one),
        place=village.label if village else one.village,
        last=dates.short_date(one.ended) if one.ended else "",
        why=Leaving(one.why_ended).label if one.why_ended else "",
    )


def see(turn: Turn) -> list[Outgoing]:
    """*Tercatat* or *Perlu perbaikan* of somebody who stops; the village learns only the latter."""
    _, number, state = turn.choice.split(":")
    one = members.get(turn.tx, int(number)) if number.isdecimal() else None
    known = cards.ending(turn.tx, int(number)) if one is not None else None
    if one is None or known is None or not may_in(turn, CHECKERS, one.village[:5]):
        return [turn.reply("chat/not_yours")]
    if not cards.see(turn.tx, one.id, state, (turn.who.person, turn.now)):
        return [turn.reply("approvals/ending_seen", state=known.state, by=_by(turn, known), told=False)]
    turn.note("see_ending", f"member:{one.id}", village=one.village, state=state)
    told: list[Outgoing] = []
    if state == "returned":
        values = {"name": one.name, "office": confirming.office(turn)}
        choices = (Choice(f"member:{one.id}", "Lihat kartunya"),)
        told = confirming.tell(turn, one, "approvals/ending_returned", choices, values)
    return [turn.reply("approvals/ending_seen", state=state, by=turn.who.name, told=bool(told)), *told]


def _by(turn: Turn, known: Ending) -> str:
    at = f" {known.at.astimezone(turn.district.zone):%H.%M}" if known.at else ""
    return f"{known.by}{at}"

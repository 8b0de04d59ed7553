"""*/desa <nama>*: one village in one card; whom to call stands in private only."""

from collections.abc import Mapping

from bot import ledger
from bot.domain import dates, money, phones
from bot.domain.offices import CHECKERS, DISTRICT, STAFF
from bot.domain.people import State
from bot.messages import Choice, Outgoing
from bot.store import employers, intentions, office, payments
from bot.store.bills import Bill
from bot.store.employers import Payer
from bot.store.office import Official
from bot.store.places import Village
from bot.turns import Turn
from handlers import calls, fostered, naming, own_chat
from handlers.office import rooms
from handlers.reporting import reached

#: Open months shown; the rest as a number.
MONTHS = 6


def show(turn: Turn) -> list[Outgoing]:
    """*/desa <nama>*."""
    if not turn.rest:
        return [turn.post("office/name_a_village")]
    found = naming.village(turn, turn.rest, "card:{}".format)
    return show_one(turn, found) if isinstance(found, Village) else found


def chosen(turn: Turn) -> list[Outgoing]:
    """The village was chosen."""
    village = rooms.chosen_village(turn, turn.choice.partition(":")[2], DISTRICT)
    return [naming.unknown(turn)] if village is None else show_one(turn, village)


def opened(turn: Turn) -> list[Outgoing]:
    """*Buka di chat pribadi*, in the group: whom to call."""
    village = rooms.chosen_village(turn, turn.choice.partition(":")[2], DISTRICT)
    return [naming.unknown(turn)] if village is None else own_chat.privately(turn, _in_full(turn, village))


def show_one(turn: Turn, village: Village) -> list[Outgoing]:
    """In a forum the answer is always the same: who is praised openly shows who is not."""
    if turn.in_forum:
        return own_chat.with_a_line(turn, _in_full(turn, village))
    return [_for_group(turn, village)] if turn.incoming.group else _in_full(turn, village)


def _for_group(turn: Turn, village: Village) -> Outgoing:
    """Village, offices and counts: nobody by name, no sum."""
    choices = [Choice(f"card_open:{village.code}", "Buka di chat pribadi")]
    if rooms.holds(turn, STAFF):
        choices.append(Choice(f"ask:{village.code}", "Ingatkan"))
    return rooms.for_all(turn.post("office/village", choices, **_values(turn, village, sums=False)))


def _in_full(turn: Turn, village: Village) -> list[Outgoing]:
    """The card with sums; then the names of officials, and whom the office named to be called."""
    contact = employers.contact(turn.tx, village.code)
    calling = rooms.holds(turn, CHECKERS)  # who only looks does not call
    choices = [Choice(f"ask:{village.code}", "Ingatkan")] if rooms.holds(turn, STAFF) else []
    if calling:
        choices.append(Choice(f"export:menu:{village.code}", "Berkas Excel"))
    return [
        turn.reply("office/village", (), **_values(turn, village, sums=True)),
        turn.reply(
            "office/contacts",
            choices,
            place=village.label,
            officials=[
                (one.name, one.role.label, _reach(one))
                for one in office.officials(turn.tx, village.code, turn.now)
            ],
            contact=contact.get("name", ""),
            post=contact.get("post", ""),
            phone=phones.dialled(contact.get("phone", "")) if calling else "",
        ),
    ]


def _reach(one: Official) -> str:
    if one.silent:
        return "di WhatsApp lebih dari 24 jam tidak menulis"
    if one.reachable:
        return "dapat dijangkau"
    return "tidak dapat dijangkau" if one.linked else "belum tertaut"


def _values(turn: Turn, village: Village, *, sums: bool) -> Mapping[str, object]:
    open_ = ledger.open_bills(turn.tx, village.code)
    employer = employers.get(turn.tx, village.code)
    seen = office.officials(turn.tx, village.code, turn.now)
    last = max((one.seen for one in seen if one.seen), default=None)
    return {
        "place": village.label,
        "since": _since(turn, village),
        "treasury": employer is not None and employer.payer is Payer.TREASURY,
        "fostered": fostered.lines(turn.tx, village.code, turn.today, full=sums),
        **_people(turn, village),
        "months": [_month(turn, bill, sums=sums) for bill in open_[:MONTHS]],
        "more": max(len(open_) - MONTHS, 0),
        "said": _said(turn, open_),
        "report": _report(turn, village, sums=sums),
        "seen": dates.short_date(last.astimezone(turn.district.zone).date()) if last else "",
        "reachable": list(dict.fromkeys(one.role.label for one in seen if one.reachable)),
        "linked": any(one.linked for one in seen),
    }


def _since(turn: Turn, village: Village) -> str:
    """Since when it is registered, as far as anybody said; empty where it is not."""
    if village.code not in employers.registered(turn.tx, village.district):
        return ""
    known = employers.get(turn.tx, village.code)
    if known is not None and (known.registered or known.since):
        return known.registered or (known.since.label if known.since else "")
    joined = office.first_joined(turn.tx, village.code)
    return dates.short_date(joined) if joined else "belum diketahui"


def _people(turn: Turn, village: Village) -> Mapping[str, object]:
    found = office.people(turn.tx, village.code)
    categories = [
        (category.label, sum(n for (code, _), n in found.items() if code == category.code))
        for category in turn.rules.categories_of(village.district)
    ]
    states = [(state.label, sum(n for (_, known), n in found.items() if known is state)) for state in State]
    return {
        "people": sum(found.values()),
        "categories": [(label, n) for label, n in categories if n],
        "states": [(label, n) for label, n in states if n],
    }


def _month(turn: Turn, bill: Bill, *, sums: bool) -> Mapping[str, object]:
    return {
        "label": bill.month.label_of(bill.segment),
        "due": dates.short_date(bill.due),
        "late": bill.due < turn.today,
        "left": money.rupiah(bill.left) if sums and bill.left is not None else "",
    }


def _said(turn: Turn, open_: list[Bill]) -> str:
    """What the village answered last about what is open: a day, or what is in the way."""
    answers = [intentions.get(turn.tx, bill.village, bill.segment, bill.month) for bill in open_]
    latest = max((one for one in answers if one), key=lambda one: one.at, default=None)
    if latest is None:
        return ""
    if latest.pay_on:
        return f"akan dibayar {dates.short_date(latest.pay_on)}"
    return calls.ANSWERS.get(latest.answer, calls.ANSWERS["other"]).lower()


def _report(turn: Turn, village: Village, *, sums: bool) -> str:
    """The last report that was not taken back, and where it stands."""
    every = payments.of_village(turn.tx, village.code)
    known = [one for one in every if one.state is not payments.State.WITHDRAWN]
    if not known:
        return ""
    last = known[-1]
    day = dates.short_date(last.reported_at.astimezone(turn.district.zone).date())
    parts = [reached(turn, last), last.state.label, day]
    if sums and last.amount is not None:
        parts.insert(1, money.rupiah(last.amount))
    return ", ".join(parts)

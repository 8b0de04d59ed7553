"""*/ingatkan*: a reminder by hand: who gets it and who will not is shown first, then each village gets one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from bot import ledger, ruling
from bot.domain import office_talk, placing
from bot.domain.months import Month
from bot.domain.office_talk import Whom
from bot.domain.offices import STAFF, office_day
from bot.domain.placing import Found, Subdistrict
from bot.domain.reminders import EVENING, Moment, next_calm_in
from bot.messages import Choice, Outgoing
from bot.store import employers, fostering, office, people, records, reminding
from bot.store.bills import Bill
from bot.store.employers import Payer
from bot.store.people import Recipient
from bot.store.places import Village
from bot.store.records import Plan
from bot.turns import Turn
from handlers import naming, own_chat, reminders, unregistered
from handlers.calls import SOON
from handlers.office import coming, rooms

#: Villages named under one reason.
NAMED = 8
#: Between the codes of several villages in a choice.
AND = "+"
#: One a day for a village, whoever asks for it: the day on which it leaves.
KIND, STAGE = reminding.ASKED, "hand"
LABELS = {"late": "menunggak", "missing": "belum terdaftar", "bpu": "BPU", "kecamatan": "", "village": ""}
WHY = {
    "nobody": "belum ada petugas yang tertaut",
    "blocked": "petugasnya tidak dapat dijangkau",
    "today": "sudah diingatkan hari ini",
    "then": "sudah diingatkan untuk hari itu",
    "treasury": "dibayar kabupaten",
    "company": "dibayar perusahaan",
    "nothing": "tidak ada yang jatuh tempo",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom the office wants to remind: a group of LABELS, within a kecamatan or villages, `AND` between their
    codes ("" everywhere).
    """

    group: str
    code: str
    where: str

    @property
    def meaning(self) -> str:
        """As it stands behind the word of a choice."""
        return f"{self.group}:{self.code}"

    @property
    def label(self) -> str:
        """In words: "menunggak, Kec. Anggana"."""
        return ", ".join(part for part in (LABELS[self.group], self.where) if part)


@dataclass(frozen=True, slots=True)
class Target:
    """A village to be reminded: of a bill, or that nobody is registered; `why` not, if it is not possible."""

    village: Village
    bill: Bill | None = None
    to: Recipient | None = None
    why: str = ""


def ask(turn: Turn) -> list[Outgoing]:
    """*/ingatkan <desa | kecamatan | menunggak | belum daftar | bpu>*, in whatever words."""
    whom = office_talk.whom(turn.rest, turn.villages)
    if whom.nobody:
        return [turn.post("office/remind_how")]
    if whom.either and not turn.rest.lower().startswith("desa ") and not whom.group:
        return _which(turn, whom)
    inside = whom.here.inside
    if inside is not None and (whom.group or not whom.here.villages):
        return _asked(turn, _within(whom.group or "kecamatan", inside), unread=whom.unread)
    if whom.here.villages:
        return _named(turn, whom)
    return _guessed(turn, whom) if whom.unread else _asked(turn, Wanted(whom.group, "", turn.district.name))


def _which(turn: Turn, whom: Whom[Village]) -> list[Outgoing]:
    """A village and a kecamatan have that name."""
    village, inside = whom.here.one, whom.here.inside
    assert village is not None
    assert inside is not None
    choices = (
        Choice(f"ask:{village.code}", village.label),
        Choice(f"ask:{inside.code}", f"Kecamatan {inside.name}"),
    )
    return [turn.post("office/village_or_kecamatan", choices)]


def _named(turn: Turn, whom: Whom[Village]) -> list[Outgoing]:
    """One village, or several; of equal names it is asked which."""
    if not whom.here.agree:
        return [naming.unknown(turn)]
    alike = next((group for group in whom.here.villages if len(group) > 1), ())
    if alike:
        return naming.ask(turn, Found(None, alike), "ask:{}".format)
    return _asked(turn, _of([group[0] for group in whom.here.villages]), unread=whom.unread)


def _guessed(turn: Turn, whom: Whom[Village]) -> list[Outgoing]:
    """A place with a slip in its name; words that are near to none are told as not read."""
    said = " ".join(whom.unread)
    inside = placing.subdistrict(said, turn.villages)
    if inside.sure is not None:
        return _asked(turn, _within(whom.group or "kecamatan", inside.sure))
    if not whom.group:
        found = placing.village(said, turn.villages)
        return _asked(turn, _of([found.sure])) if found.sure else naming.ask(turn, found, "ask:{}".format)
    if inside.likely:
        return [naming.no_subdistrict(turn, inside)]
    return _asked(turn, Wanted(whom.group, "", turn.district.name), unread=whom.unread)


def _of(villages: Sequence[Village]) -> Wanted:
    codes, labels = [one.code for one in villages], [one.label for one in villages]
    return Wanted("village", AND.join(codes), "; ".join(labels))


def _within(group: str, inside: Subdistrict) -> Wanted:
    return Wanted(group, inside.code, f"Kec. {inside.name}")


def chosen(turn: Turn) -> list[Outgoing]:
    """A village or kecamatan was chosen, also under a village's card."""
    code = turn.choice.partition(":")[2]
    wanted = _wanted(turn, "village" if code.count(".") > 2 else "kecamatan", code)
    return [naming.unknown(turn)] if wanted is None else _asked(turn, wanted)


def _wanted(turn: Turn, group: str, code: str) -> Wanted | None:
    """What a pressed choice means, None where it is not of this office."""
    if group == "village":
        found = [rooms.chosen_village(turn, one, STAFF) for one in code.split(AND)]
        villages = [one for one in found if one is not None]
        return _of(villages) if len(villages) == len(found) else None
    if not code:
        return Wanted(group, "", turn.district.name)
    inside = naming.by_code(turn, code)
    return _within(group, inside) if inside else None


# -- who ---------------------------------------------------------------------------------------


def targets(turn: Turn, wanted: Wanted) -> list[Target]:
    """The villages of a wish, each with what it is reminded of and who gets it, or why nobody does."""
    registered = employers.registered(turn.tx, turn.district.code)
    codes = tuple(f"{code}." for code in wanted.code.split(AND) if code) or ("",)
    inside = [one for one in turn.villages if f"{one.code}.".startswith(codes)]
    day = _leaves(turn).date()
    reminded = office.reminded(turn.tx, turn.district.code, day, _midnight(turn, day))
    found = []
    for village in inside:
        target = _target(turn, wanted.group, village, registered=village.code in registered)
        if target is None:
            continue
        if village.code in reminded and not target.why:
            target = replace(target, why="today" if day == turn.today else "then")
        found.append(target if target.why else _with_recipient(turn, target))
    return found


def _midnight(turn: Turn, day: date) -> datetime:
    return datetime.combine(day, time(), turn.district.zone).astimezone(UTC)


def _target(turn: Turn, group: str, village: Village, *, registered: bool) -> Target | None:
    """What a village is reminded of; None where the wish does not mean it."""
    if not registered and not reminding.registered(turn.tx, village.code):
        return Target(village) if group in ("missing", "kecamatan", "village") else None
    open_ = [bill for bill in ledger.open_bills(turn.tx, village.code) if bill.amount != 0]
    bill = next((bill for bill in open_ if _meant(turn, group, bill)), None)
    if bill is None:
        return Target(village, why="nothing") if group in ("kecamatan", "village") else None
    if any(one.whole for one in fostering.of_village(turn.tx, village.code, turn.today)):
        return Target(village, bill, why="company")
    employer = employers.get(turn.tx, village.code)
    treasury = employer is not None and employer.payer is Payer.TREASURY
    return Target(village, bill, why="treasury" if treasury else "")


def _meant(turn: Turn, group: str, bill: Bill) -> bool:
    if group == "late":
        return bill.due < turn.today
    if group == "bpu":
        return bill.segment == ledger.BPU
    return group == "village" or (group == "kecamatan" and bill.due <= turn.today + SOON)


def _with_recipient(turn: Turn, target: Target) -> Target:
    day = office_day(turn.now)
    to = people.first(people.serving(turn.tx, target.village.code, day))
    if to is not None:
        return replace(target, to=to)
    linked = any(one.linked for one in office.officials(turn.tx, target.village.code, turn.now))
    return replace(target, why="blocked" if linked else "nobody")


# -- first shown, then sent --------------------------------------------------------------------


def _asked(turn: Turn, wanted: Wanted, *, anew: bool = False, unread: Sequence[str] = ()) -> list[Outgoing]:
    """Who would get it: late villages are named, so in a forum it is asked in private."""
    found = targets(turn, wanted)
    going = [one for one in found if one.to is not None]
    yes = f"remind:{wanted.meaning}:{_leaves(turn):%Y-%m-%d}:{len(going)}"
    choices = (Choice(yes, f"Ya, ingatkan {len(going)} desa"), Choice("remind_no:", "Batal")) if going else ()
    said = turn.post(
        "office/remind",
        choices,
        label=wanted.label,
        count=len(going),
        names=_names(going) if len(going) <= NAMED else [],
        others=_others(found),
        at=_when(turn),
        anew=anew,
        unread=naming.unread(turn, unread),
    )
    return own_chat.out_of_forum(turn, [said])


def _names(found: Iterable[Target]) -> list[str]:
    return [
        f"{one.village.name}{f' ({one.bill.month.label_of(one.bill.segment)})' if one.bill else ''}"
        for one in found
    ]


def _others(found: Sequence[Target]) -> list[Mapping[str, object]]:
    """Who gets nothing, by reason."""
    groups = {why: [one.village.name for one in found if one.why == why] for why in WHY}
    return [
        {"why": WHY[why], "count": len(names), "names": names[:NAMED], "more": max(len(names) - NAMED, 0)}
        for why, names in groups.items()
        if names
    ]


def _leaves(turn: Turn) -> datetime:
    """Now, or when nobody is disturbed any more; where the district lies."""
    return next_calm_in(turn.rules, turn.district.code, turn.now).astimezone(turn.district.zone)


def _when(turn: Turn) -> str:
    """When it leaves, empty if at once."""
    at = _leaves(turn)
    return coming.in_words(at, turn.district) if at.astimezone(UTC) > turn.now else ""


def send(turn: Turn) -> list[Outgoing]:
    """*Ya, ingatkan*: reckoned again; each village gets one message, once a day.  Where it would go to more
    villages than were shown, or on another day, that is shown first.
    """
    _, group, code, *seen = turn.choice.split(":")
    wanted = _wanted(turn, group, code)
    if wanted is None:
        return [naming.unknown(turn)]
    found = targets(turn, wanted)
    day, count = f"{_leaves(turn):%Y-%m-%d}", sum(one.to is not None for one in found)
    if len(seen) != len(("day", "count")) or seen[0] != day or count > int(seen[1]):
        return _asked(turn, wanted, anew=True)
    said = [out for target in found if target.to is not None for out in _reminder(turn, target, target.to)]
    told = turn.post(
        "office/reminded", label=wanted.label, count=len(said), others=_others(found), at=_when(turn)
    )
    return [told, *said]


def _reminder(turn: Turn, target: Target, to: Recipient) -> list[Outgoing]:
    village, bill, at = target.village, target.bill, _leaves(turn)
    plan = Plan(KIND, "", village.code, at.date().isoformat(), STAGE, 0)
    if not records.plan(turn.tx, plan, turn.now, "queued"):
        return []
    about = {"segment": bill.segment, "month": str(bill.month)} if bill else {}
    turn.note("remind", f"village:{village.code}", **about)
    ends = datetime.combine(at.date(), EVENING, at.tzinfo).astimezone(UTC)
    if bill is None:
        values = {"place": village.label, "office": turn.district.office}
        said = unregistered.message(plan, to, values, Month.of(turn.today), ends)
    else:
        moment = Moment(STAGE, turn.now, ends, (bill.due - at.date()).days)
        closing = ruling.closing(turn.tx, turn.district.code, turn.today)
        values_ = reminders.values_of(bill, village.label, moment, closing)
        said = reminders.reminder(plan, bill, to, moment, values_)
    return [replace(said, not_before=at.astimezone(UTC))]


def dropped(turn: Turn) -> list[Outgoing]:
    """*Batal*."""
    return [turn.post("office/remind_dropped")]

"""What two years of reminders and bills promise, judged from what arrived and from the books."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from holidays import country_holidays

from bot import ledger, ruling
from bot.delivery import LEASE
from bot.domain import contributions, deadlines
from bot.domain.contributions import Insured
from bot.domain.months import Month
from bot.domain.rulebook import Rules
from bot.messages import Lane, Letter
from bot.store import bills, members, payments, places, posts, records
from bot.store.bills import Bill
from bot.store.database import Row, Tx
from bot.store.payments import Payment

ZONES = {
    "64.02": ZoneInfo("Asia/Makassar"),
    "61.08": ZoneInfo("Asia/Pontianak"),
    "64.08": ZoneInfo("Asia/Makassar"),  # of the simulation, which wants 400 villages
}
_HOLIDAYS = frozenset(country_holidays("ID", years=range(2026, 2032), categories=("public",)))
_SUNDAY, _FRIDAY = 6, 4
#: Outbox rows are dropped after 90 days.
_KEPT = timedelta(days=85)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of a planner that arrived, and what was so in that moment."""

    at: datetime
    key: str  # kind:subject:village:period:stage:person
    district: str
    expires: datetime | None
    wanted: bool  # its bill was open, its village had registered nobody
    serving: bool  # the person held the office, and it is their chat

    @property
    def stage(self) -> str:
        """The kind of message, and for the month's reminders the stage."""
        kind, *_, stage, _ = self.key.split(":")
        return stage if kind == "reminder" else kind


_ROW = "SELECT lane, expires_at, lease_until FROM outbox WHERE key = :key"
_SERVES = """
SELECT o.person FROM address AS a JOIN official AS o ON o.person = a.person
WHERE a.channel = :channel AND a.chat = :chat AND (o.until IS NULL OR o.until >= :today)
    AND (o.village = :place OR (o.village IS NULL AND o.district = :place))
"""
_SOMEBODY = "SELECT 1 FROM member WHERE village = :village AND state <> 'ended'"


def look(tx: Tx, letter: Letter, district: str, now: datetime) -> Sent | None:
    """What is so while a message leaves; None for what answers somebody."""
    row = tx.one(_ROW, key=letter.key)
    if row is None or row["lane"] != Lane.REMINDER:
        return None
    kind, subject, village, period, _, person = letter.key.split(":")
    today = now.astimezone(ZONES[district]).date().isoformat()
    to = {"channel": letter.to.channel, "chat": letter.to.chat}
    serving = {found["person"] for found in tx.all(_SERVES, **to, today=today, place=village or district)}
    wanted = True
    if kind == "reminder":
        left = datetime.fromisoformat(row["lease_until"]) - LEASE if row["lease_until"] else now
        wanted = _was_open(tx, village, subject, period, (left, now))
    elif kind == "term":
        wanted = bool(posts.terms_in(tx, village, date.fromisoformat(period)))
    elif kind == "unregistered":
        wanted = tx.one(_SOMEBODY, village=village) is None
    expires = datetime.fromisoformat(row["expires_at"]) if row["expires_at"] else None
    right = int(person) in serving if int(person) else bool(serving)  # 0: whoever serves there
    return Sent(now, letter.key, district, expires, wanted, right)


def _was_open(tx: Tx, village: str, segment: str, month: str, sent: tuple[datetime, datetime]) -> bool:
    """By the payments laid over the bills anew, and by the stored bill.

    What is reported between the moment in which a message left and its arrival crosses it on the wire: nothing calls it back.
    """
    live = _live(tx, village, segment)
    before = [one for one in live if not sent[0] <= one.reported_at <= sent[1]]
    mine = bills.of_village(tx, village, segment)
    stored = next((bill for bill in mine if str(bill.month) == month), None)
    standing = dict(zip((str(bill.month) for bill in mine), laid(mine, _sums(before))[0], strict=True))
    return stored is not None and not standing[month][1] and (not stored.settled or len(before) < len(live))


def judge_sent(sent: Sequence[Sent], free: Mapping[str, frozenset[date]]) -> list[str]:
    """Every broken promise about what arrived; `free` are the days off that a district added."""
    times = Counter(one.key for one in sent)
    found = [f"sent {count} times: {key}" for key, count in times.items() if count > 1]
    for one in sent:
        local = one.at.astimezone(ZONES[one.district])
        what = f"{one.key} at {local:%Y-%m-%d %H:%M} ({local:%a})"
        if why := _disturbs(local, free.get(one.district, frozenset())):
            found.append(f"in quiet hours ({why}): {what}")
        if one.expires is None or one.at >= one.expires:
            found.append(f"past its expiry: {what}")
        if not one.wanted:
            found.append(f"nothing was owed any more: {what}")
        if not one.serving:
            found.append(f"to somebody out of office: {what}")
    return found


def _disturbs(local: datetime, free: frozenset[date]) -> str:
    if not time(7) <= local.time() < time(20):
        return "night"
    if local.weekday() == _SUNDAY:
        return "Sunday"
    if local.date() in _HOLIDAYS | free:
        return "holiday"
    return "prayers" if local.weekday() == _FRIDAY and time(11, 30) <= local.time() < time(13) else ""


#: A payment: its amount (None: as billed), and for how many months.
Paid = tuple[int | None, int]


def paid(tx: Tx, village: str, segment: str) -> list[Paid]:
    """What counts, in the order in which it came."""
    return _sums(_live(tx, village, segment))


def _live(tx: Tx, village: str, segment: str) -> list[Payment]:
    mine = [one for one in payments.of_village(tx, village) if one.segment == segment]
    return [one for one in mine if one.state in {"reported", "recorded"}]


def _sums(live: Sequence[Payment]) -> list[Paid]:
    return [(one.amount, one.months) for one in live]


def laid(mine: Sequence[Bill], money: Sequence[Paid]) -> tuple[list[tuple[int, bool]], int, int]:
    """Payments over bills, the oldest first, reckoned in another way than the product does.

    Returns what reached each month and whether that settled it, what was too much, and how much of
    the known sums reached a month.
    """
    state = [(0, bill.amount == 0) for bill in mine]
    credit = known = 0
    for amount, months in money:
        purse = amount
        for at, bill in enumerate(mine):
            got, settled = state[at]
            if settled:
                continue
            if (purse is None and months == 0) or purse == 0:
                break
            if purse is None:
                state[at] = (bill.amount or got, True)
            else:
                share = _share(bill, got, purse, months)
                slack = bill.people * ledger.ROUNDING if bill.given is None else 0
                enough = bill.amount is None or got + share + slack >= bill.amount
                state[at] = (got + share, enough)
                purse, known = purse - share, known + share
            months -= 1
        credit += purse or 0
    return state, credit, known


def _share(bill: Bill, got: int, purse: int, months: int) -> int:
    if bill.amount is None:
        return purse if months <= 1 else purse // months
    return min(purse, bill.amount - got)


def judge_books(tx: Tx, base: Rules, now: datetime, *, deep: bool = True) -> list[str]:
    """Every broken promise in the books; `deep` opens the detail of every bill and walks the audit chain."""
    rules = ruling.current(tx, base)
    found: list[str] = []
    for district in (one.code for one in rules.districts):
        today = ledger.local_day(rules, district, now)
        insured = _Insured(tx, rules, district)
        for village in places.villages(tx, district):
            mine = bills.of_village(tx, village.code)
            found += _judge_sums(tx, village.code, mine)
            found += _judge_village(tx, rules, mine, insured, deep)
            has = {bill.segment for bill in mine if bill.month == Month.of(today)}
            owed = insured.of(village.code, Month.of(today))
            found += [f"no bill: {village.code}:{s}:{Month.of(today)}" for s in owed if s not in has]
    found += [f"past its due date and not fixed: {':'.join(row)}" for row in _loose(tx, now)]
    found += _judge_plans(tx, now)
    if deep and (broken := records.broken(tx)) is not None:
        found.append(f"the audit chain is broken at act {broken}")
    return found


_LOOSE = """
SELECT village, segment, month FROM bill WHERE fixed_at = '' AND due < :today AND made_at < :yesterday
"""


def _loose(tx: Tx, now: datetime) -> list[Row]:
    """Bills past their due date that may still change; one made late is looked at the next day."""
    yesterday = (now - timedelta(hours=26)).isoformat(timespec="microseconds")
    return tx.all(_LOOSE, today=(now - timedelta(hours=24)).date().isoformat(), yesterday=yesterday)


def _judge_sums(tx: Tx, village: str, mine: Sequence[Bill]) -> list[str]:
    found = []
    for segment in ledger.SEGMENTS:
        here = [bill for bill in mine if bill.segment == segment]
        money = paid(tx, village, segment)
        state, credit, known = laid(here, money)
        for bill, (got, settled) in zip(here, state, strict=True):
            if (bill.paid, bill.settled) != (got, settled):
                kept = f"{bill.paid} {'settled' if bill.settled else 'open'}"
                found.append(f"{bill.key} of {bill.amount}: {kept}, but by its payments {got}, {settled}")
        if known + credit != sum(amount or 0 for amount, _ in money):
            found.append(f"{village}:{segment}: money was lost or made")
        still = [bill.settled for bill in here if bill.amount != 0]
        if still != sorted(still, reverse=True):
            found.append(f"{village}:{segment}: a newer month is settled before an older one")
    return found


class _Insured:
    """Who is insured in the villages of a district, by month and segment, read as rarely as possible."""

    def __init__(self, tx: Tx, rules: Rules, district: str) -> None:
        self._tx, self._rules, self._district = tx, rules, district
        self._known: dict[Month, dict[str, list[members.Insured]]] = {}

    def of(self, village: str, month: Month) -> dict[str, list[Insured]]:
        """By segment, each person once."""
        if month not in self._known:
            self._known[month] = members.insured_of(self._tx, self._district, month)
        found: dict[str, dict[int, Insured]] = {}
        for one in self._known[month].get(village, []):
            chosen = self._rules.programme_set(self._district, one.category, month.first)
            due = deadlines.due_date(self._rules, self._district, chosen.segment, month)
            if one.beside or one.joined > due:
                continue
            entry = Insured(one.member, one.wage, chosen.programmes)
            found.setdefault(str(chosen.segment), {}).setdefault(one.member, entry)
        return {segment: list(people.values()) for segment, people in found.items()}


def _judge_village(tx: Tx, rules: Rules, mine: Sequence[Bill], insured: _Insured, deep: bool) -> list[str]:
    found = []
    for bill in mine:
        if not bill.fixed:
            people = insured.of(bill.village, bill.month).get(bill.segment, [])
            fresh = contributions.reckon(people, bill.month, rules, bill.district, bill.segment)
            if (bill.people, bill.ours or 0) != (len(people), fresh.total):
                found.append(
                    f"{bill.key}: {bill.people} people {bill.ours}, reckoned anew {len(people)} people {fresh.total}"
                )
        if (deep or not bill.fixed) and (why := _unexplained(tx, bill)):
            found.append(f"{bill.key}: {why}")
    return found


def _unexplained(tx: Tx, bill: Bill) -> str:
    detail = bills.detail(tx, bill)
    if detail is None:
        return "" if not bill.ours else "a figure and nothing behind it"
    shares = sum(employer + worker for *_, employer, worker in detail["shares"])
    lines = sum(line["employer"] + line["worker"] for line in detail["lines"])
    if not bill.ours == shares == lines:
        return f"{bill.ours} is neither its shares ({shares}) nor its lines ({lines})"
    if not all(line["source"] for line in detail["lines"]):
        return "a line has no source"
    return "" if bill.people == len({share[0] for share in detail["shares"]}) else "another number of people"


_QUEUED = """
SELECT p.kind, p.subject, p.village, p.period, p.stage, p.person, o.id, o.status FROM plan AS p
LEFT JOIN outbox AS o ON o.key = p.kind || ':' || p.subject || ':' || p.village || ':' || p.period || ':'
    || p.stage || ':' || p.person
WHERE p.outcome = 'queued' AND p.kind <> 'audit_head' AND p.at > :since ORDER BY 1, 2, 3, 4, 5, 6
"""


def _judge_plans(tx: Tx, now: datetime) -> list[str]:
    """Each plan has its message; a stage goes to one person, the last one to a second at most."""
    rows = tx.all(_QUEUED, since=(now - _KEPT).isoformat(timespec="microseconds"))
    found = [
        f"planned, and no message: {':'.join(map(str, tuple(row)[:6]))}" for row in rows if not row["id"]
    ]
    reaching = [row for row in rows if row["status"] != "failed"]  # what failed goes on to the next person
    for what, several in groupby(reaching, key=lambda row: tuple(str(part) for part in tuple(row)[:5])):
        people, most = len(list(several)), 2 if what[-1] == "h-1" else 1
        if what[0] == "reminder" and people > most:
            found.append(f"planned for {people} people: {':'.join(what)}")
    return found

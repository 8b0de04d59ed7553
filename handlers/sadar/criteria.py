"""The criteria of a district: changed in chat, from a day on, each change counted on real data first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot import rules
from bot.domain import dates, sadar
from bot.domain.customs import Criterion
from bot.domain.dated import CERTAIN, Certainty
from bot.domain.months import Month
from bot.domain.rulebook import Rules
from bot.errors import Misconfigured
from bot.messages import Choice, Outgoing
from bot.reports.sadar import by
from bot.store import decisions
from bot.turns import Turn, within

TABLE = "criterion"
#: Months in a row that can be chosen.
MONTHS = (1, 3, 6, 12)
#: The code of a change that takes all criteria over as they are.
ALL = "all"
_LABELS = {sadar.STAFF: "Ubah perangkat", sadar.ARREARS: "Ubah iuran", sadar.PROJECTS: "Ubah proyek"}
_DAY = timedelta(days=1)
Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Change:
    """What a criterion is to become, as it stands in a pressed choice."""

    code: str
    months: int
    on: bool

    @property
    def meaning(self) -> str:
        """As it stands behind the word of a choice."""
        return f"{self.code}:{self.months}:{'on' if self.on else 'off'}"


def _change_of(choice: str) -> Change:
    code, months, on = choice.split(":")[1:4]
    return Change(code, int(months), on == "on")


def words(one: Criterion) -> str:
    """A criterion in words."""
    if one.code == sadar.STAFF:
        return "kepala desa dan semua perangkat terlindungi"
    if one.code == sadar.PROJECTS:
        return "semua proyek yang sudah mulai terlindungi"
    return f"iuran tercatat {one.months} bulan berturut-turut"


def _choice(turn: Turn, meaning: str, label: str) -> Choice:
    return Choice(within(turn.district.code, meaning), label)


def _tomorrow(turn: Turn) -> date:
    return turn.today + _DAY


def _ahead(turn: Turn) -> list[tuple[str, str]]:
    """What is decided and begins after tomorrow: the day, and the criterion in words."""
    code, after = turn.district.code, _tomorrow(turn)
    rows = [c for c in turn.rules.all_criteria if c.district == code and c.effective_from > after]
    rows.sort(key=lambda one: one.effective_from)
    return [
        (dates.short_date(one.effective_from), f"{words(one)}{' tidak dipakai' if one.off else ''}")
        for one in rows
    ]


def decided(turn: Turn) -> Mapping[str, object]:
    """For every sentence about the criteria: whether they are the district's own, and if not, from when on."""
    code, today = turn.district.code, turn.today
    first = sadar.ahead(turn.rules, code, today)
    adopted = sadar.adopted(sadar.known(turn.rules, code, today))
    return {"adopted": adopted, "begins": dates.short_date(first) if first and not adopted else ""}


def show(turn: Turn) -> list[Outgoing]:
    """*Ubah kriteria*: as they are from tomorrow on, and what can be changed."""
    found = sadar.known(turn.rules, turn.district.code, _tomorrow(turn))
    adopted = sadar.adopted(found)
    choices = [] if adopted else [_choice(turn, f"sadar_try:{ALL}:0:on", "Pakai kriteria ini")]
    choices += [_choice(turn, f"sadar_rule:{one.code}", _LABELS[one.code]) for one in found]
    choices.append(_choice(turn, "sadar_more:*:", "Kembali"))
    return [
        turn.reply(
            "sadar/criteria",
            choices,
            office=turn.district.office,
            adopted=adopted,
            lines=[(words(one), one.off, one.source if one.certainty in CERTAIN else "") for one in found],
            ahead=_ahead(turn),
        )
    ]


def one(turn: Turn) -> list[Outgoing]:
    """One criterion: another number of months, or on and off."""
    code = turn.choice.split(":")[1]
    found = _known(turn, code)
    if found is None:
        return show(turn)
    months = [n for n in MONTHS if n != found.months] if code == sadar.ARREARS and not found.off else []
    choices = [_choice(turn, f"sadar_try:{Change(code, n, True).meaning}", f"{n} bulan") for n in months]
    switch = Change(code, found.months, found.off)
    choices.append(_choice(turn, f"sadar_try:{switch.meaning}", "Pakai" if found.off else "Jangan dipakai"))
    choices.append(_choice(turn, "sadar_rules:", "Kembali"))
    return [turn.reply("sadar/criterion", choices, line=words(found), off=found.off)]


def _known(turn: Turn, code: str) -> Criterion | None:
    found = sadar.known(turn.rules, turn.district.code, _tomorrow(turn))
    return next((one for one in found if one.code == code), None)


def _rows(turn: Turn, change: Change, since: date) -> list[Row]:
    """The rows that a change makes: whoever changes one criterion says that the others are theirs too."""
    found = sadar.known(turn.rules, turn.district.code, since)
    rows = []
    for one in found:
        changed = one.code == change.code
        if not changed and one.certainty in CERTAIN:
            continue
        rows.append(
            {
                "district": turn.district.code,
                "code": one.code,
                "months": change.months if changed else one.months,
                "off": not change.on if changed else one.off,
                "effective_from": since.isoformat(),
                "source": f"keputusan {turn.district.office} {turn.district.name}, {dates.short_date(turn.today)}",
                "certainty": Certainty.LAW.value,
            }
        )
    return rows


def _tried(turn: Turn, rows: Sequence[Row]) -> Rules | None:
    """The rules with these rows; None where they cannot be."""
    try:
        return rules.with_decisions(turn.rules, [(turn.district.code, TABLE, row) for row in rows])
    except Misconfigured:
        return None


def try_(turn: Turn) -> list[Outgoing]:
    """How many villages meet the criteria then, and now; nothing is kept."""
    change = _change_of(turn.choice)
    code, since = turn.district.code, _tomorrow(turn)
    rows = _rows(turn, change, since)
    tried = _tried(turn, rows)
    if tried is None or not rows:
        return show(turn)
    then = sadar.criteria(tried, code, since)
    counts = [by(turn.tx, turn.rules, (code, turn.today), each) for each in (then, _now(turn))]
    met, now = (sum(one.met for one in each.values()) for each in counts)
    next_month = Month.of(turn.today).next().first
    days = dict.fromkeys((since, next_month))
    choices = [
        _choice(turn, f"sadar_save:{change.meaning}:{day.isoformat()}", _label(day, since)) for day in days
    ]
    return [
        turn.reply(
            "sadar/preview",
            (*choices, _choice(turn, "sadar_rules:", "Batal")),
            lines=[words(one) for one in then],
            met=met,
            now=now,
            total=len(counts[0]),
        )
    ]


def _now(turn: Turn) -> tuple[Criterion, ...]:
    return sadar.criteria(turn.rules, turn.district.code, turn.today)


def _label(day: date, tomorrow: date) -> str:
    short = f"{day.day} {dates.short_date(day).split()[1][:3]}"
    return f"Mulai besok, {short}" if day == tomorrow else f"Mulai {short}"


def save(turn: Turn) -> list[Outgoing]:
    """*Mulai …*, pressed: never for a day that has begun."""
    change = _change_of(turn.choice)
    since = max(date.fromisoformat(turn.choice.split(":")[4]), _tomorrow(turn))
    rows = _rows(turn, change, since)
    tried = _tried(turn, rows)
    if not rows or tried is None:
        return show(turn)
    district, by_ = turn.district.code, (turn.who.person, turn.now)
    for row in rows:
        decisions.decide(turn.tx, district, TABLE, row, by_)
    turn.note("decide", f"district:{district}", table=TABLE, change=change.meaning, since=since.isoformat())
    choices = (_choice(turn, "sadar_rules:", "Lihat kriteria"),)
    lines = [words(one) for one in sadar.criteria(tried, district, since)]
    return [turn.reply("sadar/saved", choices, since=dates.long_date(since), lines=lines)]

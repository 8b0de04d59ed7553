"""*binaan*: villages that a company fosters, kept by the administrator, reminded of before it ends."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot import filling
from bot.domain import cleaning, dates, reminders
from bot.domain.offices import Role, office_day
from bot.errors import Invalid
from bot.filling import FormRoute
from bot.forms import Form, Step, View
from bot.messages import Choice, Lane, Outgoing
from bot.store import agreements, fostering, people, places, records
from bot.store.database import Tx
from bot.store.fostering import Fostering
from bot.store.people import Recipient
from bot.store.records import Plan
from bot.turns import Turn, may_in, within
from handlers.agreements import YEARS, day_of, years_on
from handlers.office import listed
from handlers.served import Run, Served

ADMIN = (Role.ADMIN,)
ALL = "semua iuran"
LONGEST = 120
#: Of what is over, the last are shown; villages named in a line.
SHOWN, NAMED = 10, 4
#: So long before the end the administrators hear of it.
BEFORE = timedelta(days=30)
_DAY = timedelta(days=1)
_LONG = timedelta(days=366 * YEARS)


def _choice(turn: Turn, meaning: str, label: str) -> Choice:
    return Choice(within(turn.district.code, meaning), label)


def show(turn: Turn) -> list[Outgoing]:
    """*binaan*: the companies of the district, the one that reaches furthest first."""
    found = fostering.of_district(turn.tx, turn.district.code)[:SHOWN]
    current = [one for one in found if turn.today <= one.until]
    choices = [_choice(turn, "binaan:new", "Tambah desa binaan")]
    choices += [_choice(turn, f"binaan:{one.id}", one.company[:24]) for one in current]
    lines = [_line(turn, one) for one in found]
    return [turn.reply("binaan/list", choices, district=turn.district.name, lines=lines)]


def _line(turn: Turn, one: Fostering) -> Mapping[str, object]:
    found = [places.village(turn.tx, code) for code in one.villages]
    return {
        "company": one.company,
        "pays": one.pays,
        "whole": one.whole,
        "places": [each.name for each in found[:NAMED] if each],
        "more": max(len(found) - NAMED, 0),
        "since": dates.short_date(one.since),
        "until": dates.short_date(one.until),
        "over": one.until < turn.today,
    }


def one(turn: Turn) -> list[Outgoing]:
    """A company, or a new one."""
    number = turn.choice.partition(":")[2]
    if number == "new":
        return filling.open_form(turn, ROUTE, fresh=True)
    found = _theirs(turn, number)
    if found is None:
        return [turn.reply("chat/not_yours")]
    ends = [_choice(turn, f"binaan_end:{found.id}", "Akhiri hari ini")] if turn.today < found.until else []
    choices = (*ends, _choice(turn, "menu:binaan", "Lihat semua"))
    return [turn.reply("binaan/card", choices, **_line(turn, found))]


def _theirs(turn: Turn, number: str) -> Fostering | None:
    found = fostering.get(turn.tx, int(number)) if number.isdecimal() else None
    return found if found is not None and may_in(turn, ADMIN, found.district) else None


def end(turn: Turn) -> list[Outgoing]:
    """*Akhiri hari ini*: asked once, then today is its last day."""
    _, number, *sure = turn.choice.split(":")
    found = _theirs(turn, number)
    if found is None:
        return [turn.reply("chat/not_yours")]
    if not sure:
        asked = (
            _choice(turn, f"binaan_end:{found.id}:ya", "Ya, akhiri hari ini"),
            _choice(turn, f"binaan:{found.id}", "Tidak jadi"),
        )
        until = dates.short_date(found.until)
        return [turn.reply("binaan/ask_end", asked, company=found.company, until=until, whole=found.whole)]
    if fostering.end(turn.tx, found.id, turn.today):
        turn.note("end_fostering", f"district:{found.district}", fostering=found.id)
    choices = (_choice(turn, "menu:binaan", "Lihat semua"),)
    return [turn.reply("binaan/ended", choices, company=found.company, whole=found.whole)]


# -- the form ----------------------------------------------------------------------------------


def _villages(said: str, view: View) -> list[str]:
    return listed.villages(said, view.extra["villages"])


def _shown_villages(value: Sequence[str], view: View) -> str:
    names = {one.code: one.label.removeprefix("Desa ") for one in view.extra["villages"]}
    known = [names[code] for code in value if code in names]
    more = f" dan {len(known) - NAMED} desa lain" if len(known) > NAMED else ""
    return "; ".join(known[:NAMED]) + more


def _text(said: str, _view: View) -> str:
    found = " ".join(cleaning.visible(said).split())
    if not 3 <= len(found) <= LONGEST:
        raise Invalid("binaan/text", longest=LONGEST)
    return found


def _pays(said: str, view: View) -> str:
    found = _text(said, view)
    return ALL if found.casefold() in (ALL, "semua", "semuanya") else found


def _since(said: str, view: View) -> str:
    day = day_of(said)
    if not view.today - _LONG <= day <= view.today + _LONG:
        raise Invalid("binaan/day", shown=dates.short_date(day), since="")
    return day.isoformat()


def _until(said: str, view: View) -> str:
    since = date.fromisoformat(view.answers["since"])
    day = years_on(since, said) or day_of(said)
    if not max(since, view.today) <= day <= since + _LONG:
        raise Invalid("binaan/day", shown=dates.short_date(day), since=dates.short_date(since))
    return day.isoformat()


def _shown(value: Any, _view: View) -> str:
    return str(value)


def _shown_day(value: Any, _view: View) -> str:
    return dates.short_date(date.fromisoformat(value))


FORM = Form(
    "binaan",
    (
        Step("villages", "Desa", "binaan/ask_villages", _villages, _shown_villages),
        Step("company", "Perusahaan", "binaan/ask_company", _text, _shown),
        Step(
            "pays", "Yang dibayar", "binaan/ask_pays", _pays, _shown, choices=lambda _: ((ALL, "Semua iuran"),)
        ),
        Step(
            "since", "Mulai", "binaan/ask_since", _since, _shown_day, resets=("until",),
            choices=lambda view: ((dates.long_date(view.today).partition(", ")[2], "Hari ini"),),
        ),
        Step(
            "until", "Sampai", "binaan/ask_until", _until, _shown_day,
            choices=lambda _: (("1 tahun", "1 tahun"), ("2 tahun", "2 tahun")),
        ),
    ),
    "binaan/review",
)  # fmt: skip


def _extra(turn: Turn) -> Mapping[str, Any]:
    return {"villages": places.villages(turn.tx, turn.district.code)}


def _save(turn: Turn, answers: Mapping[str, Any]) -> list[Outgoing]:
    new = Fostering(
        turn.district.code,
        tuple(answers["villages"]),
        answers["company"],
        answers["pays"],
        answers["pays"] == ALL,
        date.fromisoformat(answers["since"]),
        date.fromisoformat(answers["until"]),
    )
    number = fostering.add(turn.tx, new, turn.who.person, turn.now)
    district = f"district:{new.district}"
    turn.note("add_fostering", district, fostering=number, villages=len(new.villages), until=answers["until"])
    choices = (_choice(turn, "menu:binaan", "Lihat semua"),)
    return [turn.reply("binaan/saved", choices, count=len(new.villages), whole=new.whole)]


ROUTE = FormRoute(FORM, _extra, _save, ADMIN)


# -- before it ends ----------------------------------------------------------------------------


def still_theirs(tx: Tx, argument: str, now: datetime) -> bool:
    """Looked at again when it leaves: it still holds, and it is still their office."""
    district, number, person = argument.split(":")
    found = fostering.get(tx, int(number))
    today = office_day(now)
    return found is not None and today < found.until and people.is_linked(tx, int(person), district, today)


class Ends(Served):
    """The planner of the reminder before a company's help ends."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """At nine, thirty days before; of one that was kept later, the next morning."""
        said: list[Outgoing] = []
        for run in self.runs(tx, since, until):
            if run.passes(reminders.PLANNED_AT):
                for one in fostering.ending(tx, run.district.code, run.today + _DAY, run.today + BEFORE):
                    said += _of_one(tx, run, one)
        return said


def _of_one(tx: Tx, run: Run, one: Fostering) -> list[Outgoing]:
    said = []
    for to in agreements.admins(tx, one.district, office_day(run.until)):
        plan = Plan("binaan", str(one.id), "", one.until.isoformat(), "end", to.person)
        if records.plan(tx, plan, run.until, "queued"):
            said.append(_reminder(plan, run, one, to))
    return said


def _reminder(plan: Plan, run: Run, one: Fostering, to: Recipient) -> Outgoing:
    return Outgoing(
        to.to,
        "binaan/ending",
        {
            "company": one.company,
            "until": dates.long_date(one.until),
            "when": reminders.in_days((one.until - run.today).days),
            "pays": one.pays,
            "count": len(one.villages),
            "whole": one.whole,
        },
        (Choice(within(one.district, "binaan:new"), "Catat yang baru"),),
        lane=Lane.REMINDER,
        key=plan.key,
        person=to.person,
        expires_at=run.evening,
        reason=f"binaan:{one.district}:{one.id}:{to.person}",
    )

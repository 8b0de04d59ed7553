"""*/jadwal*: when a district's villages are reminded, in words; each change is shown on real data first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot import rules, ruling
from bot.domain import dates, reminders
from bot.domain.offices import Role
from bot.domain.rulebook import Rules, Stage
from bot.domain.wording import parse_closing
from bot.errors import Misconfigured
from bot.filling import FormRoute, open_form
from bot.forms import Form, Step
from bot.messages import Choice, Outgoing
from bot.store import decisions
from bot.turns import Turn, within
from handlers.previews import Preview, preview
from handlers.stage_rows import (
    TABLE,
    Change,
    Row,
    as_it_is,
    change_of,
    fading,
    own_rows,
    row_of,
    stages,
    tomorrow,
    without,
)

#: Days that can be chosen, before the due date or after it.
DAYS = range(1, 15)
HOURS = range(reminders.MORNING.hour, reminders.EVENING.hour)
LABELS = {
    "h-7": "menanyakan rencana",
    "h-3": "pengingat",
    "h-1": "pengingat terakhir",
    "h+1": "menanyakan kendala",
}


def _choice(turn: Turn, meaning: str, words: str) -> Choice:
    """A button about this district, whichever they speak about when they press it."""
    return Choice(within(turn.district.code, meaning), words)


def _stage(turn: Turn, name: str) -> Stage | None:
    return next((stage for stage in stages(turn, turn.rules) if stage.name == name), None)


def label(stage: str) -> str:
    """What a stage is for, in a word or two."""
    return LABELS.get(stage, stage)


def in_words(days: int, hour: int, zone: str) -> str:
    """As in "7 hari sebelum jatuh tempo, 09.00 WITA"."""
    side = f"{days} hari sebelum" if days >= 0 else f"{-days} hari kerja setelah"
    return f"{side} jatuh tempo, {hour:02}.00 {zone}"


def _line(turn: Turn, stage: Stage) -> str:
    said = in_words(stage.days_before, stage.at.hour, turn.district.zone_label)
    return f"{said}: {label(stage.name)}{' (dimatikan)' if stage.off else ''}"


def show(turn: Turn) -> list[Outgoing]:
    """*/jadwal*: the stages in their order, and what can be changed."""
    found = stages(turn, turn.rules)
    choices = [_choice(turn, f"stage:{stage.name}", label(stage.name).capitalize()) for stage in found]
    return [
        turn.reply(
            "schedule/list",
            (*choices, _choice(turn, "closing:", "Kalimat penutup")),
            district=turn.district.name,
            lines=[_line(turn, stage) for stage in found],
            closing=ruling.closing(turn.tx, turn.district.code, tomorrow(turn)),
        )
    ]


def one(turn: Turn) -> list[Outgoing]:
    """One stage, and what can be done with it."""
    stage = _stage(turn, turn.choice.split(":")[1])
    if stage is None:
        return show(turn)
    now = as_it_is(stage)
    switch = replace(now, on=not now.on)
    choices = [
        _choice(turn, f"stage_days:{stage.name}", "Ubah hari"),
        _choice(turn, f"stage_hour:{stage.name}", "Ubah jam"),
        _choice(turn, f"stage_try:{switch.meaning}", "Matikan" if now.on else "Nyalakan"),
    ]
    own = own_rows(turn, stage.name)
    if own:
        choices.append(_choice(turn, f"stage_back:{stage.name}", "Kembali ke aturan umum"))
    choices.append(_choice(turn, "menu:jadwal", "Lihat jadwal"))
    return [
        turn.reply(
            "schedule/stage",
            choices,
            line=_line(turn, stage),
            by=own[-1].by if own else "",
            day=dates.short_date(own[-1].at.astimezone(turn.district.zone).date()) if own else "",
        )
    ]


def choose_days(turn: Turn) -> list[Outgoing]:
    """How many days: only those that keep the stages in their order."""
    stage = _stage(turn, turn.choice.split(":")[1])
    if stage is None:
        return show(turn)
    others = [one for one in stages(turn, turn.rules) if one.name != stage.name and one.days_before > 0]
    low = max((one.days_before for one in others if one.days_before < stage.days_before), default=0)
    high = min((one.days_before for one in others if one.days_before > stage.days_before), default=DAYS.stop)
    before = stage.days_before > 0
    days = [day for day in DAYS if low < day < high] if before else [-day for day in DAYS]
    choices = [
        _choice(turn, f"stage_try:{replace(as_it_is(stage), days=day).meaning}", f"{abs(day)} hari")
        for day in days
    ]
    return [turn.reply("schedule/ask_days", choices, label=label(stage.name), before=before)]


def choose_hour(turn: Turn) -> list[Outgoing]:
    """At what hour: never in the quiet ones."""
    stage = _stage(turn, turn.choice.split(":")[1])
    if stage is None:
        return show(turn)
    choices = [
        _choice(turn, f"stage_try:{replace(as_it_is(stage), hour=hour).meaning}", f"{hour:02}.00")
        for hour in HOURS
    ]
    return [turn.reply("schedule/ask_hour", choices, label=label(stage.name), zone=turn.district.zone_label)]


def _tried(found: Rules, rows: Sequence[Row]) -> Rules | None:
    """The rules with these rows of a district; None where they cannot be applied."""
    try:
        return rules.with_decisions(found, [(str(row["district"]), TABLE, row) for row in rows])
    except Misconfigured:
        return None


def try_(turn: Turn) -> list[Outgoing]:
    """The change on real data, before anything is kept."""
    change = change_of(turn.choice)
    tried = _tried(turn.rules, [row_of(turn, change)])
    if tried is None or change.hour not in HOURS or abs(change.days) not in DAYS:
        return show(turn)
    closing = ruling.closing(turn.tx, turn.district.code, tomorrow(turn))
    shown = preview(turn, tried, change.name, closing)
    since = f"mulai {dates.long_date(tomorrow(turn))}"
    return [_asked(turn, change, (shown, since), _choice(turn, f"stage_save:{change.meaning}", "Simpan"))]


def _asked(turn: Turn, change: Change, what: tuple[Preview, str], yes: Choice) -> Outgoing:
    shown, since = what
    return turn.reply(
        "schedule/preview",
        (yes, _choice(turn, "menu:jadwal", "Batal")),
        line=in_words(change.days, change.hour, turn.district.zone_label),
        label=label(change.name),
        on=change.on,
        since=since,
        place=shown.place,
        day=shown.day,
        text=shown.text if change.on else "",
        villages=shown.villages,
    )


def save(turn: Turn) -> list[Outgoing]:
    """*Simpan*, pressed: in force from tomorrow on."""
    change = change_of(turn.choice)
    row = row_of(turn, change)
    if _tried(turn.rules, [row]) is None:
        return show(turn)
    by = (turn.who.person, turn.now)
    number = decisions.decide(turn.tx, turn.district.code, TABLE, row, by)
    turn.note("decide", f"district:{turn.district.code}", decision=number, table=TABLE, change=change.meaning)
    return [_saved(turn)]


def _saved(turn: Turn) -> Outgoing:
    day = dates.long_date(tomorrow(turn))
    return turn.reply("schedule/saved", (_choice(turn, "menu:jadwal", "Lihat jadwal"),), since=day)


def back(turn: Turn) -> list[Outgoing]:
    """What a stage would be again without the district's own rows: shown before it is done."""
    name = turn.choice.split(":")[1]
    usual = without(turn, name)
    stage = next((stage for stage in stages(turn, usual) if stage.name == name), None)
    if stage is None:
        return show(turn)
    closing = ruling.closing(turn.tx, turn.district.code, tomorrow(turn))
    yes = _choice(turn, f"stage_revoke:{name}", "Simpan")
    tried = _tried(usual, fading(turn, own_rows(turn, name), stage))
    shown = preview(turn, tried or usual, name, closing)
    return [_asked(turn, as_it_is(stage), (shown, f"mulai {dates.long_date(tomorrow(turn))}"), yes)]


def revoke(turn: Turn) -> list[Outgoing]:
    """The district's own rows of a stage are taken back from tomorrow on; they stay in the history."""
    name = turn.choice.split(":")[1]
    usual = next((stage for stage in stages(turn, without(turn, name)) if stage.name == name), None)
    own = own_rows(turn, name)
    if usual is None or not own:
        return show(turn)
    for one in own:
        decisions.revoke(turn.tx, one.id, turn.district.code, turn.now)
    by = (turn.who.person, turn.now)
    for row in fading(turn, own, usual):
        decisions.decide(turn.tx, turn.district.code, TABLE, row, by)
    gone = [one.id for one in own]
    turn.note("revoke", f"district:{turn.district.code}", decisions=gone, table=TABLE, stage=name)
    values = {"label": label(name), "since": dates.long_date(tomorrow(turn))}
    return [turn.reply("schedule/revoked", (_choice(turn, "menu:jadwal", "Lihat jadwal"),), **values)]


# -- the closing sentence ----------------------------------------------------------------------


def ask_closing(turn: Turn) -> list[Outgoing]:
    """*Kalimat penutup*, pressed: what stands there now, and a new one."""
    return open_form(turn, CLOSING, fresh=True)


def _closing_now(turn: Turn) -> dict[str, object]:
    return {"closing": ruling.closing(turn.tx, turn.district.code, tomorrow(turn))}


def _try_closing(turn: Turn, answers: Mapping[str, object]) -> list[Outgoing]:
    text = "" if answers["text"] == NONE else str(answers["text"])
    shown = preview(turn, turn.rules, "", text)
    return [
        turn.reply(
            "schedule/closing_preview",
            (_choice(turn, f"closing_save:{text}", "Simpan"), _choice(turn, "menu:jadwal", "Batal")),
            closing=text,
            place=shown.place,
            text=shown.text,
            since=dates.long_date(tomorrow(turn)),
            villages=shown.villages,
        )
    ]


def save_closing(turn: Turn) -> list[Outgoing]:
    """*Simpan*, pressed under a closing sentence."""
    text = turn.choice.partition(":")[2]
    body = {"text": text, "effective_from": tomorrow(turn).isoformat()}
    by = (turn.who.person, turn.now)
    number = decisions.decide(turn.tx, turn.district.code, ruling.WORDING, body, by)
    turn.note("decide", f"district:{turn.district.code}", decision=number, table=ruling.WORDING)
    return [_saved(turn)]


NONE = "-"
CLOSING = FormRoute(
    Form(
        "closing",
        (
            Step(
                "text",
                "Kalimat penutup",
                "schedule/ask_closing",
                lambda said, _view: NONE if said == NONE else parse_closing(said),
                lambda value, _view: str(value),
                values=lambda view: {"closing": view.extra["closing"]},
                choices=lambda view: ((NONE, "Tanpa kalimat"),) if view.extra["closing"] else (),
                sentences=True,
                skip=NONE,
            ),
        ),
    ),
    _closing_now,
    _try_closing,
    (Role.ADMIN,),
)

"""A broadcast under way and after: stop it, look at it, see whom it did not reach, send those again."""

from datetime import UTC, timedelta

from bot.domain import dates
from bot.domain.reminders import next_calm_in
from bot.messages import Choice, Outgoing
from bot.store import broadcasts, places, recipients
from bot.store.broadcasts import Broadcast, Kind, State
from bot.store.recipients import Row
from bot.turns import Turn
from handlers import own_chat
from handlers.office import broadcast_cards
from handlers.office.drafting import of_choice, say, title
from handlers.office.releasing import UNDO
from handlers.office.second_person import needs_second
from handlers.reaching import reach

HISTORY = 10
LIVE = 5
PAGE = 10  # people named at once

_ENDED = (State.DONE, State.STOPPED)


def denied(turn: Turn) -> list[Outgoing]:
    """Another district's, or none at all: the same answer."""
    return [] if turn.incoming.group else [turn.reply("chat/not_yours")]


def stop(turn: Turn) -> list[Outgoing]:
    """*Batalkan* before it began, *Hentikan* after, *Jangan dikirim lagi* what is held when it has ended: by
    anybody of the staff.
    """
    one = of_choice(turn)
    if one is None:
        return denied(turn)
    tx, by = turn.tx, turn.who.person
    sent_before = recipients.tally(tx, one.id).total > 0  # only the second round is taken back
    to = State.STOPPED if sent_before else State.CANCELLED
    if broadcasts.move_on(tx, one.id, (State.ASKED, State.WAITING), to, (by, turn.now)):
        dropped = recipients.drop_planned(tx, one.id)
        turn.note("broadcast_cancel", f"broadcast:{one.id}", planned=dropped)
    elif broadcasts.move_on(tx, one.id, (State.SENDING,), State.STOPPED, (by, None)):
        dropped = recipients.drop_planned(tx, one.id)
        recipients.drop_held(tx, one.id, turn.now)
        turn.note("broadcast_stop", f"broadcast:{one.id}", planned=dropped)
    elif one.state in _ENDED and turn.choice.endswith(":held"):
        recipients.drop_held(tx, one.id, turn.now)
        turn.note("broadcast_withdraw", f"broadcast:{one.id}")
    else:
        return broadcast_cards.as_it_is(turn, one)
    return broadcast_cards.changed(turn, one)


def show(turn: Turn) -> list[Outgoing]:
    """One broadcast, with what can still be done about it."""
    one = of_choice(turn)
    if one is None or one.state is State.DRAFT:
        return denied(turn)
    recipients.settle(turn.tx, one.id)
    told = broadcast_cards.with_text(turn.tx, turn.rules, one)
    choices = [*broadcast_cards.buttons(one, turn.who.person), *after(turn, one)]
    return [say(turn, "siaran/card", choices, **told)]


def numbered(turn: Turn, number: int) -> list[Outgoing]:
    """*siaran 1*: that one, in private; the last ones where there is none of that number."""
    turn.choice = f"siaran_show:{number}"
    one = of_choice(turn)
    if one is None or one.state is State.DRAFT:
        return history(turn)
    return own_chat.with_a_line(turn, show(turn))


def after(turn: Turn, one: Broadcast) -> list[Choice]:
    """The buttons beneath what has ended, and beneath a meeting."""
    return ending(one, recipients.tally(turn.tx, one.id))


def ending(one: Broadcast, found: recipients.Tally) -> list[Choice]:
    """The same where the tally is known."""
    choices: list[Choice] = []
    ended = one.state in _ENDED and one.ended_at is not None and not one.called_off
    if ended and found.of("failed") + found.of("expired"):
        choices.append(Choice(f"siaran_again:{one.id}:failed", "Ulangi yang gagal"))
    if found.of("unknown"):
        choices.append(Choice(f"siaran_people:{one.id}:unknown:0", "Yang belum pasti"))
    if found.of("held"):
        choices.append(Choice(f"siaran_people:{one.id}:held:0", "Menunggu dibalas"))
    if found.of("failed"):
        choices.append(Choice(f"siaran_people:{one.id}:failed:0", "Yang gagal"))
    if one.kind is Kind.MEETING and found.total:
        choices.append(Choice(f"siaran_come:{one.id}:0", "Daftar hadir"))
        if not one.called_off:
            choices.append(Choice(f"siaran_off:{one.id}:", "Batalkan acara"))
    choices.append(Choice(f"siaran_calls:{one.id}:0", "Daftar telepon"))
    return choices


def named(turn: Turn) -> list[Outgoing]:
    """The people of whom nobody knows whether it arrived, who must write first, or to whom it could not be sent."""
    one = of_choice(turn)
    if one is None:
        return denied(turn)
    _, _, state, start = turn.choice.split(":")
    if state not in ("unknown", "failed", "held"):
        return denied(turn)
    recipients.settle(turn.tx, one.id)
    rows = recipients.in_state(turn.tx, one.id, state, (int(start), PAGE + 1))
    total = recipients.tally(turn.tx, one.id).of(state)
    choices = []
    if len(rows) > PAGE:
        choices.append(Choice(f"siaran_people:{one.id}:{state}:{int(start) + PAGE}", "Berikutnya"))
    if state == "unknown" and one.state in _ENDED and one.ended_at and not one.called_off:
        choices.append(Choice(f"siaran_again:{one.id}:unknown", "Kirim ulang juga"))
    if state == "held" and total and one.state in _ENDED:
        choices.append(Choice(f"siaran_stop:{one.id}:held", "Jangan dikirim lagi"))
    choices.append(Choice(f"siaran_show:{one.id}", title(one)))
    lines = [line(turn, row) for row in rows[:PAGE]]
    values = {"state": state, "total": total, "first": int(start) + 1, "lines": lines}
    return [say(turn, "siaran/people", choices, title=title(one), **values)]


def line(turn: Turn, row: Row) -> dict[str, str]:
    """A person with office and village."""
    place = places.village(turn.tx, row.villages[0])
    label = place.label if place else row.villages[0]
    return {"name": row.name, "role": row.role.label, "place": label}


def again(turn: Turn) -> list[Outgoing]:
    """*Ulangi*: those it failed for and who can be reached now; the unknown only when they were chosen."""
    one = of_choice(turn)
    if one is None:
        return denied(turn)
    if one.state not in _ENDED or one.ended_at is None or one.called_off:
        return broadcast_cards.as_it_is(turn, one)
    recipients.settle(turn.tx, one.id)  # what arrived after all, or is held, is not sent twice
    states = ("unknown",) if turn.choice.endswith(":unknown") else ("failed", "expired")
    able = reach(turn.tx, turn.rules, one, turn.now).recipients
    count = sum(recipients.retry(turn.tx, one.id, state, able) for state in states)
    if not count:
        calls = (Choice(f"siaran_calls:{one.id}:0", "Daftar telepon"),)
        return [say(turn, "siaran/again_nobody", calls)]
    start = next_calm_in(turn.rules, one.district, turn.now + UNDO)
    broadcasts.again(turn.tx, one.id, start, urgent=False)
    turn.note("broadcast_again", f"broadcast:{one.id}", people=count, states=list(states))
    shown = broadcast_cards.refreshed(turn.tx, turn.rules, one.id, turn.now, soon=True)
    local = start.astimezone(turn.district.zone)
    at = dates.clock_time(local, turn.district.zone_label)
    stop_ = (Choice(f"siaran_stop:{one.id}", "Batalkan"),)
    day = dates.long_date(local.date()) if start - turn.now > timedelta(hours=1) else ""
    return [*shown, say(turn, "siaran/again", stop_, people=count, at=at, day=day)]


def after_all(turn: Turn) -> list[Outgoing]:
    """*Kirim sekarang*: what was missed while the machine was off is sent after all, a minute from now."""
    one = of_choice(turn)
    if one is None:
        return denied(turn)
    if one.state is not State.MISSED:
        return broadcast_cards.as_it_is(turn, one)
    start = turn.now + UNDO
    start = start if one.urgent else next_calm_in(turn.rules, one.district, start)
    if one.meet_at is not None and start >= one.meet_at:
        return [turn.post("siaran/too_late")]
    second = needs_second(turn.tx, one.district) and not one.approved
    state = State.ASKED if second else State.WAITING
    broadcasts.after_all(turn.tx, one.id, state, start, turn.now)
    turn.note("broadcast_after_all", f"broadcast:{one.id}", start=start.isoformat())
    return broadcast_cards.changed(turn, one)


def history(turn: Turn) -> list[Outgoing]:
    """*/siaran riwayat*: the last ten with their numbers; in the office's group as well."""
    lines = []
    found = broadcasts.history(turn.tx, turn.district.code, HISTORY)
    for one in found:
        told = broadcast_cards.values(turn.tx, turn.rules, one)
        at = (one.start_at or one.confirmed_at or turn.now).astimezone(turn.district.zone)
        lines.append({**told, "day": dates.short_date(at.astimezone(turn.district.zone).date())})
    if turn.incoming.group and not turn.in_forum:
        return [turn.post("siaran/history", district=turn.district.name, lines=lines)]
    choices = [Choice(f"siaran_show:{one.id}", title(one)) for one in found]
    said = say(turn, "siaran/history", choices, district=turn.district.name, lines=lines)
    return own_chat.with_a_line(turn, [said])


def live(turn: Turn) -> list[Outgoing]:
    """What runs, waits or is to come, before a new one is begun; nothing where there is none."""
    found = broadcasts.live(turn.tx, turn.district.code, turn.now.astimezone(UTC), LIVE)
    if not found:
        return []
    choices = [Choice(f"siaran_show:{one.id}", title(one)) for one in found]
    lines = [broadcast_cards.values(turn.tx, turn.rules, one) for one in found]
    return [say(turn, "siaran/live", choices, lines=lines)]

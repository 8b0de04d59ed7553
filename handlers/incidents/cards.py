"""How the office sees a report: a card in its groups without a name, and all of it in private."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.domain import cleaning, dates, incidents, phones, statements
from bot.domain.discretion import masked
from bot.domain.offices import CHECKERS, office_day
from bot.domain.rulebook import District, Rules
from bot.messages import Choice, Kind, Lane, Outgoing
from bot.store import employers, members, outbox, people, places
from bot.store import incidents as store
from bot.store.database import Tx
from bot.store.incidents import Card, Incident
from bot.store.people import Recipient
from bot.store.places import RoomKind
from bot.turns import Turn, may_in, within
from handlers import own_chat

_ANYWAY = ":anyway"
_OTHERS = {
    "officer": "perangkat atau BPD, belum terdaftar",
    "project": "pekerja proyek",
    "family": "keluarga peserta",
    "other": "warga atau lainnya",
}


def until(rules: Rules, district: District, incident: Incident) -> str:
    """Until when the agency is to be told, as in "Rabu, 25 November 2026, 06.00 WITA"; "" where it need not be."""
    hours = statements.hours(rules.all_report_limits, incident.new.happened.date())
    if not hours or not incident.new.work.counts:
        return ""
    local = (incident.new.happened + timedelta(hours=hours)).astimezone(district.zone)
    return f"{dates.long_date(local.date())}, {dates.clock_time(local, district.zone_label)}"


def values(tx: Tx, rules: Rules, incident: Incident) -> dict[str, Any]:
    """What everybody of the office may read, also in its group: no name, no word of the village's."""
    district, new = rules.district(incident.district), incident.new
    village = places.village(tx, new.village)
    categories = {one.code: one.label for one in rules.categories}
    return {
        "number": incident.id,
        "place": village.label if village else new.village,
        "kind": new.kind.label,
        "people": _OTHERS.get(new.people) or categories.get(new.people, new.people),
        "death": new.kind is incidents.Kind.DEATH,
        "work": new.work.label(new.kind) if new.work.counts else "",
        "when": incidents.show_when(new.body["when"]),
        "until": until(rules, district, incident),
        "told": _day(incident.told_at, district),
        "taker": incident.taker,
        "closer": incident.closer,
        "closed": not incident.open,
    }


def _day(at: datetime | None, district: District) -> str:
    return dates.short_date(at.astimezone(district.zone).date()) if at else ""


def _buttons(incident: Incident) -> tuple[Choice, ...]:
    if not incident.open:
        return ()
    take = Choice(f"incident_take:{incident.id}", "Saya tangani")
    look = Choice(f"incident_look:{incident.id}", "Buka isinya")
    done = Choice(f"incident_close:{incident.id}", "Selesai")
    return (*(() if incident.taker else (take,)), look, done)


def _mark(shown: Mapping[str, Any], choices: tuple[Choice, ...]) -> str:
    return sha256(repr((sorted(shown.items()), choices)).encode()).hexdigest()[:16]


def call(turn: Turn, incident: Incident) -> list[Outgoing]:
    """A card for each group of the office; where it has none, all of it to each of its staff."""
    shown, choices = values(turn.tx, turn.rules, incident), _buttons(incident)
    groups, staff = places.office(turn.tx, incident.district, office_day(turn.now))
    said = []
    for to in groups:
        key = f"incident:{incident.id}:{to.conversation}"
        store.add_card(turn.tx, incident.id, Card(key, to, _mark(shown, choices)))
        said.append(Outgoing(to, "incidents/card", shown, choices, lane=Lane.ALERT, key=key, public=True))
    for one in staff:
        key = f"incident:{incident.id}:person:{one.person}"
        whole = _whole(turn, incident)
        said.append(replace(whole, to=one.to, lane=Lane.ALERT, key=key, person=one.person))
    return said


def redraw(tx: Tx, rules: Rules, incident: Incident) -> list[Outgoing]:
    """Every card that says less than it should, in groups that are still the office's; what is not sent yet waits."""
    here = {to.conversation for to in places.rooms(tx, incident.district, RoomKind.OFFICE)}
    shown, choices = values(tx, rules, incident), _buttons(incident)
    mark = _mark(shown, choices)
    said = []
    for card in store.cards(tx, incident.id):
        fate = outbox.fate(tx, card.key)
        if card.shown == mark or card.to.conversation not in here or fate is None or not fate.platform_id:
            continue
        number = store.edited(tx, card.key, mark)
        out = Outgoing(card.to, "incidents/card", shown, choices, Kind.EDIT, fate.platform_id, public=True)
        said.append(replace(out, key=f"{card.key}:edit:{number}"))
    return said


def _whole(turn: Turn, incident: Incident) -> Outgoing:
    """All of it, for one person of the office: who, in whose words, and whom to call."""
    new = incident.new
    contact, own = employers.contact(turn.tx, new.village), _number_of(turn.tx, incident)
    shown = {
        **values(turn.tx, turn.rules, incident),
        "name": new.body["who"]["name"],
        "happened": masked(str(new.body.get("place", ""))),
        "words": masked(str(new.body.get("words", ""))),
        "by": incident.by,
        "own": own,
        "contact": "" if own else contact.get("name", ""),
        "phone": "" if own else phones.dialled(contact.get("phone", "")),
    }
    choices = [
        replace(one, id=within(incident.district, one.id))
        for one in _buttons(incident)
        if one.label != "Buka isinya"
    ]
    return turn.reply("incidents/whole", choices, **shown)


def _number_of(tx: Tx, incident: Incident) -> str:
    """Where whoever reported it can be called: as the village registered them, or as the office named them."""
    named = cleaning.words(incident.by)
    found = employers.contact(tx, incident.new.village)
    if found.get("phone") and cleaning.words(found.get("name", "")) == named:
        return phones.dialled(found["phone"])
    own = [one for one in members.of_village(tx, incident.new.village) if cleaning.words(one.name) == named]
    return phones.dialled(str(own[0].details.get("phone") or "")) if len(own) == 1 else ""


def theirs(turn: Turn) -> Incident | None:
    """The report a button names, if this person looks after its district and this is no forum or other district's
    group; else as if there were none.
    """
    number = turn.choice.split(":")[1]
    found = store.get(turn.tx, int(number)) if number.isdecimal() else None
    if found is None or turn.room not in (None, places.Room(found.district, RoomKind.OFFICE)):
        return None
    return found if may_in(turn, CHECKERS, found.district) else None


def _of_card(turn: Turn) -> Incident | list[Outgoing]:
    return theirs(turn) or ([] if turn.incoming.group else [turn.reply("chat/not_yours")])


def take(turn: Turn) -> list[Outgoing]:
    """*Saya tangani*: of two colleagues the first; the other reads who it is."""
    incident = _of_card(turn)
    if not isinstance(incident, Incident):
        return incident
    said = []
    if store.take(turn.tx, incident.id, turn.who.person):
        turn.note("take_incident", f"incident:{incident.id}", village=incident.new.village)
        said = to_reporter(turn, incident, "incidents/taken", by=turn.who.name)
    return [*_shown_again(turn, incident.id, also_whole=True), *said]


def look(turn: Turn) -> list[Outgoing]:
    """*Buka isinya*: all of it, in private."""
    incident = _of_card(turn)
    if not isinstance(incident, Incident):
        return incident
    turn.note("look_incident", f"incident:{incident.id}", village=incident.new.village)
    return [own_chat.only(turn, _whole(turn, incident))]


def close(turn: Turn) -> list[Outgoing]:
    """*Selesai*: the office is done with it; asked once more where nobody said that the agency knows."""
    incident = _of_card(turn)
    if not isinstance(incident, Incident):
        return incident
    ends = "" if incident.told_at else until(turn.rules, turn.district, incident)
    if incident.open and ends and not turn.choice.endswith(_ANYWAY):
        sure = Choice(within(incident.district, f"incident_close:{incident.id}{_ANYWAY}"), "Tetap tutup")
        number, label = incident.id, values(turn.tx, turn.rules, incident)["place"]
        asked = turn.reply("incidents/close_unreported", (sure,), number=number, place=label, until=ends)
        return [own_chat.only(turn, asked)]
    said = []
    if store.close(turn.tx, incident.id, turn.who.person, turn.now):
        turn.note("close_incident", f"incident:{incident.id}", village=incident.new.village)
        said = to_reporter(turn, incident, "incidents/closed", until=ends)
    return [*_shown_again(turn, incident.id, also_whole=not turn.incoming.group), *said]


def to_reporter(turn: Turn, incident: Incident, template: str, **more: str) -> list[Outgoing]:
    """A line about the village's report to whoever made it, or now looks after the village."""
    to = recipient(turn.tx, incident, turn.now)
    if to is None:
        return []
    shown = {"number": incident.id, "office": turn.rules.district(incident.district).office, **more}
    key = f"{template}:{incident.id}"
    return [Outgoing(to.to, template, shown, lane=Lane.ALERT, key=key, person=to.person)]


def recipient(tx: Tx, incident: Incident, now: datetime) -> Recipient | None:
    """Who reported it, while they serve there; else whom the village is turned to."""
    serving = people.serving(tx, incident.new.village, office_day(now))
    return next((each for each in serving if each.person == incident.person), people.first(serving))


def _shown_again(turn: Turn, number: int, *, also_whole: bool) -> list[Outgoing]:
    incident = store.get(turn.tx, number)
    assert incident is not None
    again = redraw(turn.tx, turn.rules, incident)
    return [*([own_chat.only(turn, _whole(turn, incident))] if also_whole else []), *again]

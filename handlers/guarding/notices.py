"""What was done that would do harm in the wrong hands: colleagues read who did what, the office how much of it.

Both are read from the audit chain, a little behind it: an act is a line, not a message.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import dates
from bot.domain.offices import office_day
from bot.domain.reminders import next_calm_in
from bot.messages import Address, Lane, Outgoing
from bot.store import people, pins, places, records
from bot.store.database import Row, Tx
from handlers.served import Run, Served

#: Acts as colleagues read them, by their name in the audit chain.
ACTS = {
    "register": "mendaftarkan peserta",
    "end": "mengakhiri peserta",
    "change_wage": "mengubah upah",
    "change_post": "mengganti jabatan",
    "add_post": "menambah jabatan",
    "withdraw_payment": "membatalkan laporan bayar",
    "withdraw_instalment": "membatalkan laporan proyek",
    "drop_project": "menghapus proyek",
    "export": "mengunduh daftar nama dan NIK",
    "invite_self": "menautkan perangkat lain",
    "request_handover": "meminta serah terima",
    "pin_set": "membuat PIN",
}
COLLEAGUES, OFFICE = timedelta(minutes=10), timedelta(hours=1)
#: What is older was not told for a reason: the bot was off, or had no notices yet.
_OLD = timedelta(days=1)
_LINES = 10


@dataclass(frozen=True, slots=True)
class _Deed:
    seq: int
    at: datetime
    person: int
    name: str
    action: str
    village: str


def begin(tx: Tx, district: str) -> None:
    """What was done before this moment is not told."""
    for mark in ("colleagues", "office"):
        records.put(tx, f"notices.{mark}.{district}", str(pins.last_act(tx)))


class Notices(Served):
    """The planner of both: a message in ten minutes to a colleague at most, one an hour to the office."""

    def plan(self, tx: Tx, since: datetime, until: datetime) -> list[Outgoing]:
        """Nothing in quiet hours: then all of it in the morning."""
        said: list[Outgoing] = []
        for run in self.runs(tx, since, until):
            code = run.district.code
            if pins.required(tx, code) and next_calm_in(run.rules, code, until) == until:
                said += _told(tx, run, "colleagues", COLLEAGUES)
                said += _told(tx, run, "office", OFFICE)
        return said


def _told(tx: Tx, run: Run, who: str, pause: timedelta) -> list[Outgoing]:
    code = run.district.code
    mark, at = f"notices.{who}.{code}", f"notices.{who}_at.{code}"
    after, last = records.get(tx, mark), records.get(tx, at)
    newest = pins.last_act(tx)
    if after is None:
        records.put(tx, mark, str(newest))
        return []
    if int(after) == newest or (last and run.until - datetime.fromisoformat(last) < pause):
        return []
    deeds = list(_deeds(tx, pins.acts(tx, int(after), run.until - _OLD), run))
    records.put(tx, mark, str(newest))
    if deeds:
        records.put(tx, at, run.until.isoformat())
    return _to_colleagues(tx, run, deeds) if who == "colleagues" else _to_office(tx, run, deeds)


def _deeds(tx: Tx, rows: Iterable[Row], run: Run) -> Iterator[_Deed]:
    for row in rows:
        if row["action"] not in ACTS:
            continue
        at, village = datetime.fromisoformat(row["at"]), _village(tx, row, run)
        if village.startswith(f"{run.district.code}."):
            yield _Deed(row["seq"], at, row["actor"], row["name"], row["action"], village)


def _village(tx: Tx, row: Row, run: Run) -> str:
    """About which village; of what somebody does for themselves, theirs."""
    named = json.loads(row["details"]).get("village") or row["object"].removeprefix("village:")
    own = people.offices(tx, row["actor"], office_day(run.until)) if ":" in named else ()
    return next((office.village for office in own), named)


def _to_colleagues(tx: Tx, run: Run, deeds: Sequence[_Deed]) -> list[Outgoing]:
    by_village: dict[str, list[_Deed]] = defaultdict(list)
    for deed in deeds:
        by_village[deed.village].append(deed)
    said: list[Outgoing] = []
    for code, done in by_village.items():
        village = places.village(tx, code)
        for one in people.serving(tx, code, office_day(run.until)):
            others = [deed for deed in done if deed.person != one.person]
            if village and others:
                values = {
                    "place": village.label,
                    "lines": _lines(run, others),
                    "more": max(len(others) - _LINES, 0),
                }
                values["office"] = run.district.office
                key = f"notices:{code}:{one.person}:{others[-1].seq}"
                said.append(Outgoing(one.to, "guarding/notice", values, lane=Lane.REMINDER, key=key,
                                     person=one.person, repeatable=False))  # fmt: skip
    return said


def _lines(run: Run, deeds: Sequence[_Deed]) -> list[str]:
    zone = run.district.zone
    return [
        f"{dates.clock_time(deed.at.astimezone(zone), run.district.zone_label)} {deed.name}: {ACTS[deed.action]}"
        for deed in deeds[:_LINES]
    ]


def _to_office(tx: Tx, run: Run, deeds: Sequence[_Deed]) -> list[Outgoing]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for deed in deeds:
        counts[deed.village][deed.action] += 1
    lines = []
    for code, counted in list(counts.items())[:_LINES]:
        village = places.village(tx, code)
        if village:
            lines.append(
                f"{village.label}: " + ", ".join(f"{n}× {ACTS[name]}" for name, n in counted.items())
            )
    if not lines:
        return []
    groups, _ = places.office(tx, run.district.code, office_day(run.until))
    values = {"lines": lines, "more": max(len(counts) - _LINES, 0)}
    said = Outgoing(
        Address("", ""), "guarding/notice_office", values, lane=Lane.REMINDER, public=True, repeatable=False
    )
    key = f"notices:{run.district.code}:{deeds[-1].seq}"
    return [replace(said, to=to, key=f"{key}:{to.conversation}") for to in groups]

"""A file of people was read: what it says, what comes back, and saving those who are complete in one go."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot import ledger, texts
from bot.domain import dates, staff_sheet
from bot.domain.offices import VILLAGE
from bot.domain.staff_sheet import Staff
from bot.messages import Choice, Outgoing
from bot.reports.sheets import Cell, Column, Page
from bot.store import jobs
from bot.turns import Turn, may
from handlers import registration, returned, uploads
from handlers.intake import columns, pending, sorting
from handlers.intake.pending import Pending
from handlers.intake.rows import Person
from handlers.intake.sorting import Line, Sorted
from handlers.questions import position_label, posts

#: People, and doubts, that a message has room for; more are in a file beside it, and that message is shorter.
PEOPLE, DOUBTS = 20, 8
_PEOPLE_BESIDE, _DOUBTS_BESIDE = 8, 2
_LONGEST_NAME = 30
#: Of those who have left, so many are named.
_GONE, _LONGEST_REMARK = 8, 60


def read(turn: Turn, found: Staff) -> list[Outgoing]:
    """The people of a file, before anything is saved."""
    result = turn.incoming.result
    if "kept" in result:  # what was read is all that is needed of it
        jobs.drop_file(turn.tx, result["kept"])
    village = found.village or result.get("village", "")
    if village not in turn.who.villages:
        return [turn.reply("intake/elsewhere" if found.village else "chat/not_yours", code=found.village)]
    speak_of(turn, village)
    everybody = [
        Line(at, number, cells, said)
        for at, table in enumerate(found.tables)
        for number, cells, said in staff_sheet.people(table)
    ]
    lines, gone = in_office(turn, everybody)
    if not lines:
        return gone or [turn.reply("intake/all_blank")]
    if len(lines) > staff_sheet.MOST:
        return [turn.reply("intake/long", count=len(lines), most=staff_sheet.MOST)]
    seen = sorting.look(turn, lines)
    turn.note("staff_file", f"village:{village}", rows=len(lines), ready=len(seen.ready))
    names = {table.sheet for table in found.tables}
    hidden = sum(each["hidden"] for each in result["sheets"] if each["name"] in names)
    return [*registration.notice(turn), *gone, *_answer(turn, found, seen, hidden)]


def in_office(turn: Turn, everybody: Sequence[Line]) -> tuple[list[Line], list[Outgoing]]:
    """Whoever is in office, and a word about the others, with what the list says of them."""
    left = [(line, remark) for line in everybody if (remark := staff_sheet.has_left(line.said, turn.today))]
    if not left:
        return list(everybody), []
    told = [((line.said["name"] or "?")[:_LONGEST_NAME], remark[:_LONGEST_REMARK]) for line, remark in left]
    said = turn.reply("intake/gone", count=len(left), people=told[:_GONE], more=max(0, len(left) - _GONE))
    gone = [line for line, _ in left]
    return [line for line in everybody if line not in gone], [said]


KIND = uploads.Kind(VILLAGE, staff_sheet.recognise, read, "intake/no_header")


def speak_of(turn: Turn, village: str) -> None:
    """What follows is about this village of theirs."""
    turn.actor = replace(turn.who, focus=village)
    may(turn, VILLAGE)


def _answer(turn: Turn, found: Staff, seen: Sorted, hidden: int) -> list[Outgoing]:
    number = keep(turn, seen) if seen.ready or seen.left else 0
    go_on = [Choice(f"intake_next:{number}:0", "Lengkapi lewat chat")] if seen.left else []
    back = []
    if seen.problems:
        back = [_returned(turn, found, seen, () if seen.ready else go_on)]
    if seen.ready:
        return [*back, review(turn, seen, number, go_on, hidden)]
    return back or [
        turn.reply("intake/same", (Choice("menu:peserta", "Lihat peserta"),), count=len(seen.same))
    ]


def keep(turn: Turn, seen: Sorted) -> int:
    """Keep who was read until it is decided; returns its number."""
    waiting = Pending(turn.who.village, [one.answers for one in seen.ready], [one.left for one in seen.left])
    return pending.keep(turn, waiting)


def _returned(turn: Turn, found: Staff, seen: Sorted, choices: Sequence[Choice]) -> Outgoing:
    """The rows to be put right, a page for each page they came from."""
    ours = columns.columns(turn)
    pages = []
    for at, table in enumerate(found.tables):
        problems = seen.of_table(at)
        if problems:
            name = f"Perlu diperbaiki {at + 1}" if len(found.tables) > 1 else "Perlu diperbaiki"
            added = _lacking(table.places)
            pages.append(returned.page(table, problems, ours, added, name))
    said = turn.reply(
        "intake/returned",
        choices,
        count=len(seen.left),
        rows=len(seen.problems) - seen.differ,
        differ=seen.differ,
        same=0 if seen.ready else len(seen.same),
        unread=bool(turn.incoming.result.get("unread")),
    )
    name = f"Pegawai {turn.village.name} - perlu diperbaiki.xlsx"
    return returned.with_file(turn, said, [*pages, *columns.beside(turn)], name)


def _lacking(places: object) -> Sequence[int]:
    """Our columns that a table has not got; place and day of birth may stand in one."""
    assert isinstance(places, dict)
    needed = [staff_sheet.COLUMN_OF[name] for name in ("name", "nik", "position", "wage", "mother", "phone")]
    if staff_sheet.BIRTH_PLACE not in places:
        needed.append(staff_sheet.PLACE)
    return [*needed, staff_sheet.SINCE]


def review(turn: Turn, seen: Sorted, number: int, go_on: Sequence[Choice], hidden: int = 0) -> Outgoing:
    """Who can be saved at once; whatever is unusual stands below the names."""
    ready = seen.ready
    doubts = [
        (one.name[:_LONGEST_NAME], texts.plain(texts.render(doubt.template, doubt.values)))
        for one in ready
        for doubt in one.doubts
    ]
    whole = len(ready) <= PEOPLE and len(doubts) <= DOUBTS
    shown, told = (PEOPLE, DOUBTS) if whole else (_PEOPLE_BESIDE, _DOUBTS_BESIDE)
    choices = (
        Choice(f"intake:{number}", f"Simpan {len(ready)} orang"),
        *go_on,
        Choice(f"intake_fix:{number}", "Ubah satu orang"),
        Choice(f"intake_drop:{number}", "Jangan simpan"),
    )
    said = turn.reply(
        "intake/review",
        choices,
        count=len(ready),
        place=turn.village.label if len(turn.who.villages) > 1 else "",
        groups=_groups(turn, ready),
        problems=len(seen.left),
        same=len(seen.same) + seen.differ,
        people=[(one.name[:_LONGEST_NAME], _post(turn, one)) for one in ready[:shown]],
        more=max(0, len(ready) - shown),
        doubts=doubts[:told],
        more_doubts=max(0, len(doubts) - told),
        hidden=hidden,
    )
    if whole:
        return said
    return returned.with_file(turn, said, [_all(turn, ready)], f"Pegawai {turn.village.name} - periksa.xlsx")


def _post(turn: Turn, one: Person) -> str:
    return position_label(turn.rules.positions, one.answers["position"])


def _groups(turn: Turn, people: Sequence[Person]) -> str:
    """As in "8 Perangkat Desa, 4 Pengurus RT"."""
    counts = Counter(turn.rules.position(one.answers["position"]).category for one in people)
    mine = turn.rules.categories_of(turn.district.code)
    return ", ".join(f"{counts[one.code]} {one.label}" for one in mine if counts[one.code])


def _all(turn: Turn, people: Sequence[Person]) -> Page:
    """Everybody who would be saved, with what is unusual of them; no numbers."""
    head = [
        Column("Nama", 28),
        Column("Jabatan", 26),
        Column("Upah sebulan", 14),
        Column("Mulai bertugas", 16),
        Column("Perlu dicek", 70, wrapped=True),
    ]
    body: list[list[Cell]] = [
        [
            one.name,
            _post(turn, one),
            one.answers["wage"],
            dates.plain_date(date.fromisoformat(one.answers["since"])),
            returned.reasons(one.doubts),
        ]
        for one in people
    ]
    return Page("Akan disimpan", head, body)


def save(turn: Turn) -> list[Outgoing]:
    """*Simpan n orang*: all of them in one transaction; who is there already by now is skipped, and said."""
    number = int(turn.choice.split(":")[1] or 0)
    waiting = pending.find(turn, number)
    if waiting is None:
        return [turn.reply("intake/too_late")]
    speak_of(turn, waiting.village)
    if not _posts_are_there(turn, waiting):
        return [turn.reply("intake/too_late")]
    since = [(one["name"], registration.enrol(turn, one)) for one in waiting.ready]
    months = [month for _, month in since if month is not None]
    if months:
        ledger.refresh(turn.tx, turn.rules, waiting.village, min(months), turn.now)
    registration.drop_registered(turn)
    left = pending.following(turn, waiting)
    if not left:
        pending.drop(turn, number)
    go_on = [Choice(f"intake_next:{number}:0", "Lengkapi lewat chat")] if left else []
    return [
        turn.reply(
            "intake/saved",
            (*go_on, Choice("menu:peserta", "Lihat peserta"), Choice("menu:status", "Status desa")),
            count=len(months),
            skipped=[name for name, month in since if month is None],
            left=len(left),
            at=dates.clock_time(turn.now.astimezone(turn.district.zone), turn.district.zone_label),
            office=turn.district.office,
        )
    ]


def _posts_are_there(turn: Turn, waiting: Pending) -> bool:
    """Whether the district has ended no group of these people since they were read."""
    codes = {position.code for position in posts(turn)}
    return all(one["position"] in codes for one in waiting.ready)


def drop(turn: Turn) -> list[Outgoing]:
    """*Jangan simpan*: what was read is forgotten."""
    number = int(turn.choice.split(":")[1] or 0)
    if pending.find(turn, number) is None:
        return [turn.reply("intake/too_late")]
    pending.drop(turn, number)
    return [turn.reply("intake/dropped")]

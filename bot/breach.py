"""The report after a leak (UU 27/2022 Pasal 46): whose data, which, when, what was opened, until when to tell them."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import texts
from bot.domain import dates
from bot.domain.rulebook import District
from bot.store import breach
from bot.store.breach import Affected, Done
from bot.store.database import Tx

#: Within which the people and the agency are told.
LIMIT = timedelta(hours=72)
#: What a stolen database or backup shows, by whether the key file was stolen with it.
IN_CLEAR = ("name", "village and post", "first and last day of service", "sums that a village owes and paid")
SEALED = (
    "NIK",
    "birth",
    "mother's name",
    "phone",
    "wage",
    "KPJ",
    "what was typed in the last 7 days",
    "kept files",
)
_IN_CLEAR_ID = "nama, desa dan jabatan, tanggal bertugas"
_SEALED_ID = "NIK, tempat dan tanggal lahir, nama ibu, nomor HP, upah"
#: Acts by which somebody saw or took data of others.
OPENING = {
    "export": "took a file with people's data",
    "sheet_entered": "had a sheet for SIPP",
    "compare_file": "sent the agency's list",
    "evidence": "took the file of a village",
    "look_at_proof": "opened a proof of payment",
    "look_at_request": "opened a request for an office",
    "look_at_data_request": "opened a request about data",
    "look_incident": "opened a report of an accident or death",
    "register": "registered somebody",
    "link": "came in with a code",
    "approve": "let somebody in",
}
_LONGEST_LIST = 40


@dataclass(frozen=True, slots=True)
class Leak:
    """What the operator knows: from when to when, when it was found, where, and whether the key went with it."""

    since: datetime
    until: datetime
    known: datetime
    place: str = ""  # the beginning of a code, empty: everywhere
    with_key: bool = False

    @property
    def due(self) -> datetime:
        """By when people and agency are told."""
        return self.known + LIMIT


@dataclass(frozen=True, slots=True)
class Report:
    """What was found."""

    leak: Leak
    people: Sequence[Affected]
    acts: Sequence[Done]
    strangers: int
    files: int
    villages: Mapping[str, str]

    def count(self, kind: str) -> int:
        """How many people of a kind."""
        return sum(one.kind == kind for one in self.people)


def gather(tx: Tx, leak: Leak) -> Report:
    """Look it all up; nothing is written."""
    people = breach.affected(tx, leak.place, leak.until)
    acts = breach.done(tx, leak.place, leak.since, leak.until)
    return Report(leak, people, acts, *breach.others(tx, leak.until), breach.villages(tx, leak.place))


def lines(report: Report, now: datetime) -> Iterator[str]:
    """For the operator: counts and codes, no name."""
    leak = report.leak
    left = leak.due - now
    hours = abs(left.total_seconds()) / 3600
    yield f"Leak from {_utc(leak.since)} to {_utc(leak.until)}, known since {_utc(leak.known)}."
    yield (
        f"Tell the people and the agency by {_utc(leak.due)} (3 x 24 hours, UU 27/2022 Pasal 46): "
        + (f"{hours:.0f} hours left." if left > timedelta(0) else f"{hours:.0f} hours LATE.")
    )
    yield ""
    yield f"People: {report.count('insured')} insured, {report.count('officer')} who chat."
    yield f"Beside them: {report.strangers} strangers' words and requests, {report.files} files that people sent."
    yield from _by_village(report)
    yield ""
    yield f"Readable: {', '.join(IN_CLEAR)}."
    also = (
        "readable too, since the key went with it"
        if leak.with_key
        else "sealed, as long as the key file is safe"
    )
    yield f"{also[0].upper()}{also[1:]}: {', '.join(SEALED)}."
    yield ""
    yield from _accessed(report)


def _by_village(report: Report) -> Iterator[str]:
    counts = Counter(one.place for one in report.people)
    for place, count in counts.most_common(_LONGEST_LIST):
        yield f"{count:>8} {place} {report.villages.get(place, '')}".rstrip()
    if len(counts) > _LONGEST_LIST:
        yield f"         and {len(counts) - _LONGEST_LIST} places more: see --list"


def _accessed(report: Report) -> Iterator[str]:
    opened = [one for one in report.acts if one.action in OPENING]
    yield f"Acts in that time: {len(report.acts)}; of these {len(opened)} by which data were opened or taken:"
    groups = Counter((one.action, one.actor, one.village) for one in opened)
    for (action, actor, village), count in groups.most_common(_LONGEST_LIST):
        who = f"person {actor}" if actor else "the program"
        yield f"{count:>8} x {who} {OPENING[action]}{', ' + village if village else ''}"
    if len(groups) > _LONGEST_LIST:
        yield f"         and {len(groups) - _LONGEST_LIST} kinds more"
    if opened:
        yield f"Acts {opened[0].number} to {opened[-1].number} of the chain; `python -m bot doctor` checks it."


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def table(report: Report) -> str:
    """Everybody, to be told one by one: CSV.  It holds names and phones."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("kind", "number", "name", "code", "village", "reach"))
    for one in report.people:
        name = f"'{one.name}" if one.name[:1] in "=+-@" else one.name
        writer.writerow(
            (one.kind, one.number, name, one.place, report.villages.get(one.place, ""), one.reach)
        )
    return out.getvalue()


def letters(report: Report, district: District) -> Iterator[str]:
    """To the people and to the agency, in Indonesian, to be signed by the office."""
    leak = report.leak
    values = {
        "office": district.office_name,
        "since": _day(leak.since, district),
        "until": _day(leak.until, district),
        "known": _day(leak.known, district),
        "fields": f"{_IN_CLEAR_ID}, {_SEALED_ID}" if leak.with_key else _IN_CLEAR_ID,
        "contact": district.privacy_contact or district.office_name,
    }
    sealed = {"sealed": "" if leak.with_key else _SEALED_ID}
    yield _text("privacy/letter_subject", values | sealed)
    counts = {"insured": report.count("insured"), "officers": report.count("officer")}
    places = len({one.place for one in report.people})
    yield _text("privacy/letter_agency", values | sealed | counts | {"places": places})


def _text(name: str, values: Mapping[str, object]) -> str:
    return texts.plain(texts.render(name, values))


def _day(at: datetime, district: District) -> str:
    local = at.astimezone(district.zone)
    return f"{dates.long_date(local.date())} {dates.clock_time(local, district.zone_label)}"

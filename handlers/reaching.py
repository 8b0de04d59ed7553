"""A broadcast laid over the store: who gets it now, and what it says to each of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot import stencils
from bot.domain import announcing, audience, dates, deadlines
from bot.domain.audience import Place, Reach, Way
from bot.domain.dated import Segment
from bot.domain.months import Month
from bot.domain.rulebook import District, Rules
from bot.messages import Address, Attachment, Choice, Lane, Outgoing
from bot.store import bills, employers, marks, places, recipients, windows
from bot.store.broadcasts import Broadcast, Kind
from bot.store.database import Tx
from bot.store.recipients import Doors, Row
from bot.store.stencils import approved
from bot.ways import MARGIN

_OF_THE_BILL = ("tunggakan", "batas_waktu")
_NOWHERE = Address("", "")
ANSWERS = {"yes": "Hadir", "no": "Tidak", "other": "Diwakili"}


def reach(tx: Tx, rules: Rules, one: Broadcast, now: datetime) -> Reach:
    """Who gets it if it left now, and which villages do not."""
    district = rules.district(one.district)
    today = now.astimezone(district.zone).date()
    registered = employers.registered(tx, district.code)
    behind = _behind(tx, district.code, today)
    found = [
        Place(village.code, village.code in registered, behind.get(village.code, 0))
        for village in places.villages(tx, district.code)
    ]
    otherwise = Way.KNOCK if approved(tx, stencils.KNOCK) else Way.CLOSED
    doors = Doors(leaves_at(one, now) + MARGIN, dict.fromkeys(windows.tiers(tx), otherwise))
    return audience.reach(one.audience, found, recipients.officers(tx, district.code, today, doors))


def leaves_at(one: Broadcast, now: datetime) -> datetime:
    """When it is to leave, as far as that is known: who wrote today may have been silent too long by then."""
    return max(now, one.start_at or now)


def _behind(tx: Tx, district: str, today: date) -> dict[str, int]:
    """How many months past due each village has of which something is missing."""
    late = bills.late(tx, district, today)
    return {code: len({month for _, month, _ in found}) for code, found in late.items()}


class Voice:
    """What a district's broadcasts say to each person at one moment."""

    def __init__(self, tx: Tx, rules: Rules, district: District, now: datetime) -> None:
        self._tx = tx
        self._district = district
        today = now.astimezone(district.zone).date()
        self._villages = {village.code: village for village in places.villages(tx, district.code)}
        self._late = _behind(tx, district.code, today)
        month = Month.of(today).previous().previous()
        due = deadlines.due_date(rules, district.code, Segment.PU, month)
        while due < today:
            month = month.next()
            due = deadlines.due_date(rules, district.code, Segment.PU, month)
        self._due = dates.long_date(due)

    def message(self, one: Broadcast, row: Row | None) -> Outgoing:
        """The message for one person, without key, reason and lane: as the preview shows it.

        For nobody it is as the office wrote it.
        """
        to = row.to if row else _NOWHERE
        text = self.text(one, row) if row else one.text
        office = f"{self._district.office} {self._district.name}"
        code = marks.of(self._tx, one.id)
        if one.kind is Kind.MESSAGE or one.meet_at is None:
            said = Outgoing(to, "siaran/message", {"text": text, "office": office, "code": code})
        else:
            values = {"text": text, "office": office, "place": one.place, "at": self.moment(one.meet_at)}
            values["code"] = code
            said = Outgoing(to, "siaran/invitation", values, rsvp(one.id), buttons_until=one.meet_at)
        if one.file is None:
            return said
        return _with(said, one)

    def text(self, one: Broadcast, row: Row) -> str:
        """What the office wrote, filled in for one person."""
        return self.filled(one.text, row)

    def filled(self, text: str, row: Row) -> str:
        """A text with its places for names filled in for one person."""
        return announcing.fill(text, self._values(row))

    def moment(self, at: datetime) -> str:
        """A moment as the district reads it."""
        return announcing.in_words(at.astimezone(self._district.zone), self._district.zone_label)

    def _values(self, row: Row) -> dict[str, str]:
        here = [self._villages[code] for code in row.villages if code in self._villages]
        return {
            "nama": row.name,
            "jabatan": row.role.label,
            "desa": _joined([village.name for village in here]),
            "kecamatan": _joined(list(dict.fromkeys(village.subdistrict for village in here))),
            "kabupaten": self._district.name,
            "tunggakan": self._arrears([(village.code, village.name) for village in here]),
            "batas_waktu": self._due,
        }

    def _arrears(self, here: Sequence[tuple[str, str]]) -> str:
        months = [(name, self._late.get(code, 0)) for code, name in here]
        if len(months) == 1:
            return f"{months[0][1]} bulan" if months[0][1] else "tidak ada"
        return ", ".join(f"{name} {count} bulan" for name, count in months if count) or "tidak ada"


def _joined(names: Sequence[str]) -> str:
    return " dan ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _with(said: Outgoing, one: Broadcast) -> Outgoing:
    assert one.file is not None
    return replace(said, attachment=Attachment(one.file, one.file_name))


def rsvp(number: int) -> tuple[Choice, ...]:
    """The answers to an invitation."""
    return tuple(Choice(f"rsvp:{number}:{answer}", label) for answer, label in ANSWERS.items())


def first_of(found: Reach) -> Row:
    """The recipient that the preview is made for: one who gets it as it is, if there is one."""
    one = min(found.recipients, key=lambda each: each.officer.way)
    to = recipients.address(one)
    return Row(one.officer.person, one.officer.name, one.villages, one.officer.role, to, "")


def leaving(said: Outgoing, one: Broadcast, row: Row, when: tuple[datetime, Month]) -> Outgoing:
    """The message as it stands in the outbox: once, never repeated, asked for its reason before it leaves.

    `when` is its end, and the month in which it is written: one that speaks of the bill is evidence then.
    """
    expires, month = when
    warns = any(f"{{{name}}}" in one.text for name in _OF_THE_BILL)
    about = f"{row.villages[0]}:{month}" if warns else ""
    return Outgoing(
        row.to,
        said.template,
        said.values,
        said.choices,
        lane=Lane.BROADCAST,
        key=row.key,
        person=row.person,
        expires_at=expires,
        reason=f"broadcast:{one.district}:{one.id}:{row.person}",
        repeatable=False,
        attachment=said.attachment,
        buttons_until=said.buttons_until,
        about=about,
    )

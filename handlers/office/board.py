"""The live board: one pinned message in each group, edited as villages report.

It is written in the group once and edited from then on, whatever month it is.  A new one comes only
where the old one is gone: deleted, or the bot left the group and was added again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain import dates
from bot.domain.months import Month
from bot.domain.offices import office_day
from bot.domain.rulebook import District, Rules
from bot.filling import FormRoute
from bot.messages import Address, Kind, Lane, Outgoing
from bot.planning import Planners, Reasons
from bot.routing import Route
from bot.store import boards, outbox, places
from bot.store.boards import Board, Pin, Room, Standing
from bot.store.database import Tx
from bot.store.outbox import Fate
from bot.store.places import RoomKind
from handlers.office.rooms import digest

#: Changes within this time come together in one edit.
APART = timedelta(minutes=1)
#: After so long it is tried again where a board could be neither posted nor edited.
AGAIN = timedelta(hours=1)
#: One that is gone is posted anew once in this time: whoever deletes it again does not want it.
ANEW = timedelta(days=1)

_OPEN = ("ready", "sending")
#: What platforms say of a message that cannot be edited any more: https://core.telegram.org/bots/api#editmessagetext
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid", "no such message")
#: Shown even where nobody stands so.
_ALWAYS = (Standing.PAID, Standing.REPORTED, Standing.LATE, Standing.MISSING)


@dataclass(frozen=True, slots=True)
class Face:
    """What a board shows: its template's values without the time, and their digest."""

    values: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """Changes when something else is shown."""
        return digest(self.values)


class Keeper:
    """The planner of the boards."""

    def __init__(self, rules: Rules, districts: Sequence[str]) -> None:
        self._rules = rules
        self._districts = districts

    def plan(self, tx: Tx, _since: datetime, until: datetime) -> list[Outgoing]:
        """Posts, pins and edits that bring every board up to date."""
        said: list[Outgoing] = []
        for code in self._districts:
            rooms = boards.rooms(tx, code)
            if rooms:
                said += _of_district(tx, self._rules.district(code), rooms, until)
        return said


def _of_district(tx: Tx, district: District, rooms: Sequence[Room], now: datetime) -> list[Outgoing]:
    today = now.astimezone(district.zone).date()
    month = Month.of(today).previous()
    counted = boards.standings(tx, district.code, month, today)
    said: list[Outgoing] = []
    for room in rooms:
        said += _Group(tx, district, room, _face(counted, month, room.kind), now).keep()
    return said


def _face(counted: Mapping[str, Counter[Standing]], month: Month, kind: RoomKind) -> Face:
    """Where village officers listen, counts of the whole district: a kecamatan may have one late village."""
    total: Counter[Standing] = sum(counted.values(), Counter())
    lines: list[tuple[str, int, list[tuple[str, int]]]] = []
    untouched: list[tuple[str, int]] = []
    for name, count in counted.items() if kind is RoomKind.OFFICE else ():
        if set(count) == {Standing.MISSING}:
            untouched.append((name, count.total()))
        else:
            lines.append((name, count.total(), _parts(count)))
    shown = [(one.value.capitalize(), total[one]) for one in Standing if total[one] or one in _ALWAYS]
    return Face({"month": month.label, "total": shown, "lines": lines, "untouched": untouched})


def _parts(count: Counter[Standing]) -> list[tuple[str, int]]:
    return [(one.value, count[one]) for one in Standing if count[one]]


def _is_gone(last: Fate) -> bool:
    return any(sign in last.error.casefold() for sign in _GONE)


@dataclass(frozen=True, slots=True)
class _Group:
    """One group at one tick."""

    tx: Tx
    district: District
    room: Room
    face: Face
    now: datetime

    def keep(self) -> list[Outgoing]:
        board = self.room.board
        if board is None or board.opened != self.room.since:
            return [self._post()]
        if not board.message:
            posted = outbox.fate(self.tx, board.key)
            if posted is not None and posted.status in _OPEN:
                return []
            if posted is None or posted.status != "sent":
                return [self._post(board.anew)] if self.now - board.at >= AGAIN else []
            board = replace(board, message=posted.platform_id)
            boards.keep(self.tx, self.room, board)
        last = outbox.fate(self.tx, board.last) if board.last else None
        if last is not None and last.status == "failed" and _is_gone(last):
            waits = board.anew is not None and self.now - board.anew < ANEW
            return [] if waits else [self._post(self.now)]
        board, said = self._pinned(board)
        return [*said, *self._edited(board, last)]

    def _post(self, anew: datetime | None = None) -> Outgoing:
        key = f"board:{self.room.at.conversation}:{self._moment}"
        home = self.room.at.chat
        board = Board(self.room.since, key, home, self.face.digest, self.now, anew=anew)
        boards.keep(self.tx, self.room, board)
        return replace(self._text, key=key)

    def _edited(self, board: Board, last: Fate | None) -> list[Outgoing]:
        """The edit that is due, if one is: not while the last one is on its way."""
        lost = last is not None and last.status not in (*_OPEN, "sent")
        same = board.digest == self.face.digest and board.home == self.room.at.chat
        if (last is not None and last.status in _OPEN) or (same and not lost):
            return []
        if self.now - board.at < (AGAIN if last is not None and last.status == "failed" else APART):
            return []
        key = f"{board.key}:{self._moment}"
        changed = replace(board, last=key, digest=self.face.digest, home=self.room.at.chat, at=self.now)
        boards.keep(self.tx, self.room, changed)
        return [replace(self._text, kind=Kind.EDIT, message=board.message, key=key)]

    def _pinned(self, board: Board) -> tuple[Board, list[Outgoing]]:
        """Pin it once; where that is not allowed the board stays, and the office learns of it once."""
        key = f"{board.key}:pin"
        if board.pin is Pin.NOT_ASKED:
            out = Outgoing(
                self.room.at, "", kind=Kind.PIN, message=board.message, lane=Lane.ALERT, key=key, public=True
            )
            return self._with_pin(board, Pin.ASKED), [out]
        fate = outbox.fate(self.tx, key) if board.pin is Pin.ASKED else None
        if fate is None or fate.status in _OPEN:
            return board, []
        if fate.status == "sent":
            return self._with_pin(board, Pin.DONE), []
        return self._with_pin(board, Pin.REFUSED), self._tell_the_office()

    def _with_pin(self, board: Board, pin: Pin) -> Board:
        changed = replace(board, pin=pin)
        boards.keep(self.tx, self.room, changed)
        return changed

    def _tell_the_office(self) -> list[Outgoing]:
        forum = self.room.kind is RoomKind.FORUM
        told = places.office(self.tx, self.district.code, office_day(self.now))
        groups, staff = told if forum else ([self.room.at], [])
        return [
            Outgoing(
                to,
                "board/cannot_pin",
                {"forum": forum},
                lane=Lane.ALERT,
                key=f"board_unpinned:{self.room.at.conversation}:{to.conversation}",
                public=bool(groups),
            )
            for to in (*groups, *(one.to for one in staff))
        ]

    @property
    def _moment(self) -> str:
        return f"{self.now:%Y%m%dT%H%M%S}"

    @property
    def _text(self) -> Outgoing:
        local = self.now.astimezone(self.district.zone)
        at = f"{dates.short_date(local.date())} {dates.clock_time(local, self.district.zone_label)}"
        values = {**self.face.values, "at": at}
        to: Address = self.room.at
        return Outgoing(to, "board/board", values, lane=Lane.ALERT, public=True)


ROUTES: tuple[Route, ...] = ()
FORMS: tuple[FormRoute, ...] = ()
PLANNERS: Planners = {"board": lambda rules, districts: Keeper(rules, districts).plan}
REASONS: Reasons = {}

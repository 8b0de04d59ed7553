"""What time it is: the only place that asks the machine."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time; everything that needs it is given one."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...


class SystemClock:
    """The machine's clock, shifted where the demo asks for it."""

    def __init__(self, start: datetime | None = None) -> None:
        self.shift = timedelta() if start is None else start - datetime.now(UTC)

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC) + self.shift

    def move(self, to: datetime) -> None:
        """Go on from `to`; time keeps flowing."""
        self.shift += to - self.now()


class ManualClock:
    """Stands still until it is moved: for tests and replays."""

    def __init__(self, start: datetime) -> None:
        self.at = start.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it was last moved to, in UTC."""
        return self.at

    def move(self, to: datetime) -> None:
        """Stand at `to`."""
        self.at = to.astimezone(UTC)

"""What a scenario found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Verdict:
    """What must hold, what was counted, and how much of it did not hold."""

    must: str
    counted: str
    lost: int = 0
    wrong: int = 0
    leaked: int = 0
    stuck: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not (self.lost or self.wrong or self.leaked or self.stuck)

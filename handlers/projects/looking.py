"""A budget year's projects as an office may see them: which lack cover, which are past a day, which only planned."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain import dates
from bot.domain.placing import Subdistrict
from bot.domain.projects import Cover
from bot.store import projects as kept
from bot.store.places import Village
from bot.store.projects import Project
from bot.turns import Turn
from handlers import naming


@dataclass(frozen=True, slots=True)
class Look:
    """A budget year, of all villages or of a kecamatan's."""

    turn: Turn
    year: int
    villages: dict[str, Village]
    projects: Sequence[Project]
    area: str

    @classmethod
    def of(cls, turn: Turn, year: int = 0) -> "Look":
        """The year, or the running one."""
        year = year or turn.today.year
        villages = {one.code: one for one in turn.villages}
        found = kept.of_district(turn.tx, turn.district.code, year)
        return cls(turn, year, villages, [one for one in found if one.village in villages], turn.area)

    def inside(self, place: Subdistrict) -> "Look":
        """The same of one kecamatan."""
        villages = {code: one for code, one in self.villages.items() if code.startswith(f"{place.code}.")}
        found = [one for one in self.projects if one.village in villages]
        return Look(self.turn, self.year, villages, found, naming.area(self.turn, place))

    def of_village(self, code: str) -> list[Project]:
        """Those of one village."""
        return [one for one in self.projects if one.village == code]

    def begun(self, project: Project) -> bool:
        """Whether its first day, or that of its planned month, has come."""
        return project.starts is not None and project.starts <= self.turn.today

    def awaits(self, project: Project) -> bool:
        """Whether it is a plan, and its month has not come: nothing is missing yet."""
        return self._cover(project) is Cover.PLANNED and not self.begun(project)

    def lacks(self, project: Project) -> bool:
        """Whether nobody has said that anything was paid, and it is more than a plan for later."""
        return self._cover(project).missing and not self.awaits(project)

    def _cover(self, project: Project) -> Cover:
        return project.cover(self.turn.today)

    @property
    def missing(self) -> list[Project]:
        """Without cover."""
        return [one for one in self.projects if self.lacks(one)]

    @property
    def planned(self) -> list[Project]:
        """Plans for later."""
        return [one for one in self.projects if self.awaits(one)]

    @property
    def late(self) -> list[Project]:
        """Covered, and a later instalment is past its day."""
        return [one for one in self.projects if self._cover(one) is Cover.LATE]

    @property
    def urgent(self) -> list[Project]:
        """Those that have begun without cover, and those past an instalment's day."""
        return [*(one for one in self.missing if self.begun(one)), *self.late]

    def values(self) -> dict[str, object]:
        """The counts that every sentence about the year begins with."""
        at = self.turn.now.astimezone(self.turn.district.zone)
        return {
            "area": self.area,
            "year": self.year,
            "total": len(self.projects),
            "villages": len({one.village for one in self.projects}),
            "missing": len(self.missing),
            "begun": sum(self.begun(one) for one in self.missing),
            "late": len(self.late),
            "planned": len(self.planned),
            "day": dates.short_date(at.date()),
        }

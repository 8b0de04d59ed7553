"""The picture of a trend: how the villages of each kecamatan stand, and how the months before stood.

Drawn for a telephone: as wide as its screen, numbers beside colours, and three colours that stay apart for
every eye (blue, orange, grey; also in lightness).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from bot import texts
from bot.domain.months import NAMES, Month
from bot.domain.standings import Count

PAID, BEHIND, MISSING = "#0067a5", "#f2a33a", "#c9ced6"
_ON = {PAID: "#ffffff", BEHIND: "#1a1a1a", MISSING: "#1a1a1a"}

_LEFT, _RIGHT = 10, 380
_BARS = 132  # where bars begin, right of the names
_STEP = 19  # from one bar to the next
_FIRST_BAR = 112
_NAME = 21  # letters of a name; the longest of Kutai Kartanegara has 19
_DIGIT = 5.6  # width of a digit in a bar
_PLOT_LEFT, _PLOT_RIGHT, _PLOT_HEIGHT = 36, 336, 120
_APART = 13  # of two numbers that stand above each other


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above: the place, when, and the line that is read out."""

    title: str
    when: str
    line: str


def trend(head: Head, places: Mapping[str, Count], months: Mapping[Month, Count | None]) -> str:
    """The drawing (SVG); `months` holds those looked back on, oldest first, None where nothing was counted."""
    most = max((count.total for count in places.values()), default=0) or 1
    bars = [_bar(at, name, count, most) for at, (name, count) in enumerate(places.items())]
    top = _FIRST_BAR + _STEP * len(bars) + 52
    return texts.drawing(
        "paper_pages/trend",
        {
            "head": asdict(head),
            "bars": bars,
            "legend": [[10, PAID, "lunas"], [64, BEHIND, "menunggak"], [150, MISSING, "belum terdaftar"]],
            "plot": _plot(top, list(months.items())),
            "height": top + _PLOT_HEIGHT + 44,
            "colours": [PAID, BEHIND],
        },
    )


def _bar(at: int, name: str, count: Count, most: int) -> dict[str, object]:
    y = _FIRST_BAR + _STEP * at
    unit = (_RIGHT - _BARS) / most
    parts, x = [], float(_BARS)
    for colour, number in ((PAID, count.paid), (BEHIND, count.behind), (MISSING, count.missing)):
        width = number * unit
        if number:
            shown = str(number) if width > _DIGIT * len(str(number)) + 3 else ""
            parts.append(
                {
                    "x": x,
                    "width": width,
                    "colour": colour,
                    "text": shown,
                    "on": _ON[colour],
                    "at": x + width / 2,
                }
            )
        x += width
    return {"y": y, "name": name if len(name) <= _NAME else f"{name[: _NAME - 1]}…", "parts": parts}


def _plot(top: int, months: Sequence[tuple[Month, Count | None]]) -> dict[str, object]:
    """Two lines over the months; a month that was not counted is a gap, never a guess."""
    highest = max((count.registered for _, count in months if count), default=0)
    ticks = _ticks(highest)
    step = (_PLOT_RIGHT - _PLOT_LEFT) / max(len(months) - 1, 1)
    scale = _PLOT_HEIGHT / ticks[-1]

    def points(values: Sequence[int | None]) -> list[tuple[float, float] | None]:
        return [
            None if value is None else (_PLOT_LEFT + at * step, top + _PLOT_HEIGHT - value * scale)
            for at, value in enumerate(values)
        ]

    registered = points([count.registered if count else None for _, count in months])
    behind = points([count.behind if count else None for _, count in months])
    last = next((count for _, count in reversed(months) if count), None)
    since = next((month for month, count in months if count), None)
    return {
        "top": top,
        "bottom": top + _PLOT_HEIGHT,
        "left": _PLOT_LEFT,
        "right": _PLOT_RIGHT,
        "ticks": [(tick, top + _PLOT_HEIGHT - tick * scale) for tick in ticks],
        "months": [_label(at, month, _PLOT_LEFT + at * step) for at, (month, _) in enumerate(months)],
        "lines": [(PAID, "", list(_runs(registered))), (BEHIND, "5 3", list(_runs(behind)))],
        "dots": [(PAID, [p for p in registered if p]), (BEHIND, [p for p in behind if p])],
        "ends": _ends(registered, behind, last),
        "since": since.label if since and since != months[0][0] else "",
    }


def _ticks(highest: int) -> list[int]:
    """Three to five round numbers from zero to one not below the highest."""
    step = next(n * 10**e for e in range(6) for n in (1, 2, 5) if n * 10**e * 4 >= highest)
    return [step * at for at in range(max(-(-highest // step), 1) + 1)]


def _label(at: int, month: Month, x: float) -> dict[str, object]:
    year = str(month.year) if at == 0 or month.number == 1 else ""
    return {"x": x, "name": NAMES[month.number - 1][:3], "year": year}


def _runs(points: Sequence[tuple[float, float] | None]) -> Iterator[str]:
    """The unbroken pieces of a line."""
    run: list[str] = []
    for point in (*points, None):
        if point is not None:
            run.append(f"{point[0]:.1f},{point[1]:.1f}")
        elif run:
            yield " ".join(run)
            run = []


def _ends(
    registered: Sequence[tuple[float, float] | None],
    behind: Sequence[tuple[float, float] | None],
    last: Count | None,
) -> list[dict[str, object]]:
    """The newest numbers at the end of their lines, moved apart where they would touch."""
    above = next((point for point in reversed(registered) if point), None)
    below = next((point for point in reversed(behind) if point), None)
    if above is None or below is None or last is None:
        return []
    upper = min(above[1], below[1] - _APART)
    return [
        {"x": above[0] + 8, "y": upper + 4, "text": last.registered, "colour": PAID},
        {"x": below[0] + 8, "y": below[1] + 4, "text": last.behind, "colour": "#9a5b00"},
    ]

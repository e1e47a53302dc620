"""Where the lines, marks and words of a chart of signatures stand. Places are shares of the width, 0 to 1, and of the height
from below, 0 to 1; the template turns them into a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

#: A chart is at least so much higher than its highest point.
HEADROOM = 1.06
#: A threshold up to so much higher than the highest point is drawn too: it shows how far it is.
IN_SIGHT = 1.6
#: Two flags nearer than this, as a share of the width, stand on rows of their own.
FLAG_ROOM = 0.085
MOST_FLAG_ROWS = 4
#: The lines of thresholds keep so far from the grid, as a share of the height.
MARK_ROOM = 0.06
#: Two names at the ends of lines keep so far apart, as a share of the height.
NAME_ROOM = 0.08
MOST_STEPS = 5

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """One petition's count: its points from left to right."""

    name: str
    points: list[Point]
    named_at: float | None = None
    """How high its name stands beside its end; kept apart from the names of others."""

    @property
    def path(self) -> str:
        """The points on a grid of 1000 by 1000 whose origin is at the top, as SVG wants them."""
        return " ".join(f"{round(1000 * x)},{round(1000 - 1000 * y)}" for x, y in self.points)


@dataclass(frozen=True)
class Tick:
    """A mark of an axis with its words."""

    at: float
    label: str


@dataclass(frozen=True)
class Mark(Tick):
    """A threshold's line right across."""

    stands_at_end: bool = False
    """Its words stand where the line ends, under the curve: the curve is above it already where lines begin."""


@dataclass(frozen=True)
class Flag:
    """Something that happened, as a numbered flag above the chart; flags that are near each other stand on several rows."""

    at: float
    number: int
    title: str
    row: int


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn."""

    title: str
    summary: str
    """What a screen reader says in place of the picture."""
    lines: list[Line]
    across: list[Tick]
    """Under the chart."""
    upward: list[Tick]
    """Beside the chart."""
    marks: list[Mark] = field(default_factory=list)
    """Lines right across: thresholds."""
    flags: list[Flag] = field(default_factory=list)

    @property
    def flag_rows(self) -> int:
        """How many rows of flags there are."""
        return max((flag.row + 1 for flag in self.flags), default=0)


def with_names_apart(lines: Sequence[Line]) -> list[Line]:
    """The lines, with the names at their ends moved upwards where two would cover each other."""
    placed: list[tuple[float, float]] = []
    heights: dict[str, float] = {}
    for line in sorted(lines, key=lambda each: each.points[-1][1]):
        x, y = line.points[-1]
        for other_x, other_y in sorted(placed, key=lambda each: each[1]):
            if abs(other_x - x) < FLAG_ROOM and y - other_y < NAME_ROOM:
                y = other_y + NAME_ROOM
        placed.append((x, y))
        heights[line.name] = y
    return [replace(line, named_at=heights[line.name]) for line in lines]


def ceiling_of(highest: int, thresholds: Sequence[int]) -> float:
    """How high a chart is, in signatures: with the thresholds that are in sight."""
    near = [each for each in thresholds if highest < each <= IN_SIGHT * highest]
    return max([HEADROOM * highest, 4.0, *(1.04 * each for each in near)])


def marks_of(thresholds: Sequence[tuple[int, str]], ceiling: float, lines: Sequence[Line]) -> list[Mark]:
    """The thresholds that have room, each with its words where no curve runs."""
    marks: list[Mark] = []
    for signatures, label in thresholds:
        height = signatures / ceiling
        if height > 1:
            continue
        passed = [x for line in lines for x, y in line.points if y >= height]
        at_end = bool(passed) and min(passed) < 0.5
        if marks and height - marks[-1].at < 2 * MARK_ROOM:
            # Too near to the one below for both to have their words at one side.
            at_end = not marks[-1].stands_at_end
        marks.append(Mark(height, label, stands_at_end=at_end))
    return marks


def flags_of(happened: Sequence[tuple[float, str]]) -> list[Flag]:
    """Numbered flags for what happened, in its order, each on the lowest row where it has room."""
    ends = [-1.0] * MOST_FLAG_ROWS
    flags = []
    for number, (at, title) in enumerate(happened, start=1):
        free = [row for row, end in enumerate(ends) if at - end >= FLAG_ROOM]
        # Where all rows are taken the flag covers another; the list under the chart has both.
        row = free[0] if free else ends.index(min(ends))
        ends[row] = at
        flags.append(Flag(at, number, title, row))
    return flags


def apart(ticks: Sequence[Tick], marks: Sequence[Mark]) -> list[Tick]:
    """The lines of the grid that no threshold's line runs through."""
    return [tick for tick in ticks if all(abs(tick.at - mark.at) >= MARK_ROOM for mark in marks)]

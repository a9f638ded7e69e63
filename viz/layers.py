"""The geometry of an exploration 图谱探索: nodes in columns by the flow of supply, links in the gutters between them.

Pure functions from the moves of an exploration to cells, boxes and paths. A cell that was given is never moved: what
comes later takes free cells, what leaves gives its own back. So the picture stays as it is when things are added, and
the same address gives the same picture.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

TILE_WIDTH = 176
TILE_HEIGHT = 28
PITCH = 34  # from row to row: a tile and the street below it
GUTTER = 84
STEP = TILE_WIDTH + GUTTER
_STREET = (PITCH - TILE_HEIGHT) / 2
_MARGIN = 24


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the grid; columns grow downstream, rows downwards, both may be negative."""

    column: int
    row: int


@dataclass(frozen=True, slots=True)
class Place:
    """A block of nodes to be placed, one below the other, under a heading of its own where `heading` names one.

    Attributes:
        keys: What is placed, in order; none of it is there yet.
        beside: The node that it came from; `None` for a beginning of its own.
        shift: Columns from that node to the block.
        heading: Key of the heading, or `None`.
    """

    keys: tuple[str, ...]
    beside: str | None
    shift: int
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Nodes and headings that leave."""

    keys: tuple[str, ...]


Move = Place | Remove


def _first_row(taken: set[int], size: int, near: int) -> int:
    """The first row of the free run of so many rows, with a free row above and below, whose middle is nearest."""
    wanted = near - size // 2
    for distance in itertools.count():
        for start in (wanted - distance, wanted + distance):
            if taken.isdisjoint(range(start - 1, start + size + 1)):
                return start
    raise AssertionError("unreachable: rows have no end")


def arrange(moves: Iterable[Move]) -> dict[str, Cell]:
    """The cell of every node and heading after some moves."""
    cells: dict[str, Cell] = {}
    taken: dict[int, set[int]] = defaultdict(set)
    for move in moves:
        if isinstance(move, Remove):
            for key in move.keys:
                if cell := cells.pop(key, None):
                    taken[cell.column].discard(cell.row)
            continue
        block = (*((move.heading,) if move.heading else ()), *move.keys)
        beside = cells.get(move.beside or "")
        column = (beside.column if beside else 0) + move.shift
        near = beside.row if beside else 0
        first = _first_row(taken[column], len(block), near)
        for row, key in enumerate(block, first):
            cells[key] = Cell(column, row)
            taken[column].add(row)
    return cells


@dataclass(frozen=True, slots=True)
class Box:
    """A tile or heading on the canvas, in pixels from its upper left corner."""

    key: str
    x: float
    y: float
    width: float = TILE_WIDTH
    height: float = TILE_HEIGHT


@dataclass(frozen=True, slots=True)
class Line:
    """A link as an SVG path; it runs from the supplying end to the other."""

    start: str
    end: str
    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Canvas:
    """A picture: its size in pixels, its boxes and lines.

    Attributes:
        left, top: Column and row of the upper left cell, to tell how far a picture grew to the left or upwards.
    """

    width: float
    height: float
    left: int
    top: int
    boxes: Mapping[str, Box]
    lines: tuple[Line, ...]


def _trunk(cell: Cell) -> float:
    """How far the links of a node keep from the middle of the gutter, so that neighbours do not share one line."""
    return (cell.row % 5 - 2) * 5.0


def _corners(a: Box, b: Box, start: Cell, end: Cell, hub: Cell) -> list[tuple[float, float]]:
    """The corners of a link: level in the streets between rows, upright in the gutters between columns.

    Its trunk is that of the hub, the end with more links, so that a fan of links is one line with many branches.
    """
    y1, y2 = a.y + a.height / 2, b.y + b.height / 2
    trunk = GUTTER / 2 + _trunk(hub)
    if start.column == end.column:
        x = a.x + a.width + trunk
        return [(a.x + a.width, y1), (x, y1), (x, y2), (b.x + b.width, y2)]
    forward = start.column < end.column
    x1, x2 = (a.x + a.width, b.x) if forward else (a.x, b.x + b.width)
    out = x1 + trunk if forward else x1 - trunk
    if abs(start.column - end.column) == 1:
        return [(x1, y1), (out, y1), (out, y2), (x2, y2)]
    into = x2 - GUTTER / 2 if forward else x2 + GUTTER / 2
    street = b.y - _STREET if y2 >= y1 else b.y + b.height + _STREET
    return [(x1, y1), (out, y1), (out, street), (into, street), (into, y2), (x2, y2)]


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def rounded(corners: Sequence[tuple[float, float]], radius: float = 7) -> str:
    """A path through corners, each of them rounded.

    Examples:
        >>> rounded([(0, 0), (10, 0), (10, 10)], radius=2)
        'M0 0L8 0Q10 0 10 2L10 10'
    """
    points = [point for point, _ in itertools.groupby(corners)]
    text = f"M{_number(points[0][0])} {_number(points[0][1])}"
    for (x0, y0), (x, y), (x1, y1) in zip(points, points[1:], points[2:], strict=False):
        before, after = abs(x - x0) + abs(y - y0), abs(x1 - x) + abs(y1 - y)
        cut = min(radius, before / 2, after / 2)
        near = (x - (x - x0) / before * cut, y - (y - y0) / before * cut)
        far = (x + (x1 - x) / after * cut, y + (y1 - y) / after * cut)
        text += f"L{_number(near[0])} {_number(near[1])}Q{_number(x)} {_number(y)} {_number(far[0])} {_number(far[1])}"
    return text + f"L{_number(points[-1][0])} {_number(points[-1][1])}"


def canvas(cells: Mapping[str, Cell], links: Iterable[tuple[str, str, str]]) -> Canvas:
    """The picture of some cells and the links among them.

    Args:
        cells: Where each node and heading stands.
        links: Start, end and kind of each link; both ends have a cell.
    """
    if not cells:
        return Canvas(0, 0, 0, 0, {}, ())
    left, top = min(cell.column for cell in cells.values()), min(cell.row for cell in cells.values())
    boxes = {
        key: Box(key, _MARGIN + (cell.column - left) * STEP, _MARGIN + (cell.row - top) * PITCH)
        for key, cell in cells.items()
    }
    links = tuple(links)
    many = Counter(key for start, end, _ in links for key in (start, end))
    lines = []
    for start, end, kind in links:
        hub = cells[start] if many[start] >= many[end] else cells[end]
        corners = _corners(boxes[start], boxes[end], cells[start], cells[end], hub)
        lines.append(Line(start, end, kind, rounded(corners)))
    right = max(box.x + box.width for box in boxes.values())
    bottom = max(box.y + box.height for box in boxes.values())
    bracket = GUTTER / 2 + 10  # links within the last column bulge to the right
    return Canvas(right + max(_MARGIN, bracket), bottom + _MARGIN, left, top, boxes, tuple(lines))


def text_width(text: str, size: float = 14) -> float:
    """About how wide a text is in pixels: a Chinese character is as wide as high, others are a little over half."""
    wide = sum(1.0 if unicodedata.east_asian_width(char) in "WF" else 0.68 if char.isupper() else 0.54 for char in text)
    return wide * size


def fitted(text: str, width: float, size: float = 14) -> str:
    """A text that fits a width in pixels, cut with an ellipsis where it is too long."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"

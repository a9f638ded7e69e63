"""Geometry of the chain panorama 链全景图: segments into columns, products into rows and folds.

The grid has one row pitch. A segment takes a row for its head, one for each product shown, and one for the fold that
holds the rest. Nothing here depends on the radius, so that no tile moves when it changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

MOST_COLUMNS = 7
ROWS = 20
PHONE_ROWS = 6
_LEAST_ROWS = 3
_SHARING_MUST_SAVE = 8


@dataclass(frozen=True, slots=True)
class Block:
    """A segment before it is placed: its products in the order in which they are shown."""

    segment_id: str
    position: str
    products: tuple[int, ...]

    @property
    def rows(self) -> int:
        """Rows of the segment when all of it is shown."""
        return 1 + len(self.products)


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment in its column.

    Attributes:
        segment_id: The segment.
        row: Row of its head, from 0.
        shown: Products with a tile of their own.
        folded: Products behind the fold; none, or two and more.
        phone: Number of tiles that a phone shows before the fold.
    """

    segment_id: str
    row: int
    shown: tuple[int, ...]
    folded: tuple[int, ...]
    phone: int

    @property
    def products(self) -> tuple[int, ...]:
        """All products of the segment, in order."""
        return self.shown + self.folded

    @property
    def rows(self) -> int:
        """Rows that the segment takes, head and fold counted."""
        return 1 + len(self.shown) + bool(self.folded)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of segments.

    Attributes:
        segments: From top to bottom.
        positions: Positions that begin in this column; empty when the one of the column before goes on.
        goes_on: Whether the next column begins with the position with which this one ends.
    """

    segments: tuple[Placed, ...]
    positions: tuple[str, ...]
    goes_on: bool

    @property
    def rows(self) -> int:
        """Rows of the column."""
        return sum(segment.rows for segment in self.segments)


def _cuts(blocks: Sequence[Block], most: int, *, share: bool) -> tuple[tuple[int, int], tuple[int, ...]]:
    """The best way to cut the blocks into columns: (tallest, sum of squares) and where each column ends."""

    @cache
    def best(start: int, left: int) -> tuple[tuple[int, int], tuple[int, ...]]:
        if start == len(blocks):
            return (0, 0), ()
        if not left:
            return (10**6, 10**9), ()
        found, height = [], 0
        for end in range(start + 1, len(blocks) + 1):
            if not share and blocks[end - 1].position != blocks[start].position:
                break
            height += blocks[end - 1].rows
            (tallest, squares), cuts = best(end, left - 1)
            found.append(((max(tallest, height), squares + height * height), (end, *cuts)))
        return min(found)

    return best(0, most)


def pack(blocks: Sequence[Block], most: int = MOST_COLUMNS) -> list[list[Block]]:
    """Segments into columns, in their order; the tallest column is as low as can be.

    Positions share a column only when that saves more than 8 rows, or when there are too few columns.
    """
    apart, together = _cuts(blocks, most, share=False), _cuts(blocks, most, share=True)
    (tallest, _), cuts = apart if apart[0][0] - together[0][0] <= _SHARING_MUST_SAVE else together
    return [list(blocks[start:end]) for start, end in pairwise((0, *cuts))] if tallest else []


def share_rows(sizes: Sequence[int], budget: int) -> list[int]:
    """Rows for each segment of a column: small ones are shown whole, large ones share what is left.

    A segment that gets fewer rows than it has products needs one of them for its fold, so that at least two are behind it.
    """
    given, left = [0] * len(sizes), budget
    order = sorted(range(len(sizes)), key=lambda at: (sizes[at], at))
    for place, at in enumerate(order):
        fair = max(_LEAST_ROWS, left // (len(order) - place))
        given[at] = min(sizes[at], fair)
        left -= given[at]
    return given


def _place(column: Sequence[Block], rows: int) -> tuple[Placed, ...]:
    given = share_rows([len(block.products) for block in column], rows - len(column))
    placed, row = [], 0
    for block, share in zip(column, given, strict=True):
        size = len(block.products)
        shown = size if share == size else share - 1
        phone = size if size <= PHONE_ROWS + 1 else PHONE_ROWS
        placed.append(Placed(block.segment_id, row, block.products[:shown], block.products[shown:], phone))
        row += placed[-1].rows
    return tuple(placed)


def columns(blocks: Sequence[Block], rows: int = ROWS, most: int = MOST_COLUMNS) -> tuple[Column, ...]:
    """The columns of a panorama.

    Args:
        blocks: The segments in the order of the chain.
        rows: Rows that fit the screen; a column with many segments may need more.
        most: Greatest number of columns.
    """
    packed = pack(blocks, most)
    found, before = [], ""
    for at, column in enumerate(packed):
        inside = list(dict.fromkeys(block.position for block in column))
        last = column[-1].position
        goes_on = at + 1 < len(packed) and packed[at + 1][0].position == last
        new = tuple(position for position in inside if position != before)
        found.append(Column(_place(column, rows), new, goes_on))
        before = last
    return tuple(found)

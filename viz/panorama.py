"""The geometry of a panorama 全景图: segments in columns, tiles in rows, what is folded, which links are drawn.

Pure functions from the answer of `queries.panorama` to rows and columns; nothing is measured in the browser but the
width of a column. The order of tiles and the packing follow Shanghai, whatever radius is shown, so that nothing moves.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from queries.coverage import STATUSES, Status
from queries.gap_rows import GapRow
from queries.panorama import Link, Panorama, Stage

MOST_COLUMNS = 7
ROWS = 20
_MIXING_COST = 8  # rows that a column may grow before two positions share one
_LEAST_SHOWN = 2
PHONE = 6  # tiles of a segment that a phone shows at once


@dataclass(frozen=True, slots=True)
class Marks:
    """What the focus of a product does to the tiles.

    Attributes:
        up, down: Steps to each product that it needs, and that needs it, within the chain.
        stops: Products of the chain that stop without it.
        links: Pairs to draw: input, user, whether upstream, and the step.
    """

    product: str
    up: Mapping[str, int]
    down: Mapping[str, int]
    stops: frozenset[str]
    links: tuple[tuple[str, str, bool, int], ...]

    def of(self, product: str) -> str:
        """The classes of a tile."""
        if product == self.product:
            return "me on"
        step = self.up.get(product, self.down.get(product, 0))
        words = ["on"] if step or product in self.stops else []
        words += ["far"] if step > 1 else []
        words += ["stop"] if product in self.stops else []
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class Tile:
    """A product in a segment; `first` where it did not stand in a segment before."""

    row: GapRow
    marks: str
    first: bool


@dataclass(frozen=True, slots=True)
class Block:
    """A segment: the tiles that are shown, and those that are folded.

    Attributes:
        counts: Number of its products by status.
        folded_counts: Number of the folded ones by status, the worst first.
        related: Number of folded tiles that the focus marks.
    """

    id: str
    name_zh: str
    name_en: str | None
    position: str
    final: bool
    tiles: tuple[Tile, ...]
    folded: tuple[Tile, ...]
    counts: Mapping[Status, int]
    folded_counts: tuple[tuple[Status, int], ...]
    related: int

    @property
    def size(self) -> int:
        """Number of its products."""
        return len(self.tiles) + len(self.folded)

    @property
    def on_phone(self) -> int:
        """Number of tiles that a phone shows before its fold; never all but one."""
        return self.size if self.size <= PHONE + 1 else PHONE

    @property
    def phone_counts(self) -> tuple[tuple[Status, int], ...]:
        """Number of those by status that a phone folds, the worst first."""
        return _worst_first(tile.row.status for tile in (*self.tiles, *self.folded)[self.on_phone :])

    @property
    def rows(self) -> int:
        """Rows that it takes: header, tiles and the row of the fold."""
        return 1 + len(self.tiles) + bool(self.folded)


@dataclass(frozen=True, slots=True)
class Column:
    """Segments one below the other; `opens` names the positions that begin here, `last` ends the stream."""

    blocks: tuple[Block, ...]
    opens: tuple[str, ...]
    last: bool


def _cost(stages: Sequence[Stage]) -> int:
    mixed = len({stage.position for stage in stages}) > 1
    return sum(len(stage.products) + 1 for stage in stages) + (_MIXING_COST if mixed else 0)


def packing(stages: Sequence[Stage], most: int = MOST_COLUMNS) -> list[list[Stage]]:
    """Cut segments, in their order, into at most so many columns: the tallest as low as can be, then the most even."""

    @cache
    def best(start: int, columns: int) -> tuple[int, int, tuple[int, ...]]:
        if start == len(stages):
            return 0, 0, ()
        if columns == 0:
            return 10**9, 10**9, ()
        found = []
        for end in range(start + 1, len(stages) + 1):
            cost = _cost(stages[start:end])
            tallest, squares, cuts = best(end, columns - 1)
            found.append((max(cost, tallest), cost * cost + squares, (end, *cuts)))
        return min(found)

    starts = (0, *best(0, most)[2])
    return [list(stages[a:b]) for a, b in itertools.pairwise(starts)]


def shares(sizes: Sequence[int], rows: int) -> list[int]:
    """Rows for the tiles of each segment of a column: small ones whole, large ones share what is left."""
    left, given = rows - len(sizes), [0] * len(sizes)
    for rank, at in enumerate(sorted(range(len(sizes)), key=lambda at: (sizes[at], at))):
        fair = max(left // (len(sizes) - rank), _LEAST_SHOWN)
        given[at] = min(sizes[at], fair)
        left -= given[at]
    return given


def steps(links: Iterable[tuple[str, str]], start: str, depth: int) -> dict[str, int]:
    """Products that are reached from one along links, with the least number of steps."""
    follow: dict[str, list[str]] = defaultdict(list)
    for here, there in links:
        follow[here].append(there)
    found, front = {start: 0}, [start]
    for step in range(1, depth + 1):
        front = [there for here in front for there in follow[here] if there not in found]
        found.update(dict.fromkeys(front, step))
    del found[start]
    return found


def focus(links: Sequence[Link], product: str, depth: int, stops: Iterable[str]) -> Marks:
    """The marks of a focused product, to a depth of steps each way; only shortest ways are drawn."""
    up = steps(((link.product_id, link.input_id) for link in links), product, depth)
    down = steps(((link.input_id, link.product_id) for link in links), product, depth)
    drawn = set()
    for link in links:
        need, user = link.input_id, link.product_id
        if need in up and up[need] == (0 if user == product else up.get(user, depth)) + 1:
            drawn.add((need, user, True, up[need]))
        if user in down and down[user] == (0 if need == product else down.get(need, depth)) + 1:
            drawn.add((need, user, False, down[user]))
    return Marks(product, up, down, frozenset(stops), tuple(sorted(drawn, key=lambda item: (-item[3], item))))


def _worst_first(found: Iterable[Status]) -> tuple[tuple[Status, int], ...]:
    statuses = list(found)
    return tuple((status, statuses.count(status)) for status in reversed(STATUSES) if status in statuses)


def _block(
    stage: Stage, order: Sequence[str], rows: int, finals: set[str], marks: Marks | None, seen: set[str]
) -> Block:
    by_id = {row.product_id: row for row in stage.products}
    tiles = []
    for product in order:
        tiles.append(Tile(by_id[product], marks.of(product) if marks else "", product not in seen))
        seen.add(product)
    shown = len(tiles) if len(tiles) <= rows else rows - 1
    folded = tiles[shown:]
    return Block(
        id=stage.id,
        name_zh=stage.name_zh,
        name_en=stage.name_en,
        position=stage.position,
        final=bool(finals & by_id.keys()),
        tiles=tuple(tiles[:shown]),
        folded=tuple(folded),
        counts={status: sum(row.status == status for row in stage.products) for status in STATUSES},
        folded_counts=_worst_first(tile.row.status for tile in folded),
        related=sum(1 for tile in folded if tile.marks),
    )


def columns(answer: Panorama, order: Panorama, marks: Marks | None = None, rows: int = ROWS) -> tuple[Column, ...]:
    """The columns of a panorama.

    Args:
        answer: The chain in the region that is shown.
        order: The same chain in Shanghai, which settles the order.
        marks: The focus, if there is one.
        rows: Rows that fit without scrolling.
    """
    finals, seen = set(answer.finals), set[str]()
    ranked = {
        stage.id: sorted((row.product_id for row in stage.products), key=lambda product: product not in finals)
        for stage in order.segments
    }
    made, position = [], ""
    packed = packing(answer.segments)
    for number, stages in enumerate(packed):
        given = shares([len(stage.products) for stage in stages], rows)
        blocks = tuple(
            _block(stage, ranked[stage.id], space, finals, marks, seen)
            for stage, space in zip(stages, given, strict=True)
        )
        there = list(dict.fromkeys(stage.position for stage in stages))
        opens = there if len(there) > 1 or there[0] != position else []
        position = there[-1]
        made.append(Column(blocks, tuple(opens), last=number == len(packed) - 1))
    return tuple(made)

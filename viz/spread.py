"""The layered picture of a disruption: a column for each round of failure, a link for each shortest reason.

Pure geometry in pixels, tested by numbers; the template only writes it down.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from viz.layers import fitted, rounded

TILE_W, TILE_H, PITCH, GUTTER, TOP, MARGIN = 152, 26, 32, 40, 34, 1
MOST_ROWS = 12
_ROOM = 10.0


@dataclass(frozen=True, slots=True)
class Node:
    """What goes into the picture.

    Attributes:
        id: Product id.
        text: Its name.
        final: Whether it is a final product.
        round: Round of failure, from 0.
        parent: The product that its shortest reason goes to; `None` in round 0.
    """

    id: str
    text: str
    final: bool
    round: int
    parent: str | None


@dataclass(frozen=True, slots=True)
class Tile:
    """A box: of a product, or of those of a column that are folded (`id` is then `None`)."""

    id: str | None
    text: str
    full: str
    x: float
    y: float
    final: bool
    folded: int


@dataclass(frozen=True, slots=True)
class Column:
    """A round: where it stands and how many fail in it."""

    x: float
    round: int
    count: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Tiles, links as SVG paths, columns, and the size of it all; the root box stands at the left."""

    width: float
    height: float
    columns: tuple[Column, ...]
    tiles: tuple[Tile, ...]
    paths: tuple[str, ...]


def _weights(nodes: Sequence[Node]) -> dict[str, int]:
    """For each product how many others rest on it."""
    parent = {node.id: node.parent for node in nodes}
    found: dict[str, int] = defaultdict(int)
    for node in nodes:
        above = node.parent
        while above is not None:
            found[above] += 1
            above = parent.get(above)
    return found


def picture(nodes: Sequence[Node], rows: int = MOST_ROWS) -> Picture:
    """Lay out a disruption: those with most behind them first, children near their parent, the rest folded.

    Args:
        nodes: Every product that stops.
        rows: Most tiles in a column, the folded ones' tile among them.
    """
    weight, place = _weights(nodes), dict[str, int]()
    columns: list[Column] = []
    tiles: list[Tile] = []
    links: set[tuple[tuple[float, float], tuple[float, float]]] = set()
    spot: dict[str, tuple[float, float]] = {}
    most = 1
    for number in sorted({node.round for node in nodes}):
        x = MARGIN + (number + 1) * (TILE_W + GUTTER)
        here = [node for node in nodes if node.round == number]
        # Chosen by weight, but drawn in the order of their parents, so that links cross little.
        here.sort(key=lambda node: (-weight[node.id], not node.final, node.id))
        shown = here if len(here) <= rows else here[: rows - 1]
        shown = sorted(
            shown, key=lambda node: (place.get(node.parent or "", rows), -weight[node.id], not node.final, node.id)
        )
        for at, node in enumerate(shown):
            y = TOP + at * PITCH
            place[node.id], spot[node.id] = at, (x, y)
            tiles.append(Tile(node.id, fitted(node.text, TILE_W - _ROOM), node.text, x, y, node.final, 0))
        for node in here[len(shown) :] if len(here) > len(shown) else ():
            place[node.id], spot[node.id] = len(shown), (x, TOP + len(shown) * PITCH)
        if len(here) > len(shown):
            tiles.append(Tile(None, "", "", x, TOP + len(shown) * PITCH, final=False, folded=len(here) - len(shown)))
        most = max(most, len(shown) + (len(here) > len(shown)))
        columns.append(Column(x, number, len(here)))
        for node in here:
            start = spot.get(node.parent or "", (float(MARGIN), float(TOP)))
            links.add((start, spot[node.id]))
    width = MARGIN * 2 + (len(columns) + 1) * TILE_W + len(columns) * GUTTER if columns else TILE_W
    paths = tuple(_path(start, end) for start, end in sorted(links))
    return Picture(width, TOP + most * PITCH, tuple(columns), tuple(tiles), paths)


def _path(start: tuple[float, float], end: tuple[float, float]) -> str:
    """From the right edge of one tile to the left edge of another, the vertical in the gutter before the latter."""
    x1, y1 = start[0] + TILE_W, start[1] + TILE_H / 2
    x2, y2 = end[0], end[1] + TILE_H / 2
    turn = x1 + 8 + (round(start[1] / PITCH) % 8) * 3
    return rounded([(x1, y1), (turn, y1), (turn, y2), (x2, y2)] if y1 != y2 else [(x1, y1), (x2, y2)], 5)

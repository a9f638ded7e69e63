"""An exploration as a picture: which way its edges run, where its nodes stand, what its tiles and headings say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from queries.exploration import Arrived, Left, Opened, Picture
from queries.refs import Ref
from queries.ways import Edge
from viz.layers import Box, Canvas, Move, Place, Remove, arrange, canvas

# Edges whose end stands upstream of their start, that is to the left of it: what is needed, the place, the final.
_END_IS_LEFT = frozenset(("REQUIRES", "ENDS_IN", "SITED_IN", "HEADQUARTERED_IN", "OF_ECONOMY", "LOCATED_IN"))
_SUPPLY = frozenset(("REQUIRES", "SUPPLIES", "SELLS_TO", "VARIANT_OF"))
_PLACES = frozenset(("SITED_IN", "HEADQUARTERED_IN", "OF_ECONOMY", "LOCATED_IN", "PART_OF"))

KINDS = ("product", "firm", "park", "region", "chain", "segment", "industry", "event", "target", "observation")
"""The kinds of nodes in the order of the list beside the picture."""


def end_is_left(relation: str, end_kind: str) -> bool:
    """Whether an edge points against the stream: its end is drawn to the left of its start."""
    return relation in _END_IS_LEFT or (relation == "PART_OF" and end_kind in ("region", "park"))


def shift(sort: str) -> int:
    """Columns from a node to its neighbours of a sort such as `in:SUPPLIES:firm`: -1 upstream, 1 downstream."""
    way, relation, kind = sort.split(":")
    return -1 if (way == "out") == end_is_left(relation, kind) else 1


def heading_key(node: str, sort: str) -> str:
    """The key of the heading over the neighbours of a sort."""
    return f"{node}~{sort}"


def _move(change: Arrived | Left) -> Move:
    if isinstance(change, Left):
        return Remove((*change.keys, *(heading_key(*pair) for pair in change.sorts)))
    heading = heading_key(change.beside, change.sort) if change.heads and change.beside and change.sort else None
    return Place(change.keys, change.beside, shift(change.sort) if change.sort else 0, heading)


def _line(edge: Edge) -> tuple[str, str, str]:
    kind = "supply" if edge.relation in _SUPPLY else "place" if edge.relation in _PLACES else "other"
    if end_is_left(edge.relation, edge.end.partition(":")[0]):
        return edge.end, edge.start, kind
    return edge.start, edge.end, kind


@dataclass(frozen=True, slots=True)
class Tile:
    """A node on the canvas; `near` where it is joined to the one in focus."""

    node: Ref
    box: Box
    pinned: bool
    near: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over a block of neighbours."""

    opened: Opened
    box: Box


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with its geometry.

    Attributes:
        focus: Key of the node in focus, or `None`.
        joined: How many nodes it is joined to on the picture.
        counts: Number of nodes by kind.
    """

    canvas: Canvas
    tiles: tuple[Tile, ...]
    headings: tuple[Heading, ...]
    focus: str | None
    joined: int
    counts: dict[str, int]


def drawing(picture: Picture, focus: str | None = None) -> Drawing:
    """Draw a picture; a focus that is not on it counts as none."""
    cells = arrange(map(_move, picture.changes))
    made = canvas(cells, sorted(set(map(_line, picture.edges))))
    focus = focus if focus in picture.nodes else None
    near = {end for line in made.lines for end in (line.start, line.end) if focus in (line.start, line.end)}
    counts = Counter(node.kind for node in picture.nodes.values())
    return Drawing(
        canvas=made,
        tiles=tuple(
            Tile(node, made.boxes[key], key in picture.pinned, key in near) for key, node in picture.nodes.items()
        ),
        headings=tuple(
            Heading(opened, made.boxes[key])
            for opened in picture.opened
            if (key := heading_key(opened.node, opened.sort)) in made.boxes
        ),
        focus=focus,
        joined=max(len(near) - 1, 0),
        counts={kind: counts[kind] for kind in KINDS if counts[kind]},
    )


def by_kind(nodes: Iterable[Ref]) -> list[tuple[str, list[Ref]]]:
    """Nodes by kind, in the order of the list."""
    found: dict[str, list[Ref]] = {}
    for node in nodes:
        found.setdefault(node.kind, []).append(node)
    return [(kind, found[kind]) for kind in KINDS if kind in found]

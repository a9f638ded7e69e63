"""What stops a product at once: minimal cut sets of every kind with the names of their elements (measures §8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from queries.criticality import FLOOR
from queries.criticality import UNKNOWN as OPEN
from queries.cut_sets import CUT_KINDS, CutKind, cut_sets
from queries.elements import ElementRow, element_row
from queries.network import Network, derived
from queries.refs import Ref, ref
from queries.scenario import Element
from queries.single_points import PointKind, single_points

_BUDGET_S = 2.0
SINGLE_KINDS: tuple[PointKind, ...] = ("economy", "city", "park", "firm")
"""The kinds whose single points are listed for every final product."""


@dataclass(frozen=True, slots=True)
class Stoppers:
    """The minimal cut sets of a product, of one kind.

    Attributes:
        kind: What is taken away.
        sets: Each set with its elements, by number of elements, then by ids.
        complete: Whether the search came to its end; if not, the larger sets are missing.
    """

    kind: CutKind
    sets: tuple[tuple[ElementRow, ...], ...]
    complete: bool

    def of(self, size: int) -> tuple[tuple[ElementRow, ...], ...]:
        """The sets of so many elements."""
        return tuple(found for found in self.sets if len(found) == size)


@derived
def stoppers(
    network: Network, product_id: str, order: int = 2, floor: str = FLOOR, unknown: str = OPEN
) -> tuple[Stoppers, ...] | None:
    """What stops a product, by kind, with at most `order` elements; `None` where it cannot be made at all.

    Raises:
        NotFound: There is no such product.
        BadInput: A parameter is not allowed.
    """
    found = []
    for kind in CUT_KINDS:
        answer = cut_sets(network, product_id, kind, order, floor, unknown, _BUDGET_S)
        if not answer.in_baseline:
            return None
        sets = tuple(tuple(element_row(network, Element(kind, name)) for name in cut) for cut in answer.sets)
        found.append(Stoppers(kind, sets, answer.complete))
    return tuple(found)


@derived
def finals_at_points(
    network: Network, floor: str = FLOOR, unknown: str = OPEN
) -> tuple[tuple[Ref, Mapping[PointKind, tuple[ElementRow, ...]]], ...]:
    """For each final that one element alone would stop: the elements by kind, the most first, without China."""
    found: dict[str, dict[PointKind, list[ElementRow]]] = {}
    for kind in SINGLE_KINDS:
        for name, finals in single_points(network, kind, floor, unknown):
            for final in finals if name != "cn" else ():
                points = found.setdefault(final, {kind: [] for kind in SINGLE_KINDS})
                points[kind].append(element_row(network, Element(kind, name)))
    rows = [
        (ref(network, "products", final), {kind: tuple(rows) for kind, rows in points.items()})
        for final, points in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-sum(map(len, row[1].values())), row[0].id)))

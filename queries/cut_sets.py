"""Minimal cut sets 最小割集: the smallest sets of elements whose loss stops a product (measures §8).

A product loses its own supply when all its counting rows are gone; the least sets of elements that do this are its
*root sets*. A minimal cut set is a union of root sets, and of at most as many as it has elements. So it is enough to
try those unions, many at a time by the sweep, the small ones first.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from graph.errors import BadInput
from queries.criticality import FLOOR
from queries.criticality import UNKNOWN as OPEN
from queries.gates import baseline, gates
from queries.network import Bools, Network, derived, derived_large, one_of
from queries.rules import Rules, rules
from queries.scenario import elements_of
from queries.sweep import Sweep
from queries.sweep_plan import Plan, plan

CutKind = Literal["economy", "city", "park", "firm", "product"]
CUT_KINDS: tuple[CutKind, ...] = ("economy", "city", "park", "firm", "product")
MOST_ORDER = 4
BUDGET_S = 20.0
_CHUNK = 4096

Cut = tuple[int, ...]
"""Indices of elements, sorted."""


@dataclass(frozen=True, slots=True)
class CutSets:
    """The minimal cut sets of a product.

    Attributes:
        sets: Ids of the elements of each, by size, then by ids.
        complete: Whether all sets of at most `order` elements were found; if not, those of fewer elements were.
        in_baseline: Whether the product can be made at all; if not, it has no cut sets.
        tried: Number of sets that were tried.
        budget_s: Seconds after which the search ends.
    """

    product_id: str
    kind: CutKind
    order: int
    floor: str
    unknown: str
    edition: str
    sets: tuple[tuple[str, ...], ...]
    complete: bool
    in_baseline: bool
    tried: int
    budget_s: float


def _row_ways(network: Network, kind: CutKind, index: dict[str, int]) -> list[list[frozenset[int]]]:
    """For each supplies row the sets of elements any one of which takes it away."""
    if kind == "firm":
        return [[frozenset((index[row.firm_id],))] for row in network.supplies]
    places = network.places
    holders: list[frozenset[int]] = [
        frozenset(index[places[at]] for at in np.flatnonzero(network.inside[place]).tolist() if places[at] in index)
        for place in range(len(places))
    ]
    economy_of = [index.get(firm.economy_id or "") for firm in network.firm_rows] if kind == "economy" else []
    found = []
    for row in range(len(network.supplies)):
        ways = {frozenset(way) for way in itertools.product(*(holders[at] for at in network.row_places[row].tolist()))}
        if kind == "economy" and (own := economy_of[int(network.row_firm[row])]) is not None:
            ways.add(frozenset((own,)))
        found.append(_minimal(ways))
    return found


def _minimal(sets: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    kept: list[frozenset[int]] = []
    for candidate in sorted(set(sets), key=lambda item: (len(item), sorted(item))):
        if not any(small <= candidate for small in kept):
            kept.append(candidate)
    return kept


@derived
def root_sets(network: Network, kind: CutKind, order: int, floor: str, unknown: str) -> tuple[tuple[Cut, ...], ...]:
    """For each product the least sets of at most `order` elements that take away all of its own counting rows."""
    rule = rules(network, floor, unknown)
    elements = sorted(elements_of(network, kind))
    index = {name: at for at, name in enumerate(elements)}
    if kind == "product":
        return tuple(((index[name],),) for name in network.products)
    ways = _row_ways(network, kind, index)
    found: list[tuple[Cut, ...]] = []
    for product in range(len(network.products)):
        rows = [row for row in network.product_own_rows[product].tolist() if rule.counting[row]]
        sets = [frozenset[int]()] if rows else []
        for row in rows:
            joined = {old | way for old in sets for way in ways[row]}
            sets = _minimal(item for item in joined if len(item) <= order)
        found.append(tuple(sorted(tuple(sorted(item)) for item in sets)))
    return tuple(found)


def _upstream(network: Network, rule: Rules, product: int) -> list[int]:
    """The products on which a product may depend through required inputs and stand-ins, itself among them."""
    seen, todo = {product}, [product]
    while todo:
        at = todo.pop()
        near = set(rule.stand_ins[at].tolist())
        for slot in network.product_slots[at].tolist():
            near.update(rule.members[slot].tolist())
        todo += near - seen
        seen |= near
    return sorted(seen)


def _candidates(roots: list[frozenset[int]], size: int) -> set[frozenset[int]]:
    """The unions of root sets that have exactly so many elements."""
    by_size = {n: [root for root in roots if len(root) == n] for n in range(1, size + 1)}
    found = set(by_size[size])
    singles = sorted({element for root in by_size[1] for element in root})
    found.update(map(frozenset, itertools.combinations(singles, size)))
    if size > 2:
        larger = [root for n in range(2, size) for root in by_size[n]]
        unions = set(larger)
        for _ in range(size - 1):
            unions |= {union for old in unions for root in larger if len(union := old | root) <= size}
        for union in unions:
            rest = [single for single in singles if single not in union]
            found.update(union | frozenset(more) for more in itertools.combinations(rest, size - len(union)))
    return found


class _Search:
    """Tries sets of elements on a product, a few thousand at a time.

    Args:
        how: The sweep.
        row: The row of the product.
        size: Number of elements.
        roots: Rows, and elements that let them fail when all are taken away.
    """

    def __init__(self, how: Plan, row: int, size: int, roots: list[tuple[int, Cut]]) -> None:
        self.row, self.size = row, size
        self.sweep = Sweep(how, _CHUNK)
        self.roots = sorted(roots)
        self.rows = np.array([row for row, _ in self.roots], np.int32)
        self.tried = 0

    def stops(self, sets: list[Cut]) -> Bools:
        """Which of some sets, all of one size, stop the product."""
        at = np.arange(len(sets))
        holds = np.zeros((self.size, self.sweep.words), np.uint64)  # for each element the sets that hold it
        for elements in np.array(sets).T:
            np.bitwise_or.at(holds, (elements, at // 64), np.uint64(1) << (at % 64).astype(np.uint64))
        lost = np.stack([np.bitwise_and.reduce(holds[list(root)], axis=0) for _, root in self.roots])
        roots, words = np.nonzero(lost)
        self.sweep.run(self.rows[roots], words, lost[roots, words])
        self.tried += len(sets)
        return self.sweep.fails(self.row, len(sets))


def _chunks(sets: list[Cut]) -> Iterator[list[Cut]]:
    return (sets[at : at + _CHUNK] for at in range(0, len(sets), _CHUNK))


@derived_large
def cut_sets(
    network: Network,
    product_id: str,
    kind: CutKind = "economy",
    order: int = 2,
    floor: str = FLOOR,
    unknown: str = OPEN,
    budget_s: float = BUDGET_S,
) -> CutSets:
    """The minimal cut sets of a product, of one kind of elements and at most `order` of them.

    Args:
        network: The edition.
        product_id: The product.
        kind: What is taken away: economies, cities and municipalities, parks, firms, or products other than itself.
        order: Most elements, 1 to 4.
        floor: Least capability that carries a chain (measures §3).
        unknown: `open` lets products without a known supplier pass, `closed` does not.
        budget_s: Seconds after which the search ends; the answer then holds the sets of fewer elements.

    Raises:
        NotFound: There is no such product.
        BadInput: A parameter is not allowed.
    """
    one_of("kind", kind, CUT_KINDS)
    if not 1 <= order <= MOST_ORDER:
        raise BadInput("order", order, f"1 to {MOST_ORDER}")
    at, rule = network.product(product_id), rules(network, floor, unknown)
    names = sorted(elements_of(network, kind))
    found: list[frozenset[int]] = []
    complete, tried = True, 0
    able = baseline(network, floor, unknown)
    if able[at]:
        roots = root_sets(network, kind, order, floor, unknown)
        how, itself = plan(network, floor, unknown), gates(network, floor, unknown).itself
        rows = how.seat[: len(itself)] if kind == "product" else how.seat[itself]
        there = [product for product in _upstream(network, rule, at) if kind != "product" or product != at]
        taken = [(int(rows[product]), root) for product in there if rows[product] >= 0 for root in roots[product]]
        relevant = [frozenset(root) for _, root in taken]
        search = _Search(how, int(how.row[at]), len(names), taken)
        deadline = time.monotonic() + budget_s
        complete = _search(search, sorted(set(relevant), key=sorted), order, found, deadline)
        tried = search.tried
    sets = sorted((tuple(sorted(names[element] for element in cut)) for cut in found), key=lambda cut: (len(cut), cut))
    return CutSets(
        product_id, kind, order, floor, unknown, network.edition, tuple(sets), complete, bool(able[at]), tried, budget_s
    )


def _search(
    search: _Search,
    roots: list[frozenset[int]],
    order: int,
    found: list[frozenset[int]],
    deadline: float,
) -> bool:
    """Find the cut sets by growing size; whether the search came to its end."""
    for number in range(1, order + 1):
        # What holds a cut set already found is not minimal; its single elements need not be tried at all.
        stopped = {element for cut in found if len(cut) == 1 for element in cut}
        left = [root for root in roots if not root & stopped]
        larger = [cut for cut in found if len(cut) > 1]
        candidates = [tuple(sorted(cut)) for cut in _candidates(left, number) if not any(old <= cut for old in larger)]
        new: list[frozenset[int]] = []
        for sets in _chunks(sorted(candidates)):
            if time.monotonic() > deadline:
                return False
            stops = search.stops(sets)
            new += [frozenset(cut) for cut, stop in zip(sets, stops.tolist(), strict=True) if stop]
        found += new
    return True

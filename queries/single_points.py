"""Single points of failure 单点: the firms and economies any one of which stops a final product (measures §8, §12)."""

from __future__ import annotations

from typing import Literal

import numpy as np

from queries.criticality import FLOOR
from queries.criticality import UNKNOWN as OPEN
from queries.network import Bools, Network, derived
from queries.scenario import Element, Scenario, elements_of, rows_gone
from queries.sweep import baseline, makeable, rules

PointKind = Literal["economy", "city", "park", "firm"]


def _sole_firms(network: Network, counting: Bools) -> list[tuple[int, int]]:
    """The products of which one firm has all counting rows, with that firm."""
    found: dict[int, set[int]] = {}
    for row in np.flatnonzero(counting).tolist():
        found.setdefault(int(network.row_product[row]), set()).add(int(network.row_firm[row]))
    return [(product, min(firms)) for product, firms in sorted(found.items()) if len(firms) == 1]


def _takers(network: Network, kind: PointKind, counting: Bools) -> list[tuple[int, str]]:
    """The products that lose all of their counting rows to one element, with the element."""
    if kind == "firm":
        return [(product, network.firms[firm]) for product, firm in _sole_firms(network, counting)]
    number = np.bincount(network.row_product[counting], minlength=len(network.products))
    found = []
    for name in sorted(elements_of(network, kind)):
        gone = rows_gone(network, Scenario((Element(kind, name),))) & counting
        lost = np.bincount(network.row_product[gone], minlength=len(network.products))
        found += [(product, name) for product in np.flatnonzero((number > 0) & (lost == number)).tolist()]
    return found


@derived
def single_points(
    network: Network, kind: PointKind, floor: str = FLOOR, unknown: str = OPEN
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The elements of a kind that stop a final when they alone are taken away: the cut sets of order 1 of all finals.

    Returns:
        Each element with the finals that it stops, by id; the elements by id too.
    """
    rule = rules(network, floor, unknown)
    takers = _takers(network, kind, rule.counting)
    tried = sorted({name for _, name in takers})
    column = {name: at for at, name in enumerate(tried)}
    lost = np.zeros((len(network.products), (len(tried) + 63) // 64), np.uint64)
    for product, name in takers:
        lost[product, column[name] // 64] |= np.uint64(1 << (column[name] % 64))
    itself = np.where(rule.itself[:, None], ~lost, np.uint64(0))
    alive = makeable(network, rule, np.zeros_like(lost), itself)
    finals = [at for at in network.study(None)[1] if baseline(network, floor, unknown)[at]]
    stopped = np.unpackbits(alive[finals].view(np.uint8), axis=1, bitorder="little", count=len(tried)) == 0
    found = ((name, np.flatnonzero(stopped[:, at]).tolist()) for name, at in column.items())
    return tuple((name, tuple(network.products[finals[at]] for at in hit)) for name, hit in found if hit)

"""Single points of failure 单点: the firms and economies any one of which stops a final product (measures §8, §12)."""

from __future__ import annotations

from typing import Literal

import numpy as np

from queries.criticality import FLOOR
from queries.criticality import UNKNOWN as OPEN
from queries.cut_sets import root_sets
from queries.network import Network, derived
from queries.scenario import elements_of
from queries.sweep import baseline, makeable, rules

PointKind = Literal["economy", "city", "park", "firm"]


@derived
def single_points(
    network: Network, kind: PointKind, floor: str = FLOOR, unknown: str = OPEN
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The elements of a kind that stop a final when they alone are taken away: the cut sets of order 1 of all finals.

    Returns:
        Each element with the finals that it stops, by id; the elements by id too.
    """
    rule = rules(network, floor, unknown)
    elements = sorted(elements_of(network, kind))
    roots = root_sets(network, kind, 1, floor, unknown)
    takers = [(product, elements[element]) for product, cuts in enumerate(roots) for (element,) in cuts]
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

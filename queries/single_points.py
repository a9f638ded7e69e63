"""Single points of failure 单点: the firms and economies any one of which stops a final product (measures §8, §12)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from queries.criticality import FLOOR
from queries.criticality import UNKNOWN as OPEN
from queries.cut_sets import CutKind, root_sets
from queries.network import Network, derived
from queries.scenario import elements_of
from queries.sweep import baseline, makeable, rules


@derived
def single_points(
    network: Network, kind: CutKind, floor: str = FLOOR, unknown: str = OPEN
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The elements of a kind that stop a final when they alone are taken away: the cut sets of order 1 of all finals.

    Returns:
        Each element with the finals that it stops, by id; the elements by id too.
    """
    rule, size = rules(network, floor, unknown), len(network.products)
    names = sorted(elements_of(network, kind))
    roots = [(at, root[0]) for at, found in enumerate(root_sets(network, kind, 1, floor, unknown)) for root in found]
    tried = sorted({element for _, element in roots})
    column = {element: at for at, element in enumerate(tried)}
    words = (len(tried) + 63) // 64
    lost = np.zeros((size, words), np.uint64)
    for at, element in roots:
        lost[at, column[element] // 64] |= np.uint64(1 << (column[element] % 64))
    itself = np.where(rule.itself[:, None], ~lost, np.uint64(0))
    alive = makeable(network, rule, np.zeros_like(lost), itself)
    finals = [at for at in network.study(None)[1] if baseline(network, floor, unknown)[at]]
    stopped = np.unpackbits(alive[finals].view(np.uint8), axis=1, bitorder="little", count=len(tried)) == 0
    return tuple(
        (names[element], _names(network, [final for final, stops in zip(finals, stopped[:, at], strict=True) if stops]))
        for element, at in column.items()
        if stopped[:, at].any()
    )


def _names(network: Network, products: Sequence[int]) -> tuple[str, ...]:
    return tuple(network.products[at] for at in products)

"""Single points of failure 单点: the firms and economies any one of which stops a final product (measures §8, §12)."""

from __future__ import annotations

from typing import Literal

import numpy as np

from queries.criticality import FLOOR
from queries.criticality import UNKNOWN as OPEN
from queries.cut_sets import root_sets
from queries.gates import baseline, gates
from queries.network import Network, derived
from queries.scenario import elements_of
from queries.sweep import sweeps
from queries.sweep_plan import plan

PointKind = Literal["economy", "city", "park", "firm"]


@derived
def single_points(
    network: Network, kind: PointKind, floor: str = FLOOR, unknown: str = OPEN
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The elements of a kind that stop a final when they alone are taken away: the cut sets of order 1 of all finals.

    Returns:
        Each element with the finals that it stops, by id; the elements by id too.
    """
    elements = sorted(elements_of(network, kind))
    roots = root_sets(network, kind, 1, floor, unknown)
    takers = np.array([(product, element) for product, cuts in enumerate(roots) for (element,) in cuts], np.int32)
    products, taken = takers.reshape(-1, 2).T
    tried, column = np.unique(taken, return_inverse=True)
    finals = [at for at in network.study(None)[1] if baseline(network, floor, unknown)[at]]
    how = plan(network, floor, unknown)
    rows = how.seat[gates(network, floor, unknown).itself[products]]
    stopped = np.zeros((len(finals), len(tried)), np.bool_)
    for sweep, begin, end in sweeps(how, rows, column.astype(np.int32), len(tried)):
        stopped[:, begin:end] = [sweep.fails(int(how.row[final]), end - begin) for final in finals]
    found = ((elements[element], np.flatnonzero(hit).tolist()) for element, hit in zip(tried, stopped.T, strict=True))
    return tuple((name, tuple(network.products[finals[at]] for at in hit)) for name, hit in found if hit)

"""Every product removed on its own, and how many others stop (measures §3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from queries.gates import gates, rounds
from queries.network import Bools, Ints, Network
from queries.sweep import Sweep, sweeps
from queries.sweep_plan import Plan, plan


def stopped_in(network: Network, floor: str, unknown: str, groups: Sequence[Ints]) -> list[Ints]:
    """How many products of each group stop when one product is removed, for every product, itself left out.

    Args:
        network: The edition.
        floor: Least capability that carries a chain.
        unknown: `open` or `closed`.
        groups: Products to count, each once.
    """
    how, size = plan(network, floor, unknown), len(network.products)
    found: list[Ints] = [np.zeros(size, np.int32) for _ in groups]
    rows = [np.sort(how.row[group][how.row[group] >= 0]) for group in groups]
    counted = [np.bincount(part, minlength=how.rows) for part in rows]
    by_trial = np.argsort(how.trial, kind="stable")
    for sweep, begin, end in _each(how, how.removed):
        products = by_trial[slice(*np.searchsorted(how.trial[by_trial], (begin, end)))]
        scenario = how.trial[products] - begin
        for part, weight, count in zip(rows, counted, found, strict=True):
            count[products] = sweep.count(part, end - begin)[scenario]
            own = how.row[products]
            count[products] -= weight[own] * sweep.failed(own, scenario)
            for at, row in how.ways(products):
                more = weight[row] * (row != own[at]) * (1 - sweep.failed(row, scenario[at]))
                count[products[at]] += more
    idle = np.flatnonzero((how.trial < 0) & (how.seat[: len(network.products)] >= 0))
    for weight, count in zip(counted, found, strict=True):
        for at, row in how.ways(idle):
            count[idle[at]] += weight[row] * (row != how.row[idle[at]])
    return found


def blockers(network: Network, product: int, floor: str, unknown: str) -> Ints:
    """The other products whose removal stops one, by id."""
    how = plan(network, floor, unknown)
    row = int(how.row[product])
    if row < 0:
        return np.zeros(0, np.int32)
    above = np.flatnonzero(_above(network, product, floor, unknown) & (how.seat[: len(network.products)] >= 0))
    stops = np.zeros(len(network.products), np.bool_)
    for at, passed in how.ways(above):
        stops[above[at]] |= passed == row
    tried = np.unique(how.trial[above][how.trial[above] >= 0])
    failed = np.zeros(len(how.removed) + 1, np.bool_)  # the last for what is not tried
    for sweep, begin, end in _each(how, how.removed[tried]):
        failed[tried[begin:end]] = sweep.fails(row, end - begin)
    stops[above] |= failed[how.trial[above]]
    stops[product] = False
    others: Ints = np.flatnonzero(stops).astype(np.int32)
    return others


def _each(how: Plan, removed: Ints) -> Iterator[tuple[Sweep, int, int]]:
    return sweeps(how, removed, np.arange(len(removed), dtype=np.int32), len(removed))


def _above(network: Network, product: int, floor: str, unknown: str) -> Bools:
    """For each product whether another may hang on it."""
    what = gates(network, floor, unknown)
    reached = rounds(what.inputs, np.ones(len(what.needed), np.int32), np.array([product], np.int32)) >= 0
    return reached[: len(network.products)]

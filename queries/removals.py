"""Every product removed on its own, and how many others stop: thousands of scenarios a sweep, a bit for each.

A sweep goes down the levels of the plan; for each k it takes the rows of the k-th inputs and joins them. Scenarios go
in the order of the rows that they remove, so that a sweep starts at the first of them; all above is untouched and zero.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from queries.gates import gates, rounds
from queries.network import Bools, Ints, Network
from queries.removal_plan import BLOCK, Level, Plan, Step, plan
from queries.tally import Tally, Words

SCENARIOS = 64 * 64
"""Scenarios a sweep."""


class _Table:
    """A row of bits for each row of a plan; a bit says that the row fails in that scenario."""

    def __init__(self, how: Plan, words: int) -> None:
        self.how = how
        self.words = words
        self.bits: Words = np.zeros((how.rows, words), np.uint64)
        self.other: Words = np.empty((BLOCK, words), np.uint64)
        self.joined: Words = np.empty((BLOCK, words), np.uint64)
        self.clean = 0  # rows above this one hold zeros alone

    def sweep(self, seats: Ints) -> None:
        """Let scenario k remove the row k of some, ascending."""
        levels = self.how.levels
        begin = bisect(levels, int(seats[0]), key=lambda level: level.first) - 1
        first = levels[begin].first
        self.bits[self.clean : first] = 0  # what an earlier sweep left there
        self.clean = first
        at = np.arange(len(seats))
        one = np.uint64(1) << (at % 64).astype(np.uint64)
        for level in levels[begin:]:
            here = slice(*np.searchsorted(seats, (level.first, level.last)))
            where = seats[here], at[here] // 64
            if level.loop:
                self._loop(level, where, one[here])
                continue
            for step in level.steps:
                self._join(step, self.bits[step.first : step.last])
            np.bitwise_or.at(self.bits, where, one[here])

    def _loop(self, level: Level, where: tuple[NDArray[Any], NDArray[Any]], removed: Words) -> None:
        """Let failures go round in a loop until no more fail."""
        rows = self.bits[level.first : level.last]
        rows[:] = 0
        np.bitwise_or.at(self.bits, where, removed)
        while True:
            before = rows.copy()
            for step in level.steps:
                # Apart from the rows: they hold what was removed, and what is read may be among them.
                joined = self.joined[: step.last - step.first]
                self._join(step, joined)
                self.bits[step.first : step.last] |= joined
            if np.array_equal(before, rows):
                return

    def _join(self, step: Step, rows: Words) -> None:
        """Join the inputs of the rows of a step."""
        if not step.columns:
            rows[:] = 0
            return
        join = np.bitwise_and if step.every else np.bitwise_or
        np.take(self.bits, step.columns[0], axis=0, out=rows[: len(step.columns[0])], mode="clip")
        rows[len(step.columns[0]) :] = 0
        for column in step.columns[1:]:
            other, part = self.other[: len(column)], rows[: len(column)]
            np.take(self.bits, column, axis=0, out=other, mode="clip")
            join(part, other, out=part)

    def failed(self, rows: Ints, scenarios: Ints) -> NDArray[np.int64]:
        """1 where a row fails in a scenario of the last sweep, else 0."""
        return (self.bits[rows, scenarios // 64] >> (scenarios % 64).astype(np.uint64) & np.uint64(1)).astype(np.int64)


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
    for table, begin, end in _sweeps(how, how.removed):
        products = by_trial[slice(*np.searchsorted(how.trial[by_trial], (begin, end)))]
        scenario = how.trial[products] - begin
        for part, weight, count in zip(rows, counted, found, strict=True):
            tally = Tally(table.words)
            for piece in _pieces(part[np.searchsorted(part, table.clean) :]):
                tally.add(table.bits[piece])
            count[products] = tally.counts(end - begin)[scenario]
            own = how.row[products]
            count[products] -= weight[own] * table.failed(own, scenario)
            for at, row in how.ways(products):
                more = weight[row] * (row != own[at]) * (1 - table.failed(row, scenario[at]))
                count[products[at]] += more
    idle = np.flatnonzero((how.trial < 0) & (how.seat >= 0))
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
    above = np.flatnonzero(_above(network, product, floor, unknown) & (how.seat >= 0))
    stops = np.zeros(len(network.products), np.bool_)
    for at, passed in how.ways(above):
        stops[above[at]] |= passed == row
    tried = np.unique(how.trial[above][how.trial[above] >= 0])
    failed = np.zeros(len(how.removed) + 1, np.bool_)  # the last for what is not tried
    for table, begin, end in _sweeps(how, how.removed[tried]):
        bits = np.unpackbits(table.bits[row].view(np.uint8), bitorder="little", count=end - begin)
        failed[tried[begin:end]] = bits
    stops[above] |= failed[how.trial[above]]
    stops[product] = False
    others: Ints = np.flatnonzero(stops).astype(np.int32)
    return others


def _sweeps(how: Plan, removed: Ints) -> Iterator[tuple[_Table, int, int]]:
    """Remove rows on their own, some thousand at once; yields the table after each sweep, and which they were."""
    table = _Table(how, (min(SCENARIOS, len(removed)) + 63) // 64)
    for begin in range(0, len(removed), SCENARIOS):
        end = min(begin + SCENARIOS, len(removed))
        table.sweep(removed[begin:end])
        yield table, begin, end


def _above(network: Network, product: int, floor: str, unknown: str) -> Bools:
    """For each product whether another may hang on it."""
    what = gates(network, floor, unknown)
    reached = rounds(what.inputs, np.ones(len(what.needed), np.int32), np.array([product], np.int32)) >= 0
    return reached[: len(network.products)]


def _pieces(rows: Ints) -> Iterator[Ints]:
    return (rows[at : at + BLOCK] for at in range(0, len(rows), BLOCK))

"""Thousands of scenarios at once, a bit for each: what fails when some gates do (measures §3, §8).

A run goes down the levels of the plan; for each k it takes the rows of the k-th inputs and joins them. It starts at the
level of the first row that fails; all above is untouched and zero.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from queries.network import Bools, Ints
from queries.sweep_plan import BLOCK, Level, Plan, Step
from queries.tally import Tally, Words

SCENARIOS = 64 * 64
"""Scenarios a sweep."""


class Sweep:
    """A row of bits for each row of a plan; a bit says that the row fails in that scenario."""

    def __init__(self, how: Plan, scenarios: int) -> None:
        self.how = how
        self.words = words = (scenarios + 63) // 64
        self.bits: Words = np.zeros((how.rows, words), np.uint64)
        self.other: Words = np.empty((BLOCK, words), np.uint64)
        self.joined: Words = np.empty((BLOCK, words), np.uint64)
        self.clean = 0  # rows above this one hold zeros alone

    def run(self, rows: Ints, words: NDArray[np.integer], bits: Words) -> None:
        """Let some rows fail, ascending, each in the scenarios of some bits of a word, and then what hangs on them."""
        levels = self.how.levels
        begin = bisect(levels, int(rows[0]), key=lambda level: level.first) - 1 if len(rows) else len(levels)
        first = levels[begin].first if len(rows) else self.how.rows
        self.bits[self.clean : first] = 0  # what an earlier run left there
        self.clean = first
        for level in levels[begin:]:
            here = slice(*np.searchsorted(rows, (level.first, level.last)))
            where = rows[here], words[here]
            if level.loop:
                self._loop(level, where, bits[here])
                continue
            for step in level.steps:
                self._join(step, self.bits[step.first : step.last])
            np.bitwise_or.at(self.bits, where, bits[here])

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
        self.bits.take(step.columns[0], axis=0, out=rows[: len(step.columns[0])], mode="clip")
        rows[len(step.columns[0]) :] = 0
        for column in step.columns[1:]:
            other, part = self.other[: len(column)], rows[: len(column)]
            self.bits.take(column, axis=0, out=other, mode="clip")
            join(part, other, out=part)

    def failed(self, rows: Ints, scenarios: Ints) -> NDArray[np.int64]:
        """1 where a row has failed in a scenario, else 0."""
        return (self.bits[rows, scenarios // 64] >> (scenarios % 64).astype(np.uint64) & np.uint64(1)).astype(np.int64)

    def fails(self, row: int, count: int) -> Bools:
        """In which of the first scenarios a row has failed; a row of -1 never does."""
        if row < 0:
            return np.zeros(count, np.bool_)
        return np.unpackbits(self.bits[row].view(np.uint8), bitorder="little", count=count).astype(np.bool_)

    def count(self, rows: Ints, scenarios: int) -> NDArray[np.int64]:
        """How many of some rows, ascending, have failed in each of the first scenarios."""
        tally = Tally(self.words)
        touched = rows[np.searchsorted(rows, self.clean) :]
        for at in range(0, len(touched), BLOCK):
            tally.add(self.bits[touched[at : at + BLOCK]])
        return tally.counts(scenarios)


def sweeps(how: Plan, rows: Ints, scenarios: Ints, count: int) -> Iterator[tuple[Sweep, int, int]]:
    """Let rows fail, each in one of `count` scenarios; a row of -1 does not.

    Yields:
        What fails in some thousand scenarios, the first of them, and the last + 1.
    """
    able = rows >= 0
    order = np.lexsort((rows[able], scenarios[able] // SCENARIOS))
    rows, scenarios = rows[able][order], scenarios[able][order]
    found = Sweep(how, min(SCENARIOS, count))
    for begin in range(0, count, SCENARIOS):
        here = slice(*np.searchsorted(scenarios // SCENARIOS, (begin // SCENARIOS, begin // SCENARIOS + 1)))
        at = scenarios[here] - begin
        found.run(rows[here], at // 64, np.uint64(1) << (at % 64).astype(np.uint64))
        yield found, begin, min(begin + SCENARIOS, count)

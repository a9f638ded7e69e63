"""Every product removed on its own, and how many others stop: thousands of scenarios a sweep, a bit for each.

The gates stand in rows by level, so that whatever a row hangs on stands above it, and in a level by number of inputs,
so that those with a k-th input are its first rows. A sweep goes down the levels; for each k it takes the rows of the
k-th inputs and joins them. Rows of a loop stand in one level: where one failure is enough for each of them the loop is
one row that its members copy, else the level is repeated until nothing changes. Scenarios go in the order of the rows
that they remove, so that a sweep starts at the first of them; all above is untouched and zero.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from queries.gates import Gates, gates, rounds
from queries.loops import loops
from queries.network import Bools, Ints, Lists, Network, any_of, derived
from queries.tally import Tally, Words

SCENARIOS = 64 * 64
"""Scenarios a sweep."""
_BLOCK = 512  # rows at once, so that what is joined stays in the processor's cache


@dataclass(frozen=True, slots=True)
class Step:
    """Rows `first` to `last` that are joined in one way; `columns[k]` holds the k-th input of the first of them."""

    first: int
    last: int
    every: bool
    columns: tuple[NDArray[np.intp], ...]


@dataclass(frozen=True, slots=True)
class Level:
    """Rows that hang on rows above alone, or on one another in a loop."""

    first: int
    last: int
    loop: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The order of a sweep.

    Attributes:
        rows: Number of rows.
        levels: From above to below.
        row: For each gate its row; -1 where it cannot fail, or has failed from the start.
        seat: The same for the row at which its removal is set: in a contracted loop, that of the loop.
        scenarios: The products whose removal may stop another, by their seats.
    """

    rows: int
    levels: tuple[Level, ...]
    row: Ints
    seat: Ints
    scenarios: Ints


@dataclass(frozen=True, slots=True)
class _Live:
    """The gates that can fail and have not yet, as nodes; a loop where any failure is enough is a node of its own.

    Attributes:
        inputs: For each node the nodes that it hangs on.
        every: Whether all of them have to fail.
        loop: The least node of the loop in which a node lies; itself where it lies in none.
        node: For each gate its node, -1 where it is none.
        seat: For each gate the node at which its removal is set.
    """

    inputs: Lists
    every: Bools
    loop: Ints
    node: Ints
    seat: Ints


def _live(what: Gates, products: int) -> _Live:
    start = np.unique(np.append(np.flatnonzero(what.failed), np.arange(products))).astype(np.int32)
    live = (rounds(what.users, what.needed, start) >= 0) & ~what.failed
    node = np.where(live, np.cumsum(live) - 1, -1)
    count = int(live.sum())
    owners, items = what.inputs.owners(), what.inputs.items
    # What needs all of its inputs to fail does not where one never fails; a product can still be removed itself.
    safe = (what.needed > 1) & any_of(~live & ~what.failed, what.inputs)
    kept = live[owners] & live[items] & ~safe[owners]
    owners, items = node[owners[kept]], node[items[kept]]
    every = (what.needed[live] > 1) & (np.bincount(owners, minlength=count) > 1)
    loop = loops(Lists.grouped(owners, items, count))
    # A loop where any failure is enough becomes a node that hangs on all that its members hang on; they copy it.
    mixed = np.bincount(loop, weights=every, minlength=count)[loop] > 0
    plain = (np.bincount(loop, minlength=count)[loop] > 1) & ~mixed
    heads, head = np.unique(loop[plain], return_inverse=True)
    seat: Ints = np.arange(count, dtype=np.int32)
    seat[plain] = count + head
    outer = ~plain[owners] | (loop[owners] != loop[items])
    owners = np.concatenate((seat[owners[outer]], np.flatnonzero(plain)))
    items = np.concatenate((items[outer], seat[plain]))
    total = count + len(heads)
    return _Live(
        inputs=Lists.grouped(owners, items, total),
        every=np.append(every, np.zeros(len(heads), np.bool_)),
        loop=np.append(np.where(mixed, loop, np.arange(count)), np.arange(count, total)),
        node=node,
        seat=np.where(live, seat[node] if count else node, -1),
    )


def _steps(live: _Live, nodes: Ints, first: int, row: Ints) -> Iterator[Step]:
    """Some rows of a level from `first` on, a few at a time, in runs of one kind of gate."""
    kind = live.every[nodes]
    starts, lengths = live.inputs.starts[nodes], live.inputs.starts[nodes + 1] - live.inputs.starts[nodes]
    for a, b in _runs(kind):
        for at in range(a, b, _BLOCK):
            end = min(at + _BLOCK, b)
            columns = [
                row[live.inputs.items[starts[at:end][lengths[at:end] > k] + k]].astype(np.intp)
                for k in range(int(lengths[at:end].max()))
            ]
            yield Step(first + at, first + end, bool(kind[a]), tuple(columns))


def _runs(*keys: NDArray[Any]) -> Iterator[tuple[int, int]]:
    """First and last + 1 of each run in which nothing changes."""
    size = len(keys[0])
    new = np.zeros(max(size - 1, 0), np.bool_)
    for key in keys:
        new |= key[1:] != key[:-1]
    cuts = [0, *(np.flatnonzero(new) + 1).tolist(), size] if size else []
    return pairwise(cuts)


@derived
def plan(network: Network, floor: str, unknown: str) -> Plan:
    """The sweep over the products of a network and what stands between them."""
    products = len(network.products)
    live = _live(gates(network, floor, unknown), products)
    inputs, loop, count = live.inputs, live.loop, len(live.inputs)
    owners, items = loop[inputs.owners()], loop[inputs.items]
    outer = owners != items
    needed = np.bincount(owners[outer], minlength=count).astype(np.int32)
    users = Lists.grouped(items[outer], owners[outer].astype(np.int32), count)
    depth = rounds(users, needed, np.flatnonzero(needed == 0).astype(np.int32))[loop]
    in_loop = np.bincount(loop, minlength=count)[loop] > 1
    order: Ints = np.lexsort((-inputs.lengths(), live.every, np.where(in_loop, loop, -1), depth)).astype(np.int32)
    row = np.empty(count, np.int32)
    row[order] = np.arange(count)
    levels = tuple(
        Level(a, b, bool(in_loop[order[a]]), tuple(_steps(live, order[a:b], a, row)))
        for a, b in _runs(depth[order], np.where(in_loop, loop, -1)[order])
    )
    row_of, seat_of = (_rows_of(row, nodes[:products]) for nodes in (live.node, live.seat))
    used = np.zeros(count, np.bool_)
    used[inputs.items] = True
    able = np.flatnonzero(row_of >= 0)
    scenarios = able[(used[live.node[able]]) | (live.seat[able] != live.node[able])]
    scenarios = scenarios[np.argsort(seat_of[scenarios], kind="stable")]
    return Plan(count, levels, row_of, seat_of, scenarios.astype(np.int32))


def _rows_of(row: Ints, nodes: Ints) -> Ints:
    found = np.full(len(nodes), -1, np.int32)
    found[nodes >= 0] = row[nodes[nodes >= 0]]
    return found


class _Table:
    """A row of bits for each row of a plan; a bit says that the row fails in that scenario."""

    def __init__(self, how: Plan, words: int) -> None:
        self.how = how
        self.bits: Words = np.zeros((how.rows, words), np.uint64)
        self.other: Words = np.empty((_BLOCK, words), np.uint64)
        self.joined: Words = np.empty((_BLOCK, words), np.uint64)
        self.clean = 0  # rows above hold zeros alone

    def sweep(self, seats: Ints) -> int:
        """Let scenario k remove the seat k, seats ascending; returns the first row that is touched."""
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
        return first

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
    words = (min(SCENARIOS, len(how.scenarios)) + 63) // 64
    table = _Table(how, words)
    for at in range(0, len(how.scenarios), SCENARIOS):
        removed = how.scenarios[at : at + SCENARIOS]
        first = table.sweep(how.seat[removed])
        for group, count in zip(rows, found, strict=True):
            tally = Tally(words)
            for piece in _pieces(group[np.searchsorted(group, first) :]):
                tally.add(table.bits[piece])
            count[removed] = tally.counts(len(removed))
    for group, count in zip(groups, found, strict=True):
        own = np.zeros(size, np.bool_)
        own[group] = True
        own[np.setdiff1d(np.arange(size), how.scenarios)] = False
        count -= own
    return found


def blockers(network: Network, product: int, floor: str, unknown: str) -> Ints:
    """The other products whose removal stops one, by id."""
    how = plan(network, floor, unknown)
    at = int(how.row[product])
    if at < 0:
        return np.zeros(0, np.int32)
    above = _above(network, product, floor, unknown)
    scenarios = how.scenarios[above[how.scenarios]]
    words = (min(SCENARIOS, len(scenarios)) + 63) // 64
    table = _Table(how, words)
    found = [np.zeros(0, np.int32)]
    for begin in range(0, len(scenarios), SCENARIOS):
        removed = scenarios[begin : begin + SCENARIOS]
        table.sweep(how.seat[removed])
        bits = np.unpackbits(table.bits[at].view(np.uint8), bitorder="little", count=len(removed))
        found.append(removed[bits != 0])
    stop = np.concatenate(found)
    others: Ints = np.sort(stop[stop != product])
    return others


def _above(network: Network, product: int, floor: str, unknown: str) -> Bools:
    """For each product whether another may hang on it."""
    what = gates(network, floor, unknown)
    reached = rounds(what.inputs, np.ones(len(what.needed), np.int32), np.array([product], np.int32)) >= 0
    return reached[: len(network.products)]


def _pieces(rows: Ints) -> Iterator[Ints]:
    return (rows[at : at + _BLOCK] for at in range(0, len(rows), _BLOCK))

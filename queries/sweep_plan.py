"""The order in which gates are gone through for thousands of scenarios at once (measures §3, §8).

The gates stand in rows by level, so that whatever a row hangs on stands above it, and in a level by number of inputs,
so that those with a k-th input are its first rows. Rows of a loop stand in one level: where one failure is enough for
each of them the loop is one row that its members copy, else the level is repeated until nothing changes.

Of the removals of one product few have to be tried. One that no gate hangs on alone stops nothing, and one that a
single gate hangs on, and nothing else does, stops that gate and whatever the failure of that gate stops.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from queries.gates import Gates, gates, rounds
from queries.loops import loops
from queries.network import Bools, Ints, Lists, Network, any_of, derived

BLOCK = 512
"""Rows at once, so that what is joined stays in the processor's cache."""


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
        seat: The same for the row at which its own failure is set: in a contracted loop, that of the loop.
        passes: For each row the only one that hangs on it, if its failure alone is enough for that; else -1.
        removed: The rows of products whose removal is tried, ascending.
        trial: For each product the place among them of the row at which its removal ends up by way of `passes`; -1
            where nothing hangs on that row alone.
    """

    rows: int
    levels: tuple[Level, ...]
    row: Ints
    seat: Ints
    passes: Ints
    removed: Ints
    trial: Ints

    def ways(self, products: NDArray[np.integer]) -> Iterator[tuple[Ints, Ints]]:
        """The rows that fail in turn by way of `passes` when products are removed, those of their seats first.

        Yields:
            Places among the products, and for each the row; the last of each way is the one whose removal is tried.
        """
        at, row = np.arange(len(products), dtype=np.int32), self.seat[products]
        while len(at):
            yield at, row
            row = self.passes[row]
            at, row = at[row >= 0], row[row >= 0]


@dataclass(frozen=True, slots=True)
class _Live:
    """The gates that can fail and have not yet, as nodes; those that always fail together share a node more.

    Attributes:
        inputs: For each node the nodes that it hangs on.
        every: Whether all of them have to fail.
        node: For each gate its node, -1 where it is none.
        seat: For each gate the node at which its removal is set.
    """

    inputs: Lists
    every: Bools
    node: Ints
    seat: Ints


def _live(what: Gates) -> _Live:
    start = np.unique(np.concatenate((np.flatnonzero(what.failed), np.arange(what.products), what.itself)))
    live = (rounds(what.users, what.needed, start.astype(np.int32)) >= 0) & ~what.failed
    node = np.where(live, np.cumsum(live) - 1, -1)
    count = int(live.sum())
    owners, items = what.inputs.owners(), what.inputs.items
    # What needs all of its inputs to fail does not where one never fails; it can still be removed itself.
    safe = (what.needed > 1) & any_of(~live & ~what.failed, what.inputs)
    kept = live[owners] & live[items] & ~safe[owners]
    owners, items = node[owners[kept]], node[items[kept]]
    every = (what.needed[live] > 1) & (np.bincount(owners, minlength=count) > 1)
    # A loop where any failure is enough becomes a node that hangs on all that its members hang on; they copy it.
    any_one = ~every[owners]
    together = loops(Lists.grouped(owners[any_one], items[any_one], count))
    shared = np.bincount(together, minlength=count)[together] > 1
    heads, head = np.unique(together[shared], return_inverse=True)
    seat: Ints = np.arange(count, dtype=np.int32)
    seat[shared] = count + head
    outer = ~shared[owners] | (together[owners] != together[items])
    owners = np.concatenate((seat[owners[outer]], np.flatnonzero(shared)))
    items = np.concatenate((items[outer], seat[shared]))
    return _Live(
        inputs=Lists.grouped(owners, items, count + len(heads)),
        every=np.append(every, np.zeros(len(heads), np.bool_)),
        node=node,
        seat=np.where(live, seat[node] if count else node, -1),
    )


def _steps(live: _Live, nodes: Ints, first: int, row: Ints) -> Iterator[Step]:
    """Some rows of a level from `first` on, a few at a time, in runs of one kind of gate."""
    kind = live.every[nodes]
    starts, lengths = live.inputs.starts[nodes], live.inputs.starts[nodes + 1] - live.inputs.starts[nodes]
    for a, b in _runs(kind):
        for at in range(a, b, BLOCK):
            end = min(at + BLOCK, b)
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
    """The sweep over the gates of a network."""
    what = gates(network, floor, unknown)
    live = _live(what)
    inputs, loop, count = live.inputs, loops(live.inputs), len(live.inputs)
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
    row_of, seat_of = _rows_of(row, live.node), _rows_of(row, live.seat)
    passes, alone = _passes(live, row)
    end = np.arange(count, dtype=np.int32)
    while (passes[end] >= 0).any():
        end = np.where(passes[end] >= 0, passes[end], end)
    able = np.flatnonzero(seat_of[: what.products] >= 0)
    last = end[seat_of[able]]
    removed, trial = np.unique(last[alone[last]], return_inverse=True)
    trials: Ints = np.full(what.products, -1, np.int32)
    trials[able[alone[last]]] = trial
    return Plan(count, levels, row_of, seat_of, passes, removed, trials)


def _rows_of(row: Ints, nodes: Ints) -> Ints:
    found = np.full(len(nodes), -1, np.int32)
    found[nodes >= 0] = row[nodes[nodes >= 0]]
    return found


def _passes(live: _Live, row: Ints) -> tuple[Ints, Bools]:
    """For each row `Plan.passes`, and whether some row fails when it alone does."""
    owners, items = row[live.inputs.owners()], row[live.inputs.items]
    enough = ~live.every[live.inputs.owners()]
    alone = np.bincount(items[enough], minlength=len(row)) > 0
    passes = np.full(len(row), -1, np.int32)
    only = enough & (np.bincount(items, minlength=len(row))[items] == 1)
    passes[items[only]] = owners[only]
    return passes, alone

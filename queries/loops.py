"""Loops in a directed graph: its strongly connected components (Tarjan 1972), after what lies in none is peeled off."""

from __future__ import annotations

import numpy as np

from queries.gates import rounds
from queries.network import Ints, Lists


def loops(follow: Lists) -> Ints:
    """For each thing the least one of its loop; itself where it lies in none.

    Args:
        follow: For each thing those that it leads to.
    """
    size = len(follow)
    label = np.arange(size, dtype=np.int32)
    back = follow.turned(size)
    ahead, behind = follow.lengths(), back.lengths()
    first = rounds(follow, behind, np.flatnonzero(behind == 0).astype(np.int32)) < 0
    last = rounds(back, ahead, np.flatnonzero(ahead == 0).astype(np.int32)) < 0
    left = first & last
    for found in _components(np.flatnonzero(left).tolist(), follow, left.tolist()):
        label[found] = min(found)
    return label


def _components(things: list[int], follow: Lists, left: list[bool]) -> list[list[int]]:
    """The components of some things, without recursion."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    path: list[int] = []
    on_path: set[int] = set()
    found: list[list[int]] = []
    for root in things:
        if root in index:
            continue
        todo = [(root, iter(follow[root].tolist()))]
        while todo:
            at, ahead = todo[-1]
            if at not in index:
                index[at] = low[at] = len(index)
                path.append(at)
                on_path.add(at)
            for there in ahead:
                if left[there] and there not in index:
                    todo.append((there, iter(follow[there].tolist())))
                    break
                if there in on_path:
                    low[at] = min(low[at], index[there])
            else:
                todo.pop()
                if todo:
                    above = todo[-1][0]
                    low[above] = min(low[above], low[at])
                if low[at] == index[at]:
                    found.append(_off(path, at))
                    on_path.difference_update(found[-1])
    return found


def _off(path: list[int], last: int) -> list[int]:
    """Take things off a path down to one of them."""
    taken: list[int] = []
    while not taken or taken[-1] != last:
        taken.append(path.pop())
    return taken

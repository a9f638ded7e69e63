"""The greatest fixed point of measures §3 for many scenarios at once, a bit for each.

A scenario is a column of bits. `alive[p]` holds, for each scenario, whether product p can be made. One round of the
rules is a handful of array operations over all products and 64 scenarios a word; rounds go on until nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.errors import BadInput
from queries.network import WEIGHTS, Bools, Ints, Lists, Network, any_of, derived

Words = NDArray[np.uint64]
UNKNOWNS = ("open", "closed")
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a floor and the treatment of unknown products leave of the network.

    Attributes:
        counting: For each supplies row whether it counts for its product.
        members: For each slot its counting members.
        stand_ins: For each product the variants that may stand in for it.
        usable: For each slot whatever meets it: its counting members, and what may stand in for them.
        itself: For each product whether it has a counting row, or passes without one as unknown.
    """

    counting: Bools
    members: Lists
    stand_ins: Lists
    usable: Lists
    itself: Bools


@derived
def rules(network: Network, floor: str, unknown: str) -> Rules:
    """The rules of measures §3 for a floor and for `unknown`, open or closed.

    Raises:
        BadInput: One of the words is not known.
    """
    if floor not in WEIGHTS:
        raise BadInput("floor", floor, "one of " + ", ".join(WEIGHTS))
    if unknown not in UNKNOWNS:
        raise BadInput("unknown", unknown, "open or closed")
    claims, weight = network.claims, network.row_weight
    best = np.zeros(len(network.products))
    np.maximum.at(best, claims.owners(), weight[claims.items])
    counting = (weight > 0) & (weight >= np.minimum(WEIGHTS[floor], best[network.row_product]))
    ready = ~network.known | (best >= WEIGHTS[floor])
    slots = network.slot_members
    fit = ready[slots.items]
    kept = fit | ~any_of(ready, slots)[slots.owners()]
    members = Lists.grouped(slots.owners()[kept], slots.items[kept], len(slots))
    lists: list[list[int]] = [[] for _ in network.products]
    for at in np.flatnonzero(network.kinds.lengths() > 1).tolist():
        kinds = network.kinds[at]
        none_ready = not ready[kinds].any()
        lists[at] = [int(kind) for kind in kinds if kind != at and (ready[kind] or none_ready)]
    stand_ins = Lists.of(lists)
    slot, member = members.owners(), members.items
    usable = Lists.grouped(
        np.concatenate((slot, np.repeat(slot, stand_ins.lengths()[member]))),
        np.concatenate((member, stand_ins.joined(member))),
        len(members),
    )
    own = np.bincount(network.row_product[counting], minlength=len(network.products)) > 0
    itself = own | (~network.known & (unknown == "open"))
    return Rules(counting, members, stand_ins, usable, itself)


class _Fold:
    """Folds, for each thing, the rows that its list names into its own row; an empty list leaves it as it is."""

    def __init__(self, lists: Lists, operation: np.ufunc) -> None:
        self.things = np.flatnonzero(lists.lengths())
        self.starts = lists.starts[:-1][self.things]
        self.items = lists.items
        self.operation = operation

    def into(self, target: NDArray[Any], source: NDArray[Any]) -> None:
        if len(self.things):
            folded = self.operation.reduceat(source[self.items], self.starts, axis=0)
            target[self.things] = self.operation(target[self.things], folded)


def makeable(network: Network, rule: Rules, removed: Words, itself: Words) -> Words:
    """The products that can be made in each scenario.

    Args:
        network: The edition.
        rule: From `rules`.
        removed: For each product the scenarios that remove it, shape (products, words).
        itself: For each product the scenarios in which one of its own counting rows is left, same shape.

    Returns:
        For each product the scenarios in which it is in the greatest set M, same shape.
    """
    stand_ins = _Fold(rule.stand_ins, np.bitwise_or)
    members = _Fold(rule.members, np.bitwise_or)
    needs = _Fold(network.product_slots, np.bitwise_and)
    left = ~removed
    alive = np.full_like(removed, _ALL)
    met = np.zeros((len(network.slot_names), removed.shape[1]), np.uint64)
    while True:
        usable = alive.copy()  # a product or one of its stand-ins
        stand_ins.into(usable, alive)
        met[:] = 0
        members.into(met, usable)
        new = itself.copy()
        needs.into(new, met)
        stand_ins.into(new, alive)
        new &= left
        new &= alive
        if np.array_equal(new, alive):
            return alive
        alive = new


def left_itself(network: Network, rule: Rules, gone: Bools, unknown: str) -> Bools:
    """For each product whether one of its own counting rows is left, or none of its suppliers was ever known."""
    left = np.bincount(network.row_product[rule.counting & ~gone], minlength=len(network.products)) > 0
    return left | (~network.known & (unknown == "open"))


def failure_rounds(network: Network, rule: Rules, before: Bools, removed: Bools, itself: Bools) -> Ints:
    """The round in which each product fails in one scenario, all that fail at once; -1 where it does not.

    Round 0 holds what is removed, and what cannot be made although all else of the baseline is there; a product
    fails in the round after what stopped it (measures §7). Outside the baseline nothing fails.
    """
    stand_ins = _Fold(rule.stand_ins, np.logical_or)
    members = _Fold(rule.members, np.logical_or)
    needs = _Fold(network.product_slots, np.logical_and)
    rounds = np.full(len(before), -1, np.int32)
    alive, number = before.copy(), 0
    while True:
        usable = alive.copy()
        stand_ins.into(usable, alive)
        met = np.zeros(len(network.slot_names), np.bool_)
        members.into(met, usable)
        made = itself.copy()
        needs.into(made, met)
        stand_ins.into(made, alive)
        failing = alive & (removed | ~made)
        if not failing.any():
            return rounds
        rounds[failing] = number
        alive &= ~failing
        number += 1


def _broadcast(flags: Bools, words: int) -> Words:
    return np.repeat(np.where(flags, _ALL, np.uint64(0))[:, None], words, axis=1)


@derived
def baseline(network: Network, floor: str, unknown: str) -> Bools:
    """Whether each product can be made while nothing is removed."""
    rule = rules(network, floor, unknown)
    none = np.zeros((len(network.products), 1), np.uint64)
    alive: Bools = makeable(network, rule, none, _broadcast(rule.itself, 1))[:, 0] != 0
    return alive

"""What stops what, as one AND/OR network of gates in arrays (measures §3), seen from the side of failure.

A gate fails when any one of its inputs has failed (a product that lacks a need), or when all of them have (a need
with alternatives, a product that variants stand in for). To remove a product is to let its gate fail: one bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from queries.network import Bools, Ints, Lists, Network, derived
from queries.sweep import rules


@dataclass(frozen=True, slots=True)
class Gates:
    """The gates of an edition under a floor and a treatment of unknown products; those of the products come first.

    Attributes:
        inputs: For each gate the gates that it hangs on.
        users: For each gate the gates that hang on it.
        needed: For each gate how many of its inputs have to fail until it fails: 1, or all.
        failed: Whether it has failed before anything is removed: the product is outside the baseline.
    """

    inputs: Lists
    users: Lists
    needed: Ints
    failed: Bools


def rounds(users: Lists, needed: Ints, start: Ints) -> Ints:
    """For each thing the round in which it is hit by as many others as it needs; -1 where that never comes.

    Round 0 holds `start`; each thing that is reached hits its users once in the next round.
    """
    left = needed.astype(np.int64)
    number = np.full(len(needed), -1, np.int32)
    number[start] = 0
    place = np.empty(len(needed), np.int64)
    front, at = start, 0
    while len(front):
        at += 1
        hit = users.joined(front)
        np.subtract.at(left, hit, 1)
        hit = hit[(left[hit] <= 0) & (number[hit] < 0)]
        place[hit] = np.arange(len(hit))
        front = hit[place[hit] == np.arange(len(hit))]  # each once
        number[front] = at
    return number


@derived
def gates(network: Network, floor: str, unknown: str) -> Gates:
    """The gates of a network; arguments as for `queries.sweep.rules`."""
    rule, size = rules(network, floor, unknown), len(network.products)
    stand_ins, meets_slot, meets = rule.stand_ins, rule.usable.owners(), rule.usable.items
    several = rule.usable.lengths() > 1
    slot_gate = size + np.cumsum(several) - 1
    # A product with stand-ins fails when they have and it cannot be made itself: a gate of its own.
    backed = stand_ins.lengths() > 0
    itself = np.where(backed, size + several.sum() + np.cumsum(backed) - 1, np.arange(size))
    total = size + int(several.sum()) + int(backed.sum())
    user = itself[network.slot_product]
    plural = several[meets_slot]
    pairs = [
        (slot_gate[meets_slot[plural]], meets[plural]),
        (user[several], slot_gate[several]),
        (user[meets_slot[~plural]], meets[~plural]),
        (np.flatnonzero(backed), itself[backed]),
        (stand_ins.owners(), stand_ins.items),
    ]
    owners, items = (np.concatenate([pair[at] for pair in pairs]).astype(np.int32) for at in (0, 1))
    inputs = Lists.grouped(owners, items, total)
    needed = np.ones(total, np.int32)
    every = np.concatenate((slot_gate[several], np.flatnonzero(backed)))
    needed[every] = inputs.lengths()[every]
    users = inputs.turned(total)
    failed = rounds(users, needed, itself[~rule.itself].astype(np.int32)) >= 0
    return Gates(inputs, users, needed, failed)


def stopped_by(network: Network, product: int, floor: str, unknown: str) -> Ints:
    """The other products of the baseline that stop when one product is removed (`blocks` of measures §3), by id."""
    what = gates(network, floor, unknown)
    start = np.append(np.flatnonzero(what.failed), product).astype(np.int32)
    hit = rounds(what.users, what.needed, np.unique(start)) >= 0
    found = np.flatnonzero(hit[: len(network.products)] & ~what.failed[: len(network.products)])
    others: Ints = found[found != product].astype(np.int32)
    return others

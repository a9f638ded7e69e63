"""What stops what, as one AND/OR network of gates in arrays (measures §3), seen from the side of failure.

A gate fails when any one of its inputs has failed (a product that lacks a need), or when all of them have (a need
with alternatives, a product that variants stand in for). To remove a product is to let its gate fail: one bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from queries.network import Bools, Ints, Lists, Network, derived
from queries.rules import rules


@dataclass(frozen=True, slots=True)
class Gates:
    """The gates of an edition under a floor and a treatment of unknown products; those of the products come first.

    Attributes:
        inputs: For each gate the gates that it hangs on.
        users: For each gate the gates that hang on it.
        needed: For each gate how many of its inputs have to fail until it fails: 1, or all.
        failed: Whether it has failed before anything is removed: the product is outside the baseline.
        itself: For each product the gate that fails when it loses its suppliers: its own, or one that its stand-ins
            back.
    """

    inputs: Lists
    users: Lists
    needed: Ints
    failed: Bools
    itself: Ints

    @property
    def products(self) -> int:
        """Number of products."""
        return len(self.itself)


class _Front:
    """Failures as they spread: each thing that fails counts once at whatever hangs on it."""

    def __init__(self, users: Lists, needed: Ints, failed: Bools) -> None:
        self.users = users
        self.left = needed.astype(np.int64)
        self.failed = failed.copy()
        self.place = np.empty(len(needed), np.int64)
        self.on(np.flatnonzero(failed).astype(np.int32))

    def on(self, front: Ints) -> Ints:
        """What fails because some things have failed."""
        hit = self.users.joined(front)
        np.subtract.at(self.left, hit, 1)
        return self.fail(hit[self.left[hit] <= 0])

    def fail(self, things: Ints) -> Ints:
        """Let things fail; returns those that had not, each once."""
        new: Ints = things[~self.failed[things]]
        self.place[new] = np.arange(len(new))
        new = new[self.place[new] == np.arange(len(new))]
        self.failed[new] = True
        return new


def rounds(users: Lists, needed: Ints, start: Ints) -> Ints:
    """For each thing the round in which it is hit by as many others as it needs; -1 where that never comes.

    Round 0 holds `start`; each thing that is reached hits its users once in the next round.
    """
    spread = _Front(users, needed, np.zeros(len(needed), np.bool_))
    number = np.full(len(needed), -1, np.int32)
    front, at = spread.fail(start), 0
    while len(front):
        number[front] = at
        front, at = spread.on(front), at + 1
    return number


def failure_rounds(what: Gates, start: Ints) -> Ints:
    """The round in which each product fails when some gates do, all that fail at once; -1 where it does not.

    A product fails in the round after what stopped it (measures §7), whatever stands between them. Outside the
    baseline nothing fails.
    """
    spread = _Front(what.users, what.needed, what.failed)
    number = np.full(what.products, -1, np.int32)
    front, at = spread.fail(start), 0
    while len(front):
        failing = []
        while len(front):
            failing.append(front[front < what.products])
            front = spread.on(front[front >= what.products])
        products = np.concatenate(failing)
        number[products] = at
        front, at = spread.on(products), at + 1
    return number


class _Making:
    """Gates while they are made: what each hangs on, and which of them wait for all of it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.pairs: list[tuple[Ints, Ints]] = []
        self.every: list[Ints] = []

    def new(self, wanted: Bools) -> Ints:
        """A new gate for each thing that wants one; the others stay themselves."""
        found = np.arange(len(wanted), dtype=np.int32)
        found[wanted] = self.size + np.arange(wanted.sum())
        self.size += int(wanted.sum())
        return found

    def hang(self, gates: Ints, *inputs: Ints) -> None:
        """Let each gate hang on others."""
        self.pairs += [(gates, found) for found in inputs]

    def hang_on_all(self, gates: Ints, *inputs: Ints) -> None:
        """Let each gate hang on all of some others, two or more."""
        self.hang(gates, *inputs)
        self.every.append(gates)

    def all_of(self, lists: Lists) -> Ints:
        """For each list what fails when all of its items have: the only one, or a new gate; an empty one is itself."""
        lengths = lists.lengths()
        found = self.new(lengths > 1)
        alone = lengths == 1
        found[alone] = lists.items[lists.starts[:-1][alone]]
        owners = lists.owners()
        several = lengths[owners] > 1
        self.hang_on_all(found[owners[several]], lists.items[several])
        return found

    def done(self, itself: Ints, failed: Bools) -> Gates:
        """The gates of products, some of which cannot be made themselves from the start."""
        owners, items = (np.concatenate([pair[at] for pair in self.pairs]) for at in (0, 1))
        inputs = Lists.grouped(owners, items, self.size)
        needed = np.ones(self.size, np.int32)
        every = np.concatenate(self.every)
        needed[every] = inputs.lengths()[every]
        users = inputs.turned(self.size)
        return Gates(inputs, users, needed, rounds(users, needed, itself[failed]) >= 0, itself)


@derived
def gates(network: Network, floor: str, unknown: str) -> Gates:
    """The gates of a network; arguments as for `queries.rules.rules`."""
    rule, product = rules(network, floor, unknown), np.arange(len(network.products), dtype=np.int32)
    making, backed = _Making(len(product)), rule.stand_ins.lengths() > 0
    # A product with stand-ins fails when it cannot be made itself and they have failed.
    itself = making.new(backed)
    stand_ins = making.all_of(rule.stand_ins)
    making.hang_on_all(product[backed], itself[backed], stand_ins[backed])
    # Where it is taken away they still stand in for it at its users.
    missed = backed & (np.bincount(rule.members.items, minlength=len(product)) > 0)
    lost = making.new(missed)
    making.hang_on_all(lost[missed], product[missed], stand_ins[missed])
    needs = making.all_of(Lists(rule.members.starts, lost[rule.members.items]))
    making.hang(itself[network.slot_product], needs)
    return making.done(itself, ~rule.itself)


def baseline(network: Network, floor: str, unknown: str) -> Bools:
    """Whether each product can be made while nothing is removed."""
    what = gates(network, floor, unknown)
    return ~what.failed[: what.products]


def stopped_by(network: Network, product: int, floor: str, unknown: str) -> Ints:
    """The other products of the baseline that stop when one product is removed (`blocks` of measures §3), by id."""
    found = np.flatnonzero(failure_rounds(gates(network, floor, unknown), np.array([product], np.int32)) > 0)
    others: Ints = found.astype(np.int32)
    return others

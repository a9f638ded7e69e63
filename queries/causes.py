"""Why each product fails in a scenario: one step back towards what was taken away (measures §7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from queries.failure import Failure
from queries.network import Ints, Network

Cause = Literal["removed", "lost-suppliers", "needs", "stand-in-lost"]
CAUSES: tuple[Cause, ...] = ("removed", "lost-suppliers", "needs", "stand-in-lost")
_REMOVED, _LOST, _NEEDS, _STAND_IN = range(len(CAUSES))


@dataclass(frozen=True, slots=True)
class Causes:
    """The last step of the shortest reason of each product that fails; the rest is the reason of `back`.

    Attributes:
        cause: Place among `CAUSES`; -1 where the product does not fail.
        back: The product that the step goes back to, which failed earlier; -1 where the reason ends.
        slot: The need that is not met, for `needs`; else -1.
    """

    cause: Ints
    back: Ints
    slot: Ints


def causes(network: Network, failed: Failure) -> Causes:
    """The steps of all products that fail: back to the earliest round, then the first by id."""
    rule, rounds = failed.rule, failed.rounds
    size, fails = len(rounds), rounds >= 0
    never = np.iinfo(np.int64).max
    rank = np.where(fails, rounds * np.int64(size) + np.arange(size), never)  # by round, then by id
    # A need is not met from the round after that in which the last of what meets it failed.
    gone = np.where(fails, rounds, np.where(failed.before, size, -1))
    unmet = rule.usable.folded(np.maximum, gone[rule.usable.items], size) < rounds[network.slot_product]
    slots, members = rule.members.owners(), rule.members.items
    blamed = unmet[slots] & fails[members]
    slots, members = slots[blamed], members[blamed]
    users = network.slot_product[slots]
    need = np.full(size, never)
    np.minimum.at(need, users, rank[members])
    slot = np.full(size, -1, np.int32)
    first = rank[members] == need[users]
    np.maximum.at(slot, users[first], slots[first])
    stand_in = rule.stand_ins.folded(np.minimum, rank[rule.stand_ins.items], never)
    kinds = [failed.removed, ~failed.itself & rule.itself, failed.itself & (need < never)]
    cause = np.where(fails, np.select(kinds, [_REMOVED, _LOST, _NEEDS], _STAND_IN), -1).astype(np.int32)
    back = np.where(cause == _NEEDS, need % size, np.where(cause == _STAND_IN, stand_in % size, -1)).astype(np.int32)
    return Causes(cause, back, np.where(cause == _NEEDS, slot, -1).astype(np.int32))

"""What a floor and the treatment of unknown products make of the network (measures §3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graph.errors import BadInput
from queries.network import WEIGHTS, Bools, Lists, Network, any_of, derived

UNKNOWNS = ("open", "closed")


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


def left_itself(network: Network, rule: Rules, gone: Bools, unknown: str) -> Bools:
    """For each product whether one of its own counting rows is left, or none of its suppliers was ever known."""
    left = np.bincount(network.row_product[rule.counting & ~gone], minlength=len(network.products)) > 0
    return left | (~network.known & (unknown == "open"))

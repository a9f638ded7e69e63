"""How much is left of each product in a scenario: its level, 0..1 (measures §7)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from queries.network import Bools, Floats, Network, any_of, derived
from queries.rules import Rules, rules


@derived
def shares(network: Network, floor: str, unknown: str) -> tuple[Floats, Bools]:
    """For each supplies row its share of the product's counting rows, and whether it was assumed.

    Shares known globally, else in China; rows without one get max(1, what is left / their number); all are divided
    by their sum. A row that does not count has share 0.
    """
    counting = rules(network, floor, unknown).counting
    share, assumed = np.zeros(len(network.supplies)), np.zeros(len(network.supplies), np.bool_)
    for product in range(len(network.products)):
        own = [at for at in network.product_own_rows[product].tolist() if counting[at]]
        for scope in ("global", "china"):
            known = {
                at: network.supplies[at].share_pct or 0.0
                for at in own
                if network.supplies[at].share_scope == scope and network.supplies[at].share_pct
            }
            if known:
                break
        without = [at for at in own if at not in known]
        if without:
            each = max(1.0, (100 - sum(known.values())) / len(without))
            known |= dict.fromkeys(without, each)
            assumed[without] = True
        total = sum(known.values())
        for at, value in known.items():
            share[at] = value / total
    return share, assumed


def supply_left(network: Network, rule: Rules, gone: Bools, floor: str, unknown: str) -> Floats:
    """For each product the share of its own counting rows that is left, exactly 1 where none is gone."""
    share, _ = shares(network, floor, unknown)
    size = len(network.products)
    left = np.bincount(network.row_product, weights=share * ~gone, minlength=size)
    lost = np.bincount(network.row_product[gone & rule.counting], minlength=size) > 0
    own = np.bincount(network.row_product[rule.counting], minlength=size) > 0
    any_left = np.bincount(network.row_product[rule.counting & ~gone], minlength=size) > 0
    supply = np.where(own, np.where(lost, np.where(any_left, left, 0.0), 1.0), 0.0)
    return np.where(network.known, supply, 1.0 if unknown == "open" else 0.0)


@dataclass(frozen=True, slots=True)
class _Terms:
    """The terms of one round of levels: the need of each product that is met least, and its best stand-in."""

    slots: Floats
    needs: Floats
    itself: Floats
    stand_ins: Floats


def _terms(network: Network, rule: Rules, supply: Floats, level: Floats) -> _Terms:
    stand_ins, members, needs = rule.stand_ins, rule.members, network.product_slots
    best = stand_ins.folded(np.maximum, level[stand_ins.items], 0.0)
    usable = np.maximum(level, best)
    slots = members.folded(np.maximum, usable[members.items], 0.0)
    met = needs.folded(np.minimum, slots[needs.items], 1.0)
    return _Terms(slots, met, np.minimum(supply, met), best)


def levels(network: Network, rule: Rules, supply: Floats, removed: Bools) -> Floats:
    """What is left of each product, 0..1: the greatest fixed point of measures §7."""
    level = np.where(removed, 0.0, 1.0)
    while True:
        terms = _terms(network, rule, supply, level)
        lower = np.where(removed, 0.0, np.maximum(terms.itself, terms.stand_ins))
        if np.array_equal(lower, level):
            return level
        level = lower


def assumed(network: Network, rule: Rules, supply: Floats, level: Floats, floor: str, unknown: str) -> Bools:
    """Products whose level, neither 0 nor 1, is decided by a supply that rests on an assumed share.

    So it is where every way to the level is. A way is a stand-in of the same level, or the product itself: by its own
    supply, or by a need as little met.
    """
    guessed_rows = shares(network, floor, unknown)[1]
    guessed = (np.bincount(network.row_product[guessed_rows], minlength=len(level)) > 0) & (supply > 0)
    terms, stand_ins, usable, slots = (
        _terms(network, rule, supply, level),
        rule.stand_ins,
        rule.usable,
        network.slot_product,
    )
    partly, by_itself = (level > 0) & (level < 1), terms.itself == level
    same_stand_in = level[stand_ins.items] == level[stand_ins.owners()]
    same_usable = level[usable.items] == level[slots][usable.owners()]
    deciding = terms.slots == level[slots]
    guessed_supply = guessed & (supply == level)
    found = np.zeros(len(level), np.bool_)
    while True:
        sure_stand_in = stand_ins.folded(np.logical_or, same_stand_in & ~found[stand_ins.items], False)
        guessed_slot = deciding & ~usable.folded(np.logical_or, same_usable & ~found[usable.items], False)
        guessed_itself = guessed_supply | any_of(guessed_slot, network.product_slots)
        new = partly & ~sure_stand_in & (guessed_itself | ~by_itself)
        if np.array_equal(new, found):
            return found
        found = new

"""How much is left of each product in a scenario: its level, 0..1 (measures §7)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from queries.network import Bools, Floats, Lists, Network, any_of, derived
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


def supply_left(network: Network, gone: Bools, floor: str, unknown: str) -> Floats:
    """For each product the share of its own counting rows that is left, exactly 1 where none is gone."""
    rule, (share, _) = rules(network, floor, unknown), shares(network, floor, unknown)
    size = len(network.products)
    left = np.bincount(network.row_product, weights=share * ~gone, minlength=size)
    lost = np.bincount(network.row_product[gone & rule.counting], minlength=size) > 0
    own = np.bincount(network.row_product[rule.counting], minlength=size) > 0
    any_left = np.bincount(network.row_product[rule.counting & ~gone], minlength=size) > 0
    supply = np.where(own, np.where(lost, np.where(any_left, left, 0.0), 1.0), 0.0)
    return np.where(network.known, supply, 1.0 if unknown == "open" else 0.0)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the levels of some products are made of: the need that is met least, and the best stand-in.

    Attributes:
        slots: How well each of their needs is met, by product.
        itself: What each could make itself.
        stand_ins: The level of its best stand-in.
    """

    slots: Floats
    itself: Floats
    stand_ins: Floats


def _terms(network: Network, rule: Rules, supply: Floats, level: Floats, some: NDArray[np.integer]) -> _Terms:
    needs, stand_ins = network.product_slots.part(some), rule.stand_ins.part(some)
    usable = rule.usable.part(needs.items)
    slots = usable.folded(np.maximum, level[usable.items], 0.0)
    itself = np.minimum(supply[some], needs.folded(np.minimum, slots, 1.0))
    return _Terms(slots, itself, stand_ins.folded(np.maximum, level[stand_ins.items], 0.0))


@derived
def _users(network: Network, floor: str, unknown: str) -> Lists:
    """For each product those whose level may hang on its own."""
    rule, size = rules(network, floor, unknown), len(network.products)
    users = np.append(network.slot_product[rule.usable.owners()], rule.stand_ins.owners())
    return Lists.grouped(np.append(rule.usable.items, rule.stand_ins.items), users, size)


def levels(network: Network, supply: Floats, removed: Bools, floor: str, unknown: str) -> Floats:
    """What is left of each product, 0..1: the greatest fixed point of measures §7.

    Args:
        network: The edition.
        supply: From `supply_left`.
        removed: Whether each product is taken away itself.
        floor: As for `queries.rules.rules`.
        unknown: Likewise.
    """
    rule, users = rules(network, floor, unknown), _users(network, floor, unknown)
    level = np.where(removed, 0.0, 1.0)
    hit = supply < 1
    hit[users.joined(np.flatnonzero(removed))] = True
    while hit.any():
        some = np.flatnonzero(hit & ~removed)
        terms = _terms(network, rule, supply, level, some)
        lower = np.maximum(terms.itself, terms.stand_ins)
        fallen = some[lower < level[some]]
        level[some] = lower
        hit[:] = False
        hit[users.joined(fallen)] = True
    return level


def assumed(network: Network, supply: Floats, level: Floats, floor: str, unknown: str) -> Bools:
    """Products whose level, neither 0 nor 1, is decided by a supply that rests on an assumed share.

    So it is where every way to the level is. A way is a stand-in of the same level, or the product itself: by its own
    supply, or by a need as little met.
    """
    rule, guessed_rows = rules(network, floor, unknown), shares(network, floor, unknown)[1]
    guessed = (np.bincount(network.row_product[guessed_rows], minlength=len(level)) > 0) & (supply > 0)
    terms, stand_ins, usable, slots = (
        _terms(network, rule, supply, level, np.arange(len(level))),
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

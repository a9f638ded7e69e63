"""Dependency closures 上下游依赖: what a product needs, and what needs it (measures §6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from queries.criticality import FLOOR, UNKNOWN, blocks
from queries.network import Bools, Ints, Lists, Network, derived
from queries.removals import blockers

Direction = Literal["upstream", "downstream"]


@dataclass(frozen=True, slots=True)
class Step:
    """A direct dependency: `there` is needed by, or needs, or is a variant of, the product that it is kept for.

    Attributes:
        there: Index of the other product.
        slot: Name of the need; `None` for an optional input and for a variant.
        required: Whether the input is required; a step to a variant counts as such.
    """

    there: int
    slot: str | None
    required: bool


@dataclass(frozen=True, slots=True)
class Dependency:
    """A product of a closure.

    Attributes:
        product: Index of the product.
        depth: Least number of steps.
        slot: The slot by which it comes in first; of several at the same depth the first by name.
        required: Whether some way of required rows alone leads to it.
        dominates: Upstream: it blocks the product in question when removed; downstream: it is blocked by it.
    """

    product: int
    depth: int
    slot: str | None
    required: bool
    dominates: bool


@dataclass(frozen=True, slots=True)
class Follow:
    """The direct dependencies of every product as arrays; those of one by slot name, then by id, the nameless last.

    Attributes:
        lists: For each product those that its steps lead to.
        slot: For each step the place of its slot among `names`; one beyond the last where it has none.
        required: For each step whether it counts as required.
        names: The names of all slots, sorted.
    """

    lists: Lists
    slot: Ints
    required: Bools
    names: tuple[str, ...]


@derived
def follow(network: Network, direction: Direction) -> Follow:
    """The steps of a network, all at once."""
    names = tuple(sorted({row.slot for row in network.inputs if row.slot is not None}))
    place = {name: at for at, name in enumerate(names)}
    at = network.product_at
    variants = network.variants
    user = np.fromiter((at[row.product_id] for row in network.inputs), np.int32, len(network.inputs))
    need = np.fromiter((at[row.input_id] for row in network.inputs), np.int32, len(network.inputs))
    slot = np.fromiter((place.get(row.slot or "", len(names)) for row in network.inputs), np.int32, len(network.inputs))
    needed = np.fromiter((row.necessity == "required" for row in network.inputs), np.bool_, len(network.inputs))
    here, there = np.concatenate((user, variants.owners())), np.concatenate((need, variants.items))
    slot = np.append(slot, np.full(len(variants.items), len(names), np.int32))
    required = np.append(needed, np.ones(len(variants.items), np.bool_))
    if direction == "downstream":
        here, there = there, here
    order = np.lexsort((there, slot, here))
    lists = Lists.grouped(here[order], there[order], len(network.products))
    return Follow(lists, slot[order], required[order], names)


def steps(network: Network, direction: Direction, product: int) -> list[Step]:
    """The direct dependencies of a product, by slot name, then by id."""
    found = follow(network, direction)
    part = slice(int(found.lists.starts[product]), int(found.lists.starts[product + 1]))
    names = (*found.names, None)
    return [
        Step(there, names[slot], required)
        for there, slot, required in zip(
            found.lists.items[part].tolist(), found.slot[part].tolist(), found.required[part].tolist(), strict=True
        )
    ]


def distances(network: Network, direction: Direction, product: int, *, required: bool = False) -> Ints:
    """The least number of steps from a product to each, by all steps or those required alone; -1 where none leads."""
    lists = _required(network, direction) if required else follow(network, direction).lists
    far = np.full(len(lists), -1, np.int32)
    front, at = np.array([product]), 0
    while len(front):
        far[front] = at
        ahead = lists.joined(front)
        at += 1
        far[ahead[far[ahead] < 0]] = at
        front = np.flatnonzero(far == at)
    return far


@derived
def _required(network: Network, direction: Direction) -> Lists:
    found = follow(network, direction)
    kept = found.required
    return Lists.grouped(found.lists.owners()[kept], found.lists.items[kept], len(network.products))


def _slots(network: Network, direction: Direction, depth: Ints) -> Ints:
    """For each product that is reached the place of the slot by which it comes in first, as in `Follow`."""
    found = follow(network, direction)
    owners, items = found.lists.owners(), found.lists.items
    first = (depth[owners] >= 0) & (depth[items] == depth[owners] + 1)
    best = np.full(len(depth), len(found.names), np.int32)
    np.minimum.at(best, items[first], found.slot[first])
    return best


def closure(
    network: Network,
    product: int,
    direction: Direction,
    depth: int | None = None,
    floor: str = FLOOR,
    unknown: str = UNKNOWN,
) -> tuple[Dependency, ...]:
    """The products that a product needs, or that need it, the nearest first, then by id.

    Args:
        network: The edition.
        product: Index of the product; it is never in its own closure.
        direction: `upstream` for what it needs, `downstream` for what needs it.
        depth: Least depth to go to; without a bound `None`.
        floor: For `dominates` (measures §3).
        unknown: Likewise.
    """
    far = distances(network, direction, product)
    required = distances(network, direction, product, required=True) > 0
    names, slot = (*follow(network, direction).names, None), _slots(network, direction, far)
    dominating = (blockers if direction == "upstream" else blocks)(network, product, floor, unknown)
    dominates = np.zeros(len(far), np.bool_)
    dominates[dominating] = True
    found = np.flatnonzero((far > 0) & (far <= (depth or len(far))))
    found = found[np.argsort(far[found], kind="stable")]
    columns = (part[found].tolist() for part in (far, slot, required, dominates))
    return tuple(
        Dependency(at, steps_, names[slot_], needed, stops)
        for at, steps_, slot_, needed, stops in zip(found.tolist(), *columns, strict=True)
    )

"""Dependency closures 上下游依赖: what a product needs, and what needs it (measures §6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from queries.criticality import FLOOR, UNKNOWN, blocks
from queries.network import Network, derived
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


@derived
def steps(network: Network, direction: Direction) -> tuple[tuple[Step, ...], ...]:
    """The direct dependencies of every product, by slot name, then by id."""
    found: dict[int, list[Step]] = defaultdict(list)
    up = direction == "upstream"
    for row in network.inputs:
        user, need = network.product_at[row.product_id], network.product_at[row.input_id]
        here, there = (user, need) if up else (need, user)
        found[here].append(Step(there, row.slot, row.necessity == "required"))
    for parent in range(len(network.products)):
        for variant in network.variants[parent].tolist():
            here, there = (parent, variant) if up else (variant, parent)
            found[here].append(Step(there, None, required=True))
    return tuple(
        tuple(sorted(found[at], key=lambda step: (step.slot is None, step.slot or "", step.there)))
        for at in range(len(network.products))
    )


def _rounds(follow: tuple[tuple[Step, ...], ...], start: int, *, required: bool) -> Iterator[tuple[int, Step, int]]:
    """Every product reached, by the step that reaches it first, and its depth; breadth first."""
    seen, front, depth = {start}, [start], 0
    while front:
        depth += 1
        steps_out = [step for at in front for step in follow[at] if step.required or not required]
        front = []
        for step in sorted(steps_out, key=lambda step: (step.slot is None, step.slot or "", step.there)):
            if step.there not in seen:
                seen.add(step.there)
                front.append(step.there)
                yield depth, step, step.there


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
    follow = steps(network, direction)
    required = {there for _, _, there in _rounds(follow, product, required=True)}
    if direction == "upstream":
        dominating = set(blockers(network, product, floor, unknown).tolist())
    else:
        dominating = set(blocks(network, product, floor, unknown).tolist())
    found = [
        Dependency(there, at, step.slot, there in required, there in dominating)
        for at, step, there in _rounds(follow, product, required=False)
        if depth is None or at <= depth
    ]
    return tuple(sorted(found, key=lambda item: (item.depth, item.product)))

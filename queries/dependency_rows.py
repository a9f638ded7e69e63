"""What a product needs, or what needs it, as rows (measures §6)."""

from __future__ import annotations

from dataclasses import dataclass

from queries.coverage import Status, coverage
from queries.dependencies import Direction, closure
from queries.network import Network


@dataclass(frozen=True, slots=True)
class DependencyRow:
    """A product of a closure (measures §6)."""

    product_id: str
    name_zh: str
    name_en: str | None
    depth: int
    slot: str | None
    required: bool
    dominates: bool
    status: Status


def dependency_rows(
    network: Network, product_id: str, direction: Direction, depth: int | None, region: str, floor: str, unknown: str
) -> list[DependencyRow]:
    """The closure of a product with the coverage of each in a region."""
    found = coverage(network, region)
    items = closure(network, network.product(product_id), direction, depth, floor, unknown)
    return [
        DependencyRow(
            network.products[item.product],
            network.product_rows[item.product].name_zh,
            network.product_rows[item.product].name_en,
            item.depth,
            item.slot,
            item.required,
            item.dominates,
            found.status_of(item.product),
        )
        for item in items
    ]

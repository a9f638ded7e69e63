"""Shortest dependency paths 依赖路径 between two products, through products only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from queries.dependencies import Step, distances, steps
from queries.network import Ints, Network, derived

_MOST_COUNTED = 2**53 - 1  # what every reader of JSON can count to


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of a path: a product, and why the one before needs it.

    Attributes:
        slot: Name of the need; `None` for an optional input, for a variant, and for the first product.
        relation: `required` or `optional` input of the product before, or a `variant` of it that may stand in; `None`
            for the first product.
    """

    product_id: str
    name_zh: str
    short_zh: str | None
    name_en: str | None
    slot: str | None
    relation: Literal["required", "optional", "variant"] | None

    def __str__(self) -> str:
        return self.product_id


@dataclass(frozen=True, slots=True)
class Path:
    """A shortest way from a product to one that it needs.

    Attributes:
        depth: Number of steps.
        steps: The products, both ends among them.
    """

    depth: int
    steps: tuple[PathStep, ...]


@dataclass(frozen=True, slots=True)
class Paths:
    """The shortest ways from one product to another.

    Attributes:
        items: Some of the ways, in the order of the ids along them.
        total: Number of shortest ways; 2^53 - 1 stands for more.
        depth: Number of steps of each; `None` where there is no way.
        depth_back: Number of steps from the other product to this one; `None` where there is no way back.
    """

    items: tuple[Path, ...]
    total: int
    depth: int | None
    depth_back: int | None


def _ahead(network: Network, distance: Ints, at: int) -> list[Step]:
    """The steps from a product that lead nearer, one a product, by id; a required need before other reasons."""
    by_product: dict[int, Step] = {}
    for step in steps(network, "upstream", at):
        if distance[step.there] == distance[at] - 1:
            by_product.setdefault(step.there, step)
    return [by_product[there] for there in sorted(by_product)]


def _ways(network: Network, distance: Ints, start: int) -> Iterator[list[Step]]:
    """The shortest ways from a product, by the ids along them; every branch leads to the end, none is tried in vain."""
    way: list[Step] = []
    branches = [iter(_ahead(network, distance, start))]
    while branches:
        step = next(branches[-1], None)
        if step is None:
            branches.pop()
            del way[-1:]
        elif distance[step.there] == 0:
            yield [*way, step]
        else:
            way.append(step)
            branches.append(iter(_ahead(network, distance, step.there)))


def _count(network: Network, distance: Ints, start: int) -> int:
    """The number of shortest ways, without walking each."""
    ways = {start: 1}
    for _ in range(int(distance[start])):
        after: dict[int, int] = {}
        for at, number in ways.items():
            for step in _ahead(network, distance, at):
                after[step.there] = after.get(step.there, 0) + number
        ways = after
    return min(sum(ways.values()), _MOST_COUNTED)


def _path_step(network: Network, at: int, before: int | None, step: Step | None) -> PathStep:
    row = network.product_rows[at]
    relation: Literal["required", "optional", "variant"] | None = None
    if step is not None:
        is_input = (network.products[before or 0], row.id) in _input_keys(network)
        relation = "variant" if not is_input else "required" if step.slot is not None else "optional"
    return PathStep(row.id, row.name_zh, row.short_zh, row.name_en, step.slot if step else None, relation)


@derived
def _input_keys(network: Network) -> frozenset[tuple[str, str]]:
    return frozenset((row.product_id, row.input_id) for row in network.inputs)


def _path(network: Network, start: int, way: list[Step]) -> Path:
    products = [start, *(step.there for step in way)]
    found = [_path_step(network, start, None, None)]
    found += [_path_step(network, step.there, before, step) for before, step in zip(products, way, strict=False)]
    return Path(len(way), tuple(found))


def paths(network: Network, start_id: str, end_id: str, limit: int = 100, offset: int = 0) -> Paths:
    """The shortest ways by which a product needs another: through inputs, required or optional, and variants.

    Args:
        network: The edition.
        start_id: The product that needs.
        end_id: The product that is needed, upstream of it; the same product is no way.
        limit: Most ways.
        offset: Ways to leave out first.

    Raises:
        NotFound: One of them is no product; with near matches.
    """
    start, end = network.product(start_id), network.product(end_id)
    # To the one from all that need it, and the other way round.
    there, back = distances(network, "downstream", end), int(distances(network, "downstream", start)[end])
    depth_back = back if back > 0 else None
    if there[start] <= 0:
        return Paths((), 0, None, depth_back)
    ways = islice(_ways(network, there, start), offset, offset + limit)
    items = tuple(_path(network, start, way) for way in ways)
    return Paths(items, _count(network, there, start), int(there[start]), depth_back)

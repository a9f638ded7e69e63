"""What depends on one thing: its own disruption in a few figures, for the pages of firms, parks and regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.disruption import Disruption, disruption
from queries.network import Network
from queries.refs import Ref, ref
from queries.scenario import scenario

_MOST = 12


@dataclass(frozen=True, slots=True)
class Loss:
    """What happens without a thing.

    Attributes:
        element: The thing as an element of a scenario, `firm:smic`.
        blocked: Products that stop, finals first.
        finals: Ids of the finals among them.
        lowered: Products that go on with less, the least left first, each with what is left (0..1) and whether
            that was assumed.
        fewer: Number of products that go on with less.
        rows: Number of supplies rows that are lost.
    """

    element: str
    blocked: tuple[Ref, ...]
    finals: frozenset[str]
    lowered: tuple[tuple[Ref, float, bool], ...]
    fewer: int
    rows: int


def _lowered(found: Disruption) -> Sequence[tuple[str, float]]:
    return sorted(((name, level) for name, level in found.levels.items() if level > 0), key=lambda pair: pair[::-1])


def loss(network: Network, element: str) -> Loss:
    """The disruption of one element alone.

    Raises:
        NotFound: There is no such element.
    """
    found = disruption(network, scenario(network, [element]))
    finals, assumed, lowered = frozenset(found.finals_hit), set(found.assumed), _lowered(found)
    blocked = sorted(found.blocked, key=lambda item: (item.product_id not in finals, item.product_id))
    return Loss(
        element=element,
        blocked=tuple(ref(network, "products", item.product_id) for item in blocked),
        finals=finals,
        lowered=tuple((ref(network, "products", name), level, name in assumed) for name, level in lowered[:_MOST]),
        fewer=len(lowered),
        rows=len(found.rows_gone),
    )

"""What a product needs directly, and what needs it: the inputs rows with what they refer to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from queries.coverage import Status, statuses
from queries.network import Network, Radius, derived
from queries.refs import Fact, Ref, fact_of, ref


@dataclass(frozen=True, slots=True)
class InputFact:
    """An inputs row, seen from one of its ends: `product` is the other."""

    product: Ref
    slot: str | None
    necessity: str
    cost_share_pct: float | None
    note: str | None
    statuses: Mapping[Radius, Status]
    fact: Fact


@dataclass(frozen=True, slots=True)
class Need:
    """A slot with its members; any one suffices."""

    slot: str
    members: tuple[InputFact, ...]


@derived
def _inputs(network: Network) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    needs: dict[int, list[int]] = defaultdict(list)
    users: dict[int, list[int]] = defaultdict(list)
    for at, row in enumerate(network.inputs):
        needs[network.product_at[row.product_id]].append(at)
        users[network.product_at[row.input_id]].append(at)
    return needs, users


def _input_fact(network: Network, at: int, *, upstream: bool) -> InputFact:
    row = network.inputs[at]
    other = row.input_id if upstream else row.product_id
    return InputFact(
        product=ref(network, "products", other),
        slot=row.slot,
        necessity=row.necessity,
        cost_share_pct=row.cost_share_pct,
        note=row.note,
        statuses=statuses(network, network.product_at[other]),
        fact=fact_of(row),
    )


def users_of(network: Network, product: int) -> tuple[InputFact, ...]:
    """The inputs rows that name a product as input: required ones first, then by product."""
    found = [_input_fact(network, at, upstream=False) for at in _inputs(network)[1].get(product, ())]
    return tuple(sorted(found, key=lambda item: (item.necessity != "required", item.product.id)))


def needs_of(network: Network, product: int) -> tuple[tuple[Need, ...], tuple[InputFact, ...]]:
    """The slots of a product by name, and its optional inputs by id."""
    slots: dict[tuple[bool, str], list[InputFact]] = defaultdict(list)
    optional = []
    for at in _inputs(network)[0].get(product, ()):
        item = _input_fact(network, at, upstream=True)
        if item.slot is None:
            optional.append(item)
        else:
            slots[bool(network.inputs[at].group), item.slot].append(item)
    return tuple(Need(slot, tuple(members)) for (_, slot), members in sorted(slots.items())), tuple(optional)

"""Who sells to whom, and who works with whom, as far as it is documented."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from queries.network import Network
from queries.refs import Fact, Ref, end_ref, fact_of, ref


@dataclass(frozen=True, slots=True)
class SaleFact:
    """A documented sale, seen from one side: `firm` is the other."""

    firm: Ref
    product: Ref | None
    year: int | None
    note: str | None
    fact: Fact


@dataclass(frozen=True, slots=True)
class CooperationFact:
    """A co-operation, seen from one side: `other` is the other."""

    other: Ref
    kind: str
    chain_id: str | None
    year: int | None
    note: str | None
    fact: Fact


def cooperations_of(network: Network, ids: Iterable[str]) -> tuple[CooperationFact, ...]:
    """The co-operations of some firms, parks or regions with others, the newest first."""
    own = set(ids)
    found = []
    for row in network.facts.partnerships:
        for here, there in ((row.from_id, row.to_id), (row.to_id, row.from_id)):
            if here in own and there not in own:
                found.append(
                    CooperationFact(end_ref(network, there), row.kind, row.chain_id, row.year, row.note, fact_of(row))
                )
    return tuple(sorted(found, key=lambda item: (-(item.year or 0), item.other.id, item.kind, item.note or "")))


def sales_of_firm(network: Network, firm_id: str, *, buys: bool) -> tuple[SaleFact, ...]:
    """The documented sales to a firm, or by it where it does not buy, by the other firm and product."""
    found = []
    for row in network.facts.supply_links:
        here, there = (row.customer_id, row.supplier_id) if buys else (row.supplier_id, row.customer_id)
        if here == firm_id:
            product = ref(network, "products", row.product_id) if row.product_id else None
            found.append(SaleFact(ref(network, "firms", there), product, row.year, row.note, fact_of(row)))
    return tuple(sorted(found, key=lambda item: (item.firm.id, item.product.id if item.product else "")))


def sales_of(network: Network, product_id: str) -> tuple[tuple[Ref, SaleFact], ...]:
    """The documented sales of a product: who sells, and to whom; the newest first, then by firms."""
    rows = [row for row in network.facts.supply_links if row.product_id == product_id]
    rows.sort(key=lambda row: (-(row.year or 0), row.supplier_id, row.customer_id))
    product = ref(network, "products", product_id)
    return tuple(
        (
            ref(network, "firms", row.supplier_id),
            SaleFact(ref(network, "firms", row.customer_id), product, row.year, row.note, fact_of(row)),
        )
        for row in rows
    )

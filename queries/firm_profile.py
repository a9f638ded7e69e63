"""All that is known of one firm, each fact with its sources and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from graph.model import Firm, Source
from queries.coverage import Status, coverage, statuses
from queries.dealings import CooperationFact, SaleFact, cooperations_of, sales_of_firm
from queries.network import RADII, Network, Radius, derived_large
from queries.refs import Fact, Ref, fact_of, place_ref, ref, sources_of
from queries.supply_facts import PlaceFact, SupplyFact, supply_fact


@dataclass(frozen=True, slots=True)
class LeadFact:
    """A chain that the firm leads."""

    chain: Ref
    note: str | None
    fact: Fact


@dataclass(frozen=True, slots=True)
class SuppliedProduct:
    """A product of a firm, with its coverage and the number of full suppliers at the four radii."""

    supply: SupplyFact
    statuses: Mapping[Radius, Status]
    full: Mapping[Radius, int]
    chain_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FirmProfile:
    """A firm: what it makes, where it is, whom it sells to, works with and leads."""

    firm: Firm
    economy: Ref | None
    hq_region: Ref | None
    products: tuple[SuppliedProduct, ...]
    sites: tuple[PlaceFact, ...]
    suppliers: tuple[SaleFact, ...]
    customers: tuple[SaleFact, ...]
    cooperations: tuple[CooperationFact, ...]
    leads: tuple[LeadFact, ...]
    sources: tuple[Source, ...]


def _supplied(network: Network, row: int) -> SuppliedProduct:
    product = int(network.row_product[row])
    return SuppliedProduct(
        supply=supply_fact(network, row),
        statuses=statuses(network, product),
        full={radius: int(coverage(network, radius).full[product]) for radius in RADII},
        chain_ids=network.product_chains[product],
    )


@derived_large
def firm_profile(network: Network, firm_id: str) -> FirmProfile:
    """All that is known of a firm.

    Raises:
        NotFound: There is no such firm.
    """
    at = network.firm(firm_id)
    firm = network.firm_rows[at]
    rows = sorted(np.flatnonzero(network.row_firm == at).tolist(), key=lambda row: -network.row_weight[row])
    products = tuple(_supplied(network, row) for row in rows)
    own_sites = [site for site in network.sites if site.firm_id == firm_id]
    sites = tuple(
        PlaceFact(place_ref(network, network.place_of(site.place_id)), site.kind, site.product_ids, fact_of(site))
        for site in sorted(
            own_sites, key=lambda site: (("hq", "plant", "rd", "service").index(site.kind), site.place_id)
        )
    )
    leads = tuple(
        LeadFact(ref(network, "chains", row.chain_id), row.note, fact_of(row))
        for row in network.facts.leads
        if row.firm_id == firm_id
    )
    suppliers, customers = sales_of_firm(network, firm_id, buys=True), sales_of_firm(network, firm_id, buys=False)
    cooperations = cooperations_of(network, (firm_id,))
    facts = [item.fact for group in (sites, suppliers, customers, cooperations, leads) for item in group]
    facts += [item.supply.fact for item in products]
    return FirmProfile(
        firm=firm,
        economy=ref(network, "regions", firm.economy_id) if firm.economy_id else None,
        hq_region=ref(network, "regions", firm.hq_region_id) if firm.hq_region_id else None,
        products=products,
        sites=sites,
        suppliers=suppliers,
        customers=customers,
        cooperations=cooperations,
        leads=leads,
        sources=sources_of(network, firm.source_ids, *(fact.source_ids for fact in facts)),
    )

"""产品、企业、园区、地区: all that is known of one thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import Response

from api.pages.explore import beginning
from api.pages.losses import loss
from api.pages.page import language_of, page
from api.routers import page_router
from api.state import network_of
from queries.back_test import back_test
from queries.candidates import candidates
from queries.concentration import concentration
from queries.dealings import sales_of
from queries.dependencies import closure
from queries.elements import element_kind
from queries.firm_profile import firm_profile
from queries.gap_rows import gap_row
from queries.gaps import assessment, kinds
from queries.names import region_label
from queries.network import RADII, Network
from queries.overlaps import firms_like, parks_like
from queries.place_profile import place_profile
from queries.product_profile import product_profile
from queries.refs import Ref
from queries.stoppers import stoppers

router = page_router()


def _by_chain(network: Network, items: Sequence[Ref]) -> list[tuple[str | None, list[Ref]]]:
    """Products by the first of their chains, the chain with most of them first; those on no chain last."""
    found: dict[str | None, list[Ref]] = {}
    for item in items:
        chains = network.product_chains[network.product_at[item.id]]
        found.setdefault(chains[0] if chains else None, []).append(item)
    return sorted(found.items(), key=lambda pair: (pair[0] is None, -len(pair[1]), pair[0] or ""))


@router.get("/products/{product_id}")
def product(
    request: Request,
    product_id: str,
    r: str = "shanghai",
    k: Annotated[int, Query(ge=1, le=3)] = 2,
    edition: str | None = None,
) -> Response:
    """The page of a product; `r` is the region of its gap, `k` the most elements of a cut set."""
    network = network_of(request, edition)
    profile = product_profile(network, product_id)
    at, region = network.product(product_id), network.region_name(r)
    gap = gap_row(network, assessment(network, region)[at], region)
    choked = {network.products[p] for p, kind in enumerate(kinds(network, region)) if kind == "chokepoint"}
    return page(
        request,
        "product.html.j2",
        network,
        profile=profile,
        gap=gap,
        region=region,
        status_radius=region if region in RADII else "world",
        place=region_label(network, region, language_of(request)),
        choked=choked,
        downstream=len(closure(network, at, "downstream")),
        stops=_by_chain(network, profile.blocks),
        finals={item.id for item in profile.finals_hit},
        shares=concentration(network, product_id, region),
        cuts=stoppers(network, product_id, k),
        order=k,
        fill=candidates(network, product_id, region),
        tested=back_test(network),
        sales=sales_of(network, product_id),
        beginning=beginning("product", product_id),
    )


@router.get("/firms/{firm_id}")
def firm(request: Request, firm_id: str, edition: str | None = None) -> Response:
    """The page of a firm."""
    network = network_of(request, edition)
    profile = firm_profile(network, firm_id)

    makes = [item for item in profile.products if item.supply.capability == "mass-production"]
    sole = [item for item in makes if item.full["china"] == 1 and item.supply.radius != "world"]
    return page(
        request,
        "firm.html.j2",
        network,
        profile=profile,
        full=len(makes),
        sole=sole,
        chains={chain for item in profile.products for chain in item.chain_ids},
        loss=loss(network, f"firm:{firm_id}"),
        alike=firms_like(network, firm_id),
        beginning=beginning("firm", firm_id),
    )


def _place(request: Request, kind: str, place_id: str, edition: str | None) -> Response:
    network = network_of(request, edition)
    profile = place_profile(network, kind, place_id)
    return page(
        request,
        "place.html.j2",
        network,
        profile=profile,
        industries={row.id: row for row in network.facts.industries},
        loss=loss(network, f"{element_kind(network, kind, place_id)}:{place_id}"),
        alike=parks_like(network, place_id) if kind == "park" else (),
        beginning=beginning(kind, place_id),
    )


@router.get("/parks/{place_id}")
def park(request: Request, place_id: str, edition: str | None = None) -> Response:
    """The page of a park."""
    return _place(request, "park", place_id, edition)


@router.get("/regions/{place_id}")
def region(request: Request, place_id: str, edition: str | None = None) -> Response:
    """The page of a region."""
    return _place(request, "region", place_id, edition)

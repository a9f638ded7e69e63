"""链全景图: the panorama of a chain, with a product in focus if one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.pages.page import page
from api.routers import page_router
from api.state import network_of
from graph.errors import NotFound
from queries.chain_rows import chain_rows
from queries.concentration import spreads
from queries.criticality import blocks
from queries.gap_rows import GapRow
from queries.names import region_label
from queries.network import Control, Network, near
from queries.panorama import Panorama, panorama
from queries.product_profile import product_profile
from viz.panorama import Marks, columns, focus

router = page_router()

Lens = Literal["gap", "conc", "firms", "ev"]
_ALL_STEPS = 99


@dataclass(frozen=True, slots=True)
class Shown:
    """The state of the page, as its address tells it.

    Attributes:
        region: A radius, region id or park id.
        lens: What stands at the right end of a tile.
        product: The product in focus.
        depth: Steps that are drawn each way.
        status: A status, or `chokepoint`, that the list is filtered by.
        unfolded: Whether all segments are shown whole.
        control: Whose firms the statuses count.
    """

    region: str
    lens: Lens
    product: str | None
    depth: int
    status: str | None
    unfolded: bool
    control: Control

    def address(self, **changes: Any) -> dict[str, Any]:
        """The parameters of the page after some changes, without what is the default."""
        now = {"r": self.region, "l": self.lens, "p": self.product, "d": self.depth, "s": self.status}
        now = now | {"all": self.unfolded, "control": self.control} | changes
        plain = {"r": "shanghai", "l": "gap", "d": 2, "control": "any"}
        return {name: value for name, value in now.items() if value != plain.get(name)}


def shown(
    r: str = "shanghai",
    lens: Annotated[Lens, Query(alias="l")] = "gap",
    p: str | None = None,
    d: Annotated[int, Query(ge=1, le=_ALL_STEPS)] = 2,
    s: Literal["strong", "thin", "weak", "absent", "unknown", "chokepoint"] | None = None,
    unfolded: Annotated[bool, Query(alias="all")] = False,
    control: Control = "any",
) -> Shown:
    """The state that a request asks for."""
    return Shown(r, lens, p or None, d, s, unfolded, control)


@router.get("/chains")
def chains(request: Request, edition: str | None = None) -> Response:
    """All chains with their coverage."""
    network = network_of(request, edition)
    return page(request, "chains.html.j2", network, rows=sorted(chain_rows(network), key=lambda row: -row.products))


def _rows(answer: Panorama) -> dict[str, GapRow]:
    found = {row.product_id: row for stage in answer.segments for row in stage.products}
    return found | {row.product_id: row for row in answer.others}


def _marks(network: Network, answer: Panorama, view: Shown) -> Marks | None:
    if view.product is None:
        return None
    hit = blocks(network, network.product(view.product)).tolist()
    stops = {network.products[at] for at in hit} & _rows(answer).keys()
    return focus(answer.links, view.product, view.depth, stops)


def _passes(row: GapRow, status: str | None) -> bool:
    return status is None or status in (row.status, row.kind)


def _rank(network: Network, row: GapRow, lens: Lens) -> float:
    """Where a product stands in the list: the least is first."""
    if lens == "conc":
        spread = spreads(network)[row.product_id]
        return -spread.hhi[0] if spread.hhi else spread.economies
    if lens == "firms":
        return row.suppliers["world"].full
    if lens == "ev":
        return {"C": 0, "B": 1, "A": 2}.get(row.evidence or "", 3)
    return -(row.gap_score or 0.0)


@router.get("/chains/{chain_id}")
def chain(
    request: Request, chain_id: str, view: Annotated[Shown, Depends(shown)], edition: str | None = None
) -> Response:
    """The panorama of a chain."""
    network = network_of(request, edition)
    if chain_id not in network.chain_rows:
        raise NotFound("chain", chain_id, near(chain_id, network.chain_rows))
    answer = panorama(network, chain_id, view.region, control=view.control)
    order = panorama(network, chain_id, "shanghai")
    rows = _rows(answer)
    if view.product is not None and view.product not in rows:
        raise NotFound("product", view.product, near(view.product, rows))
    marks = _marks(network, answer, view)
    names = ("strong", "thin", "weak", "absent", "unknown", "chokepoint")
    listed = [row for row in rows.values() if _passes(row, view.status)]
    return page(
        request,
        "chain.html.j2",
        network,
        view=view,
        chain=network.chain_rows[chain_id],
        chains=network.facts.chains,
        columns=columns(answer, order, marks),
        products=answer.products,
        stages=len(answer.segments),
        marks=marks,
        focused=rows.get(view.product or ""),
        profile=product_profile(network, view.product) if view.product else None,
        in_chain=rows,
        counts={name: sum(1 for row in rows.values() if name in (row.status, row.kind)) for name in names},
        rows=sorted(listed, key=lambda row: (_rank(network, row, view.lens), row.product_id)),
        spread=spreads(network),
        region_zh=region_label(network, view.region, "zh"),
        region_en=region_label(network, view.region, "en"),
        links=[list(item) for item in marks.links] if marks else [],
    )

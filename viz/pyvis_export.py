"""A chain as one interactive HTML page that can be mailed around: made with pyvis, needs nothing from outside.

pyvis 0.3 is used for what it is good at (nodes, edges, options, vis-network inside the page) and kept away from what
it is not: its page loads Bootstrap from outside in every mode, so those tags go; titles turn into HTML when one of
them holds "href", so it gets none. What people read is text in JSON and reaches the page by `textContent` alone. The
content security policy names the page's own scripts by their SHA-256: nothing else runs, and nothing is fetched.
"""

from __future__ import annotations

from typing import Any

from queries.gaps import assessment
from queries.network import Network
from viz.graphml import ExtraMissing
from viz.pyvis_frame import around, chain_words, framed
from viz.pyvis_layout import TILE_WIDTH, all_spots, chain_blocks, spots
from viz.pyvis_tiles import SANS, heading, lines, tile

_FAINT = "rgba(60,80,95,0.15)"
_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "tooltipDelay": 250, "selectConnectedEdges": False, "multiselect": False},
    "nodes": {
        "fixed": True,
        "borderWidth": 1,
        "borderWidthSelected": 2,
        "font": {"face": SANS, "size": 14, "color": "#17212b", "align": "center"},
        "margin": {"top": 5, "bottom": 5, "left": 22, "right": 4},
        "widthConstraint": {"minimum": TILE_WIDTH - 26, "maximum": TILE_WIDTH - 26},
        "shadow": False,
    },
    "edges": {
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.4}},
        "color": {"color": _FAINT, "highlight": _FAINT, "hover": _FAINT, "inherit": False},
        "width": 1,
        "hoverWidth": 0,
        "selectionWidth": 0,
        "smooth": {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.5},
    },
}


def _drawn(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> str:
    """The page that pyvis makes of nodes and edges."""
    try:
        from pyvis.network import Network as Drawing
    except ImportError as error:
        raise ExtraMissing("The HTML page", "pyvis") from error
    drawing = Drawing(height="100%", width="100%", directed=True, bgcolor="#f6f5f0", cdn_resources="in_line")
    for node in nodes:
        drawing.add_node(**node)
    # `add_edge` searches all nodes and edges at each call.
    drawing.edges += edges
    drawing.options = _OPTIONS
    return str(drawing.generate_html())


def page(network: Network, chain: str | None, *, region: str = "shanghai") -> str:
    """A page of a chain that stands alone: products as tiles in columns by segment, inputs as lines between them.

    The same edition gives the same bytes. Write it as UTF-8.

    Args:
        network: The edition.
        chain: The chain; `None` for all products of the network.
        region: Where coverage is measured: a radius, region or park.

    Raises:
        NotFound: There is no such chain or region.
        ExtraMissing: pyvis is not installed.
    """
    gaps = {gap.product: gap for gap in assessment(network, region, chain)}
    finals = set(network.study(chain)[1])
    places = spots(chain_blocks(network, chain, gaps, set())) if chain else all_spots(network, gaps)
    nodes, numbers, x = [], {}, {}
    for number, spot in enumerate(places):
        if spot.product is None:
            nodes.append(heading(number, spot))
        else:
            nodes.append(tile(network, number, spot, gaps[spot.product], final=spot.product in finals))
            numbers[spot.product], x[spot.product] = number, spot.x
    edges = list(lines(network, numbers, x))
    head, panel = around(network, chain, region, list(gaps.values()), len(edges))
    name = chain_words(network, chain)
    return framed(_drawn(nodes, edges), f"{name[0]} {name[1]} · 链图 liantu", head, panel)

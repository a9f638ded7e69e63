"""A chain as one interactive HTML page that can be mailed around: made with pyvis, needs nothing from outside.

pyvis 0.3 is used for what it is good at (nodes, edges, options, vis-network inside the page) and kept away from what
it is not: its page loads Bootstrap from outside in every mode, so those tags go; titles turn into HTML when one of
them holds "href", so it gets none. What people read is text in JSON and reaches the page by `textContent` alone. The
content security policy names the page's own scripts by their SHA-256: nothing else runs, and nothing is fetched.
"""

from __future__ import annotations

import base64
import hashlib
import html
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from graph.model import Park, Region
from queries.coverage import STATUSES, Status
from queries.gaps import Gap, Kind, assessment
from queries.network import RADII, Network, Radius
from viz.graphml import ExtraMissing

STATUS_WORDS: dict[Status, tuple[str, str]] = {
    "strong": ("稳固", "strong"),
    "thin": ("单薄", "thin"),
    "weak": ("薄弱", "weak"),
    "absent": ("缺失", "absent"),
    "unknown": ("未知", "unknown"),
}
KIND_WORDS: dict[Kind, tuple[str, str]] = {
    "chokepoint": ("卡脖子", "chokepoint"),
    "missing": ("补链", "missing link"),
    "fragile": ("固链", "fragile link"),
    "none": ("无缺口", "no gap"),
}
RADIUS_WORDS: dict[Radius, tuple[str, str]] = {
    "shanghai": ("上海", "Shanghai"),
    "delta": ("长三角", "Yangtze River Delta"),
    "china": ("中国", "China"),
    "world": ("全球", "the world"),
}
_POSITIONS = {
    "upstream": ("上游", "upstream"),
    "midstream": ("中游", "midstream"),
    "downstream": ("下游", "downstream"),
    "service": ("服务", "service"),
}
_ORDER = ("upstream", "midstream", "downstream", "service")
_FILLS = {  # ground, border, dashes
    "strong": ("#dcebe6", "#1a6657", False),
    "thin": ("#f0f6f4", "#86b5a9", False),
    "weak": ("#fdf3de", "#b9770f", False),
    "absent": ("#ffffff", "#a62b20", [5, 3]),
    "unknown": ("#f3f3f1", "#5f6873", [1, 3]),
}
_SANS = '"PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC",sans-serif'
_SERIF = '"Noto Serif SC","Noto Serif CJK SC","Source Han Serif SC","Songti SC",SimSun,serif'

_COLUMN, _PITCH, _WIDTH = 200, 34, 156
_LEAST_COLUMNS, _MOST_COLUMNS, _LEAST_ROWS = 3, 9, 8
_HINT_SIZE, _HEAD_SIZE, _BAND_SIZE = 12, 15, 48
_ASPECT = 1.37
"""Width by height of the place for the picture on a common screen."""
_MOST_LABEL = 16


# -- where things stand ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """Products that stand together: a segment of a chain, or what stands in none.

    Attributes:
        name: Chinese name.
        hint: What stands below it: position and number of products.
        products: Indices, in order.
    """

    name: str
    hint: str
    products: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A tile or a heading and the middle of its place, in pixels at scale 1.

    Attributes:
        product: Index of the product, `None` for a heading.
        text: The heading.
        size: Size of the heading's letters, in pixels.
        x, y: To the right, and down.
    """

    product: int | None
    text: str
    x: int
    y: int
    size: int = _HINT_SIZE


def _blocks(network: Network, chain: str, gaps: dict[int, Gap], taken: set[int]) -> Iterator[Block]:
    """The segments of a chain in order; what ends the chain first, then by gap score."""
    finals = set(network.chain_finals[chain])

    def rank(at: int) -> tuple[bool, float, str]:
        return at not in finals, -(gaps[at].score or 0.0), network.products[at]

    found: dict[str | None, list[int]] = defaultdict(list)
    rows = sorted(
        (row for row in network.segment_rows.values() if row.chain_id == chain),
        key=lambda row: (_ORDER.index(row.position), row.order, row.id),
    )
    for at in network.chain_products[chain]:
        if at not in taken:
            mine = [row.id for row in rows if row.id in network.product_rows[at].segment_ids]
            found[mine[0] if mine else None].append(at)
            taken.add(at)
    for row in rows:
        if found[row.id]:
            position = _POSITIONS[row.position]
            hint = f"{position[0]} {position[1]} · {len(found[row.id])}"
            yield Block(row.name_zh, hint, tuple(sorted(found[row.id], key=rank)))
    if found[None]:
        yield Block("终端产品", f"finals · {len(found[None])}", tuple(sorted(found[None], key=rank)))


def _columns(blocks: Iterable[Block]) -> list[list[tuple[Block, tuple[int, ...]]]]:
    """Blocks one under the other in columns of about the same height; a block that is too tall goes on beside."""
    blocks = list(blocks)
    rows = sum(len(block.products) + 2 for block in blocks)
    many = min(max(round(math.sqrt(_ASPECT * rows * _PITCH / _COLUMN)), _LEAST_COLUMNS), _MOST_COLUMNS)
    height = max(-(-rows // many) + 1, _LEAST_ROWS)
    columns: list[list[tuple[Block, tuple[int, ...]]]] = [[]]
    left = height
    for block in blocks:
        rest = block.products
        while rest:
            if left < min(len(rest), 3) + 2:
                columns.append([])
                left = height
            part, rest = rest[: left - 2], rest[left - 2 :]
            columns[-1].append((block, part))
            left -= len(part) + 2
    return [column for column in columns if column]


def spots(blocks: Iterable[Block]) -> list[Spot]:
    """Where every tile and heading of some blocks stands, from the middle of the first heading on."""
    found = []
    for number, column in enumerate(_columns(blocks)):
        x, y = number * _COLUMN, 0
        for block, part in column:
            hint = block.hint if part[0] == block.products[0] else "（续 continued）"
            found.append(Spot(None, _short(block.name, 20), x, y, _HEAD_SIZE))
            found.append(Spot(None, hint, x, y + 20))
            found += [Spot(at, "", x, y + 50 + row * _PITCH) for row, at in enumerate(part)]
            y += (len(part) + 2) * _PITCH
    return found


def _bands(network: Network, gaps: dict[int, Gap]) -> Iterator[tuple[str, list[Spot]]]:
    """What stands in each chain, and what stands in none; a product stands once, in the first chain by name."""
    taken: set[int] = set()
    for name, chain in sorted(network.chain_rows.items()):
        yield f"【{_short(chain.name_zh, 16)}】", spots(list(_blocks(network, name, gaps, taken)))
    rest = tuple(sorted(set(gaps) - taken))
    yield "【其他】", spots([Block("不在任何链", f"in no chain · {len(rest)}", rest)] if rest else [])


def _all_spots(network: Network, gaps: dict[int, Gap]) -> list[Spot]:
    """All chains in two lanes, each where there is more room."""
    found: list[Spot] = []
    tops = [0, 0]
    bands = [(name, band) for name, band in _bands(network, gaps) if band]
    wide = max((spot.x for _, band in bands for spot in band), default=0) + 2 * _COLUMN
    for name, band in bands:
        lane = tops.index(min(tops))
        x, y = lane * wide, tops[lane]
        found.append(Spot(None, name, x, y, _BAND_SIZE))
        found += [replace(spot, x=spot.x + x, y=spot.y + y + 2 * _PITCH) for spot in band]
        tops[lane] = y + max(spot.y for spot in band) + 4 * _PITCH
    return found


# -- what is told -------------------------------------------------------------------------------------------------


def _short(text: str, most: int) -> str:
    """A text cut to some columns, of which a Chinese character takes two."""
    used = 0
    for at, letter in enumerate(text):
        used += 1 if ord(letter) < 0x2E80 else 2
        if used > most:
            return text[: max(at - 1, 1)] + "…"
    return text


def _score(value: float | None, digits: int = 2) -> str:
    return "未知 unknown" if value is None else f"{value:.{digits}f}"


def _firms(network: Network, firms: tuple[int, ...], most: int = 5) -> str:
    rows = [network.firm_rows[at] for at in firms[:most]]
    more = f" 等 {len(firms)} 家" if len(firms) > most else ""
    return "、".join(row.short_zh or row.name_zh for row in rows) + more


def _facts(network: Network, gap: Gap) -> Iterator[tuple[str, str]]:
    """What the panel says of a product, line by line."""
    yield "覆盖 coverage", " ".join(STATUS_WORDS[gap.status])
    if gap.kind:
        yield "缺口 gap", " ".join(KIND_WORDS[gap.kind]) + f"，{_score(gap.score, 1)} / 100"
    for radius, found in gap.suppliers.items():
        words = " ".join(STATUS_WORDS[gap.radii[radius]])
        yield f"{RADIUS_WORDS[radius][0]} {radius}", f"量产 {found.full} 家，其他 {found.lesser} 家 · {words}"
    yield "可得性 availability", _score(gap.availability)
    yield "关键度 criticality", _score(gap.criticality)
    yield "断则停 blocks", f"{gap.blocks} 项 products，{gap.finals_hit}/{gap.finals} 个终端 finals"
    if gap.back_up:
        yield "国内可备 back-up", _firms(network, gap.back_up)
    if gap.evidence:
        yield "证据 evidence", gap.evidence


def _node(network: Network, number: int, spot: Spot, gap: Gap, *, final: bool) -> dict[str, Any]:
    row = network.product_rows[gap.product]
    ground, border, dashes = _FILLS[gap.status]
    return {
        "n_id": number,
        "label": _short(row.short_zh or row.name_zh, _MOST_LABEL),
        "shape": "box",
        "color": {"background": ground, "border": border, "highlight": {"background": ground, "border": "#1c3d54"}},
        "shapeProperties": {"borderDashes": dashes, "borderRadius": 2},
        "status": gap.status,
        "kind": gap.kind,
        "borderWidth": 2 if final else 1,
        "name": [row.name_zh, row.name_en or ""],
        "about": row.description_zh or "",
        "facts": list(_facts(network, gap)),
        "x": spot.x,
        "y": spot.y,
    }


def _heading(number: int, spot: Spot) -> dict[str, Any]:
    font = (
        {"size": spot.size, "color": "#17212b", "face": _SERIF, "mod": "bold"}
        if spot.size > _HINT_SIZE
        else {"size": spot.size, "color": "#5a6572"}
    )
    wide = _WIDTH + 20 if spot.size < _BAND_SIZE else 5 * _WIDTH
    return {
        "n_id": number,
        "label": spot.text,
        "shape": "text",
        "font": font | {"align": "left"},
        "margin": dict.fromkeys(("top", "bottom", "left", "right"), 0),
        "widthConstraint": {"minimum": wide, "maximum": wide},
        "chosen": False,
        "x": spot.x + (wide - _WIDTH) // 2,
        "y": spot.y,
    }


# -- pyvis ---------------------------------------------------------------------------------------------------------

_FAINT = "rgba(60,80,95,0.15)"
_OPTIONS: dict[str, Any] = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {"hover": True, "tooltipDelay": 250, "selectConnectedEdges": False, "multiselect": False},
    "nodes": {
        "fixed": True,
        "borderWidth": 1,
        "borderWidthSelected": 2,
        "font": {"face": _SANS, "size": 14, "color": "#17212b", "align": "center"},
        "margin": {"top": 5, "bottom": 5, "left": 22, "right": 4},
        "widthConstraint": {"minimum": _WIDTH - 26, "maximum": _WIDTH - 26},
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


def _edges(network: Network, numbers: dict[int, int], x: dict[int, int]) -> Iterator[dict[str, Any]]:
    """From what is needed to what is made of it, once for each pair; `x` is where each product stands."""

    def same(one: int, other: int) -> bool:
        return x[one] == x[other]

    for row in network.inputs:
        made, needed = network.product_at[row.product_id], network.product_at[row.input_id]
        if made in numbers and needed in numbers:
            bent = {"smooth": {"enabled": True, "type": "curvedCW", "roundness": 0.35}} if same(made, needed) else {}
            yield bent | {
                "from": numbers[needed],
                "to": numbers[made],
                "dashes": row.necessity == "optional",
                "need": [("任选其一 one of: " + row.group) if row.group else "", row.necessity],
            }


# -- the page around it -------------------------------------------------------------------------------------------

_STYLE = """
*{box-sizing:border-box}html,body{margin:0;height:100%}
body{display:grid;grid-template:auto minmax(0,1fr)/minmax(0,1fr) 316px;background:#f6f5f0;color:#17212b;
font:14px/22px SANS;font-variant-numeric:tabular-nums}
header{grid-column:1/3;display:flex;gap:6px 22px;align-items:center;flex-wrap:wrap;background:#fff;padding:9px 20px 8px;
border-bottom:3px solid #1c3d54;box-shadow:0 3px #f6f5f0,0 4px #1c3d54;z-index:2}
.seal{display:grid;place-items:center;width:34px;height:34px;border-radius:3px;background:#a62b20;color:#fff;
font:700 22px/1 SERIF}
h1{margin:0;font:700 22px/28px SERIF}
h1 small{font:400 14px/20px SANS;color:#3b4754;margin-left:10px}
header p{margin:0;color:#5a6572;font-size:13px;line-height:19px}.legend{display:flex;gap:4px;flex-wrap:wrap}
button,input{font:inherit;color:inherit;background:#fff;border:1px solid #aab0b0;border-radius:3px;padding:2px 9px}
button{cursor:pointer;display:inline-flex;gap:6px;align-items:center;white-space:nowrap}
button:hover{background:#eef0ec}button[aria-pressed=true]{background:#e4edf3;border-color:#17212b}
button small{color:#5a6572;font-size:13px}button svg{flex:none}:focus-visible{outline:3px solid #b46a00}
input{width:210px;margin-left:auto;padding:4px 9px}
.card{position:relative;margin-top:5px;min-height:0;overflow:hidden}
#mynetwork#mynetwork{position:absolute;inset:0;width:auto;height:auto;border:0;float:none}
.vis-network{outline:0}.vis-tooltip{position:absolute;visibility:hidden;pointer-events:none;z-index:5;background:#fff;
border:1px solid #aab0b0;border-radius:2px;padding:3px 9px;max-width:360px;white-space:pre-wrap}
aside{margin-top:5px;background:#fff;border-left:1px solid #d8dbd6;overflow:auto;padding:12px 16px 18px}
aside h2{margin:0;font:700 17px/24px SERIF}
aside h3{margin:14px 0 4px;font-size:13px;line-height:20px;border-bottom:1px solid #aab0b0}
aside h3.up{color:#1d5680}aside h3.down{color:#7a3568}
aside p{margin:2px 0 8px;color:#3b4754;overflow-wrap:anywhere}aside ul{margin:0;padding:0;list-style:none}
aside li button{border:0;padding:1px 0;white-space:normal;text-align:left;color:#1d5680}
dl{margin:6px 0 0}dt{color:#5a6572;font-size:13px;line-height:18px}dd{margin:0 0 5px;overflow-wrap:anywhere}
dl div{border-bottom:1px solid #e9e9e4;padding-top:3px}
@media (max-width:800px){body{display:block;height:auto}.card{height:70vh}aside{border:0}}
@media print{input,.hint{display:none}}
"""

_SCRIPT = """
(() => {
  "use strict";
  const WIDTH = %(width)d, UP = "#1d5680", DOWN = "#7a3568";
  const FAINT = "rgba(60,80,95,0.15)", GONE = "rgba(60,80,95,0.05)";
  const LINE = {strong: "#1a6657", thin: "#2c6f61", weak: "#9a5f08", absent: "#a62b20", unknown: "#5f6873"};
  const tiles = new Map(nodes.get().filter((n) => n.status).map((n) => [n.id, n]));
  const lines = edges.get();
  const users = new Map(), needs = new Map();
  const add = (map, key, edge) => map.has(key) ? map.get(key).push(edge) : map.set(key, [edge]);
  for (const edge of lines) { add(users, edge.from, edge); add(needs, edge.to, edge); }
  const byId = (id) => document.getElementById(id);
  let dim = new Set(), only = null, focus = null;

  // Signs over the tiles: how much there is (the ball), and whether it is a chokepoint (the seal).
  const ball = (ctx, x, y, status) => {
    const r = 6, share = {strong: 1, thin: 0.5, weak: 0.25}[status] || 0;
    ctx.lineWidth = status === "absent" ? 2 : 1.2;
    ctx.setLineDash(status === "unknown" ? [2, 2] : []);
    ctx.strokeStyle = ctx.fillStyle = LINE[status];
    ctx.beginPath(); ctx.arc(x, y, r, 0, 2 * Math.PI); ctx.stroke();
    if (share) {
      ctx.beginPath(); ctx.moveTo(x, y);
      ctx.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * share); ctx.fill();
    }
    if (status === "unknown") { ctx.font = "9px sans-serif"; ctx.fillText("?", x, y + 0.5); }
  };
  const seal = (ctx, x, y) => {
    ctx.fillStyle = "#a62b20"; ctx.fillRect(x - 8.5, y - 8.5, 17, 17);
    ctx.fillStyle = "#fff"; ctx.font = "600 13px sans-serif"; ctx.fillText("卡", x, y + 0.5);
  };
  network.on("afterDrawing", (ctx) => {
    ctx.save(); ctx.textAlign = "center"; ctx.textBaseline = "middle";
    for (const tile of tiles.values()) {
      ctx.globalAlpha = dim.has(tile.id) ? 0.25 : 1;
      ball(ctx, tile.x - WIDTH / 2 + 13, tile.y, tile.status);
      ctx.setLineDash([]);
      if (tile.kind === "chokepoint") seal(ctx, tile.x + WIDTH / 2, tile.y);
    }
    ctx.restore();
  });

  const reach = (start, map, end, most) => {
    const steps = new Map([[start, 0]]), found = new Set(), todo = [start];
    for (const at of todo) {
      if (steps.get(at) === most) continue;
      for (const edge of map.get(at) || []) {
        found.add(edge.id);
        if (!steps.has(edge[end])) { steps.set(edge[end], steps.get(at) + 1); todo.push(edge[end]); }
      }
    }
    return {steps, found};
  };
  const paint = () => {
    const up = focus === null ? null : reach(focus, needs, "from", 2);
    const down = focus === null ? null : reach(focus, users, "to", 2);
    dim = new Set([...tiles.values()].filter((n) =>
      (up && !up.steps.has(n.id) && !down.steps.has(n.id)) || (only && n.status !== only && n.kind !== only))
      .map((n) => n.id));
    nodes.update([...tiles.values()].map((n) => dim.has(n.id)
      ? {id: n.id, color: {background: "#f8f7f3", border: "#dfdfd9"}, font: {color: "#b4babf"}}
      : {id: n.id, color: n.color, font: {color: "#17212b"}}));
    edges.update(lines.map((e) => {
      const isUp = up && up.found.has(e.id), isDown = down && down.found.has(e.id);
      const near = e.from === focus || e.to === focus;
      const color = isUp ? UP : isDown ? DOWN : up || only ? GONE : FAINT;
      return {id: e.id, color: {color, highlight: color, hover: color}, width: (isUp || isDown) && near ? 2.2 : 1,
        dashes: isDown && !isUp ? [7, 4] : e.dashes};
    }));
    for (const button of document.querySelectorAll("[data-only]"))
      button.setAttribute("aria-pressed", String(button.dataset.only === only));
  };

  const make = (tag, text, cls) => {
    const found = document.createElement(tag);
    if (text) found.textContent = text;
    if (cls) found.className = cls;
    return found;
  };
  const list = (title, cls, found, end) => {
    const box = make("ul");
    for (const edge of found) {
      const there = tiles.get(edge[end]), item = make("li"), button = make("button", there.name[0]);
      const words = [edge.need[1] === "optional" ? "可选 optional" : "", edge.need[0]].filter(Boolean).join(" · ");
      if (words) button.append(make("small", words));
      button.addEventListener("click", () => go(there.id));
      item.append(button); box.append(item);
    }
    return [make("h3", title + " · " + found.length, cls), box];
  };
  const start = [...byId("panel").childNodes];
  const tell = () => {
    if (focus === null) { byId("panel").replaceChildren(...start); return; }
    const tile = tiles.get(focus), facts = make("dl");
    for (const [name, value] of tile.facts) {
      const row = make("div"); row.append(make("dt", name), make("dd", value)); facts.append(row);
    }
    const back = make("button", "返回全链 back");
    back.addEventListener("click", () => go(null));
    byId("panel").replaceChildren(make("h2", tile.name[0]), make("p", tile.name[1]), make("p", tile.about), facts,
      ...list("直接投入 direct inputs", "up", needs.get(focus) || [], "from"),
      ...list("直接用户 direct users", "down", users.get(focus) || [], "to"), make("p"), back);
    byId("panel").scrollTop = 0;
  };
  const go = (id) => {
    focus = id;
    if (id === null) network.unselectAll(); else network.selectNodes([id], false);
    paint(); tell();
  };

  const tip = (n) => [...n.name, n.facts[0][1]].filter(Boolean).join("\\n");
  nodes.update([...tiles.values()].map((n) => ({id: n.id, title: tip(n)})));
  network.on("click", (event) => go(tiles.has(event.nodes[0]) ? event.nodes[0] : null));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") go(null); });
  for (const button of document.querySelectorAll("[data-only]"))
    button.addEventListener("click", () => {
      only = only === button.dataset.only ? null : button.dataset.only;
      paint();
    });
  for (const tile of tiles.values()) {
    const option = make("option", tile.name[1]); option.value = tile.name[0]; byId("names").append(option);
  }
  byId("find").addEventListener("change", (event) => {
    const text = event.target.value.trim().toLowerCase();
    const tile = text && [...tiles.values()].find((n) => n.name.some((name) => name.toLowerCase().includes(text)));
    if (tile) { go(tile.id); network.focus(tile.id, {scale: Math.max(network.getScale(), 0.9)}); }
  });
  new ResizeObserver(() => { if (focus === null) network.fit({maxZoomLevel: 1.25}); }).observe(byId("mynetwork"));
  network.fit({maxZoomLevel: 1.25});
})();
"""

_SHARES = {"strong": 1.0, "thin": 0.5, "weak": 0.25}
_PIES = {1.0: "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12", 0.5: "M8 2a6 6 0 0 1 0 12z", 0.25: "M8 8V2a6 6 0 0 1 6 6z"}


def _ball(status: Status) -> str:
    ink = _FILLS[status][1] if status != "thin" else "#2c6f61"
    dash = ' stroke-dasharray="2 2"' if status == "unknown" else ""
    width = 2 if status == "absent" else 1.2
    pie = f'<path fill="{ink}" d="{_PIES[_SHARES[status]]}"/>' if status in _SHARES else ""
    ring = f'<circle cx="8" cy="8" r="6" fill="none" stroke="{ink}" stroke-width="{width}"{dash}/>'
    return f'<svg width="16" height="16" aria-hidden="true">{ring}{pie}</svg>'


def _legend(gaps: Iterable[Gap]) -> str:
    gaps = list(gaps)
    buttons = [
        f'<button data-only="{status}" aria-pressed="false">{_ball(status)}{STATUS_WORDS[status][0]} '
        f"<small>{STATUS_WORDS[status][1]}</small> {sum(gap.status == status for gap in gaps)}</button>"
        for status in STATUSES
    ]
    choke = sum(gap.kind == "chokepoint" for gap in gaps)
    square = '<svg width="16" height="16" aria-hidden="true"><path fill="#a62b20" d="M0 0h16v16H0z"/></svg>'
    words = KIND_WORDS["chokepoint"]
    buttons.append(
        f'<button data-only="chokepoint" aria-pressed="false">{square}{words[0]} <small>{words[1]}</small> '
        f"{choke}</button>"
    )
    return "".join(buttons)


def _region_words(network: Network, region: str) -> tuple[str, str]:
    name = network.region_name(region)
    for radius in RADII:
        if name == radius:
            return RADIUS_WORDS[radius]
    rows: tuple[Region | Park, ...] = (*network.facts.regions, *network.facts.parks)
    row = next(row for row in rows if row.id == name)
    return row.name_zh, row.name_en or row.id


def _chain_words(network: Network, chain: str | None) -> tuple[str, str]:
    if chain is None:
        return "全部产业链", "All chains"
    row = network.chain_rows[chain]
    return row.name_zh, row.name_en or row.id


_HOW = (
    ("一格一产品，按环节成列", "One tile a product, in columns by segment."),
    ("圆表示本圈层的供给多少", "The ball tells how much supply there is in the region."),
    ("红印“卡”是卡脖子：国内无内资量产", "The red seal marks a chokepoint: no domestic full supplier in China."),
    ("粗框是终端产品", "A thick border: a final product."),
    ("线从投入指向产出，虚线可选", "Lines run from input to product; dashed ones are optional."),
    ("点一格看上下游两步：蓝是投入，紫是用户", "Click a tile for two steps each way: blue inputs, purple users."),
    ("点图例只看一类；Esc 返回", "Click the legend for one status alone; Esc goes back."),
    ("未知不是缺失：只是没有查到供应者", "Unknown is not absent: no supplier has been found yet."),
)


def _around(network: Network, chain: str | None, region: str, gaps: list[Gap], edges: int) -> tuple[str, str]:
    """The head of the page and its panel; every word from the facts is escaped."""
    name, place = _chain_words(network, chain), _region_words(network, region)
    row = network.chain_rows[chain] if chain else None
    about = [text for text in (row.description_zh, row.description_en) if text] if row else []
    sub = f"看 {place[0]} 的供给 supply in {place[1]} · {len(gaps)} 项产品 products · {edges} 条投入 inputs"
    edition = f" · 版次 edition {network.edition}" if network.edition else ""
    head = (
        f'<header><span class="seal" aria-hidden="true">链</span><div>'
        f"<h1>{html.escape(name[0])}<small>{html.escape(name[1])}</small></h1>"
        f'<p>{html.escape(sub + edition)}</p></div><div class="legend">{_legend(gaps)}</div>'
        '<input id="find" list="names" placeholder="找产品 find a product" aria-label="找产品 find a product">'
        '<datalist id="names"></datalist></header>'
    )
    hints = "".join(f"<p>{zh}<br><small>{en}</small></p>" for zh, en in _HOW)
    texts = "".join(f"<p>{html.escape(text)}</p>" for text in about)
    title = html.escape(name[0])
    return head, f'<aside id="panel"><h2>{title}</h2>{texts}<h3>怎么看 How to read it</h3>{hints}</aside>'


_OUTSIDE = re.compile(
    r'<link\b[^>]*\bhref="[^>]*>|<script\b[^>]*\bsrc="[^>]*>\s*</script>|<center>.*?</center>', re.DOTALL
)
_BODY_SCRIPT = re.compile(r"<script(?: [^>]*)?>(.*?)</script>", re.DOTALL)


def _policy(page: str) -> str:
    found = (hashlib.sha256(text.encode()).digest() for text in _BODY_SCRIPT.findall(page))
    scripts = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in found)
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def _replaced(page: str, old: str, new: str) -> str:
    if page.count(old) != 1:
        raise RuntimeError(f"pyvis makes another page than version 0.3.2: {old!r} stands in it {page.count(old)} times")
    return page.replace(old, new)


def _framed(page: str, title: str, head: str, panel: str) -> str:
    """The page of pyvis without what it loads, in our frame, under a policy that lets its own scripts alone run.

    Names stand in it as JSON with `<`, `>`, `&` and `'` escaped, so that the tags found here are those of pyvis.
    """
    page = _OUTSIDE.sub("", re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL))
    page = re.sub(r"<style>.*?</style>", "", page, count=1, flags=re.DOTALL)
    style = f"<style>{_STYLE.replace('SANS', _SANS).replace('SERIF', _SERIF)}</style>"
    page = _replaced(page, "<body>", f"<body>{style}{head}")
    page = _replaced(page, "</body>", f"{panel}<script>{_SCRIPT % {'width': _WIDTH}}</script></body>")
    page = _replaced(page, "<html>", '<!DOCTYPE html>\n<html lang="zh-CN">')
    page = page.replace("\r\n", "\n").replace("\r", "\n")
    meta = '<meta charset="utf-8">'
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_policy(page)}">'
    names = (
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="generator" content="liantu">'
    )
    return _replaced(page, meta, f"{meta}\n{policy}{names}<title>{html.escape(title)}</title>")


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
    places = spots(_blocks(network, chain, gaps, set())) if chain else _all_spots(network, gaps)
    nodes, numbers, x = [], {}, {}
    for number, spot in enumerate(places):
        if spot.product is None:
            nodes.append(_heading(number, spot))
        else:
            nodes.append(_node(network, number, spot, gaps[spot.product], final=spot.product in finals))
            numbers[spot.product], x[spot.product] = number, spot.x
    edges = list(_edges(network, numbers, x))
    head, panel = _around(network, chain, region, list(gaps.values()), len(edges))
    name = _chain_words(network, chain)
    return _framed(_drawn(nodes, edges), f"{name[0]} {name[1]} · 链图 liantu", head, panel)

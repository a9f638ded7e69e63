"""What stands around the picture of the page that stands alone: head, legend, panel, and a policy for its scripts."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from graph.model import Park, Region
from queries.coverage import STATUSES, Status
from queries.gaps import Gap
from queries.network import RADII, Network
from viz.pyvis_layout import TILE_WIDTH
from viz.pyvis_tiles import FILLS, KIND_WORDS, RADIUS_WORDS, SANS, SERIF, STATUS_WORDS

_SHARES = {"strong": 1.0, "thin": 0.5, "weak": 0.25}
_PIES = {1.0: "M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12", 0.5: "M8 2a6 6 0 0 1 0 12z", 0.25: "M8 8V2a6 6 0 0 1 6 6z"}


def _ball(status: Status) -> str:
    ink = FILLS[status][1] if status != "thin" else "#2c6f61"
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


def chain_words(network: Network, chain: str | None) -> tuple[str, str]:
    """The name of a chain, or of all of them, in Chinese and in English."""
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


def around(network: Network, chain: str | None, region: str, gaps: list[Gap], edges: int) -> tuple[str, str]:
    """The head of the page and its panel; every word from the facts is escaped."""
    name, place = chain_words(network, chain), _region_words(network, region)
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


@cache
def _own(name: str) -> str:
    """A file of ours that goes into the page."""
    return (Path(__file__).parent / "standalone" / name).read_text(encoding="utf-8")


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


def framed(page: str, title: str, head: str, panel: str) -> str:
    """The page of pyvis without what it loads, in our frame, under a policy that lets its own scripts alone run.

    Names stand in it as JSON with `<`, `>`, `&` and `'` escaped, so that the tags found here are those of pyvis.
    """
    page = _OUTSIDE.sub("", re.sub(r"<!--.*?-->", "", page, flags=re.DOTALL))
    page = re.sub(r"<style>.*?</style>", "", page, count=1, flags=re.DOTALL)
    style = f"<style>\n{_own('page.css').replace('SANS', SANS).replace('SERIF', SERIF)}</style>"
    page = _replaced(page, "<body>", f"<body>{style}{head}")
    script = _own("page.js").replace("TILE_WIDTH", str(TILE_WIDTH))
    page = _replaced(page, "</body>", f"{panel}<script>\n{script}</script></body>")
    page = _replaced(page, "<html>", '<!DOCTYPE html>\n<html lang="zh-CN">')
    page = page.replace("\r\n", "\n").replace("\r", "\n")
    meta = '<meta charset="utf-8">'
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_policy(page)}">'
    names = (
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="generator" content="liantu">'
    )
    return _replaced(page, meta, f"{meta}\n{policy}{names}<title>{html.escape(title)}</title>")

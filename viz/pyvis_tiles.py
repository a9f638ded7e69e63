"""Tiles, headings and lines of the page that stands alone, as vis-network takes them, with what its panel tells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from queries.coverage import Status
from queries.gaps import Gap, Kind
from queries.network import Network, Radius
from viz.pyvis_layout import BAND_SIZE, HINT_SIZE, TILE_WIDTH, Spot, cut

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
FILLS = {  # ground, border, dashes
    "strong": ("#dcebe6", "#1a6657", False),
    "thin": ("#f0f6f4", "#86b5a9", False),
    "weak": ("#fdf3de", "#b9770f", False),
    "absent": ("#ffffff", "#a62b20", [5, 3]),
    "unknown": ("#f3f3f1", "#5f6873", [1, 3]),
}
SANS = '"PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC","Source Han Sans SC",sans-serif'
SERIF = '"Noto Serif SC","Noto Serif CJK SC","Source Han Serif SC","Songti SC",SimSun,serif'
_MOST_LABEL = 16


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


def tile(network: Network, number: int, spot: Spot, gap: Gap, *, final: bool) -> dict[str, Any]:
    """A product as a node of the picture; what its panel tells goes with it."""
    row = network.product_rows[gap.product]
    ground, border, dashes = FILLS[gap.status]
    return {
        "n_id": number,
        "label": cut(row.short_zh or row.name_zh, _MOST_LABEL),
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


def heading(number: int, spot: Spot) -> dict[str, Any]:
    """A heading or a hint as a node without a box."""
    font = (
        {"size": spot.size, "color": "#17212b", "face": SERIF, "mod": "bold"}
        if spot.size > HINT_SIZE
        else {"size": spot.size, "color": "#5a6572"}
    )
    wide = TILE_WIDTH + 20 if spot.size < BAND_SIZE else 5 * TILE_WIDTH
    return {
        "n_id": number,
        "label": spot.text,
        "shape": "text",
        "font": font | {"align": "left"},
        "margin": dict.fromkeys(("top", "bottom", "left", "right"), 0),
        "widthConstraint": {"minimum": wide, "maximum": wide},
        "chosen": False,
        "x": spot.x + (wide - TILE_WIDTH) // 2,
        "y": spot.y,
    }


def lines(network: Network, numbers: dict[int, int], x: dict[int, int]) -> Iterator[dict[str, Any]]:
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

"""A list as planners read it in a spreadsheet: headings and codes in Chinese, names in place of ids.

Programs take the same list with the names of its fields; nothing here can be loaded again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from queries.network import Network, derived
from viz.figures import UNITS_ZH, plain_unit
from viz.palette import WORDS

_HEADS = {
    "product_id": "产品编号", "product_name_zh": "产品", "name_zh": "名称", "short_zh": "简称", "name_en": "英文名",
    "id": "编号", "firm_id": "企业编号", "firm_name_zh": "企业", "title_zh": "标题", "indicator_zh": "指标",
    "text_zh": "规划原文", "chain_ids": "链", "chain_id": "链", "segment_ids": "环节", "five_bases": "五基",
    "status": "状态", "kind": "类别", "gap_score": "缺口分", "depth": "深度", "availability": "可得性",
    "availability_domestic": "可得性（只计内资）", "criticality": "关键性", "final_impact": "停产终端占比",
    "breadth": "停产产品占比", "blocks": "连带停产", "finals_hit": "波及终端", "finals": "终端总数",
    "chains_hit": "波及的链", "delta_backed": "长三角能补", "back_up": "内资备份", "evidence": "证据等级",
    "reason_zh": "原因", "level": "级别", "rule": "规则", "rule_zh": "规则说明", "notes_zh": "说明", "since": "起始",
    "since_of": "起始依据", "until": "至", "event_ids": "事件", "scenario": "情景", "finals_stopped": "停产终端",
    "finals_reduced": "减产终端", "blocked": "停产产品", "blocked_total": "停产产品数", "reduced": "减产产品数",
    "lost.firms": "失去企业数", "lost.products": "受损产品数", "lost.rows": "失去供应条数", "exposed": "受影响企业",
    "repair": "待修复产品", "repair_total": "待修复产品数", "clause": "条款", "comparator": "要求", "value": "目标值",
    "unit": "单位", "year": "年份", "on": "截至", "latest": "最新观测", "reached_by": "达到目标的观测",
    "progress": "完成度", "named": "图谱已收录", "subject_ids": "涉及", "source_ids": "来源", "confidence": "可信度",
    "latest.as_of": "最新实绩日期", "latest.value": "最新实绩", "latest.unit": "最新实绩单位",
    "latest.note": "最新实绩备注", "latest.source_ids": "最新实绩来源", "latest.confidence": "最新实绩可信度",
    "reached_by.as_of": "达标日期", "reached_by.value": "达标值", "reached_by.unit": "达标值单位",
    "reached_by.note": "达标备注", "reached_by.source_ids": "达标来源", "reached_by.confidence": "达标可信度",
    "suppliers": "供应商数", "economy_id": "经济体", "hq_region_id": "总部", "stock_code": "股票代码", "tiers": "称号",
    "products": "产品数", "leads": "任链主", "region_id": "所在地", "part_of": "上级园区",
    "focus_industry_ids": "重点产业", "focus_chain_ids": "重点链", "firms": "企业数", "lat": "纬度", "lon": "经度",
    "parent_id": "上一级", "in_yrd": "属长三角", "full": "量产产品数", "supplied": "有供应的产品数", "a_id": "甲方编号",
    "a_name_zh": "甲方", "b_id": "乙方编号", "b_name_zh": "乙方", "note": "备注", "capability": "能力",
    "share_pct": "份额（%）", "share_scope": "份额范围", "radius": "圈层", "places": "地点", "fact.source_ids": "来源",
    "fact.confidence": "可信度", "rank": "序", "group": "理由类别", "proximity": "邻近度",
    "near_product_ids": "相近产品", "city_id": "城市", "density": "产业密度", "final": "终端", "stopped": "停产",
    "assumed": "按均分假定", "round": "第几步停", "reason_ids": "最短原因", "cause_suppliers_lost": "根因失去企业数",
    "cause_suppliers_had": "根因原有企业数", "substitutes_zh": "谁能替代",
}  # fmt: skip
_LEFT_OUT = {"facts", "substitute_ids", "scenario", "latest", "reached_by"}
_IDS: dict[str, tuple[str, ...]] = {
    "chain_ids": ("chains",), "chain_id": ("chains",), "chains_hit": ("chains",), "focus_chain_ids": ("chains",),
    "leads": ("chains",), "segment_ids": ("segments",), "focus_industry_ids": ("industries",), "back_up": ("firms",),
    "exposed": ("firms",), "economy_id": ("regions",), "hq_region_id": ("regions",), "region_id": ("regions", "parks"),
    "part_of": ("parks",), "parent_id": ("regions",), "city_id": ("regions",), "places": ("regions", "parks"),
    "near_product_ids": ("products",), "finals_stopped": ("products",), "finals_reduced": ("products",),
    "blocked": ("products",), "repair": ("products",), "reason_ids": ("products",), "event_ids": ("events",),
    "subject_ids": ("firms", "parks", "products", "chains", "industries", "regions"), "source_ids": ("sources",),
}  # fmt: skip
_CODES = {
    "capability": "CAPABILITY", "confidence": "CONFIDENCE", "five_bases": "FIVE_BASES", "tiers": "TIER",
    "radius": "RADIUS", "group": "CANDIDATE", "rule": "WARNING_RULE", "status": "STATUS",
}  # fmt: skip
_CODES_OF = {
    "gaps": {"kind": "KIND"},
    "products": {"kind": "PRODUCT"},
    "parks": {"kind": "PARK"},
    "partnerships": {"kind": "COOPERATION"},
    "warnings": {"level": "WARNING"},
    "regions": {"level": "LEVEL"},
    "targets": {"status": "TARGET"},
}
_MORE = {
    "share_scope": {"global": "全球", "china": "中国"},
    "since_of": {"event": "事件", "figures": "份额年份"},
    "comparator": {">=": "≥", "about": "约", "new": "新增"},
}
_TRUTH = {True: "是", False: "否"}
_COUNTS = {"full": "量产家数", "lesser": "未量产家数"}


def _head(name: str, column: str) -> str:
    """The heading of a field of a list; itself where it has none."""
    if (name, column) == ("disruption", "level"):
        return "还剩（0 停产，1 不受影响）"
    first, _, rest = column.partition(".")
    radius, _, what = rest.partition(".")
    if first == "statuses":
        return WORDS["RADIUS"][radius]
    if first == "suppliers" and rest:
        return WORDS["RADIUS"][radius] + _COUNTS[what]
    return _HEADS.get(column, column)


@derived
def _names(network: Network, table: str) -> Mapping[str, str]:
    """What the things of a table are called, by id."""
    found = {}
    for row in getattr(network.facts, table):
        called = (getattr(row, field, None) for field in ("short_zh", "name_zh", "title_zh", "title", "name_en"))
        found[row.id] = next((name for name in called if name), row.id)
    return found


def _each(read: Callable[[str], str], value: Any) -> Any:
    """A cell of one or several words, each read."""
    return "、".join(read(part) for part in value.split(";")) if isinstance(value, str) and value else value


def _word(words: Mapping[str, str], code: str) -> str:
    return words.get(code, code)


def _name(network: Network, tables: Sequence[str], id_: str) -> str:
    return next((names[id_] for table in tables if id_ in (names := _names(network, table))), id_)


def _reader(network: Network, name: str, column: str) -> Callable[[Any], Any]:
    """How the values of a field of a list are read."""
    last = column.rpartition(".")[2]
    if column.startswith("statuses."):
        last = "status"
    if last in _MORE:
        return partial(_each, partial(_word, _MORE[last]))
    if code := _CODES_OF.get(name, {}).get(last) or _CODES.get(last):
        return partial(_each, partial(_word, WORDS[code]))
    if last == "unit":
        return partial(_each, lambda unit: UNITS_ZH.get(plain_unit(unit), unit))
    if last in _IDS:
        return partial(_each, partial(_name, network, _IDS[last]))
    return lambda value: value


def readable(
    network: Network, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[list[str], list[list[Any]]]:
    """Headings and rows of a list in Chinese; what is in English alone is left out, but for names.

    Args:
        network: The edition.
        name: Which list it is, for codes that mean another thing in each.
        columns: Names of fields.
        rows: Their values.
    """
    shown = [
        at
        for at, column in enumerate(columns)
        if column not in _LEFT_OUT and (column == "name_en" or not column.endswith("_en"))
    ]
    readers = [_reader(network, name, columns[at]) for at in shown]
    lines = [[_plain(read(row[at])) for at, read in zip(shown, readers, strict=True)] for row in rows]
    return [_head(name, columns[at]) for at in shown], lines


def _plain(value: Any) -> Any:
    return _TRUTH[value] if isinstance(value, bool) else value

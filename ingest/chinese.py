"""Findings in Chinese, for the people who fill the tables: one sentence a code, with what is known of the column."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from graph.model import Column, tables
from ingest.report import Finding, Severity

SEVERITY: Mapping[Severity, str] = {"fatal": "无法装入", "refused": "未采用", "warning": "提醒"}


def _column(finding: Finding) -> Column | None:
    table = tables().get(finding.table)
    return next((c for c in table.columns if c.name == finding.column), None) if table else None


def _not_allowed(finding: Finding) -> str:
    column = _column(finding)
    if column is None:
        return f"{finding.column} 的值“{finding.value}”不在允许之列，请改正。"
    words = "true 或 false" if column.type is bool else "、".join(column.choices)
    return f"{finding.column} 的值“{finding.value}”不在允许之列，请用：{words}。"


def _out_of_range(finding: Finding) -> str:
    column = _column(finding)
    if column is None or column.minimum is None or column.maximum is None:
        return f"{finding.column} 的值“{finding.value}”超出范围，请核对。"
    return f"{finding.column} 的值“{finding.value}”超出范围，请填 {column.minimum:g} 至 {column.maximum:g}。"


def _over_length(finding: Finding) -> str:
    column = _column(finding)
    return f"{finding.column} 太长，最多 {column.longest if column else 0} 个字符，请缩短。"


def _dangling(finding: Finding) -> str:
    column = _column(finding)
    where = f" {'、'.join(column.to)} 表" if column else "有关的表"
    return f"{finding.column} 所指的“{finding.value}”在{where}中不存在，请改正或补上该行。"


_SENTENCES: Mapping[str, str | Callable[[Finding], str]] = {
    "no-tables": "文件夹 {value} 中没有事实表，请指定含有 products.csv 等文件的文件夹。",
    "two-files": "同一张表有两个文件（其一为 {value}），请只留一个。",
    "unknown-file": "文件 {value} 不是事实表，或格式不对，未读取。",
    "unreadable": "文件 {value} 无法读取，请检查是否损坏，并另存为 CSV（Excel 中选“CSV UTF-8”）或 .xlsx。",
    "wrong-header": "表头缺少列 {column}，该列用来标识各行，请补上。",
    "unknown-column": "列 {column} 不属于本表，未读取，请检查列名。",
    "cells": "此行格式不对，请检查单元格个数、逗号和引号。",
    "missing": "{column} 为空，此列必填。",
    "not-allowed": _not_allowed,
    "wrong-form": "{column} 的值“{value}”写法不对，请按该列的格式填写。",
    "not-a-number": "{column} 的值“{value}”不是数字，请只填数字。",
    "no-such-day": "{column} 的日期“{value}”不存在，请改正，或只填年月、年份。",
    "out-of-range": _out_of_range,
    "over-length": _over_length,
    "duplicate": "与前面某行重复（{value}），请只留一行。",
    "dangling": _dangling,
    "cycle": "{column} 首尾相接成了环（{value}），请去掉其中一环。",
    "loop": "这些产品互相需要（{value} 等），请确认是否有意如此。",
    "over-100": "份额合计为 {value}%，超过 100%，已按比例折算，请核对。",
    "half-share": "share_pct 与 share_scope 须同时填写或同时留空。",
    "not-supplied": "厂址列出的产品 {value} 不在该企业的供应之列，请补入 supplies 表或从此处去掉。",
    "too-long": "{column} 的“{value}”超过 8 个字，显示时会被截断，请缩短。",
    "not-final": "{value} 列为该链的终端产品，但其类别不是 final，请核对。",
    "self-loop": "产品不能是自己的原料或小类（{value}），请删去此行。",
    "contradiction": "{column} 的值“{value}”与前面某行矛盾，请只留一行。",
    "other-name": "{column} 的名称“{value}”与代码所属的名称不一致，以代码为准。",
    "material-and-kind": "两个产品既是原料又是小类关系，均已保留，请核对。",
    "both-ways": "两个产品互为原料，均已保留，请核对。",
    "several-parents": "该产品同属几个大类（{value}），均已保留。",
    "no-capability": "capability 为空，此行不计入任何指标，请补填产能阶段。",
    "no-economy": "economy_id 为空，该企业不计入任何经济体，请补填。",
    "ends-early": "事件的结束日期早于开始日期，请改正其中之一。",
}

CODES = tuple(_SENTENCES)
"""The codes that have a sentence: every code of the rules."""


def sentence(finding: Finding) -> str:
    """What is wrong and what to do, in Chinese."""
    found = _SENTENCES[finding.code]
    value = finding.value
    return found(finding) if callable(found) else found.format(column=finding.column or "", value=value)

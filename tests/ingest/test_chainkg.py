"""ChainKnowledgeGraph: each fault of the source is told, and what is left is loaded."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.edition import edition_of, pack, unpack
from graph.errors import BadInput
from graph.model import Facts
from graph.store import Store, trusted
from ingest.chainkg import firm_id, industry_id, product_id, read_chainkg
from ingest.pipeline import lay, load
from ingest.report import Report
from queries.coverage import coverage
from queries.dependencies import closure
from queries.network import Network

COLUMNS = {
    "industry": "code name",
    "industry_industry": "from_code from_industry rel to_industry to_code",
    "company": "name fullname code location time",
    "company_industry": "company_code industry_code industry_name company_name rel",
    "product": "name",
    "product_product": "from_entity to_entity rel",
    "company_product": "company_name company_code product_name rel rel_weight",
}
SSE = "上海证券交易所"
FILES: dict[str, list[Any]] = {
    "industry": [("110000", "农林牧渔"), ("110100", "种植业"), ("110100", "种植业"), ("11", "渔业")],
    "industry_industry": [
        ("110100", "种植业", "上级行业", "农林牧渔", "110000"),
        ("999999", "无", "上级行业", "农林牧渔", "110000"),
        ("110100", "种植业", "下级行业", "无", "110000"),
    ],
    "company": [
        ("甲", "甲股份有限公司", "600001.SH", SSE, "2019-12-26"),
        ("乙", "乙股份有限公司", "300002", "2010-02-11", "2010-02-11"),
        ("甲", "甲工业股份有限公司", "600001.SH", SSE, "2019-12-26"),
        ("丙港", "丙港股份有限公司", "600001", SSE, "2010-12-06"),
        ("丁", "丁股份有限公司", "60000", SSE, "2010-12-06"),
        ("己", "庚股份有限公司", "688003", SSE, "2012-03-09"),
        ("己", "辛股份有限公司", "688003", SSE, "2010-11-02"),
    ],
    "company_industry": [
        ("600001.SH", "110100", "种植", "甲", "所属行业"),
        ("600009.SH", "110100", "种植业", "戊", "所属行业"),
        ("600001.SH", "120000", "采掘", "甲", "所属行业"),
    ],
    "product": [("面粉",), ("小麦",), ("面包",), ("食品",), ("主食",), ("小麦",), (" ",), ("坏\b名",), "不是 JSON"],
    "product_product": [
        ("面粉", "小麦", "上游材料"),
        ("面粉", "面包", "下游产品"),
        ("面包", "面粉", "上游材料"),
        ("食品", "面包", "产品小类"),
        ("主食", "面包", "产品小类"),
        ("食品", "主食", "上游材料"),
        ("食品", "主食", "产品小类"),
        ("小麦", "小麦", "上游材料"),
        ("小麦", "种子", "上游材料"),
        ("小麦", "面粉", "上游材料"),
    ],
    "company_product": [
        ("甲", "600001.SH", "面粉", "主营产品", 0.51),
        ("旧名", "600001SH", "面包", "主营产品", -1.3),
        ("甲", "600001", "面粉", "主营产品", 0.51),
        (None, "900957SH", "面粉", "主营产品", 1),
        ("乙", "300002.SZ", "米粉", "主营产品", 1),
    ],
}
"""A source with every fault that the real one has, and some that it may have."""

FAULTS = [
    ("industry", 3, "code", "duplicate"),
    ("industry", 4, "code", "wrong-form"),
    ("industry_industry", 2, "from_code", "dangling"),
    ("industry_industry", 3, "rel", "not-allowed"),
    ("company", 4, "code", "contradiction"),
    ("company", 5, "code", "wrong-form"),
    ("company", 7, "code", "contradiction"),
    ("company_industry", 2, "company_code", "dangling"),
    ("company_industry", 3, "industry_code", "dangling"),
    ("product", 6, "name", "duplicate"),
    ("product", 7, "name", "missing"),
    ("product", 8, "name", "wrong-form"),
    ("product", 9, None, "cells"),
    ("product_product", 3, "to_entity", "duplicate"),
    ("product_product", 8, "to_entity", "self-loop"),
    ("product_product", 9, "to_entity", "dangling"),
    ("company_product", 3, "product_name", "duplicate"),
    ("company_product", 4, "company_code", "dangling"),
    ("company_product", 5, "product_name", "dangling"),
]
ODDITIES = [
    ("company", 2, "location", "not-allowed"),
    ("company", 3, "code", "duplicate"),
    ("company_industry", 1, "industry_name", "other-name"),
    ("company_product", 2, "company_name", "other-name"),
    ("company_product", 2, "rel_weight", "out-of-range"),
    ("product_product", 6, "rel", "material-and-kind"),
    ("product_product", 5, "to_entity", "several-parents"),
]
BREAD, FLOUR, WHEAT = (product_id(name) for name in ("面包", "面粉", "小麦"))


def write(there: Path, files: dict[str, list[Any]]) -> Path:
    there.mkdir()
    for name, rows in files.items():
        names = COLUMNS[name].split()
        lines = [row if isinstance(row, str) else json.dumps(dict(zip(names, row, strict=True))) for row in rows]
        (there / f"{name}.json").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return there


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "chainkg", FILES)


def places(report: Report, severity: str) -> set[tuple[str, int | None, str | None, str]]:
    return {(f.table, f.row, f.column, f.code) for f in report.findings if f.severity == severity}


def facts(folder: Path) -> Facts:
    edition, _ = lay(folder, "chainkg", form="chainkg")
    assert edition is not None
    return edition.facts


def test_every_row_that_is_wrong_is_refused_by_file_line_and_column(folder: Path) -> None:
    _, report = read_chainkg(folder, "chainkg")
    assert places(report, "refused") == set(FAULTS)
    assert report.refused_rows == len(FAULTS)
    assert report.read == {name: len(rows) for name, rows in FILES.items()}
    assert all(finding.message and finding.value is not None for finding in report.findings)


def test_what_is_odd_is_loaded_and_told(folder: Path) -> None:
    _, report = read_chainkg(folder, "chainkg")
    told = places(report, "warning")
    assert set(ODDITIES) <= told
    assert ("product_product", 1, "rel", "both-ways") in told or ("product_product", 10, "rel", "both-ways") in told


@settings(deadline=None, max_examples=60)
@given(st.sets(st.tuples(st.sampled_from("甲乙丙丁戊己庚"), st.sampled_from("甲乙丙丁戊己庚")), max_size=16))
def test_kinds_that_go_round_lose_the_relations_of_the_circle_alone(said: set[tuple[str, str]]) -> None:
    rows = sorted((whole, kind) for whole, kind in said if whole != kind)
    with tempfile.TemporaryDirectory() as place:
        folder = write(Path(place) / "chainkg", FILES | {
            "product": [(name,) for name in "甲乙丙丁戊己庚"], "company_product": [],
            "product_product": [(whole, kind, "产品小类") for whole, kind in rows],
        })  # fmt: skip
        edition, report = lay(folder, "chainkg", form="chainkg")
    reach = set(rows)
    for via, one, other in product("甲乙丙丁戊己庚", repeat=3):
        if (one, via) in reach and (via, other) in reach:
            reach.add((one, other))
    round_ = {number for number, (whole, kind) in enumerate(rows, start=1) if (kind, whole) in reach}
    assert {f.row for f in report.findings if f.code == "cycle"} == round_
    assert edition is not None
    kept = {(whole, record.id) for record in edition.facts.products for whole in record.variant_of}
    assert kept == {
        (product_id(whole), product_id(kind)) for n, (whole, kind) in enumerate(rows, start=1) if n not in round_
    }
    assert len(edition.facts.products) == 7


def test_a_circle_of_thousands_is_told_row_by_row(tmp_path: Path) -> None:
    names = [f"品{n}" for n in range(5_000)]
    ring = list(zip(names, [*names[1:], names[0]], strict=True))
    rows = [(whole, kind, "产品小类") for whole, kind in [*ring, ("总", "品0")]]
    made = {"product": [(name,) for name in [*names, "总"]], "product_product": rows, "company_product": []}
    _, report = lay(write(tmp_path / "ring", FILES | made), "ring", form="chainkg")
    told = [f for f in report.findings if f.code == "cycle"]
    assert [f.row for f in told] == list(range(1, 5_001))
    assert max(len(f.value + f.message) for f in told) < 200
    assert report.accepted["products"] == 5_001


def test_relations_become_inputs_and_kinds(folder: Path) -> None:
    found = facts(folder)
    assert {(row.product_id, row.input_id, row.necessity) for row in found.inputs} == {
        (FLOUR, WHEAT, "optional"),
        (BREAD, FLOUR, "optional"),
        (WHEAT, FLOUR, "optional"),
        (product_id("食品"), product_id("主食"), "optional"),
    }
    bread = next(row for row in found.products if row.id == BREAD)
    assert set(bread.variant_of) == {product_id("食品"), product_id("主食")}


def test_firms_keep_their_names_industries_and_shares_of_revenue(folder: Path) -> None:
    found = facts(folder)
    torn, one, other = sorted(found.firms, key=lambda row: row.stock_code or "", reverse=True)
    assert (one.id, one.name_zh, one.short_zh, one.stock_code) == (
        firm_id("600001"),
        "甲股份有限公司",
        "甲",
        "600001.SH",
    )
    assert one.aliases == ("甲工业股份有限公司", "旧名")
    assert one.industry_ids == (industry_id("110100"),)
    assert one.economy_id is None
    assert other.stock_code == "300002"
    assert (torn.name_zh, torn.aliases) == ("己", ()), "rows that contradict each other give no full name"
    assert {(row.product_id, row.capability, row.revenue_pct) for row in found.supplies} == {
        (FLOUR, None, 51.0),
        (BREAD, None, None),
    }
    assert {row.id: row.parent_id for row in found.industries} == {
        industry_id("110000"): None,
        industry_id("110100"): industry_id("110000"),
    }


def test_closures_are_asked_and_gaps_are_unknown(folder: Path) -> None:
    network = Network(facts(folder))
    found = closure(network, network.product(BREAD), "upstream")
    assert [network.products[item.product] for item in found] == [FLOUR, WHEAT]
    assert not network.known.any()
    assert set(coverage(network, "world").status.tolist()) == {4}, "no capability is no evidence"


def test_an_edition_comes_back_from_its_archive_with_the_later_columns(folder: Path) -> None:
    edition, _ = lay(folder, "chainkg", form="chainkg")
    assert edition is not None
    again = unpack(pack(edition), "here")
    assert (again.id, again.facts) == (edition.id, edition.facts)
    assert edition_of(again.layers).id == edition.id


def test_a_missing_file_loads_nothing(folder: Path) -> None:
    (folder / "product.json").unlink()
    edition, report = lay(folder, "chainkg", form="chainkg")
    assert edition is None
    assert [(f.severity, f.code) for f in report.findings if f.table == "product"] == [("fatal", "unreadable")]


def test_an_unknown_form_is_refused(folder: Path) -> None:
    with pytest.raises(BadInput, match="facts, chainkg"):
        lay(folder, "x", form="eto")  # type: ignore[arg-type]


def test_every_store_takes_it(store: Store, folder: Path) -> None:
    loaded = load(store, folder, form="chainkg")
    assert loaded.changed
    assert store.query(trusted("MATCH (:Firm)-[:CLASSED_IN]->(:Industry)-[:PART_OF]->(i) RETURN i.name_zh AS n")).rows
    again = load(store, folder, form="chainkg")
    assert (again.changed, again.rebuilt) == (False, False), "also where most labels have no node"


def test_the_real_source(chainkg: Path) -> None:
    """The figures of the source, counted here again in another way."""
    edition, report = lay(chainkg, "chainkg", form="chainkg")
    assert edition is not None
    lines = {
        p.stem: [json.loads(line) for line in p.read_text("utf-8").splitlines() if line] for p in chainkg.glob("*.json")
    }
    codes = {row["code"][:6] for row in lines["company"]}
    names = {row["name"] for row in lines["product"]}
    pairs = [row for row in lines["product_product"] if row["from_entity"] == row["to_entity"]]
    counts = Counter((f.table, f.code) for f in report.findings)
    assert counts["product_product", "self-loop"] == len(pairs) == 108
    assert counts["company_product", "out-of-range"] <= sum(
        not 0 <= r["rel_weight"] <= 1 for r in lines["company_product"]
    )
    missing = [row for row in lines["company_product"] if row["company_code"][:6] not in codes]
    assert sum(f.column == "company_code" for f in report.of("refused") if f.table == "company_product") == len(missing)
    assert len(edition.facts.firms) == len(codes)
    assert len(names) - len(edition.facts.products) == counts["product", "wrong-form"]
    made = Network(edition.facts)
    assert made.variants.lengths().sum() > 50_000

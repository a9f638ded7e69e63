"""Every rule of the report: what is wrong, where it stands, and that the rest loads."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import made_facts
import pytest
from fact_folders import LOW, folder_with

from graph.edition import Edition, to_csv
from graph.model import DOMAIN_KNOWLEDGE, tables
from ingest.pipeline import lay
from ingest.report import Report


def laid(folder: Path) -> tuple[Edition, Report]:
    edition, report = lay(folder, "x")
    assert edition is not None
    return edition, report


def test_the_base_is_clean(tmp_path: Path) -> None:
    assert laid(folder_with(tmp_path))[1].findings == []


REFUSED = [
    ("firms", f"g,,cn,,{LOW}\n", 3, "name_zh", "missing"),
    ("firms", "g,企业,cn,,,low\n", 3, "source_ids", "missing"),
    ("firms", "g,企业,cn,,domain-knowledge,sure\n", 3, "confidence", "not-allowed"),
    ("firms", f"g,企业,cn,昨天,{LOW}\n", 3, "founded", "not-a-number"),
    ("firms", f"g,企业,cn,999,{LOW}\n", 3, "founded", "out-of-range"),
    ("firms", f"G_1,企业,cn,,{LOW}\n", 3, "id", "wrong-form"),
    ("firms", f"f,又一家,cn,,{LOW}\n", 3, "id", "duplicate"),
    ("firms", f"g,企业,xx,,{LOW}\n", 3, "economy_id", "dangling"),
    ("firms", "g,企业,cn,,no-such-source,low\n", 3, "source_ids", "dangling"),
    ("products", f"r,丙,,component,s,,12345,{LOW}\n", 4, "hs_code", "wrong-form"),
    ("products", f"r,丙,,component,s;t,,,{LOW}\n", 4, "segment_ids", "dangling"),
    ("products", f"r,丙,,thing,s,,,{LOW}\n", 4, "kind", "not-allowed"),
    ("inputs", f"p,nothing,,required,,{LOW}\n", 3, "input_id", "dangling"),
    ("inputs", f"q,p,,optional,101,{LOW}\n", 3, "cost_share_pct", "out-of-range"),
    ("inputs", f"q,p,,optional,nan,{LOW}\n", 3, "cost_share_pct", "not-a-number"),
    ("inputs", f"q,p,,optional,1e400,{LOW}\n", 3, "cost_share_pct", "not-a-number"),
    ("inputs", f'q,p,,optional,"1,000",{LOW}\n', 3, "cost_share_pct", "not-a-number"),
    ("parks", f"l,园,cn-sh,,91,{LOW}\n", 3, "lat", "out-of-range"),
    ("parks", f"l,园,cn,m,,{LOW}\n", 3, "part_of", "dangling"),
    ("events", f"g,2020-02-30,,accident,火灾,{LOW}\n", 3, "date", "no-such-day"),
    ("events", f"g,2020,0000-12,accident,火灾,{LOW}\n", 3, "end_date", "no-such-day"),
    ("events", f"g,２０２０-05,,accident,火灾,{LOW}\n", 3, "date", "wrong-form"),
    ("chains", f"d,链,p;no-such,{LOW}\n", 3, "final_product_ids", "dangling"),
    ("segments", f"t,c,段,upstream,first,{LOW}\n", 3, "order", "not-a-number"),
    ("segments", f"t,c,段,upstream,-1,{LOW}\n", 3, "order", "out-of-range"),
    ("segments", f"t,no-such,段,upstream,1,{LOW}\n", 3, "chain_id", "dangling"),
    ("events", f"g,2020-13,,accident,火灾,{LOW}\n", 3, "date", "wrong-form"),
    ("market_shares", f"q,cn,50,global,2020,{LOW}\n", 3, "product_id", "duplicate"),
]


@pytest.mark.parametrize(("table", "row", "number", "column", "code"), REFUSED)
def test_a_wrong_row_is_refused_and_named(
    tmp_path: Path, table: str, row: str, number: int, column: str, code: str
) -> None:
    clean = laid(folder_with(tmp_path / "clean"))[0]
    edition, report = laid(folder_with(tmp_path / "wrong", **{table: row}))
    assert [(f.severity, f.table, f.row, f.column, f.code) for f in report.findings] == [
        ("refused", table, number, column, code)
    ]
    assert report.refused_rows == 1
    assert edition.id == clean.id


TOLD = [
    ("firms", f"g,,cn,,{LOW}\n", "name_zh is empty; fill it: Chinese name, in full."),
    ("firms", f"g,企业,cn,999,{LOW}\n", "founded '999' is not right; use 1000 to 2100"),
    ("firms", f"g,企业,cn,昨天,{LOW}\n", "founded '昨天' is not right; write a plain number, or leave the cell empty"),
    ("firms", "g,企业,cn,,domain-knowledge,sure\n", "confidence 'sure' is not right; use one of high, medium, low"),
    ("firms", f"g,企业,xx,,{LOW}\n", "economy_id names 'xx', which no row of regions has; correct it or add the row"),
    ("sites", f"f,xx,hq,,{LOW}\n", "place_id names 'xx', which no row of parks or regions has"),
    ("firms", f"f,又一家,cn,,{LOW}\n", "row 2 has the same id: f; keep one of the two"),
    (
        "market_shares",
        f"q,cn,50,global,2020,{LOW}\n",
        "the same product_id, region_id, scope, year: q, cn, global, 2020",
    ),
    ("market_shares", f"q,cn,,global,2020,{LOW}\n", "share_pct is empty; fill it"),
    ("events", f"g,2021-02-29,,accident,火灾,{LOW}\n", "use a day that the calendar has, or the month or year alone"),
    ("parks", f"Kö,园,cn-sh,,,{LOW}\n", "lower-case ASCII words joined by hyphens. It must match ^[a-z0-9]+"),
    ("products", f"r,丙,,{'x' * 500},s,,,{LOW}\n", f"kind '{'x' * 60}…' is not right; use one of material, "),
]


@pytest.mark.parametrize(("table", "row", "told"), TOLD)
def test_a_message_says_what_is_wrong_and_what_to_do(tmp_path: Path, table: str, row: str, told: str) -> None:
    finding = laid(folder_with(tmp_path, **{table: row}))[1].findings[0]
    assert told in finding.message


def test_all_that_is_wrong_with_a_row_is_told_at_once(tmp_path: Path) -> None:
    _, report = laid(folder_with(tmp_path, firms="G,,cn,soon,,sure\n"))
    assert [(f.column, f.code) for f in report.findings] == [
        ("id", "wrong-form"), ("name_zh", "missing"), ("founded", "not-a-number"), ("source_ids", "missing"),
        ("confidence", "not-allowed"),
    ]  # fmt: skip
    assert report.refused_rows == 1


def test_the_first_of_twins_stays(tmp_path: Path) -> None:
    edition, report = laid(folder_with(tmp_path, firms=f"f,二,cn,,{LOW}\nf,三,cn,,{LOW}\n"))
    assert [firm.name_zh for firm in edition.facts.firms] == ["企业"]
    assert [f.row for f in report.findings] == [3, 4]


def test_the_worst_is_told_first_then_by_table_and_row(tmp_path: Path) -> None:
    more = {
        "chains": f"d,链,q,{LOW}\n",
        "products": f"r,丙,一二三四五六七八九,component,s,,,{LOW}\n",
        "supplies": f"x,q,pilot,,,,{LOW}\ny,q,pilot,,,,{LOW}\n",
        "regions": f"de,德国,planet,,{LOW}\n",
    }
    _, report = laid(folder_with(tmp_path, **more))
    assert [(f.severity, f.table, f.row) for f in report.findings] == [
        ("refused", "regions", 4), ("refused", "supplies", 3), ("refused", "supplies", 4),
        ("warning", "chains", 3), ("warning", "products", 4),
    ]  # fmt: skip
    assert report.counts() == {"dangling": 2, "not-allowed": 1, "not-final": 1, "too-long": 1}
    assert (report.read["supplies"], report.accepted["supplies"]) == (3, 1)


def test_common_knowledge_needs_no_table_of_sources(tmp_path: Path) -> None:
    """The id is known in every table although the folder has no sources.csv."""
    facts = made_facts.full()
    for name, table in tables().items():
        if name != "sources":
            rows = [replace(row, source_ids=(DOMAIN_KNOWLEDGE,)) for row in getattr(facts, name)]
            (tmp_path / f"{name}.csv").write_text(to_csv(table, rows), encoding="utf-8")
    edition, report = laid(tmp_path)
    assert report.of("refused") == []
    assert all(edition.summary.rows[name] for name in tables() if name != "sources")


@pytest.mark.parametrize(
    ("table", "rows", "ids"),
    [
        ("products", f"v,丙,,component,s,w,,{LOW}\nw,丁,,component,s,v,,{LOW}\n", {"v", "w"}),
        ("products", f"v,丙,,component,s,v,,{LOW}\n", {"v"}),
        ("regions", f"x,甲,city,y,{LOW}\ny,乙,city,x,{LOW}\n", {"x", "y"}),
        ("parks", f"l,园,cn-sh,m,,{LOW}\nm,园,cn-sh,l,,{LOW}\n", {"l", "m"}),
    ],
)
def test_nothing_is_a_kind_or_a_part_of_itself(tmp_path: Path, table: str, rows: str, ids: set[str]) -> None:
    edition, report = laid(folder_with(tmp_path, **{table: rows}))
    assert {f.code for f in report.findings} == {"cycle"}
    assert not ids & {row.id for row in getattr(edition.facts, table)}
    assert " → " in report.findings[0].message


ODD = [
    ("inputs", f"q,p,,required,,{LOW}\n", "loop"),
    ("market_shares", f"q,cn-sh,50,global,2020,{LOW}\n", "over-100"),
    ("supplies", f"f,p,pilot,50,,2020,{LOW}\n", "half-share"),
    ("supplies", f"f,p,,,,2020,{LOW}\n", "no-capability"),
    ("firms", f"g,乙公司,,,{LOW}\n", "no-economy"),
    ("sites", f"f,cn-sh,plant,p,{LOW}\n", "not-supplied"),
    ("products", f"r,丙,一二三四五六七八九,component,s,,,{LOW}\n", "too-long"),
    ("chains", f"d,链,q,{LOW}\n", "not-final"),
    ("events", f"g,2021-05-02,2021-05-01,accident,火灾,{LOW}\n", "ends-early"),
]


@pytest.mark.parametrize(("table", "row", "code"), ODD)
def test_what_is_odd_is_loaded_and_told(tmp_path: Path, table: str, row: str, code: str) -> None:
    edition, report = laid(folder_with(tmp_path, **{table: row}))
    assert [(f.severity, f.table, f.code) for f in report.findings] == [("warning", table, code)]
    assert len(getattr(edition.facts, table)) == report.read[table]


def test_a_list_may_be_parted_by_the_chinese_semicolon(tmp_path: Path) -> None:
    edition, _ = laid(folder_with(tmp_path, chains=f"d,链,p； p ;p,{LOW}\n"))
    assert edition.facts.chains[1].final_product_ids == ("p",)

"""Every rule of the report: what is wrong, where it stands, and that the rest loads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from graph.edition import Edition
from graph.store import open_store
from ingest.pipeline import lay, load
from ingest.report import Report

ROOT = Path(__file__).parent.parent.parent
END = "source_ids,confidence"
LOW = "domain-knowledge,low"
BASE = {
    "regions": f"id,name_zh,level,parent_id,{END}\ncn,中国,economy,,{LOW}\ncn-sh,上海,province,cn,{LOW}\n",
    "chains": f"id,name_zh,final_product_ids,{END}\nc,链,p,{LOW}\n",
    "segments": f"id,chain_id,name_zh,position,order,{END}\ns,c,段,upstream,1,{LOW}\n",
    "products": f"id,name_zh,short_zh,kind,segment_ids,variant_of,hs_code,{END}\n"
    f"p,甲,,final,s,,,{LOW}\nq,乙,,component,s,,,{LOW}\n",
    "inputs": f"product_id,input_id,group,necessity,cost_share_pct,{END}\np,q,,required,,{LOW}\n",
    "firms": f"id,name_zh,economy_id,founded,{END}\nf,企业,cn,,{LOW}\n",
    "supplies": f"firm_id,product_id,capability,share_pct,share_scope,year,{END}\nf,q,pilot,,,,{LOW}\n",
    "parks": f"id,name_zh,region_id,part_of,lat,{END}\nk,园,cn-sh,,,{LOW}\n",
    "sites": f"firm_id,place_id,kind,product_ids,{END}\nf,k,plant,q,{LOW}\n",
    "market_shares": f"product_id,region_id,share_pct,scope,year,{END}\nq,cn,60,global,2020,{LOW}\n",
    "events": f"id,date,end_date,kind,title_zh,{END}\ne,2020-05,2021,accident,火灾,{LOW}\n",
}


def folder_with(tmp_path: Path, **more: str) -> Path:
    """The base tables, with rows added to some."""
    folder = tmp_path / "facts"
    folder.mkdir(parents=True)
    for name, text in BASE.items():
        (folder / f"{name}.csv").write_text(text + more.get(name, ""), encoding="utf-8")
    return folder


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
    assert report.findings[0].message
    assert report.refused_rows == 1
    assert edition.id == clean.id


def test_what_depends_on_a_refused_row_is_refused_too(tmp_path: Path) -> None:
    more = {"regions": f"us,美国,planet,,{LOW}\n", "firms": f"g,企业,us,,{LOW}\n", "supplies": f"g,p,pilot,,,,{LOW}\n"}
    _, report = laid(folder_with(tmp_path, **more))
    assert [(f.table, f.code) for f in report.findings] == [
        ("regions", "not-allowed"), ("firms", "dangling"), ("supplies", "dangling")
    ]  # fmt: skip


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


def test_every_code_is_explained_in_the_guide() -> None:
    source = "".join((ROOT / "ingest" / name).read_text() for name in ("checks.py", "pipeline.py", "rows.py"))
    codes = set(re.findall(r'"((?:[a-z]+-)+[a-z0-9]+|missing|duplicate|dangling|cycle|loop|cells|unreadable)"', source))
    codes -= {"product-id", "domain-knowledge", "gb18030", "utf-8"}
    guide = (ROOT / "docs" / "guide" / "data.md").read_text()
    assert {code for code in codes if f"`{code}`" not in guide} == set()
    assert len(codes) > 15


# -- layers ---


def test_a_layer_may_refer_to_what_lies_below(tmp_path: Path) -> None:
    store = open_store(f"arcadedb:{tmp_path / 'store'}")
    load(store, folder_with(tmp_path), layer="base")
    upper = tmp_path / "upper"
    upper.mkdir()
    (upper / "supplies.csv").write_text(
        f"firm_id,product_id,capability,{END}\nf,p,mass-production,{LOW}\nx,p,pilot,{LOW}\n"
    )
    loaded = load(store, upper)
    assert loaded.edition is not None
    assert loaded.edition.summary.layers == ("base", "upper")
    assert [(f.row, f.code) for f in loaded.report.findings] == [(3, "dangling")]
    assert {(row.firm_id, row.product_id) for row in loaded.edition.facts.supplies} == {("f", "q"), ("f", "p")}
    store.close()


def test_a_later_layer_wins_row_by_row_and_a_refused_row_gives_way(tmp_path: Path) -> None:
    store = open_store(f"arcadedb:{tmp_path / 'store'}")
    load(store, folder_with(tmp_path), layer="base")
    upper = tmp_path / "upper"
    upper.mkdir()
    (upper / "sources.csv").write_text("id,title,kind\nnews-1,报道,news\n")
    (upper / "firms.csv").write_text(f"id,name_zh,economy_id,{END}\nf,新名,cn,news-1,medium\n")
    found = load(store, upper).edition
    assert found is not None
    assert (found.facts.firms[0].name_zh, found.facts.firms[0].confidence) == ("新名", "medium")
    assert found.facts.firms[0].source_ids == ("news-1", "domain-knowledge")
    (upper / "firms.csv").write_text(f"id,name_zh,economy_id,{END}\nf,新名,xx,news-1,medium\n")
    again = load(store, upper)
    assert again.edition is not None
    assert again.edition.facts.firms[0].name_zh == "企业"
    assert [f.code for f in again.report.findings] == ["dangling"]
    store.close()


def test_a_layer_is_replaced_by_its_namesake_and_replace_drops_the_others(tmp_path: Path) -> None:
    store = open_store(f"arcadedb:{tmp_path / 'store'}")
    folder = folder_with(tmp_path)
    first = load(store, folder, layer="base")
    assert load(store, folder, layer="base").changed is False
    upper = tmp_path / "upper"
    upper.mkdir()
    (upper / "firms.csv").write_text(f"id,name_zh,economy_id,{END}\ng,另一家,cn,{LOW}\n")
    second = load(store, upper)
    (upper / "firms.csv").write_text(f"id,name_zh,economy_id,{END}\nh,再一家,cn,{LOW}\n")
    third = load(store, upper)
    assert second.edition is not None
    assert third.edition is not None
    assert {row.id for row in third.edition.facts.firms} == {"f", "h"}
    back = load(store, folder, layer="base", replace=True)
    assert back.edition is not None
    assert first.edition is not None
    assert (back.edition.id, back.edition.summary.layers) == (first.edition.id, ("base",))
    store.close()


def test_rows_below_that_lose_what_they_refer_to_are_refused_by_name(tmp_path: Path) -> None:
    store = open_store(f"arcadedb:{tmp_path / 'store'}")
    load(store, folder_with(tmp_path), layer="base")
    upper = tmp_path / "upper"
    upper.mkdir()
    (upper / "firms.csv").write_text(f"id,name_zh,economy_id,{END}\ng,另一家,cn,{LOW}\n")
    (upper / "supplies.csv").write_text(f"firm_id,product_id,capability,{END}\ng,p,pilot,{LOW}\n")
    load(store, upper)
    smaller = tmp_path / "smaller"
    smaller.mkdir()
    (smaller / "firms.csv").write_text(BASE["firms"])
    (smaller / "regions.csv").write_text(BASE["regions"])
    found = load(store, smaller, layer="base")
    assert [(f.table, f.row, f.code) for f in found.report.findings] == [("supplies", None, "dangling")]
    assert "layer upper" in found.report.findings[0].message
    store.close()

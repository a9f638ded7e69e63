"""Layers over one another in a store: what refers below, what covers, what gives way, what is lost."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path

import pytest
from fact_folders import BASE, END, LOW, folder_with

from graph.edition import read_reports
from graph.errors import BadInput
from graph.store import Store
from ingest.pipeline import Loaded, load
from ingest.report import Report

FIRMS = f"id,name_zh,economy_id,{END}\n"
SUPPLIES = f"firm_id,product_id,capability,{END}\n"
SOURCES = "id,title,kind\nnews-1,报道,news\n"


def folder_of(tmp_path: Path, name: str, **texts: str) -> Path:
    """A folder with these tables and no others."""
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for table, text in texts.items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    return folder


def laid(store: Store, folder: Path, layer: str, *, replace: bool = False) -> Loaded:
    """Load, and make sure that the store holds what it says."""
    found = load(store, folder, layer=layer, replace=replace)
    assert found.edition is not None
    kept = store.edition()
    assert store.current() == kept.id == found.edition.id
    assert kept.facts == found.edition.facts
    assert kept.layers == found.edition.layers
    return found


def firms(store: Store) -> dict[str, str]:
    return {firm.id: firm.name_zh for firm in store.edition().facts.firms}


def test_a_layer_may_refer_to_what_lies_below(tmp_path: Path, store: Store) -> None:
    laid(store, folder_with(tmp_path), "base")
    rows = f"f,p,mass-production,{LOW}\nx,p,pilot,{LOW}\n"
    found = laid(store, folder_of(tmp_path, "mine", supplies=SUPPLIES + rows), "mine")
    assert store.edition().summary.layers == ("base", "mine")
    assert [(f.row, f.code) for f in found.report.findings] == [(3, "dangling")]
    assert (found.report.read, found.report.accepted) == ({"supplies": 2}, {"supplies": 1})
    assert {(row.firm_id, row.product_id) for row in store.edition().facts.supplies} == {("f", "q"), ("f", "p")}
    answer = store.query(
        "MATCH (f:Firm)-[:SUPPLIES]->(p:Product) RETURN f.id AS firm, p.id AS product ORDER BY product"
    )
    assert answer.rows == (("f", "p"), ("f", "q"))


def test_a_later_layer_wins_row_by_row_and_a_refused_row_gives_way(tmp_path: Path, store: Store) -> None:
    laid(store, folder_with(tmp_path), "base")
    row = "f,新名,cn,news-1,medium\n"
    laid(store, folder_of(tmp_path, "mine", firms=FIRMS + row, sources=SOURCES), "mine")
    (firm,) = store.edition().facts.firms
    assert (firm.name_zh, firm.confidence, firm.source_ids) == ("新名", "medium", ("news-1", "domain-knowledge"))
    again = laid(store, folder_of(tmp_path, "mine", firms=FIRMS + row.replace("cn", "xx"), sources=SOURCES), "mine")
    (firm,) = store.edition().facts.firms
    assert (firm.name_zh, firm.confidence, firm.source_ids) == ("企业", "low", ("domain-knowledge",))
    assert [(f.row, f.code) for f in again.report.findings] == [(2, "dangling")]


def test_a_row_that_refers_to_itself_above_gives_way_to_the_row_below(tmp_path: Path, store: Store) -> None:
    laid(store, folder_with(tmp_path), "base")
    rows = f"id,name_zh,variant_of,{END}\nq,新乙,p,{LOW}\np,新甲,q,{LOW}\n"
    found = laid(store, folder_of(tmp_path, "mine", products=rows), "mine")
    assert {f.code for f in found.report.findings} == {"cycle"}
    assert {row.name_zh for row in store.edition().facts.products} == {"甲", "乙"}


def test_a_layer_is_replaced_by_its_namesake_and_replace_drops_the_others(tmp_path: Path, store: Store) -> None:
    folder = folder_with(tmp_path)
    first = laid(store, folder, "base")
    assert first.changed
    assert laid(store, folder, "base").changed is False
    laid(store, folder_of(tmp_path, "mine", firms=f"{FIRMS}g,另一家,cn,{LOW}\n"), "mine")
    laid(store, folder_of(tmp_path, "mine", firms=f"{FIRMS}h,再一家,cn,{LOW}\n"), "mine")
    assert firms(store) == {"f": "企业", "h": "再一家"}
    laid(store, folder, "base", replace=True)
    assert first.edition is not None
    assert (store.current(), store.edition().summary.layers) == (first.edition.id, ("base",))


def test_a_replacing_load_of_the_same_facts_writes_nothing(tmp_path: Path, store: Store) -> None:
    folder = folder_with(tmp_path)
    first = load(store, folder, layer="base").edition
    assert first is not None
    aside = replace(first, summary=replace(first.summary, created_at="2020-01-01T00:00:00+00:00"))
    store.write(aside, replaces=first.id)
    assert laid(store, folder, "base", replace=True).changed is False
    assert store.edition().summary.created_at[:4] == "2020", "it was written again"
    laid(store, folder, "another", replace=True)
    assert store.edition().summary.layers == ("another",)


def test_the_layer_is_called_like_its_folder(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder_with(tmp_path))
    load(store, Path())
    assert store.edition().summary.layers == ("facts",)


def test_what_a_covered_row_says_is_kept_although_nobody_sees_it(tmp_path: Path, store: Store) -> None:
    """The facts are the same before and after the lower layer changes; what lies below comes to light later."""
    laid(store, folder_with(tmp_path), "base")
    laid(store, folder_of(tmp_path, "mine", firms=f"{FIRMS}f,上,cn,{LOW}\n"), "mine")
    before = store.current()
    (tmp_path / "facts" / "firms.csv").write_text(f"{FIRMS}f,新的底,cn,{LOW}\n", encoding="utf-8")
    found = laid(store, tmp_path / "facts", "base")
    assert (store.current(), found.changed, firms(store)) == (before, False, {"f": "上"})
    laid(store, folder_of(tmp_path, "mine", chains=f"id,name_zh,{END}\nd,链二,{LOW}\n"), "mine")
    assert firms(store) == {"f": "新的底"}


def reports_of(store: Store, edition: str) -> dict[str, Report]:
    """The reports that are kept with an edition, as whoever opens the store later reads them."""
    return {layer: Report.unpacked(data) for layer, data in read_reports(store.archive(edition), edition).items()}


def test_the_report_of_each_layer_is_kept_with_the_edition(tmp_path: Path, store: Store) -> None:
    wrong = f"f,nothing,pilot,{LOW}\n"
    below = laid(store, folder_with(tmp_path), "base")
    above = laid(store, folder_of(tmp_path, "mine", supplies=SUPPLIES + f"f,p,pilot,{LOW}\n" + wrong), "mine")
    assert above.edition is not None and below.edition is not None
    kept = reports_of(store, above.edition.id)
    assert list(kept) == ["base", "mine"]
    for layer, found in (("base", below.report), ("mine", above.report)):
        assert kept[layer] == dataclasses.replace(found, folder=layer)
    assert [(f.table, f.row, f.value) for f in kept["mine"].of("refused")] == [("supplies", 3, "nothing")]
    assert reports_of(store, below.edition.id) == {"base": kept["base"]}
    assert str(tmp_path) not in str(kept)

    store.write(store.edition(below.edition.id), replaces=store.current())
    assert reports_of(store, below.edition.id) == {"base": kept["base"]}, "an edition that is taken up again"
    store.write(store.edition(above.edition.id), replaces=store.current())
    assert reports_of(store, above.edition.id) == kept


def test_a_row_that_is_refused_by_a_load_of_the_same_facts_is_kept_too(tmp_path: Path, store: Store) -> None:
    folder = folder_with(tmp_path)
    first = laid(store, folder, "base")
    assert first.edition is not None
    assert reports_of(store, first.edition.id)["base"].refused_rows == 0
    with (folder / "supplies.csv").open("a", encoding="utf-8") as file:
        file.write(f"f,nothing,pilot,,,,{LOW}\n")
    for _ in range(2):
        again = laid(store, folder, "base")
        assert (again.changed, again.rebuilt) == (False, False)
        assert store.editions() == (first.edition.summary,)
        assert [f.value for f in reports_of(store, first.edition.id)["base"].of("refused")] == ["nothing"]


def test_a_report_of_another_kind_is_refused() -> None:
    for data in (
        b"",
        b"[]",
        b"{}",
        b'{"folder": "x", "findings": [[1]]}',
        b'{"folder": "x", "findings": [], "new": 1}',
    ):
        with pytest.raises(ValueError):
            Report.unpacked(data)


def test_rows_in_another_order_are_no_change(tmp_path: Path, store: Store) -> None:
    laid(store, folder_with(tmp_path), "base")
    rows = [f"{name},另一家,cn,{LOW}\n" for name in ("h", "g", "i")]
    assert laid(store, folder_of(tmp_path, "mine", firms=FIRMS + "".join(rows)), "mine").changed
    written = store.edition().summary.created_at
    again = laid(store, folder_of(tmp_path, "mine", firms=FIRMS + "".join(reversed(rows))), "mine")
    assert (again.changed, store.edition().summary.created_at) == (False, written)
    assert [firm.id for firm in store.edition().layers[1].facts.firms] == ["g", "h", "i"]


def test_rows_above_that_lose_what_they_refer_to_are_refused_by_name(tmp_path: Path, store: Store) -> None:
    laid(store, folder_with(tmp_path), "base")
    more = {"firms": f"{FIRMS}g,另一家,cn,{LOW}\n", "supplies": f"{SUPPLIES}g,p,pilot,{LOW}\ng,q,pilot,{LOW}\n"}
    laid(store, folder_of(tmp_path, "mine", **more), "mine")
    smaller = folder_of(tmp_path, "smaller", firms=BASE["firms"], regions=BASE["regions"])
    found = laid(store, smaller, "base")
    assert [(f.table, f.row, f.code) for f in found.report.findings] == [("supplies", None, "dangling")] * 2
    assert found.report.findings[0].message.startswith("g, p of the loaded layer mine: product_id names 'p', which no")
    assert found.report.refused_rows == 2
    assert found.report.accepted == found.report.read == {"firms": 1, "regions": 2}
    assert firms(store) == {"f": "企业", "g": "另一家"}


def test_a_source_that_goes_takes_the_covered_rows_that_name_it(tmp_path: Path, store: Store) -> None:
    """The sources of covered rows stay visible, so they too have to exist."""
    below = f"{FIRMS}f,底,cn,news-1,medium\n"
    laid(store, folder_of(tmp_path, "low", firms=below, sources=SOURCES, regions=BASE["regions"]), "low")
    laid(store, folder_of(tmp_path, "mine", firms=f"{FIRMS}f,上,cn,{LOW}\n"), "mine")
    assert store.edition().facts.firms[0].source_ids == ("domain-knowledge", "news-1")
    found = laid(store, folder_of(tmp_path, "low", firms=below, regions=BASE["regions"]), "low")
    assert [(f.row, f.column, f.code) for f in found.report.findings] == [(2, "source_ids", "dangling")]
    assert store.edition().facts.firms[0].source_ids == ("domain-knowledge",)


def test_oddities_of_a_loaded_layer_are_told_with_the_name_of_the_row(tmp_path: Path, store: Store) -> None:
    header, row, _ = BASE["market_shares"].split("\n")
    laid(store, folder_with(tmp_path, chains=f"d,链,q,{LOW}\n"), "base")
    over = folder_of(tmp_path, "mine", market_shares=f"{header}\n{row.replace('q,cn,60', 'q,cn-sh,70')}\n")
    report = laid(store, over, "mine").report
    assert [(f.code, f.row) for f in report.findings] == [("not-final", None), ("over-100", 2)]
    assert report.findings[0].message.startswith("d of the loaded layer base: ")
    assert report.refused_rows == 0


def test_a_folder_that_is_not_fit_changes_nothing(tmp_path: Path, store: Store) -> None:
    laid(store, folder_with(tmp_path), "base")
    before = store.edition()
    found = load(store, folder_of(tmp_path, "mine", firms=f"name_zh,{END}\n企业,{LOW}\n"), layer="mine")
    assert (found.edition, found.changed) == (None, False)
    assert [f.code for f in found.report.findings] == ["wrong-header"]
    assert store.edition() == before
    with pytest.raises(BadInput, match="nowhere"):
        load(store, tmp_path / "nowhere")
    assert store.edition() == before

"""The command, as a user calls it."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from graph.edition import Edition
from graph.store import Store

LIANTU = Path(sys.executable).with_name("liantu")


def liantu(*words: str, store: str = "", folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    more = ("--store", store) if store else ()
    return subprocess.run(
        [str(LIANTU), *words, *more], capture_output=True, text=True, check=False, cwd=folder, timeout=120
    )


@pytest.fixture(scope="module")
def store(arcadedb_store: Store) -> str:
    return arcadedb_store.url


def test_help_names_every_command() -> None:
    text = liantu("--help").stdout
    asking = "query gaps upstream paths disrupt cut-sets candidates warnings targets esri shell export"
    for command in f"load check serve editions diff restore prune {asking}".split():
        assert f"\n    {command}" in text


def test_load_twice_then_ask(tmp_path: Path, data_folder: Path) -> None:
    store = f"arcadedb:{tmp_path / 'store'}"
    first = liantu("load", store=store)
    assert (first.returncode, "Loaded edition" in first.stderr) == (0, True), first.stderr
    again = liantu("load", store=store)
    assert (again.returncode, "did not change" in again.stderr) == (0, True), again.stderr
    body = json.loads(liantu("editions", "--format", "json", store=store).stdout)
    assert body["total"] == 1
    assert body["items"][0]["current"] is True
    assert body["items"][0]["layers"] == ["data"]
    assert "Traceback" not in first.stderr + again.stderr


def test_the_fields_are_those_of_http(store: str, shipped_edition: Edition) -> None:
    body = json.loads(liantu("gaps", "--region", "china", "--limit", "2", "--format", "json", store=store).stdout)
    assert body["edition"] == shipped_edition.id
    assert body["total"] > len(body["items"]) == 2
    assert {"product_id", "gap_score", "reason_zh", "suppliers"} <= body["items"][0].keys()
    up = json.loads(liantu("upstream", "c919-aircraft", "--depth", "1", "--format", "json", store=store).stdout)
    assert all(row["depth"] == 1 for row in up["items"])
    asked = json.loads(
        liantu("query", "users-of-product", "product=saw-filter", "--format", "json", store=store).stdout
    )
    assert asked["items"]


def test_candidates_have_the_fields_of_http(store: str, shipped_edition: Edition) -> None:
    asked = ("candidates", "saw-filter", "--region", "delta", "--limit", "2", "--format", "json")
    body = json.loads(liantu(*asked, store=store).stdout)
    assert (body["edition"], body["region"], len(body["items"])) == (shipped_edition.id, "delta", 2)
    assert {"rank", "group", "firm_id", "reason_zh", "facts", "evidence"} <= body["items"][0].keys()


def test_tables_and_csv(store: str) -> None:
    table = liantu("gaps", "--limit", "3", store=store).stdout
    assert "卡脖子" in table or "chokepoint" in table
    rows = list(csv.DictReader(io.StringIO(liantu("gaps", "--limit", "3", "--format", "csv", store=store).stdout)))
    assert len(rows) == 3
    assert rows[0]["reason_zh"].endswith("。")


def test_check_names_bad_rows_and_ends_with_1(tmp_path: Path, data_folder: Path) -> None:
    shutil.copytree(data_folder, tmp_path / "facts")
    leads = tmp_path / "facts" / "leads.csv"
    leads.write_text(leads.read_text() + "no-such-firm,high-end-chips,,domain-knowledge,low\n")
    found = liantu("check", str(tmp_path / "facts"))
    assert found.returncode == 1
    assert "no-such-firm" in found.stdout
    assert "[dangling]" in found.stdout
    assert liantu("check", str(data_folder)).returncode == 0
    loaded = liantu("load", str(tmp_path / "facts"), store=f"arcadedb:{tmp_path / 'store'}")
    assert loaded.returncode == 1
    assert "Loaded edition" in loaded.stderr


def test_wrong_use_ends_with_2_and_says_the_way_out(store: str) -> None:
    for words, told in (
        (("gaps", "--region", "atlantis"), "region"),
        (("upstream", "photoresist-arv"), "photoresist-arf"),
        (("query", "suppliers-of-produkt"), "suppliers-of-product"),
        (("query", "users-of-product", "product"), "key=value"),
        (("check", "/no/such/folder"), "folder"),
        (("export", "--as", "pdf"), "graphml"),
    ):
        found = liantu(*words, store=store)
        assert (found.returncode, found.stdout) == (2, ""), words
        assert told in found.stderr
        assert "Traceback" not in found.stderr


def test_a_store_that_is_away_or_empty_ends_with_3(tmp_path: Path) -> None:
    away = liantu("gaps", store="bolt://127.0.0.1:1")
    assert away.returncode == 3, away.stderr
    assert "Traceback" not in away.stderr
    empty = liantu("gaps", store=f"arcadedb:{tmp_path / 'nothing'}")
    assert empty.returncode == 3
    assert "liantu load" in empty.stderr


def test_an_export_can_be_loaded_again(tmp_path: Path, store: str, shipped_edition: Edition) -> None:
    assert liantu("export", "--as", "csv", "-o", str(tmp_path / "out"), store=store).returncode == 0
    there = f"arcadedb:{tmp_path / 'store'}"
    assert liantu("load", str(tmp_path / "out"), store=there).returncode == 0
    body = json.loads(liantu("editions", "--format", "json", store=there).stdout)
    assert body["edition"] == shipped_edition.id


def test_esri_names_the_file_of_a_bad_row(tmp_path: Path) -> None:
    tables = {
        "sales.csv": "from,to,weight\na,b,1\nb,a,2.5\n",
        "firms.csv": "id,sector\na,chips\nb,tools\n",
        "needs.csv": "supplier_sector,buyer_sector,value\nchips,tools,2\ntools,chips,1\n",
    }
    for name, text in tables.items():
        (tmp_path / name).write_text(text)
    found = liantu("esri", *tables, "--format", "json", folder=tmp_path)
    body = json.loads(found.stdout)
    assert [item.keys() for item in body["items"]] == [{"id", "esri", "esri_down", "esri_up"}] * 2
    assert (body["total"], body["eps"], body["substitution"], body["complete"]) == (2, 1e-6, True, True)
    assert json.loads(liantu("esri", *tables, "--no-substitution", "--eps", "0.01", "--format", "json",
                             folder=tmp_path).stdout)["substitution"] is False  # fmt: skip
    (tmp_path / "sales.csv").write_text("from,to,weight\na,b,1\nb,c,2\n")
    bad = liantu("esri", *tables, folder=tmp_path)
    assert (bad.returncode, bad.stdout) == (2, "")
    assert "sales.csv, line 3, to" in bad.stderr
    assert "'c'" in bad.stderr
    missing = liantu("esri", "no.csv", "firms.csv", "needs.csv", folder=tmp_path)
    assert (missing.returncode, "no.csv" in missing.stderr) == (2, True)

"""JSON lines and Excel: what only they can hold, and damage that only they can have."""

from __future__ import annotations

import io
import json
import warnings
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from graph.model import Facts
from ingest.pipeline import check_folder, lay
from ingest.report import Report
from ingest.tables import Unreadable, read_table

GOOD: dict[str, Any] = {"id": "c", "name_zh": "链", "source_ids": "domain-knowledge", "confidence": "low"}
COLUMNS = ["id", "name_zh", "level", "lat", "source_ids", "confidence"]


def loaded(folder: Path) -> tuple[Facts, Report]:
    edition, report = lay(folder, "x")
    assert edition is not None, report.findings
    return edition.facts, report


def lines(folder: Path, *rows: str | dict[str, Any]) -> Path:
    texts = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path = folder / "chains.jsonl"
    path.write_bytes("\n".join(texts).encode("utf-8"))
    return path


BROKEN = [
    ('{"id": "a"', "it is not JSON"),
    ("[1]", "it is not a JSON object"),
    ("7", "it is not a JSON object"),
    ("[" * 100_000, "it is not JSON"),
    ('{"id": ' + "9" * 5000 + "}", "it is not JSON"),
    ('{"id": "a", "name_zh": {"zh": "链"}}', "the value of 'name_zh' is nested"),
    ('{"id": "a", "source_ids": [["x"]]}', "the value of 'source_ids' is nested"),
    ('{"id": "a", "name_zh": "\\ud800"}', "half a character"),
    ('{"id": "a", "\\udfff": "x"}', "half a character"),
]


@pytest.mark.parametrize(("line", "told"), BROKEN, ids=[told for _, told in BROKEN])
def test_a_broken_line_is_refused_with_its_number_and_the_rest_loads(tmp_path: Path, line: str, told: str) -> None:
    lines(tmp_path, GOOD, "", line, GOOD | {"id": "d"})
    facts, report = loaded(tmp_path)
    assert [chain.id for chain in facts.chains] == ["c", "d"]
    (finding,) = report.findings
    assert (finding.severity, finding.row, finding.code) == ("refused", 3, "cells")
    assert told in finding.message


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\u0085"])
def test_line_marks_inside_a_text_do_not_part_the_line(tmp_path: Path, mark: str) -> None:
    lines(tmp_path, GOOD | {"description_zh": f"一{mark}二"})
    facts, report = loaded(tmp_path)
    assert (report.findings, facts.chains[0].description_zh) == ([], f"一{mark}二")


def test_windows_line_ends_are_read(tmp_path: Path) -> None:
    path = lines(tmp_path, GOOD)
    path.write_bytes(path.read_bytes() + b"\r\n" + json.dumps(GOOD | {"id": "d"}).encode() + b"\r\n")
    assert [chain.id for chain in loaded(tmp_path)[0].chains] == ["c", "d"]


def test_values_of_json_are_read_as_their_text(tmp_path: Path) -> None:
    row = GOOD | {"in_plan": True, "name_en": None, "final_product_ids": [], "description_en": 5.0}
    facts, report = loaded(lines(tmp_path, row).parent)
    (chain,) = facts.chains
    assert report.findings == []
    assert (chain.in_plan, chain.name_en, chain.description_en) == (True, None, "5")


def book(folder: Path, *rows: list[Any], write_only: bool = False) -> Path:
    made = openpyxl.Workbook(write_only=write_only)
    sheet = made.create_sheet() if write_only else made.active
    for row in rows:
        sheet.append(row)
    path = folder / "regions.xlsx"
    made.save(path)
    return path


CN = ["cn", "中国", "economy", 35, "domain-knowledge", "low"]


def test_rows_of_a_sheet_that_stop_early_are_filled_up(tmp_path: Path) -> None:
    """Programs leave out the empty cells at the end of a row."""
    path = book(tmp_path, ["id", "name_zh", "level", "source_ids", "confidence", "name_en"], [], write_only=True)
    made = openpyxl.load_workbook(path)
    made.active.append(["cn", "中国", "economy", "domain-knowledge", "low"])
    made.save(path)
    facts, report = loaded(tmp_path)
    assert report.findings == []
    assert [(row.id, row.name_en) for row in facts.regions] == [("cn", None)]


def patched(path: Path, change: dict[str, bytes]) -> None:
    """Rewrite a workbook with pieces of text exchanged in its first sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            for wanted, other in change.items():
                if name == "xl/worksheets/sheet1.xml":
                    assert wanted.encode() in content
                    content = content.replace(wanted.encode(), other)
            new.writestr(name, content)
    path.write_bytes(out.getvalue())


def test_a_sheet_that_lies_about_its_size_is_read_whole(tmp_path: Path) -> None:
    path = book(tmp_path, COLUMNS, CN, ["us", "美国", "economy", None, "domain-knowledge", "low"])
    patched(path, {'<dimension ref="A1:F3"': b'<dimension ref="A1"'})
    assert [row.id for row in loaded(tmp_path)[0].regions] == ["cn", "us"]


def test_row_numbers_of_a_sheet_are_those_that_it_shows(tmp_path: Path) -> None:
    book(tmp_path, COLUMNS, CN, [], [None] * 6, ["x", "叉\n叉", "planet", None, "domain-knowledge", "low"])
    assert [(f.row, f.code) for f in check_folder(tmp_path).findings] == [(5, "not-allowed")]


def test_dates_of_a_sheet_are_days(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    header = ["id", "date", "end_date", "kind", "title_zh", "source_ids", "confidence"]
    rest = ["accident", "火灾", "domain-knowledge", "low"]
    for row in (header, ["e", date(2020, 5, 1), datetime(2020, 5, 2), *rest]):
        made.active.append(row)
    made.save(tmp_path / "events.xlsx")
    (event,) = loaded(tmp_path)[0].events
    assert (event.date, event.end_date) == ("2020-05-01", "2020-05-02")


def test_only_the_first_sheet_is_read_and_no_warning_is_raised(tmp_path: Path) -> None:
    path = book(tmp_path, COLUMNS, CN)
    made = openpyxl.load_workbook(path)
    made.create_sheet("notes").append(["anything"])
    made.save(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [row["id"] for row in (raw.cells for raw in read_table(path).rows)] == ["cn"]


def _without(name: str) -> Any:
    def damage(data: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
            for found in old.namelist():
                if found != name:
                    new.writestr(found, old.read(found))
        return out.getvalue()

    return damage


def _broken_xml(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for found in old.namelist():
            new.writestr(found, b"<worksheet><sheetData><row" if "sheet1" in found else old.read(found))
    return out.getvalue()


@pytest.mark.parametrize(
    "damage",
    [
        _without("xl/workbook.xml"),
        _without("[Content_Types].xml"),
        _without("xl/worksheets/sheet1.xml"),
        _broken_xml,
        lambda data: data[: len(data) // 2],
        lambda data: b"\xd0\xcf\x11\xe0" + bytes(300),
        lambda data: b"",
    ],
    ids=["no workbook", "no types", "no sheet", "broken XML", "half", "old format", "empty"],
)
def test_a_damaged_workbook_is_unreadable_and_nothing_else(tmp_path: Path, damage: Any) -> None:
    path = book(tmp_path, COLUMNS, CN)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(Unreadable, match=r"save it as \.xlsx or \.csv"):
        read_table(path)
    assert [(f.severity, f.code) for f in check_folder(tmp_path).findings] == [("fatal", "unreadable")]

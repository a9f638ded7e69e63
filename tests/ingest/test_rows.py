"""Cells to typed values: which spellings of a number, a truth, a day and a list are read, and which are refused."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import PARTIAL_DATE_PATTERN, Table, tables
from graph.schema import NODES
from ingest.report import Finding
from ingest.rows import typed
from ingest.tables import RawRow

SHARE = {"product_id": "p", "region_id": "cn", "scope": "global", "source_ids": "a", "confidence": "low"}
FIRM = {"id": "f", "name_zh": "企业", "economy_id": "cn", "source_ids": "a", "confidence": "low"}
REGION = {"id": "r", "name_zh": "区", "level": "city", "source_ids": "a", "confidence": "low"}
EVENT = {"id": "e", "date": "2020", "kind": "accident", "title_zh": "火灾", "source_ids": "a", "confidence": "low"}
TARGET = {"id": "t", "indicator_zh": "指标", "comparator": ">=", "year": "2025", "source_ids": "a", "confidence": "low"}


def read(table: str, cells: dict[str, str], **more: str) -> tuple[Any, list[Finding]]:
    return typed(tables()[table], RawRow(7, cells | more))


@pytest.mark.parametrize(
    ("table", "column", "longest"),
    [("firms", "id", 200), ("firms", "name_zh", 500), ("firms", "economy_id", 200), ("regions", "name_en", 500)],
)
def test_texts_too_long_for_an_index_are_refused_one_by_one(table: str, column: str, longest: int) -> None:
    cells = FIRM if table == "firms" else REGION
    text = "a" * longest if column.endswith("id") else "长" * longest
    assert read(table, cells, **{column: text})[1] == []
    record, (finding,) = read(table, cells, **{column: text + text[:1] * 9_000})
    assert record is None
    assert (finding.severity, finding.row, finding.column, finding.code) == ("refused", 7, column, "over-length")
    assert f"use at most {longest} characters" in finding.message
    assert len(finding.message) < 200
    assert len(finding.value) < 200


def test_items_of_lists_have_a_length_too() -> None:
    assert read("firms", FIRM, aliases=";".join(f"{n}{'长' * 490}" for n in range(50)))[1] == []
    (finding,) = read("firms", FIRM, aliases=f"短;{'长' * 501}")[1]
    assert (finding.column, finding.code) == ("aliases", "over-length")


def test_whatever_is_indexed_fits_into_an_index() -> None:
    """A Neo4j index takes 8,167 bytes, a character at most 4 of them."""
    for kind in NODES:
        for column in tables()[kind.table].columns:
            if column.name in ("id", *kind.indexes) and not column.choices and column.pattern != PARTIAL_DATE_PATTERN:
                assert column.longest * 4 < 8_167, (kind.label, column.name)


@pytest.mark.parametrize(
    ("text", "value"),
    [("35", 35.0), ("35.5", 35.5), ("+5", 5.0), (".5", 0.5), ("5.", 5.0), ("1e1", 10.0), ("0", 0.0), ("100", 100.0)],
)
def test_plain_numbers_are_read(text: str, value: float) -> None:
    record, findings = read("market_shares", SHARE, share_pct=text)
    assert findings == []
    assert record.share_pct == value
    assert type(record.share_pct) is float


@pytest.mark.parametrize(
    "text",
    [
        "1e400",
        "-1e400",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "１２",
        "1,000",
        "1 0",
        "5_8",
        "50%",
        "约5",
        "0x10",
        "٣",
        "²",
        "-",
    ],
)
def test_other_numbers_are_refused(text: str) -> None:
    record, (finding,) = read("market_shares", SHARE, share_pct=text)
    assert record is None
    assert (finding.row, finding.column, finding.value, finding.code) == (7, "share_pct", text, "not-a-number")


@pytest.mark.parametrize("text", ["-0.0001", "100.0001", "1e300", "9" * 400])
def test_numbers_out_of_range_are_refused(text: str) -> None:
    record, (finding,) = read("market_shares", SHARE, share_pct=text)
    assert record is None
    assert finding.code == ("not-a-number" if math.isinf(float(text)) else "out-of-range")


@pytest.mark.parametrize(("text", "value"), [("1999", 1999), ("1999.0", 1999), ("2100", 2100), ("1000", 1000)])
def test_whole_numbers_are_read(text: str, value: int) -> None:
    record, findings = read("firms", FIRM, founded=text)
    assert (findings, record.founded, type(record.founded)) == ([], value, int)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1999.5", "not-a-number"),
        ("1e3", "not-a-number"),
        ("１９９９", "not-a-number"),
        ("1_999", "not-a-number"),
        ("1999年", "not-a-number"),
        ("true", "not-a-number"),
        ("999", "out-of-range"),
        ("2101", "out-of-range"),
        ("9" * 30, "out-of-range"),
        ("9" * 5000, "out-of-range"),
    ],
)
def test_other_whole_numbers_are_refused(text: str, code: str) -> None:
    record, (finding,) = read("firms", FIRM, founded=text)
    assert record is None
    assert finding.code == code
    assert len(finding.message) < 200


@pytest.mark.parametrize("text", ["-3", "1e12", "0.001"])
def test_a_number_without_a_range_may_be_any(text: str) -> None:
    record, findings = read("targets", TARGET, value=text)
    assert (findings, record.value) == ([], float(text))


@pytest.mark.parametrize(("text", "value"), [("true", True), ("TRUE", True), ("false", False), ("", False)])
def test_truths_are_read(text: str, value: bool) -> None:
    record, findings = read("regions", REGION, in_yrd=text)
    assert (findings, record.in_yrd) == ([], value)


@pytest.mark.parametrize("text", ["是", "2", "maybe"])
def test_other_truths_are_refused(text: str) -> None:
    _, (finding,) = read("regions", REGION, in_yrd=text)
    assert (finding.code, "true or false" in finding.message) == ("not-allowed", True)


@pytest.mark.parametrize("text", ["2020", "2020-05", "2020-02-29", "1900-12-31"])
def test_days_months_and_years_are_read(text: str) -> None:
    record, findings = read("events", EVENT, date=text)
    assert (findings, record.date) == ([], text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2021-02-29", "no-such-day"),
        ("2021-04-31", "no-such-day"),
        ("0000", "no-such-day"),
        ("2021-13", "wrong-form"),
        ("2021-00", "wrong-form"),
        ("2021-5", "wrong-form"),
        ("2021/05/01", "wrong-form"),
        ("20210501", "wrong-form"),
        ("２０２１", "wrong-form"),
        ("2021-05-01T00:00", "wrong-form"),
    ],
)
def test_other_days_are_refused(text: str, code: str) -> None:
    record, (finding,) = read("events", EVENT, date=text)
    assert (record, finding.code) == (None, code)


@pytest.mark.parametrize(
    ("text", "ids"),
    [("a", ("a",)), ("a;b", ("a", "b")), ("a；b", ("a", "b")), (" b ； a ;b;; ", ("b", "a")), ("；a；", ("a",))],
)
def test_lists_are_split_at_both_semicolons_and_hold_a_thing_once(text: str, ids: tuple[str, ...]) -> None:
    record, findings = read("firms", FIRM, source_ids=text)
    assert (findings, record.source_ids) == ([], ids)


@pytest.mark.parametrize("text", ["", ";", " ；; "])
def test_a_list_of_nothing_is_empty(text: str) -> None:
    assert read("firms", FIRM, aliases=text)[0].aliases == ()
    record, (finding,) = read("firms", FIRM, source_ids=text)
    assert (record, finding.column, finding.code) == (None, "source_ids", "missing")


def test_one_wrong_item_of_a_list_is_named_alone() -> None:
    _, (finding,) = read("firms", FIRM, tiers="listed;famous;hard-tech")
    assert (finding.column, finding.value, finding.code) == ("tiers", "famous", "not-allowed")


@pytest.mark.parametrize("text", ["A", "a_b", "a b", "-a", "a-", "a--b", "ａ", "é", "a\n", "链"])
def test_ids_of_another_form_are_refused(text: str) -> None:
    _, (finding,) = read("firms", FIRM, id=text)
    assert (finding.column, finding.code) == ("id", "wrong-form")


KNOWN = {"missing", "not-allowed", "not-a-number", "out-of-range", "wrong-form", "no-such-day", "over-length"}
ODD = ["", "a", "low", "2020", "1_0", "9" * 5000, "nan", "x;；y", "\0"]
# No halves of characters: reading a file refuses them.
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(ODD)


@pytest.mark.parametrize("table", tables().values(), ids=tables())
@given(data=st.data())
def test_whatever_stands_in_the_cells_is_a_record_or_findings(table: Table, data: st.DataObject) -> None:
    names = [column.name for column in table.columns]
    cells = data.draw(st.fixed_dictionaries({}, optional=dict(zip(names, itertools.repeat(CELLS)))))
    record, findings = typed(table, RawRow(3, cells))
    assert (record is None) == bool(findings)
    assert {finding.code for finding in findings} <= KNOWN
    assert all(finding.message and finding.row == 3 and finding.column in names for finding in findings)

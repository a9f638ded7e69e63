"""The Data Package is what the declaration says, and the shipped tables are what the Data Package says."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from graph.model import tables
from ingest.datapackage import PATH, datapackage, text
from ingest.pipeline import check_folder

RESOURCES: dict[str, dict[str, Any]] = {resource["name"]: resource for resource in datapackage()["resources"]}


@pytest.fixture(scope="module")
def rows(data_folder: Path) -> dict[str, list[dict[str, str]]]:
    """The shipped tables as a reader of CSV sees them who knows nothing of the project."""
    found = {}
    for name in RESOURCES:
        with open(data_folder / f"{name}.csv", encoding="utf-8", newline="") as file:
            found[name] = list(csv.DictReader(file, strict=True))
    return found


def test_the_shipped_facts_are_whole(data_folder: Path) -> None:
    report = check_folder(data_folder)
    assert (report.of("fatal"), report.of("refused"), report.encodings) == ([], [], {})
    assert {finding.code for finding in report.findings} <= {"over-100"}
    assert set(report.read) == set(tables())
    assert report.accepted == report.read


def test_the_checked_in_file_is_the_derived_one() -> None:
    assert PATH.read_text(encoding="utf-8") == text(), "run: python -m ingest.datapackage"


def test_every_shipped_table_is_a_resource_with_its_columns_in_their_order(data_folder: Path) -> None:
    assert {path.stem for path in data_folder.glob("*.csv")} == set(RESOURCES) == set(tables())
    for name, resource in RESOURCES.items():
        with open(data_folder / resource["path"], encoding=resource["encoding"], newline="") as file:
            header = next(csv.reader(file))
        assert header == [field["name"] for field in resource["schema"]["fields"]], name


def test_every_field_says_what_it_is() -> None:
    for resource in RESOURCES.values():
        for field in resource["schema"]["fields"]:
            assert field["type"] in ("string", "integer", "number", "boolean")
            assert field["description"].endswith((".", "`."))
            assert None not in field.get("constraints", {}).values()


def test_units_and_licences_are_named(rows: dict[str, list[dict[str, str]]]) -> None:
    fields = {field["name"]: field for field in RESOURCES["parks"]["schema"]["fields"]}
    assert (fields["lat"]["unit"], fields["lat"]["constraints"]) == ("degree", {"minimum": -90, "maximum": 90})
    package = datapackage()
    assert [licence["name"] for licence in package["licenses"]] == ["Apache-2.0", "CC-BY-NC-4.0"]
    assert "eto-chips" in package["licenses"][1]["title"]
    (source,) = (row for row in rows["sources"] if row["id"] == "eto-chips")
    assert source["url"] in [found["path"] for found in package["sources"]]


def _broken(field: dict[str, Any], text_: str) -> str | None:
    """The constraint that a cell breaks, read from the descriptor alone."""
    rules = field.get("constraints", {})
    if not text_:
        return "required" if rules.get("required") else None
    if field["type"] == "boolean":
        return None if text_ in field["trueValues"] + field["falseValues"] else "type"
    if field["type"] in ("integer", "number"):
        number = int(text_) if field["type"] == "integer" else float(text_)
        if number < rules.get("minimum", number) or number > rules.get("maximum", number):
            return "range"
    if "enum" in rules and text_ not in rules["enum"]:
        return "enum"
    if "pattern" in rules and not re.fullmatch(rules["pattern"], text_):
        return "pattern"
    return None


@pytest.mark.parametrize("name", RESOURCES)
def test_the_shipped_rows_keep_the_constraints(rows: dict[str, list[dict[str, str]]], name: str) -> None:
    fields = RESOURCES[name]["schema"]["fields"]
    broken = [
        (at, f["name"], r) for at, row in enumerate(rows[name], 2) for f in fields if (r := _broken(f, row[f["name"]]))
    ]
    assert rows[name]
    assert broken == []


@pytest.mark.parametrize("name", RESOURCES)
def test_the_shipped_rows_keep_their_keys(rows: dict[str, list[dict[str, str]]], name: str) -> None:
    schema = RESOURCES[name]["schema"]
    (key,) = [schema["primaryKey"]] if "primaryKey" in schema else schema["uniqueKeys"]
    assert tuple(key) == tables()[name].key
    values = [tuple(row[column] for column in key) for row in rows[name]]
    assert len(set(values)) == len(values)
    if "primaryKey" in schema:
        assert all(all(value) for value in values)
    for reference in schema.get("foreignKeys", []):
        known = {row["id"] for row in rows[reference["reference"]["resource"]]}
        (column,) = reference["fields"]
        assert {row[column] for row in rows[name]} - {""} <= known


def test_the_file_is_json_that_others_read() -> None:
    assert json.loads(PATH.read_text(encoding="utf-8"))["$schema"].startswith("https://datapackage.org/profiles/2.")

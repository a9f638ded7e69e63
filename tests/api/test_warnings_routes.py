"""Warnings, events and editions over HTTP, and by the command."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from graph.edition import Edition, Layer, edition_of
from graph.store import Store, open_store

API = "/api/v1"
DAY = "2026-11-25"
LIANTU = Path(sys.executable).with_name("liantu")


def fewer(edition: Edition, gone: set[str]) -> Edition:
    """The same facts without the supplies of some firms, loaded a day later."""
    facts = replace(edition.facts, supplies=tuple(row for row in edition.facts.supplies if row.firm_id not in gone))
    made = edition_of([Layer("data", facts)])
    return replace(made, summary=replace(made.summary, created_at="2026-11-20T20:00:00+00:00"))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, shipped_edition: Edition) -> Iterator[Store]:
    """A store with the shipped facts, and over them those without two makers of chip tools."""
    store = open_store(f"arcadedb:{tmp_path_factory.mktemp('two') / 'store'}")
    first = replace(shipped_edition, summary=replace(shipped_edition.summary, created_at="2026-11-19T08:00:00+00:00"))
    store.write(first, replaces=None)
    store.write(fewer(shipped_edition, {"amec", "naura"}), replaces=first.id)
    yield store
    store.close()


@pytest.fixture(scope="module")
def client(two: Store) -> Iterator[TestClient]:
    with TestClient(create_app(two), raise_server_exceptions=False) as found:
        yield found


def get(client: TestClient, path: str, status: int = 200) -> Any:
    response = client.get(f"{API}/{path}")
    assert response.status_code == status, response.text
    return response.json()


def test_warnings_of_a_day(client: TestClient) -> None:
    whole = get(client, f"warnings?on={DAY}&limit=1000")
    assert whole["on"] == DAY
    levels = [row["level"] for row in whole["items"]]
    assert levels == sorted(levels, key=list(whole["counts"]).index)
    assert {level: levels.count(level) for level in whole["counts"]} == whole["counts"]
    assert whole["total"] == len(levels) == len({row["id"] for row in whole["items"]})
    for row in whole["items"]:
        assert row["rule_zh"] and row["rule_en"] and row["reason_zh"].endswith("。") and row["since"]
        assert all({"table", "key", "source_ids", "confidence"} <= fact.keys() for fact in row["facts"])
        assert row["facts"]
    part = get(client, f"warnings?on={DAY}&level=red,orange&rule=event,single-point&chain=high-end-chips")
    assert part["counts"] == whole["counts"]
    assert part["items"] == [
        row
        for row in whole["items"]
        if row["level"] in ("red", "orange")
        and row["rule"] in ("event", "single-point")
        and "high-end-chips" in row["chain_ids"]
    ]
    assert part["items"]


def test_the_list_as_a_table_has_one_line_a_warning(client: TestClient) -> None:
    rows = get(client, f"warnings?on={DAY}&limit=1000")["items"]
    text = client.get(f"{API}/warnings?on={DAY}&format=csv").content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [line["id"] for line in lines] == [row["id"] for row in rows]
    assert not {"subject", "subject_id"} & lines[0].keys()
    for line, row in zip(lines, rows, strict=True):
        assert line["blocked"].split(";") == [item["product_id"] for item in row["blocked"]] or not row["blocked"]
        assert (
            line["finals_stopped"].split(";") == [item["product"]["id"] for item in row["finals_stopped"]]
            or not (row["finals_stopped"])
        )


def test_the_scenario_of_a_warning_stops_what_it_says(client: TestClient) -> None:
    for row in get(client, f"warnings?on={DAY}&limit=1000")["items"]:
        if row["scenario"]:
            removed = "&".join(f"removed={element}" for element in row["scenario"].split())
            found = get(client, f"disruptions?{removed}")
            assert found["scenario"] == row["scenario"]
            assert len(found["blocked"]) == row["blocked_total"]
            assert found["finals_hit"] == sorted(item["product"]["id"] for item in row["finals_stopped"])
            assert found["levels"].items() >= {i["product"]["id"]: i["level"] for i in row["finals_reduced"]}.items()


def test_one_warning_in_full(client: TestClient) -> None:
    short = next(row for row in get(client, f"warnings?on={DAY}")["items"] if row["id"] == "all-open")
    full = get(client, f"warnings/all-open?on={DAY}")
    assert len(full["blocked"]) == full["blocked_total"] == short["blocked_total"] > len(short["blocked"])
    assert len(full["repair"]) == full["repair_total"] == short["repair_total"] >= len(short["repair"])
    assert [item["product"] for item in full["repair"]][: len(short["repair"])] == [
        item["product"] for item in short["repair"]
    ]
    assert all(item["substitutes_total"] == len(item["substitutes"]) for item in full["repair"])
    assert "all-open" in get(client, f"warnings/all-opne?on={DAY}", 404)["error"]["detail"]["near"]


def test_gaps_that_grew_worse_since_the_edition_before(client: TestClient, two: Store) -> None:
    latter, former = (summary.id for summary in two.editions())
    found = get(client, f"warnings?on={DAY}&rule=worsened&limit=1000")["items"]
    changes = get(client, f"editions/{former}/diff/{latter}?part=gaps&limit=1000")["items"]
    worse = {row["product_id"] for row in changes if row["change"] == "worsened" or row["before"] == "none"}
    assert {row["subject"]["id"] for row in found} == worse
    assert worse
    assert {row["since"] for row in found} == {"2026-11-21"}  # the evening in UTC is the next day in Shanghai
    assert get(client, f"warnings?on={DAY}&rule=worsened&edition={former}")["total"] == 0


def test_the_difference_of_two_editions(client: TestClient, two: Store) -> None:
    latter, former = (summary.id for summary in two.editions())
    found = get(client, f"editions/{former}/diff/{latter}?limit=1000")
    gone = {(*row["key"],) for row in found["items"]}
    assert found["tables"] == {"supplies": {"added": 0, "removed": len(gone), "changed": 0}}
    assert {firm for firm, _ in gone} == {"amec", "naura"}
    assert {row["change"] for row in found["items"]} == {"removed"}
    back = get(client, f"editions/{latter}/diff/{former}?limit=1000")
    assert {row["change"] for row in back["items"]} == {"added"}
    assert back["radii"]["china"]["eased"] == found["radii"]["china"]["worsened"]
    text = client.get(f"{API}/editions/{former}/diff/{latter}?format=csv").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) == found["total"] + 1
    assert get(client, f"editions/000000000000/diff/{latter}", 404)["error"]["code"] == "not-found"
    assert [row["id"] for row in get(client, "editions")["items"]] == [latter, former]


def test_events_on_a_day(client: TestClient) -> None:
    whole = get(client, f"events?on={DAY}&limit=1000")
    assert whole["total"] == len({row["id"] for row in whole["items"]})
    still = get(client, f"events?on={DAY}&open=true&limit=1000")["items"]
    assert still == [row for row in whole["items"] if row["open"]]
    assert all(row["opens"] <= DAY <= (row["closes"] or DAY) for row in still)
    touching = {row["id"] for row in still if row["reach"] == "loss"}
    combined = next(row for row in get(client, f"warnings?on={DAY}")["items"] if row["id"] == "all-open")
    assert set(combined["event_ids"]) == touching
    chips = get(client, f"events?on={DAY}&chain=high-end-chips&reach=loss&limit=1000")["items"]
    assert chips
    assert all("high-end-chips" in row["chain_ids"] and row["reach"] == "loss" for row in chips)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("warnings?on=someday", "on"),
        ("warnings?level=purple", "level"),
        ("warnings?rule=gut-feeling", "rule"),
        ("events?reach=far", "reach"),
        ("events?open=perhaps", "open"),
    ],
)
def test_bad_words_are_told(client: TestClient, path: str, name: str) -> None:
    assert get(client, path, 422)["error"]["detail"]["name"] == name


def test_an_unknown_chain_is_told(client: TestClient) -> None:
    for path in ("warnings", "events"):
        assert "high-end-chips" in get(client, f"{path}?chain=high-end-chip", 404)["error"]["detail"]["near"]


def test_tags_know_the_edition_before(client: TestClient, two: Store, shipped_edition: Edition, tmp_path: Path) -> None:
    latter = two.edition()
    store = alone(latter, tmp_path)
    with TestClient(create_app(store)) as other:
        path = f"{API}/warnings?on={DAY}"
        one, more = other.get(path), client.get(path)
        assert one.json()["edition"] == more.json()["edition"] == latter.id
        assert one.headers["etag"] != more.headers["etag"]
        assert one.json()["total"] < more.json()["total"]
        assert client.get(path, headers={"If-None-Match": more.headers["etag"]}).status_code == 304
    store.close()


def alone(edition: Edition, folder: Path) -> Store:
    store = open_store(f"arcadedb:{folder / 'alone'}")
    store.write(edition, replaces=None)
    return store


# -- the command ---


def liantu(*words: str, store: Store) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LIANTU), *words, "--store", store.url], capture_output=True, text=True, check=False, timeout=120
    )


def test_the_command_gives_the_fields_of_http(client: TestClient, two: Store) -> None:
    words = ("warnings", "--on", DAY, "--level", "red,yellow", "--limit", "5", "--format", "json")
    assert json.loads(liantu(*words, store=two).stdout) == get(client, f"warnings?on={DAY}&level=red,yellow&limit=5")
    latter, former = (summary.id for summary in two.editions())
    words = ("diff", former, latter, "--limit", "3", "--format", "json")
    assert json.loads(liantu(*words, store=two).stdout) == get(client, f"editions/{former}/diff/{latter}?limit=3")


def test_the_command_as_table_and_bad_use(two: Store) -> None:
    assert "单点" not in liantu("warnings", "--rule", "concentration", "--on", DAY, store=two).stdout
    assert "掩模直写机" in liantu("warnings", "--rule", "concentration", "--on", DAY, store=two).stdout
    for words, told in (
        (("--on", "someday"), "YYYY-MM-DD"),
        (("--level", "purple"), "red"),
        (("--chain", "x"), "chain"),
    ):
        found = liantu("warnings", *words, store=two)
        assert (found.returncode, found.stdout) == (2, "")
        assert told in found.stderr


def test_an_edition_is_restored(tmp_path: Path, shipped_edition: Edition) -> None:
    store = alone(shipped_edition, tmp_path)
    latter = fewer(shipped_edition, {"amec"})
    store.write(latter, replaces=shipped_edition.id)
    found = liantu("restore", shipped_edition.id, store=store)
    assert (found.returncode, store.current()) == (0, shipped_edition.id), found.stderr
    assert {summary.id for summary in store.editions()} == {shipped_edition.id, latter.id}
    again = liantu("restore", shipped_edition.id, store=store)
    assert (again.returncode, "already" in again.stderr) == (0, True)
    assert liantu("restore", "000000000000", store=store).returncode == 2
    assert liantu("prune", "--keep", "0", store=store).returncode == 2
    pruned = liantu("prune", "--keep", "1", "--format", "json", store=store)
    assert (pruned.returncode, json.loads(pruned.stdout)["items"]) == (0, [{"id": latter.id}]), pruned.stderr
    assert [summary.id for summary in store.editions()] == [shipped_edition.id]
    store.close()

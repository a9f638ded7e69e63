"""The JSON routes on the shipped facts: what every client may rely on."""

from __future__ import annotations

import csv
import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from api.app import create_app
from graph.edition import Edition
from graph.store import Store
from queries import catalogue

API = "/api/v1"
LIANTU = Path(sys.executable).with_name("liantu")


@pytest.fixture(scope="module")
def client(arcadedb_store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(arcadedb_store), raise_server_exceptions=False) as found:
        yield found


def get(client: TestClient, path: str, status: int = 200) -> Any:
    response = client.get(path)
    assert response.status_code == status, response.text
    return response.json()


LISTS = (
    "industries", "chains", "products", "firms", "parks", "regions", "gaps", "leads", "partnerships", "warnings",
    "events",
)  # fmt: skip
THINGS = (
    f"{API}/chains/high-end-chips",
    f"{API}/products/saw-filter",
    f"{API}/firms/smic",
    f"{API}/parks/lingang",
    f"{API}/regions/cn-js-suzhou",
)


def test_healthz_counts_the_graph(client: TestClient, shipped_edition: Edition) -> None:
    body = get(client, "/healthz")
    assert (body["status"], body["store"], body["edition"]) == ("ok", "arcadedb", shipped_edition.id)
    assert body["counts"]["Product"] == len(shipped_edition.facts.products)
    assert body["counts"]["Observation"] == len(shipped_edition.facts.observations)


@pytest.mark.parametrize("name", LISTS)
def test_lists_have_one_shape_and_pages(client: TestClient, shipped_edition: Edition, name: str) -> None:
    whole = get(client, f"{API}/{name}?limit=1000")
    assert whole["edition"] == shipped_edition.id
    assert len(whole["items"]) == min(whole["total"], 1000)
    part = get(client, f"{API}/{name}?limit=3&offset=2")
    assert part["items"] == whole["items"][2:5]
    assert part["total"] == whole["total"]


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_files_too(client: TestClient, name: str) -> None:
    total = get(client, f"{API}/{name}?limit=1")["total"]
    as_csv = client.get(f"{API}/{name}?format=csv")
    assert as_csv.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
    assert len(rows) == total + 1
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{API}/{name}?format=xlsx").content), read_only=True)
    assert list(next(book.worksheets[0].iter_rows(values_only=True))) == rows[0]


@pytest.mark.parametrize("path", THINGS)
def test_profiles_name_their_edition_and_sources(client: TestClient, shipped_edition: Edition, path: str) -> None:
    body = get(client, path)
    assert body["edition"] == shipped_edition.id
    assert "source_ids" in client.get(path).text


def test_gap_rows_hold_every_promised_field(client: TestClient) -> None:
    body = get(client, f"{API}/gaps?region=delta&limit=1000")
    promised = {
        "product_id", "name_zh", "short_zh", "name_en", "chain_ids", "segment_ids", "status", "kind", "gap_score",
        "depth", "availability", "availability_domestic", "criticality", "final_impact", "breadth", "blocks",
        "delta_backed", "suppliers", "back_up", "evidence", "reason_zh", "reason_en",
    }  # fmt: skip
    for row in body["items"]:
        assert promised <= row.keys()
        assert set(row["suppliers"]) == {"shanghai", "delta", "china", "world"}
    scores = [round(row["gap_score"], 9) for row in body["items"]]
    assert scores == sorted(scores, reverse=True)
    assert body["missing_evidence"] == []


def test_gap_filters(client: TestClient) -> None:
    found = get(client, f"{API}/gaps?chain=high-end-chips&kind=missing,fragile&evidence=A&min_score=1&limit=1000")[
        "items"
    ]
    assert found
    assert {row["kind"] for row in found} <= {"missing", "fragile"}
    assert {row["evidence"] for row in found} == {"A"}
    assert all("high-end-chips" in row["chain_ids"] and row["gap_score"] >= 1 for row in found)


def test_panorama_counts_its_products(client: TestClient) -> None:
    body = get(client, f"{API}/chains/high-end-chips/panorama?region=china")
    ids = {row["product_id"] for stage in body["segments"] for row in stage["products"]}
    ids |= {row["product_id"] for row in body["others"]}
    assert len(ids) == body["products"] >= 150
    assert [stage["order"] for stage in body["segments"]] == sorted(stage["order"] for stage in body["segments"])
    assert {link["product_id"] for link in body["links"]} | {link["input_id"] for link in body["links"]} <= ids


def test_closures(client: TestClient) -> None:
    whole = get(client, f"{API}/products/c919-aircraft/upstream")
    near = get(client, f"{API}/products/c919-aircraft/upstream?depth=1")
    assert near["items"] == [row for row in whole["items"] if row["depth"] == 1]
    assert {"product_id", "depth", "slot", "required", "dominates", "status"} <= whole["items"][0].keys()
    down = get(client, f"{API}/products/{near['items'][0]['product_id']}/downstream")
    assert "c919-aircraft" in {row["product_id"] for row in down["items"]}


def test_neighbours(client: TestClient) -> None:
    users = get(client, f"{API}/products/saw-filter/users")["items"]
    assert all(row["fact"]["source_ids"] for row in users)
    near = get(client, f"{API}/products/saw-filter/suppliers?region=delta")["items"]
    far = get(client, f"{API}/products/saw-filter/suppliers")["items"]
    assert [row["firm"]["id"] for row in near] == [row["firm"]["id"] for row in far[: len(near)]]
    assert len(far) > len(near)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("离子注入机", "ion-implanter"),
        ("離子注入機", "ion-implanter"),
        ("离子注人机", "ion-implanter"),
        ("lizizhuruji", "ion-implanter"),
        ("lzzrj", "ion-implanter"),
        ("ion implanter", "ion-implanter"),
        ("688012", "amec"),
        ("ASLM", "asml"),
        ("张江", "zhangjiang"),
        ("高端芯片", "high-end-chips"),
    ],
)
def test_search_finds(client: TestClient, typed: str, found: str) -> None:
    items = client.get(f"{API}/search", params={"q": typed}).json()["items"]
    assert items[0]["id"] == found
    assert {"id", "kind", "name_zh", "name_en", "why"} <= items[0].keys()


def test_search_by_kind_and_nothing(client: TestClient) -> None:
    assert {row["kind"] for row in get(client, f"{API}/search?q=苏州&kinds=park,firm")["items"]} <= {"park", "firm"}
    assert get(client, f"{API}/search?q=")["items"] == []
    assert get(client, f"{API}/search?q=zzzzzzzzzz")["total"] == 0
    assert get(client, f"{API}/search?q=x&kinds=colour", 422)["error"]["detail"]["name"] == "kinds"


def test_catalogue_over_http(client: TestClient) -> None:
    assert get(client, f"{API}/queries")["total"] == len(catalogue.questions()) >= 15
    body = get(client, f"{API}/queries/suppliers-of-product?product=saw-filter")
    assert body["items"]
    assert set(body["items"][0]) == {column["name"] for column in body["columns"]}
    assert client.get(f"{API}/queries/suppliers-of-product?format=csv").content.startswith(b"\xef\xbb\xbf")
    assert get(client, f"{API}/queries/suppliers-of-produkt", 404)["error"]["detail"]["near"]
    assert get(client, f"{API}/queries/suppliers-of-product?colour=red", 422)["error"]["detail"]["name"] == "colour"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("products/photo-resist-arf", 404, "not-found"),
        ("firms/nobody", 404, "not-found"),
        ("chains/high-end-chip/panorama", 404, "not-found"),
        ("gaps?region=atlantis", 404, "not-found"),
        ("gaps?chain=atlantis", 404, "not-found"),
        ("gaps?segment=atlantis", 404, "not-found"),
        ("gaps?edition=000000000000", 404, "not-found"),
        ("gaps?edition=../../etc/passwd", 404, "not-found"),
        ("gaps?limit=0", 422, "bad-input"),
        ("gaps?limit=1001", 422, "bad-input"),
        ("gaps?offset=-1", 422, "bad-input"),
        ("gaps?sort=colour", 422, "bad-input"),
        ("gaps?floor=none", 422, "bad-input"),
        ("gaps?format=pdf", 422, "bad-input"),
        ("products/saw-filter/upstream?depth=0", 422, "bad-input"),
        ("nothing", 404, "not-found"),
    ],
)
def test_errors_have_one_shape(client: TestClient, path: str, status: int, code: str) -> None:
    error = get(client, f"{API}/{path}", status)["error"]
    assert error["code"] == code
    assert error["message"]
    assert isinstance(error["detail"], dict)
    assert "Traceback" not in error["message"]


def test_a_mistyped_id_is_answered_with_near_ones(client: TestClient) -> None:
    error = get(client, f"{API}/products/photoresist-arv", 404)["error"]
    assert "photoresist-arf" in error["detail"]["near"]
    assert "photoresist-arf" in error["message"]


def test_the_same_tag_gives_the_same_bytes(client: TestClient, shipped_edition: Edition) -> None:
    path = f"{API}/gaps?region=china&limit=5"
    first, second = client.get(path), client.get(path)
    assert first.content == second.content
    assert shipped_edition.id in first.headers["etag"]
    assert first.headers["etag"] == second.headers["etag"]
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path + "&offset=5").headers["etag"] != first.headers["etag"]
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert plain.content == first.content
    assert "content-encoding" not in plain.headers


def test_an_edition_can_be_named(client: TestClient, shipped_edition: Edition) -> None:
    named = get(client, f"{API}/gaps?edition={shipped_edition.id}&limit=3")
    assert named == get(client, f"{API}/gaps?limit=3")


def test_every_answer_forbids_what_pages_do_not_need(client: TestClient) -> None:
    for path in ("/healthz", f"{API}/chains", f"{API}/nothing"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("as_", ["graphml", "html", "csv", "xlsx", "jsonl", "cypher", "neo4j-admin"])
def test_an_edition_can_be_taken_away(client: TestClient, as_: str) -> None:
    response = client.get(f"{API}/exports/{as_}")
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith("attachment")
    assert len(response.content) > 10_000
    if response.headers["content-type"] == "application/zip":
        assert len(zipfile.ZipFile(io.BytesIO(response.content)).namelist()) > 1


def test_one_chain_as_a_page_that_needs_no_server(client: TestClient) -> None:
    response = client.get(f"{API}/exports/html?chain=cruise-ships&region=delta")
    assert response.headers["content-type"].startswith("text/html")
    assert "cruise-ships" in response.headers["content-disposition"]
    assert get(client, f"{API}/exports/pdf", 422)["error"]["detail"]["name"] == "as"


def test_a_disruption_by_either_verb(client: TestClient) -> None:
    got = get(client, f"{API}/disruptions?removed=us&removed=firm:asml")
    posted = client.post(f"{API}/disruptions", json={"removed": ["firm:asml", "economy:us"]}).json()
    assert got == posted
    assert got["scenario"] == "economy:us firm:asml"
    assert {"blocked", "finals_hit", "levels", "assumed", "substitutes", "rows_gone", "edition", "hash"} <= got.keys()
    assert {"product_id", "reason", "chain_ids"} <= got["blocked"][0].keys()
    assert get(client, f"{API}/disruptions?removed=firm:asmll", 404)["error"]["detail"]["near"]
    assert get(client, f"{API}/disruptions?removed=planet:mars", 422)["error"]["detail"]["name"] == "removed"
    assert client.post(f"{API}/disruptions", json={"removed": "us"}).status_code == 422
    assert client.post(f"{API}/disruptions", content=b"{").status_code == 422


def test_cut_sets_over_http(client: TestClient) -> None:
    found = get(client, f"{API}/products/c919-aircraft/cut-sets?kind=economy&order=1")
    assert found["complete"] is True
    assert ["us"] in found["sets"]
    hit = get(client, f"{API}/disruptions?removed=us")["finals_hit"]
    assert "c919-aircraft" in hit
    assert get(client, f"{API}/products/c919-aircraft/cut-sets?kind=planet", 422)["error"]["detail"]["name"] == "kind"
    assert get(client, f"{API}/products/c919-aircraft/cut-sets?order=9", 422)["error"]["detail"]["name"] == "order"


def test_targets_on_a_day(client: TestClient) -> None:
    today, then = get(client, f"{API}/targets"), get(client, f"{API}/targets?on=2009-12-31")
    assert today["total"] == then["total"] > 50
    assert {row["status"] for row in then["items"]} == {"no-evidence"}
    assert then["on"] == "2009-12-31"
    assert get(client, f"{API}/targets?on=someday", 422)["error"]["detail"]["name"] == "on"


def test_concentration_over_http(client: TestClient) -> None:
    found = get(client, f"{API}/products/saw-filter/concentration?region=china")
    assert found["by_economy"]["holders"][0]["id"] == "jp"
    assert found["external"] == pytest.approx([0.85, 1.0])
    assert found["dependent"] == "yes"


def test_candidates_over_http(client: TestClient) -> None:
    path = f"{API}/products/saw-filter/candidates"
    found = get(client, path)
    assert {"items", "total", "edition", "region", "status", "nearest", "cities", "groups", "here"} <= found.keys()
    assert {item["group"] for item in found["items"]} <= set(found["groups"])
    assert all(item["facts"] and item["evidence"] in ("A", "B", "C") for item in found["items"])
    tested = get(client, f"{API}/candidates/back-test?limit=3")
    assert tested["back_test"] == found["back_test"]
    assert tested["total"] == found["back_test"]["questions"] > len(tested["items"]) == 3
    page = get(client, f"{path}?limit=2&offset=1")
    assert (page["items"], page["total"]) == (found["items"][1:3], found["total"])
    lines = client.get(f"{path}?format=csv").text.splitlines()
    assert len(lines) == found["total"] + 1
    assert "reason_zh" in lines[0]
    assert "facts" not in lines[0]
    assert client.get(f"{path}?format=xlsx").content.startswith(b"PK")
    assert get(client, f"{path}?region=atlantis", 404)["error"]["code"] == "not-found"
    assert get(client, f"{API}/products/saw-filtre/candidates", 404)["error"]["detail"]["near"]


def test_paths_over_http(client: TestClient) -> None:
    found = get(client, f"{API}/paths?from=5g-smartphone&to=fluorspar&limit=2")
    assert (found["from"], found["to"], len(found["items"])) == ("5g-smartphone", "fluorspar", 2)
    assert found["total"] > 2
    for path in found["items"]:
        assert len(path["steps"]) == path["depth"] + 1 == found["depth"] + 1
        assert (path["steps"][0]["product_id"], path["steps"][-1]["product_id"]) == ("5g-smartphone", "fluorspar")
        assert {"slot", "relation", "name_zh", "name_en"} <= path["steps"][1].keys()
    back = get(client, f"{API}/paths?from=fluorspar&to=5g-smartphone")
    assert (back["items"], back["total"], back["depth"], back["depth_back"]) == ([], 0, None, found["depth"])
    lines = client.get(f"{API}/paths?from=5g-smartphone&to=fluorspar&format=csv").content.decode("utf-8-sig")
    assert len(lines.splitlines()) == found["total"] + 1
    assert "fluorspar" in get(client, f"{API}/paths?from=5g-smartphone&to=flourspar", 404)["error"]["detail"]["near"]
    assert get(client, f"{API}/paths?from=5g-smartphone", 422)["error"]["detail"]["name"] == "to"


@pytest.mark.parametrize("path", ["search?q=苏州", "neighbours/firm/smic?relation=SUPPLIES"])
def test_what_is_found_is_a_file_too(client: TestClient, path: str) -> None:
    items = get(client, f"{API}/{path}&limit=1000")["items"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"{API}/{path}&format=csv").content.decode("utf-8-sig"))))
    assert [row.get("id") or row["node_id"] for row in rows] == [i.get("id") or i["node"]["id"] for i in items]
    assert client.get(f"{API}/{path}&format=xlsx").content.startswith(b"PK")


def test_a_scenario_is_a_value(client: TestClient, arcadedb_store: Store) -> None:
    """By address, by body and by command, in any order and spelling: the same bytes."""
    got = client.get(f"{API}/disruptions?removed=us&removed=firm:asml&floor=pilot")
    posted = client.post(f"{API}/disruptions", json={"removed": ["firm:asml", "economy:us", "us"], "floor": "pilot"})
    words = ("disrupt", "asml", "us", "--floor", "pilot", "--format", "json", "--store", arcadedb_store.url)
    said = subprocess.run([LIANTU, *words], capture_output=True, check=True, timeout=120).stdout
    assert got.content == posted.content == said.removesuffix(b"\n")
    body = got.json()
    assert body["scenario"] == "economy:us firm:asml"
    assert body["hash"] == hashlib.sha256(body["scenario"].encode()).hexdigest()[:12]


def test_metrics_count_by_route_and_status(client: TestClient, shipped_edition: Edition) -> None:
    for path in ("/products/saw-filter", "/products/saw-filter", "/products/nothing"):
        client.get(API + path)
    client.get("/no/such/page")
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    families = {family.name: family for family in text_string_to_metric_families(response.text)}
    counts = {tuple(sorted(s.labels.items())): s.value for s in families["liantu_requests"].samples}

    def count(route: str, status: str) -> float:
        return counts[("method", "GET"), ("route", route), ("status", status)]

    assert count("/api/v1/products/{product_id}", "200") >= 2
    assert count("/api/v1/products/{product_id}", "404") >= 1
    assert count("(none)", "404") >= 1
    assert not any("saw-filter" in str(labels) for labels in counts)
    [edition] = families["liantu_edition"].samples
    assert edition.labels["edition"] == shipped_edition.id
    times = [s for s in families["liantu_request_seconds"].samples if s.name.endswith("_count")]
    assert sum(s.value for s in times) == sum(
        s.value for s in families["liantu_requests"].samples if s.name.endswith("_total")
    )

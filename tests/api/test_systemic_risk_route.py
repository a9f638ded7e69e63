"""The route for systemic risk: files in, shares of all sales out, and its limits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.routes import systemic_risk as route
from graph.store import Store

FILES = {
    "edges": "from,to,weight\na,b,1\nb,a,2.5\n",
    "firms": "\ufeffid,sector\r\na,芯片\r\nb,设备\r\n",
    "essentiality": "supplier_sector,buyer_sector,value\n芯片,设备,2\n设备,芯片,1\n",
}


@pytest.fixture(scope="module")
def client(arcadedb_store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(arcadedb_store), raise_server_exceptions=False) as found:
        yield found


def post(client: TestClient, status: int = 200, files: dict[str, Any] | None = None, **fields: str) -> Any:
    response = client.post("/api/v1/systemic-risk", files=FILES | (files or {}), data=fields)
    assert response.status_code == status, response.text
    return response.json()


def test_files_in_and_figures_out(client: TestClient) -> None:
    body = post(client)
    assert [firm["id"] for firm in body["items"]] == ["a", "b"]
    assert body["items"][0].keys() == {"id", "esri", "esri_down", "esri_up"}
    assert (body["eps"], body["substitution"], body["complete"]) == (1e-6, True, True)
    body = post(client, eps="0.01", substitution="false")
    assert (body["eps"], body["substitution"]) == (0.01, False)


def test_what_is_wrong_is_said(client: TestClient) -> None:
    error = post(client, 422, {"edges": "from,to,weight\na,b,-1\n"})["error"]
    assert error["code"] == "bad-input"
    assert "edges, line 2, weight = '-1'" in error["message"]
    assert "UTF-8" in post(client, 422, {"firms": "id,sector\na,芯片设备\n".encode("gbk")})["error"]["message"]
    assert post(client, 422, eps="2")["error"]["detail"]["name"] == "eps"
    assert client.post("/api/v1/systemic-risk", files={"edges": FILES["edges"]}).status_code == 422


def test_large_files_and_requests_are_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(route, "_FILE_MB", 0)
    assert post(client, 413)["error"]["code"] == "too-large"
    monkeypatch.setattr(route, "_REQUEST_BYTES", 100)
    assert "The request" in post(client, 413)["error"]["message"]

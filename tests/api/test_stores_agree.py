"""Both stores give the same JSON, byte for byte, apart from the store's name."""

from __future__ import annotations

import numpy as np
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from graph.store import Store
from queries import catalogue
from queries.network import Lists, Network

PATHS = (
    "industries?limit=1000",
    "chains?limit=1000",
    "chains/high-end-chips",
    "chains/cruise-ships/panorama?region=delta",
    "products?limit=1000",
    "products/saw-filter",
    "firms?limit=1000",
    "firms/smic",
    "parks?limit=1000",
    "parks/lingang",
    "regions?limit=1000",
    "regions/cn-js-suzhou",
    "gaps?region=shanghai&limit=1000",
    "gaps?region=delta&limit=1000",
    "gaps?region=china&limit=1000",
    "products/c919-aircraft/upstream",
    "products/fluorspar/downstream",
    "products/saw-filter/users",
    "products/saw-filter/suppliers",
    "neighbours/region/cn-sh?limit=1000",
    "neighbours/firm/smic?each=2&relation=in:SELLS_TO,SUPPLIES",
    "paths?from=5g-smartphone&to=fluorspar",
    "leads",
    "warnings?on=2026-11-25&limit=1000",
    "warnings?on=2021-03-20&limit=1000",
    "warnings/all-open?on=2026-11-25",
    "warnings/single-point:economy:jp?on=2026-11-25",
    "events?on=2026-11-25&limit=1000",
    "partnerships?limit=1000",
    "search?q=gkj",
    "queries",
    "products/nothing",
    *(f"queries/{name}" for name in catalogue.questions()),
)


@pytest.mark.neo4j
def test_both_stores_give_the_same_bytes(arcadedb_store: Store, neo4j_store: Store) -> None:
    with TestClient(create_app(arcadedb_store)) as embedded, TestClient(create_app(neo4j_store)) as server:
        for path in PATHS:
            one, other = embedded.get(f"/api/v1/{path}"), server.get(f"/api/v1/{path}")
            assert one.content == other.content, path
            assert one.headers.get("etag") == other.headers.get("etag"), path
        health = embedded.get("/healthz").json(), server.get("/healthz").json()
        assert health[0] | {"store": ""} == health[1] | {"store": ""}
        assert (health[0]["store"], health[1]["store"]) == ("arcadedb", "neo4j")


def test_both_stores_give_the_same_network_bytes(arcadedb_store: Store, neo4j_store: Store) -> None:
    one, other = (Network(store.edition().facts) for store in (arcadedb_store, neo4j_store))
    arrays = {name: value for name, value in vars(one).items() if isinstance(value, np.ndarray | Lists)}
    assert len(arrays) > 10
    for name, value in arrays.items():
        same = getattr(other, name)
        pairs = (
            [(value.starts, same.starts), (value.items, same.items)] if isinstance(value, Lists) else [(value, same)]
        )
        assert all(a.dtype == b.dtype and a.tobytes() == b.tobytes() for a, b in pairs), name
    assert (one.products, one.firms, one.places, one.slot_names) == (
        other.products, other.firms, other.places, other.slot_names,
    )  # fmt: skip

"""Answers of the graph name the edition that they are of, and are kept under no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api import state
from api.app import create_app
from graph.edition import Edition, Layer, edition_of
from graph.store import Store

QUESTION = "/api/v1/queries/suppliers-of-product?product=saw-filter"
PAGES = ("/queries/suppliers-of-product?product=saw-filter", "/cypher?run=1&statement=MATCH (f:Firm) RETURN count(f)")


@pytest.fixture(scope="module")
def fewer(shipped_edition: Edition) -> Edition:
    """The shipped facts without who makes saw filters."""
    facts = shipped_edition.facts
    rows = tuple(row for row in facts.supplies if row.product_id != "saw-filter")
    return edition_of([Layer("fewer", replace(facts, supplies=rows))])


@pytest.fixture
def client(store: Store, shipped_edition: Edition, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server that looks for a new edition once an hour."""
    store.write(shipped_edition, replaces=None)
    monkeypatch.setattr(state, "_FRESH_S", 3600.0)
    with TestClient(create_app(store), raise_server_exceptions=False) as found:
        yield found


def test_what_is_asked_after_a_load_is_of_the_new_edition(
    client: TestClient, store: Store, shipped_edition: Edition, fewer: Edition
) -> None:
    whole = client.get("/api/v1/chains").json()  # the server knows the first edition from here on
    assert whole["edition"] == shipped_edition.id
    store.write(fewer, replaces=shipped_edition.id)
    new = client.get(QUESTION)
    assert (new.json()["items"], new.json()["edition"]) == ([], fewer.id)
    assert fewer.id in new.headers["etag"]
    assert client.get(QUESTION).headers["etag"] == new.headers["etag"]
    store.write(shipped_edition, replaces=fewer.id)
    client.app.state.liantu.look_again()  # type: ignore[attr-defined]
    old = client.get(QUESTION).json()
    assert old["items"]
    assert old["edition"] == shipped_edition.id


def test_a_page_of_the_graph_is_of_the_new_edition(
    client: TestClient, store: Store, shipped_edition: Edition, fewer: Edition
) -> None:
    client.get("/api/v1/chains")
    store.write(fewer, replaces=shipped_edition.id)
    for path in PAGES:
        assert fewer.id in client.get(path).headers["etag"]


def test_the_graph_holds_one_edition(
    client: TestClient, store: Store, shipped_edition: Edition, fewer: Edition
) -> None:
    store.write(fewer, replaces=shipped_edition.id)
    named = client.get(f"{QUESTION}&edition={fewer.id}")
    assert (named.status_code, named.json()["edition"]) == (200, fewer.id)
    error = client.get(f"{QUESTION}&edition={shipped_edition.id}")
    assert (error.status_code, error.json()["error"]["detail"]["name"]) == (422, "edition")
    assert fewer.id in error.json()["error"]["message"]
    page = client.get(f"{PAGES[0]}&edition={shipped_edition.id}")
    assert page.status_code == 200
    assert fewer.id in page.text

"""What the tests of the stores share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from graph import neo4j_store
from graph.store import Credentials


@pytest.fixture
def neo4j_run(neo4j_url: str, neo4j_credentials: Credentials) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Run a statement on the Neo4j server as somebody else would, with its parameters by name."""
    import neo4j

    auth = (neo4j_credentials.user, neo4j_credentials.password)
    with neo4j.GraphDatabase.driver(neo4j_url, auth=auth) as driver, driver.session() as session:
        yield lambda statement, **parameters: session.run(statement, **parameters).data()


@pytest.fixture
def plans_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Neo4j keep its plans between small loads; making them all again takes a second each time."""
    monkeypatch.setattr(neo4j_store, "_replan", lambda session: None)

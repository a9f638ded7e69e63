"""What the tests of the stores share."""

from __future__ import annotations

import pytest

from graph import neo4j_store


@pytest.fixture
def plans_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Neo4j keep its plans between small loads; making them all again takes a second each time."""
    monkeypatch.setattr(neo4j_store, "_replan", lambda session: None)

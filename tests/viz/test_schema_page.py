"""`docs/schema.md` is what the declaration says."""

from __future__ import annotations

from graph.schema import NODES, edge_types
from viz.schema_page import PAGE, schema_page


def test_the_page_is_that_of_the_declaration() -> None:
    assert PAGE.read_text(encoding="utf-8") == schema_page(), "run: python -m viz.schema_page"


def test_it_names_every_label_and_edge() -> None:
    text = schema_page()
    assert all(f"### {kind.label}\n" in text for kind in NODES)
    assert all(f"[:{name}]" in text for name in edge_types())

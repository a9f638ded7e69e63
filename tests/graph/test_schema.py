"""What the tables become: every table, reference and column is accounted for, and nothing more is drawn."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import made_facts
import pytest

import graph.schema
from graph import cypher
from graph.model import DOMAIN_KNOWLEDGE, Facts, Firm, tables
from graph.schema import (
    EDGES,
    NODES,
    STATED_IN,
    column_of,
    count_rows,
    edge_properties,
    edge_rows,
    edge_types,
    end_labels,
    label_of,
    node_rows,
)

NODE_TABLES = {kind.table for kind in NODES}
WHOLE_ROWS = {kind.table for kind in EDGES if kind.whole_row}

# References that are no edge of their own: properties of the edge that their row is.
PLAIN_REFERENCES = {
    ("sites", "product_ids"),
    ("supply_links", "product_id"),
    ("partnerships", "chain_id"),
}


def test_every_table_is_a_node_or_an_edge_and_never_both() -> None:
    assert set(tables()) == NODE_TABLES | WHOLE_ROWS
    assert not NODE_TABLES & WHOLE_ROWS
    assert len(NODES) == len(NODE_TABLES), "two labels for one table"


def test_a_row_that_is_an_edge_is_one_edge() -> None:
    assert Counter(kind.table for kind in EDGES if kind.whole_row) == Counter(WHOLE_ROWS)


def test_every_reference_is_drawn_or_named_as_a_plain_property() -> None:
    references = {
        (table.name, column.name)
        for table in tables().values()
        for column in table.columns
        if column.to and column.name != "source_ids"
    }
    drawn = {(kind.table, end) for kind in EDGES for end in (kind.start, kind.end) if end != "id"}
    assert drawn | PLAIN_REFERENCES == references
    assert not drawn & PLAIN_REFERENCES


def test_sources_are_referred_to_by_every_table_but_their_own() -> None:
    for table in tables().values():
        has_them = any(column.name == "source_ids" and column.to == ("sources",) for column in table.columns)
        assert has_them == (table.name != "sources")


def test_edges_run_between_columns_that_exist_and_tables_that_are_nodes() -> None:
    for kind in EDGES:
        for end in (kind.start, kind.end):
            if end != "id":
                assert set(column_of(tables()[kind.table], end).to) <= NODE_TABLES
            assert end_labels(kind, end)
        assert kind.type == kind.type.upper()
        assert kind.doc


def test_what_stands_over_each_edge_is_true() -> None:
    """The comment `# (:Firm)-[:SUPPLIES {…}]->(:Product)` above each edge kind must not rot."""
    text = Path(graph.schema.__file__).read_text(encoding="utf-8")
    comment = r"# \(:([\w|]+)\)-\[:(\w+)(?: \{([\w, ]+)\})?\]->\(:([\w|]+)\)"
    drawn = re.findall(comment + r'\n    EdgeKind\("(\w+)", "(\w+)"', text)
    assert len(drawn) == len(EDGES)
    for kind, (start, type_, properties, end, name, table) in zip(EDGES, drawn, strict=True):
        assert (type_, name, table) == (kind.type, kind.type, kind.table)
        assert set(start.split("|")) == set(end_labels(kind, kind.start))
        assert set(end.split("|")) == set(end_labels(kind, kind.end))
        assert set(properties.split(", ")) - {""} <= set(edge_properties(kind))


def test_indexes_and_full_text_name_columns() -> None:
    for kind in NODES:
        names = {column.name for column in tables()[kind.table].columns}
        assert set(kind.indexes) | set(kind.full_text) <= names
        assert label_of(kind.table) == kind.label


def test_nodes_carry_all_that_is_known_and_nothing_else() -> None:
    facts = made_facts.full()
    for kind, batch in zip(NODES, node_rows(facts), strict=True):
        assert batch.label == kind.label
        for record, row in zip(getattr(facts, kind.table), batch.rows, strict=True):
            for column in tables()[kind.table].columns:
                value = getattr(record, column.name)
                if value is None or value == ():
                    assert column.name not in row
                else:
                    assert row.pop(column.name) == (list(value) if isinstance(value, tuple) else value)
            assert row == ({"id": record.id} if kind.table == "observations" else {})


def test_nothing_that_is_zero_or_false_is_left_out() -> None:
    """Unknown is `None` or no item; 0 and false are known."""
    rows = {batch.label: batch.rows for batch in node_rows(made_facts.full())}
    assert rows["Region"][0]["in_yrd"] is False
    (share,) = [e for e in edge_rows(made_facts.full()) if e.type == "HAS_SHARE"]
    assert share.properties[0]["share_pct"] == 0.0


def test_every_kind_of_edge_is_drawn_from_full_facts() -> None:
    """Each kind once or more; the total is the number of references that are drawn."""
    found = Counter[tuple[str, str, str]]()
    for batch in edge_rows(made_facts.full()):
        assert len(batch.starts) == len(batch.ends) == len(batch.properties) > 0
        found[batch.type, batch.start_label, batch.end_label] += len(batch.starts)
    for kind in EDGES:
        pairs = [(kind.type, s, e) for s in end_labels(kind, kind.start) for e in end_labels(kind, kind.end)]
        assert any(found[pair] for pair in pairs), kind
    assert set(edge_types()) == {pair[0] for pair in found}


def test_edges_of_a_row_carry_its_other_columns_with_the_group_as_slot() -> None:
    edges = {(batch.type, batch.end_label): batch for batch in edge_rows(made_facts.full())}
    assert edges["REQUIRES", "Product"].properties[0] == {
        "slot": "base",
        "necessity": "required",
        "cost_share_pct": 12.5,
        "note": "注",
        "source_ids": ["s-1", "s-2"],
        "confidence": "high",
    }
    assert edges["SITED_IN", "Park"].properties[0]["product_ids"] == ["chip", "chip-28"]
    assert edges["OF_ECONOMY", "Region"].properties[0] == {"source_ids": ["s-1", "s-2"], "confidence": "high"}


def test_a_place_is_a_park_or_a_region_by_its_id() -> None:
    sites = {(e.end_label, tuple(e.ends)) for e in edge_rows(made_facts.full()) if e.type == "SITED_IN"}
    assert sites == {("Park", ("zhangjiang",)), ("Region", ("cn-sh",))}


def test_every_node_but_a_source_reaches_its_sources() -> None:
    facts = made_facts.full()
    stated = {(e.start_label, start, end) for e in edge_rows(facts) if e.type == STATED_IN
              for start, end in zip(e.starts, e.ends, strict=True)}  # fmt: skip
    nodes = {(b.label, row["id"]) for b in node_rows(facts) if b.label != "Source" for row in b.rows}
    assert stated == {(label, id_, source) for label, id_ in nodes for source in ("s-1", "s-2")}


def test_what_refers_to_nothing_gives_no_edge() -> None:
    lost = Firm(id="f", name_zh="企", economy_id="nowhere", source_ids=("gone", DOMAIN_KNOWLEDGE), confidence="low")
    assert list(edge_rows(Facts(firms=(lost,)))) == []


def test_counts_are_those_of_the_tables() -> None:
    facts = made_facts.full()
    assert count_rows(facts) == {batch.label: len(batch.rows) for batch in node_rows(facts)}


def test_rows_twice_in_a_list_give_two_edges_only_where_there_are_two() -> None:
    facts = made_facts.full()
    twice = replace(facts.chains[0], industry_ids=("ic", "ic"))
    edges = [e for e in edge_rows(replace(facts, chains=(twice,))) if (e.type, e.start_label) == ("PART_OF", "Chain")]
    assert [e.starts for e in edges] == [["chips", "chips"]], "lists hold an id once; ingest sees to it"


@pytest.mark.parametrize("text", [*cypher.constraints(), *cypher.delete_edges(), cypher.count_foreign()])
def test_statements_are_one_line_and_hold_no_value(text: str) -> None:
    assert "\n" not in text
    assert ";" not in text


def test_every_constraint_is_harmless_when_run_again() -> None:
    assert all(" IF NOT EXISTS " in text for text in cypher.constraints())
    names = [text.split()[2 if "FULLTEXT" not in text else 3] for text in cypher.constraints()]
    assert len(set(names)) == len(names)


def test_nodes_are_unique_by_their_key_and_found_by_their_id_in_cypher() -> None:
    made = "\n".join(cypher.constraints())
    assert "FOR (n:Liantu) REQUIRE n.liantu_id IS UNIQUE" in made
    for kind in NODES:
        assert f"FOR (n:{kind.label}) REQUIRE" not in made, "others may use the label"
        assert f"FOR (n:{kind.label}) ON (n.id)" in made
        assert (f"FULLTEXT INDEX liantu_{kind.label.lower()}_text" in made) == bool(kind.full_text)

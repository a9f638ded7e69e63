"""What is so of Neo4j alone: a database shared with others, constraints, the full-text index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import made_facts
import pytest
from neo4j.exceptions import Neo4jError
from other_process import Loader

from graph import cypher
from graph.edition import canonical
from graph.errors import StoreRefused
from graph.model import Facts
from graph.schema import NODES
from graph.store import Credentials, Store, open_store
from ingest.pipeline import load

Run = Callable[..., list[dict[str, Any]]]

FOREIGN = (
    "CREATE (a:Person {name: '甲', id: 'smic'})-[:KNOWS {since: 1}]->(b:Person:Film {name: '乙'}), "
    "(b)-[:SUPPLIES]->(:Thing), (:Shop {id: 'theirs', name_zh: '别人的'})-[:OF_ECONOMY]->(:Planet {id: 'mars'})"
)
THEIRS = "MATCH (n) WHERE NOT n:Liantu AND NOT n:LiantuEdition AND NOT n:LiantuLock"


@pytest.fixture
def run(neo4j_run: Run, empty_neo4j: Callable[[], None]) -> Iterator[Run]:
    """Run a statement as somebody else would; the database is empty before and after."""
    empty_neo4j()
    yield neo4j_run
    empty_neo4j()


@pytest.fixture
def alone(neo4j_url: str, neo4j_credentials: Credentials) -> Iterator[Store]:
    store = open_store(neo4j_url, neo4j_credentials)
    yield store
    store.close()


@pytest.fixture
def shared(neo4j_url: str, neo4j_credentials: Credentials) -> Iterator[Store]:
    store = open_store(neo4j_url, neo4j_credentials, into_shared=True)
    yield store
    store.close()


def theirs(run: Run) -> tuple[Any, Any]:
    """Everything that is not ours, to compare before and after."""
    nodes = run(f"{THEIRS} RETURN elementId(n) AS e, labels(n) AS l, properties(n) AS p ORDER BY e")
    edges = run(
        f"{THEIRS} MATCH (n)-[r]-(m) RETURN DISTINCT elementId(r) AS e, type(r) AS t, properties(r) AS p, "
        "elementId(startNode(r)) AS s, elementId(endNode(r)) AS o ORDER BY e"
    )
    return nodes, edges


def ours(run: Run) -> dict[str, int]:
    (found,) = run("MATCH (n:Liantu) OPTIONAL MATCH (n)-[r]->(:Liantu) RETURN count(DISTINCT n) AS n, count(r) AS r")
    return found


def test_constraints_and_indexes_are_there_and_online(neo4j_store: Store) -> None:
    found = {row[0]: row[1:] for row in neo4j_store.query("SHOW INDEXES YIELD name, type, state, properties").rows}
    for kind in NODES:
        low = kind.label.lower()
        for name in ("id", *kind.indexes):
            assert found[f"liantu_{low}_{name}"] == ("RANGE", "ONLINE", [name])
        if kind.full_text:
            assert found[f"liantu_{low}_text"] == ("FULLTEXT", "ONLINE", list(kind.full_text))
    unique = neo4j_store.query("SHOW CONSTRAINTS YIELD name, type").rows
    assert {name for name, type_ in unique if type_ == "UNIQUENESS"} == {
        f"liantu_{label.lower()}" for label in (cypher.MARKER, cypher.EDITION_LABEL, cypher.LOCK_LABEL)
    }


@pytest.mark.parametrize(
    ("index", "words", "column", "expected"),
    [
        ("liantu_firm_text", "中芯国际", "id", "smic"),
        ("liantu_firm_text", "上海微电子", "id", "smee"),
        ("liantu_region_text", "苏州", "id", "cn-js-suzhou"),
        ("liantu_park_text", "临港", "id", "lingang"),
        ("liantu_product_text", "光刻机", "name_zh", "光刻机"),
    ],
)
def test_the_full_text_index_finds_chinese(
    neo4j_store: Store, index: str, words: str, column: str, expected: str
) -> None:
    rows = neo4j_store.query(
        "CALL db.index.fulltext.queryNodes($index, $words) YIELD node, score "
        "RETURN node[$column] AS found ORDER BY score DESC LIMIT 10",
        {"index": index, "words": words, "column": column},
    ).rows
    assert any(expected in found for (found,) in rows), rows


def test_the_server_itself_reads_no_file(neo4j_run: Run, tmp_path: Path) -> None:
    """The second barrier of `scripts/neo4j`, behind what the store refuses."""
    (tmp_path / "x.csv").write_text("a,b\n")
    with pytest.raises(Neo4jError, match="allow_csv_import_from_file_urls' is false"):
        neo4j_run("LOAD CSV FROM $url AS row RETURN row", url=f"file://{tmp_path}/x.csv")


def test_the_marker_is_on_every_node_of_ours(neo4j_store: Store) -> None:
    assert neo4j_store.query("MATCH (n) WHERE n.confidence IS NOT NULL AND NOT n:Liantu RETURN n.id AS id").rows == ()
    (n,) = neo4j_store.query("MATCH (n:Liantu) WHERE size(labels(n)) <> 2 RETURN count(n) AS n").rows[0]
    assert n == 0


def test_a_database_of_others_is_refused_and_not_touched(run: Run, alone: Store) -> None:
    for (name,) in [tuple(row.values()) for row in run("SHOW CONSTRAINTS YIELD name")]:
        run(f"DROP CONSTRAINT {name}")
    run(FOREIGN)
    before = theirs(run)
    with pytest.raises(StoreRefused, match=r"holds 5 nodes that are not ours.+--into-shared.+never deleted"):
        alone.write(made_facts.edition(made_facts.full()), replaces=None)
    assert theirs(run) == before
    assert run("MATCH (n) RETURN count(n) AS n") == [{"n": 5}]
    assert run("SHOW CONSTRAINTS YIELD name") == []
    assert alone.current() is None


def test_a_shared_database_keeps_what_is_of_others(run: Run, shared: Store) -> None:
    """Through a load, another that deletes, the empty edition, and a load that is broken off."""
    run(FOREIGN)
    before = theirs(run)
    full, small, none = (made_facts.edition(facts) for facts in (made_facts.full(), made_facts.named("名"), Facts()))
    current = None
    for edition in (full, small, none, full):
        shared.write(edition, replaces=current)
        current = edition.id
        assert theirs(run) == before
        assert ours(run)["n"] == sum(edition.summary.rows[kind.table] for kind in NODES)

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "edges":
            raise RuntimeError

    counts = ours(run)
    with pytest.raises(RuntimeError):
        shared.write(small, replaces=current, progress=stop)
    assert (theirs(run), ours(run)) == (before, counts)


def test_edges_of_others_on_our_nodes_stay_while_the_node_does(run: Run, shared: Store) -> None:
    full = made_facts.edition(made_facts.full())
    shared.write(full, replaces=None)
    run("MATCH (f:Firm {id: 'smic'}) CREATE (:Person {name: '甲'})-[:LIKES]->(f)")
    before = theirs(run)
    other = made_facts.edition(replace(made_facts.full(), leads=()))
    shared.write(other, replaces=full.id)
    assert theirs(run) == before
    assert run("MATCH (:Person)-[:LIKES]->(f:Firm) RETURN f.id AS id") == [{"id": "smic"}]


def test_a_node_that_others_hold_on_to_is_not_deleted(run: Run, shared: Store) -> None:
    full = made_facts.edition(made_facts.full())
    shared.write(full, replaces=None)
    run("MATCH (f:Firm {id: 'smic'}) CREATE (:Person {name: '甲'})-[:LIKES]->(f)")
    before, counts = theirs(run), ours(run)
    with pytest.raises(StoreRefused, match=r"what others keep there is in the way: .+ Use a database of its own"):
        shared.write(made_facts.edition(made_facts.named("名")), replaces=full.id)
    assert (theirs(run), ours(run)) == (before, counts)
    assert shared.current() == full.id
    assert [summary.id for summary in shared.editions()] == [full.id]
    run("MATCH (:Person)-[r:LIKES]->(:Firm) DELETE r")
    shared.write(made_facts.edition(made_facts.named("名")), replaces=full.id)


def test_nodes_of_others_under_our_labels_are_told_and_nothing_is_touched(run: Run, shared: Store) -> None:
    """No question could tell them from ours."""
    run("CREATE (:Firm {id: 'x'}), (:Firm {id: 'x'}), (:Product:Thing {sku: 7})")
    before = theirs(run)
    with pytest.raises(StoreRefused, match=r"under labels of ours \(2 Firm, 1 Product\).+ rename those labels"):
        shared.write(made_facts.edition(made_facts.full()), replaces=None)
    assert theirs(run) == before
    assert ours(run) == {"n": 0, "r": 0}
    assert shared.current() is None


def test_nodes_that_others_make_later_are_under_no_constraint_of_ours(run: Run, shared: Store) -> None:
    full = made_facts.edition(made_facts.full())
    shared.write(full, replaces=None)
    run("CREATE (:Firm {id: 'smic'}), (:Firm {id: 'smic'})-[:LIKES]->(:Region {id: 'cn'})")
    before = theirs(run)
    assert shared.holds(full)
    run("MATCH (n:Liantu:Firm {id: 'smic'}) DETACH DELETE n")
    assert not shared.holds(full)
    with pytest.raises(StoreRefused, match=r"2 Firm, 1 Region"):
        shared.write(full, replaces=full.id)
    assert theirs(run) == before


def test_constraints_and_nodes_of_a_former_version_are_taken_over(run: Run, shared: Store) -> None:
    """It made ids unique under each label, for everybody, and its nodes had no key."""
    full = made_facts.edition(made_facts.full())
    shared.write(full, replaces=None)
    run("DROP INDEX liantu_firm_id")
    run("CREATE CONSTRAINT liantu_firm_id FOR (n:Firm) REQUIRE n.id IS UNIQUE")
    run("CREATE INDEX liantu_company_name FOR (n:Company) ON (n.name)")
    run("DROP CONSTRAINT liantu_liantu")
    run("MATCH (n:Liantu) REMOVE n.liantu_id")
    run("MATCH (n:LiantuEdition) REMOVE n.graph REMOVE n.edge_types")
    (smic,) = run("MATCH (n:Firm {id: 'smic'}) RETURN elementId(n) AS e")
    shared.write(full, replaces=full.id)
    assert shared.holds(full)
    assert run("MATCH (n:Firm {id: 'smic'}) RETURN elementId(n) AS e") == [smic], "others may hold on to it"
    names = {row["name"] for row in run("SHOW CONSTRAINTS YIELD name")}
    assert names == {"liantu_liantu", "liantu_liantuedition", "liantu_liantulock"}
    indexes = {row["name"] for row in run("SHOW INDEXES YIELD name")}
    assert "liantu_firm_id" in indexes
    assert "liantu_company_name" not in indexes


DAMAGES = [
    "MATCH (n:Liantu) DETACH DELETE n",
    "MATCH (n:Firm:Liantu {id: 'smic'}) DETACH DELETE n",
    "MATCH (:Firm)-[r:SUPPLIES]->() DELETE r",
    "MATCH (n:Product:Liantu) REMOVE n:Product",
    "MATCH (n:Chain:Liantu) REMOVE n.liantu_id",
    "DROP INDEX liantu_product_text",
    "DROP CONSTRAINT liantu_liantu",
    "CREATE (:Liantu:Firm {id: 'stray', liantu_id: 'firm:stray'}), (:Liantu), (:Liantu:Firm {id: 7})",
    "MATCH (a:Firm:Liantu {id: 'smic'}), (b:Product:Liantu {id: 'wafer'}) CREATE (a)-[:SUPPLIES]->(b)",
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_graph_that_somebody_damaged_is_made_again_by_the_next_load(
    run: Run, alone: Store, tmp_path: Path, damage: str
) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    facts = made_facts.full()
    for name, text in canonical(facts).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    first = load(alone, folder)
    assert first.edition is not None
    counted = ours(run)
    run(damage)
    assert not alone.holds(first.edition)
    again = load(alone, folder)
    assert (again.changed, again.rebuilt) == (False, True)
    assert (ours(run), alone.holds(first.edition)) == (counted, True)
    assert alone.editions() == (first.edition.summary,)
    after = load(alone, folder)
    assert (after.changed, after.rebuilt) == (False, False)


def test_a_name_too_long_for_an_index_is_refused_by_a_first_load_too(run: Run, alone: Store) -> None:
    """Whose indexes come after its nodes, where they could not refuse any more."""
    with pytest.raises(StoreRefused, match="too large"):
        alone.write(made_facts.edition(made_facts.named("长" * 200_000)), replaces=None)
    assert ours(run)["n"] == 0
    assert alone.editions() == ()


def test_two_first_loads_into_a_fresh_database_end_in_one_edition(run: Run, alone: Store) -> None:
    """There is no constraint yet, and both make them."""
    for row in run("SHOW CONSTRAINTS YIELD name"):
        run(f"DROP CONSTRAINT {row['name']}")
    for row in run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'"):
        run(f"DROP INDEX {row['name']}")
    with (
        Loader(alone.url, "甲", replaces=None, stop_at="start") as first,
        Loader(alone.url, "乙", replaces=None, stop_at="start") as second,
    ):
        for loader in (first, second):
            loader.wait_for("start")
        for loader in (first, second):
            loader.go_on()
        said = sorted([first.end(), second.end()])
    assert said[0].startswith("EditionChanged: "), said
    assert said[1] == f"done {alone.current()}"
    assert run("MATCH (n:LiantuLock) RETURN count(n) AS n") == [{"n": 1}]
    assert run("MATCH (n:Firm) RETURN count(n) AS n") == [{"n": 1}]

"""Schema to Cypher text; the only place that makes Cypher. Nothing here is taken from input.

Every node of ours carries the label `Liantu` in Neo4j, so that what is deleted is ours; every edge of ours starts and
ends at such a node and has a type of the schema.
"""

from __future__ import annotations

from graph.schema import NODES, edge_types

MARKER = "Liantu"
EDITION_LABEL = "LiantuEdition"
LOCK_LABEL = "LiantuLock"


def constraints() -> list[str]:
    """Statements that make ids unique and names quick to find, each harmless when run again (Neo4j 5)."""
    made = [
        f"CREATE CONSTRAINT liantu_{label.lower()} IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        for label in (EDITION_LABEL, LOCK_LABEL)
    ]
    for kind in NODES:
        low = kind.label.lower()
        made.append(f"CREATE CONSTRAINT liantu_{low}_id IF NOT EXISTS FOR (n:{kind.label}) REQUIRE n.id IS UNIQUE")
        made += [
            f"CREATE INDEX liantu_{low}_{name} IF NOT EXISTS FOR (n:{kind.label}) ON (n.{name})"
            for name in kind.indexes
        ]
        if kind.full_text:
            fields = ", ".join(f"n.{name}" for name in kind.full_text)
            made.append(
                f"CREATE FULLTEXT INDEX liantu_{low}_text IF NOT EXISTS FOR (n:{kind.label}) ON EACH [{fields}] "
                "OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}"
            )
    return made


def upsert_nodes(label: str) -> str:
    """Takes `$rows`, maps with an `id`; makes or replaces the nodes of a label."""
    return f"UNWIND $rows AS row MERGE (n:{label}:{MARKER} {{id: row.id}}) SET n = row"


def node_ids(label: str) -> str:
    """The ids of our nodes of a label, column `id`."""
    return f"MATCH (n:{label}:{MARKER}) RETURN n.id AS id"


def delete_nodes(label: str) -> str:
    """Takes `$ids`; deletes those nodes of ours; fails where edges of others hold on to one."""
    return f"UNWIND $ids AS id MATCH (n:{label}:{MARKER} {{id: id}}) DELETE n"


def create_edges(type_: str, start_label: str, end_label: str) -> str:
    """Takes `$rows`, maps of `s`, `e` (ids) and `p` (properties)."""
    return (
        f"UNWIND $rows AS row MATCH (s:{start_label} {{id: row.s}}) MATCH (e:{end_label} {{id: row.e}}) "
        f"CREATE (s)-[r:{type_}]->(e) SET r = row.p"
    )


def delete_edges() -> list[str]:
    """Deletes our edges, one statement a type; they are made anew by every load."""
    return [f"MATCH (:{MARKER})-[r:{type_}]->(:{MARKER}) DELETE r" for type_ in edge_types()]


def count_foreign() -> str:
    """Number `n` of nodes that are not ours."""
    return f"MATCH (n) WHERE NOT n:{MARKER} AND NOT n:{EDITION_LABEL} AND NOT n:{LOCK_LABEL} RETURN count(n) AS n"


def count_nodes(label: str) -> str:
    """Number `n` of nodes of a label."""
    return f"MATCH (n:{label}) RETURN count(n) AS n"


def take_lock() -> str:
    """Waits until no other load runs; the lock is let go with the transaction."""
    return f"MERGE (n:{LOCK_LABEL} {{id: 'load'}}) SET n.taken = timestamp()"


def current_edition() -> str:
    """The id of the current edition, column `id`; no row while nothing is loaded."""
    return f"MATCH (n:{EDITION_LABEL} {{current: true}}) RETURN n.id AS id"


def list_editions() -> str:
    """The head of every edition, in no order."""
    return (
        f"MATCH (n:{EDITION_LABEL}) RETURN n.id AS id, n.created_at AS created_at, n.layers AS layers, n.rows AS rows"
    )


def read_archive() -> str:
    """Takes `$id`; the archive of an edition as bytes, column `archive`."""
    return f"MATCH (n:{EDITION_LABEL} {{id: $id}}) RETURN n.archive AS archive"


def write_edition() -> str:
    """Takes `$edition`, a map with an `id`; keeps an edition and makes it the only current one."""
    return (
        f"OPTIONAL MATCH (old:{EDITION_LABEL} {{current: true}}) SET old.current = false "
        f"WITH count(old) AS former MERGE (n:{EDITION_LABEL} {{id: $edition.id}}) SET n = $edition, n.current = true"
    )


def delete_editions() -> str:
    """Takes `$ids`; forgets editions, but never the current one."""
    return f"MATCH (n:{EDITION_LABEL}) WHERE n.id IN $ids AND NOT coalesce(n.current, false) DELETE n"


def replan() -> str:
    """Counts the indexes anew and forgets the plans that were made by the former counts; waits 30 s at most."""
    return "CALL db.prepareForReplanning(30)"

"""Schema to Cypher text; the only place that makes Cypher. Nothing here is taken from input.

Every node of ours carries the label `Liantu` in Neo4j, so that what is deleted is ours, and a key `liantu_id` such as
`firm:smic`, which is unique among them; every edge of ours starts and ends at such a node and has a type of the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from graph.schema import NODES, EdgeRows, NodeRows, Properties, edge_types

MARKER = "Liantu"
KEY = "liantu_id"
EDITION_LABEL = "LiantuEdition"
LOCK_LABEL = "LiantuLock"


def _unique(label: str, key: str) -> str:
    return f"CREATE CONSTRAINT liantu_{label.lower()} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"


def first_constraints() -> list[str]:
    """The two of `constraints` without which two loads into an empty database would not see each other."""
    return [_unique(EDITION_LABEL, "id"), _unique(LOCK_LABEL, "id")]


def constraints() -> list[str]:
    """Statements that make our nodes unique and quick to find, each harmless when run again (Neo4j 5).

    Only the marker is constrained: a node of others may be called `Firm` and have whatever id it likes.
    """
    made = [_unique(MARKER, KEY), *first_constraints()]
    for kind in NODES:
        low = kind.label.lower()
        made += [
            f"CREATE INDEX liantu_{low}_{name} IF NOT EXISTS FOR (n:{kind.label}) ON (n.{name})"
            for name in ("id", *kind.indexes)
        ]
        if kind.full_text:
            fields = ", ".join(f"n.{name}" for name in kind.full_text)
            made.append(
                f"CREATE FULLTEXT INDEX liantu_{low}_text IF NOT EXISTS FOR (n:{kind.label}) ON EACH [{fields}] "
                "OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}"
            )
    return made


_NAMED = re.compile(r"CREATE (CONSTRAINT|(?:FULLTEXT )?INDEX) (\w+)")


def indexes_wanted() -> frozenset[str]:
    """The names of what `constraints` makes; a constraint is held by an index of its name."""
    return frozenset(_NAMED.findall(text)[0][1] for text in constraints())


def show_indexes() -> str:
    """The names of our indexes, also of those that are still being filled, column `name`."""
    return "SHOW INDEXES YIELD name WHERE name STARTS WITH 'liantu_' RETURN name"


def show_constraints() -> list[str]:
    """The names of constraints and of the other indexes that any version of ours has made, column `name`."""
    return [
        "SHOW CONSTRAINTS YIELD name WHERE name STARTS WITH 'liantu_' RETURN name",
        "SHOW INDEXES YIELD name, owningConstraint WHERE name STARTS WITH 'liantu_' AND owningConstraint IS NULL "
        "RETURN name",
    ]


def drop_stale(constraints_there: Iterable[str], indexes_there: Iterable[str]) -> list[str]:
    """Statements that drop what a former version has made and this one does not make, or makes otherwise."""
    kept = {name: kind.split()[-1] for kind, name in (_NAMED.findall(text)[0] for text in constraints())}
    found = [("CONSTRAINT", name) for name in constraints_there] + [("INDEX", name) for name in indexes_there]
    return [
        f"DROP {kind} {name} IF EXISTS"
        for kind, name in found
        if kept.get(name) != kind and re.fullmatch(r"[a-z_]+", name)
    ]


def key_of(label: str, node_id: str) -> str:
    """What makes a node of ours unique among all of ours: its label and id, as in `firm:smic`."""
    return f"{label.lower()}:{node_id}"


def keyed(nodes: NodeRows) -> list[Properties]:
    """The rows of a label with their keys, as they stand in Neo4j."""
    return [{KEY: key_of(nodes.label, row["id"]), **row} for row in nodes.rows]


# The order of what a plain collect() gathers is not promised; after ORDER BY it is.
_EACH = "UNWIND range(0, size($rows) - 1) AS at WITH at, $rows[at] AS row"
_ADDRESSES = "WITH at, elementId(n) AS address ORDER BY at RETURN collect(address) AS addresses"


def create_nodes(label: str) -> str:
    """Takes `$rows`, maps with a key; makes nodes that are not there yet; `addresses` in the order of the rows."""
    return f"{_EACH} CREATE (n:{MARKER}:{label}) SET n = row {_ADDRESSES}"


def upsert_nodes(label: str) -> str:
    """Takes `$rows`, maps with a key; makes or replaces the nodes of a label; `addresses` in the order of the rows."""
    return f"{_EACH} MERGE (n:{MARKER} {{{KEY}: row.{KEY}}}) SET n:{label} SET n = row {_ADDRESSES}"


def adopt_nodes(label: str) -> str:
    """Gives its key to each node of ours that was written before there were keys."""
    prefix = key_of(label, "")
    return f"MATCH (n:{label}:{MARKER}) WHERE n.{KEY} IS NULL AND n.id IS NOT NULL SET n.{KEY} = '{prefix}' + n.id"


def any_of_ours() -> str:
    """A row where there is a node of ours."""
    return f"MATCH (n:{MARKER}) RETURN 1 AS one LIMIT 1"


def node_keys() -> str:
    """The keys of our nodes, column `key`."""
    return f"MATCH (n:{MARKER}) RETURN n.{KEY} AS key"


def delete_nodes() -> str:
    """Takes `$keys`; deletes those nodes of ours, and those without a key; fails where edges of others hold on."""
    return f"MATCH (n:{MARKER}) WHERE n.{KEY} IS NULL OR n.{KEY} IN $keys DELETE n"


def create_edges(type_: str) -> str:
    """Takes `$rows`, lists of the addresses of both ends and the properties."""
    return (
        "UNWIND $rows AS row MATCH (s) WHERE elementId(s) = row[0] MATCH (e) WHERE elementId(e) = row[1] "
        f"CREATE (s)-[r:{type_}]->(e) SET r = row[2]"
    )


def edge_triples(edges: EdgeRows, addresses: Mapping[str, Mapping[str, str]]) -> list[list[Any]]:
    """The rows of `create_edges`; `addresses` by label and id."""
    starts, ends = addresses[edges.start_label], addresses[edges.end_label]
    triples = zip(edges.starts, edges.ends, edges.properties, strict=True)
    return [[starts[start], ends[end], properties] for start, end, properties in triples]


def delete_edges(types: Iterable[str] = ()) -> list[str]:
    """Deletes our edges, one statement a type; they are made anew by every load.

    Args:
        types: What the former load has made; those of a former version may have other names.
    """
    all_types = sorted({*edge_types(), *(t for t in types if re.fullmatch(r"[A-Z_]+", t))})
    return [f"MATCH (:{MARKER})-[r:{type_}]->(:{MARKER}) DELETE r" for type_ in all_types]


def count_foreign() -> str:
    """Number `n` of nodes that are not ours."""
    return f"MATCH (n) WHERE NOT n:{MARKER} AND NOT n:{EDITION_LABEL} AND NOT n:{LOCK_LABEL} RETURN count(n) AS n"


def count_namesakes() -> str:
    """Number `n` of nodes of others with a `label` of ours, for each label that has some."""
    each = " UNION ALL ".join(
        f"MATCH (n:{kind.label}) WHERE NOT n:{MARKER} RETURN '{kind.label}' AS label, count(n) AS n" for kind in NODES
    )
    return f"CALL () {{ {each} }} WITH label, n WHERE n > 0 RETURN label, n ORDER BY label"


def count_ours() -> str:
    """Number `n` of our nodes by label, and of all of them under the marker, column `label`; no row where none is."""
    each = " UNION ALL ".join(
        f"MATCH (n:{label}:{MARKER}) RETURN '{label}' AS label, count(n.{KEY}) AS n"
        for label in (MARKER, *(kind.label for kind in NODES))
    )
    return f"CALL () {{ {each} }} RETURN label, n"


def count_our_edges() -> str:
    """Number `n` of edges between our nodes by `type`; of types without an edge there is no row."""
    return f"MATCH (:{MARKER})-[r]->(:{MARKER}) RETURN type(r) AS type, count(r) AS n"


def count_nodes(label: str) -> str:
    """Number `n` of nodes of a label."""
    return f"MATCH (n:{label}) RETURN count(n) AS n"


def take_lock() -> str:
    """Waits until no other load runs; the lock is let go with the transaction."""
    return f"MERGE (n:{LOCK_LABEL} {{id: 'load'}}) SET n.taken = timestamp()"


def current_edition() -> str:
    """The current edition: `id`, the digest of its graph, its edge types; no row while nothing is loaded."""
    return (
        f"MATCH (n:{EDITION_LABEL} {{current: true}}) RETURN n.id AS id, n.graph AS graph, n.edge_types AS edge_types"
    )


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

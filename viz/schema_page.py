"""The schema of the graph as text and as a page, made from its declaration; `python -m viz.schema_page` writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from graph.model import Column, tables
from graph.schema import EDGES, NODES, STATED_IN, EdgeKind, NodeKind, column_of, edge_properties, end_labels

PAGE = Path(__file__).resolve().parent.parent / "docs" / "schema.md"

_HEAD = """# The graph: labels, edges, properties

Made from `graph/model.py` and `graph/schema.py` by `python -m viz.schema_page`; a test keeps it true. Unknown
properties are absent. Every node has `source_ids` and `confidence` and a `STATED_IN` edge to each of its sources;
every edge has `source_ids` and `confidence` too. In Neo4j all nodes carry the label `Liantu` beside their own.
"""


def node_properties(kind: NodeKind) -> list[str]:
    """The names of the properties of a node, `id` among them also where it is made of others."""
    names = [column.name for column in tables()[kind.table].columns]
    return names if "id" in names else ["id", *names]


def own_properties(kind: EdgeKind) -> list[str]:
    """The names of the properties of an edge beside those that every edge has."""
    return [name for name in edge_properties(kind) if name not in ("source_ids", "confidence")]


def arrow(kind: EdgeKind, properties: Iterable[str] = ()) -> str:
    """An edge and its end as Cypher has them, `-[:SUPPLIES {year}]->(:Product)`."""
    inside = ", ".join(properties)
    return f"-[:{kind.type}{f' {{{inside}}}' if inside else ''}]->(:{_labels(kind, kind.end)})"


def edge_text(kind: EdgeKind, properties: Iterable[str] = ()) -> str:
    """An edge with both ends, `(:Firm)-[:SUPPLIES {year}]->(:Product)`."""
    return f"(:{_labels(kind, kind.start)}){arrow(kind, properties)}"


def _labels(kind: EdgeKind, end: str) -> str:
    return "|".join(end_labels(kind, end))


def _type(column: Column) -> str:
    words = " or ".join(f"`{choice}`" for choice in column.choices)
    name = {"str": "text", "int": "integer", "float": "number", "bool": "true or false"}[column.type.__name__]
    return ("list of " if column.many else "") + (words or name) + (f", {column.unit}" if column.unit else "")


def _row(name: str, column: Column) -> str:
    return f"| `{name}` | {_type(column)} | {column.doc} |"


def _node(kind: NodeKind) -> Iterator[str]:
    yield f"### {kind.label}\n\n{kind.doc}; from `{kind.table}`. Found quickly by `id`"
    yield "".join(f", `{name}`" for name in kind.indexes)
    if kind.full_text:
        yield f"; full text on {', '.join(f'`{name}`' for name in kind.full_text)} (Neo4j)"
    yield ".\n\n| property | type | what it is |\n|---|---|---|\n"
    columns = tables()[kind.table].columns
    if all(column.name != "id" for column in columns):
        yield f"| `id` | text | {' and '.join(tables()[kind.table].key)}, joined by `@` |\n"
    yield "\n".join(_row(column.name, column) for column in columns) + "\n\n"


def _edge(kind: EdgeKind) -> Iterator[str]:
    drawn = edge_text(kind).replace("|", "\\|")
    yield f"| `{drawn}` | {kind.doc} | " + ", ".join(f"`{name}`" for name in own_properties(kind)) + " |\n"


def _edge_columns(kind: EdgeKind) -> Iterator[str]:
    table = tables()[kind.table]
    yield f"### {kind.type}\n\n| property | type | what it is |\n|---|---|---|\n"
    for name in edge_properties(kind):
        if name == "slot":
            yield "| `slot` | text | Name of the need; alternatives share it, optional inputs lack it. |\n"
        else:
            yield _row(name, column_of(table, name)) + "\n"
    yield "\n"


def schema_page() -> str:
    """The page as Markdown."""
    parts = [_HEAD, "\n## Edges\n\n| edge | meaning | properties |\n|---|---|---|\n"]
    for kind in EDGES:
        parts += _edge(kind)
    parts.append(f"| `(any node)-[:{STATED_IN}]->(:Source)` | the fact is stated in the source | |\n")
    parts.append("\n## Labels\n\n")
    for node in NODES:
        parts += _node(node)
    parts.append("## Properties of edges\n\n")
    for kind in EDGES:
        if kind.whole_row:
            parts += _edge_columns(kind)
    return "".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(schema_page(), encoding="utf-8")

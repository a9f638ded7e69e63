"""An edition as files: formats that can be loaded again, and formats for other programs.

csv          the fact folder, canonical, byte for byte
jsonl        the same as JSON lines
xlsx         the same as one workbook a table
graphml      the graph for Gephi, yEd, networkx
html         one interactive page a chain (pyvis)
cypher       a script for cypher-shell
neo4j-admin  tables for `neo4j-admin database import full`
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from openpyxl import Workbook

from graph.cypher import KEY, MARKER, constraints, delete_edges, key_of, keyed
from graph.edition import Edition, canonical
from graph.errors import BadInput
from graph.model import Column, Table, tables
from graph.schema import EDGES, NODES, EdgeRows, NodeRows, edge_properties, edge_rows, node_rows
from queries.network import Network, one_of
from viz import graphml, pyvis_export
from viz.workbook import excel_text

File = tuple[str, bytes]
"""Name of a file, relative, and what it holds."""

_BATCH = 500
_SEPARATORS = ("|", "¦", "‖", *map(chr, range(0xE000, 0xF8FF)))  # some are left that no text holds
_LINE_BREAKS = {code: f"\\u{code:04x}" for code in (0x7F, 0x85, 0x2028, 0x2029)}
_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_TO_ESCAPE = re.compile(r"(\\)[uU]|[\\'\x00-\x1f\x7f]")
# What a workbook cannot hold, or what a reader of it changes: returns, control characters, and `_x0041_`.
_NOT_IN_EXCEL = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_x[0-9A-Fa-f]{4}_")
_MOST_IN_EXCEL = 32_767


def _csv(edition: Edition) -> Iterator[File]:
    for name, text in canonical(edition.facts).items():
        yield f"{name}.csv", text.encode()


def _filled(table: Table, record: Any) -> dict[str, Any]:
    cells = ((column.name, getattr(record, column.name)) for column in table.columns)
    return {name: value for name, value in cells if value is not None and value != ()}


def _jsonl(edition: Edition) -> Iterator[File]:
    for name, table in tables().items():
        lines = (json.dumps(_filled(table, record), ensure_ascii=False) for record in getattr(edition.facts, name))
        yield f"{name}.jsonl", "".join(line.translate(_LINE_BREAKS) + "\n" for line in lines).encode()


def _checked(table: Table, record: Any, name: str) -> Any:
    """The value of a cell, refused where a workbook cannot give it back as it is."""
    value = getattr(record, name)
    if isinstance(value, tuple):
        value = ";".join(value)
    if isinstance(value, str) and (_NOT_IN_EXCEL.search(value) or len(value) > _MOST_IN_EXCEL):
        where = f"{name} of {', '.join(map(str, table.key_of(record)))} in {table.name}"
        raise BadInput("as", "xlsx", f"csv or jsonl: a workbook cannot keep every character of {where}")
    return value or None if isinstance(value, str) else value


def _xlsx(edition: Edition) -> Iterator[File]:
    for table in tables().values():
        names = [column.name for column in table.columns]
        rows = [[_checked(table, record, name) for name in names] for record in getattr(edition.facts, table.name)]
        book = Workbook(write_only=True)
        sheet: Any = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        sheet.append(names)
        for row in rows:
            sheet.append([excel_text(sheet, value) if isinstance(value, str) else value for value in row])
        out = io.BytesIO()
        book.save(out)
        yield f"{table.name}.xlsx", out.getvalue()


def _escape(found: re.Match[str]) -> str:
    text = found[0]
    if found[1]:
        # Neo4j turns \uXXXX into a character before it reads strings: no letter u may follow a backslash.
        return f"\\\\\\u{ord(text[1]):04x}"
    return _ESCAPES.get(text) or f"\\u{ord(text):04x}"


def literal(text: str) -> str:
    r"""A text as Cypher reads it, on one line.

    Examples:
        >>> literal("it's\n")
        "'it\\'s\\n'"
    """
    return "'" + _TO_ESCAPE.sub(_escape, text) + "'"


_FROM_CELL: dict[type, str] = {
    str: "CASE {0} WHEN '' THEN null ELSE {0} END",
    int: "toInteger({0})",
    float: "toFloat({0})",
    bool: "toBoolean({0})",
}


def _from_cell(column: Column, at: int) -> str:
    """Cypher that makes a property of cell `at`; of an empty cell it makes null."""
    cell = f"c[{at}]"
    if column.many:
        return f"CASE {cell} WHEN '' THEN null ELSE split({cell}, ';') END"
    return _FROM_CELL[column.type].format(cell)


def _in_batches(rows: Iterable[Iterable[Any]], rest: str) -> Iterator[str]:
    """Statements that take rows of cells `c`, so many at a time.

    Each row is one text: a list of texts is all that changes from batch to batch, which Neo4j takes for a parameter and
    so plans the statement once. Maps of literals it would plan anew every time, for seconds.
    """
    lines = [[str(_admin_cell("" if cell is None else cell)) for cell in row] for row in rows]
    used = set().union(*(cell for line in lines for cell in line))
    mark = next(mark for mark in _SEPARATORS if mark not in used)
    for start in range(0, len(lines), _BATCH):
        texts = ",\n  ".join(literal(mark.join(line)) for line in lines[start : start + _BATCH])
        yield f"UNWIND [\n  {texts}\n] AS row\nWITH split(row, '{mark}') AS c\n{rest}"


def _node_statements(nodes: NodeRows) -> Iterator[str]:
    columns = {column.name: column for column in _node_columns(nodes.label)}
    names = ["id", *(name for name in columns if any(name in row for row in nodes.rows))]
    key = f"'{key_of(nodes.label, '')}' + c[0]"
    made = [f"{KEY}: {key}", "id: c[0]", *(f"{n}: {_from_cell(columns[n], at)}" for at, n in enumerate(names) if at)]
    rest = f"MERGE (n:{MARKER} {{{KEY}: {key}}})\nSET n:{nodes.label}\nSET n = {{{', '.join(made)}}}"
    return _in_batches(([row.get(name) for name in names] for row in nodes.rows), rest)


def _edge_statements(edges: EdgeRows) -> Iterator[str]:
    columns = _edge_columns(edges.type)
    names = [name for name in columns if any(name in properties for properties in edges.properties)]
    made = ", ".join(f"{name}: {_from_cell(columns[name], at)}" for at, name in enumerate(names, 2))
    ends = (
        f"MATCH ({end}:{MARKER} {{{KEY}: '{key_of(label, '')}' + c[{at}]}})"
        for at, (end, label) in enumerate((("s", edges.start_label), ("e", edges.end_label)))
    )
    rest = "\n".join([*ends, f"CREATE (s)-[r:{edges.type}]->(e)\nSET r = {{{made}}}"])
    rows = zip(edges.starts, edges.ends, edges.properties, strict=True)
    return _in_batches(([start, end, *(p.get(name) for name in names)] for start, end, p in rows), rest)


def _statements(edition: Edition) -> Iterator[str]:
    yield from constraints()
    for nodes in node_rows(edition.facts):
        yield from _node_statements(nodes)
    yield from delete_edges()
    for edges in edge_rows(edition.facts):
        yield from _edge_statements(edges)


def _cypher(edition: Edition) -> Iterator[File]:
    head = (
        f"// liantu, edition {edition.id}. Run it: cypher-shell -f liantu.cypher\n"
        f"// All nodes carry the label {MARKER}. It may be run again: nodes are replaced, edges made anew.\n"
    )
    yield "liantu.cypher", (head + "".join(f"{text};\n" for text in _statements(edition))).encode()


_ADMIN_TYPES = {str: "", int: ":long", float: ":double", bool: ":boolean"}


def _admin_head(column: Column) -> str:
    return column.name + (":string[]" if column.many else _ADMIN_TYPES[column.type])


def _admin_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ";".join(value) if isinstance(value, list) else value


def _admin_csv(header: list[str], rows: Iterable[list[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(header)
    writer.writerows([_admin_cell(value) for value in row] for row in rows)
    return out.getvalue().encode()


def _node_columns(label: str) -> list[Column]:
    """The columns of the rows that nodes of a label come from, but for the id."""
    table = tables()[next(kind.table for kind in NODES if kind.label == label)]
    return [column for column in table.columns if column.name != "id"]


def _admin_nodes(nodes: NodeRows) -> bytes:
    columns = _node_columns(nodes.label)
    header = [f"id:ID({nodes.label})", KEY, *map(_admin_head, columns)]
    names = ["id", KEY, *(column.name for column in columns)]
    return _admin_csv(header, ([row.get(name) for name in names] for row in keyed(nodes)))


def _edge_columns(type_: str) -> dict[str, Column]:
    """The columns of the rows that edges of a type come from, by the name of the property."""
    kind = next((kind for kind in EDGES if kind.type == type_), None)
    if kind is None:
        return {}
    columns = {("slot" if c.name == "group" else c.name): c for c in tables()[kind.table].columns}
    return {name: columns[name] for name in edge_properties(kind)}


def _admin_edges(edges: EdgeRows) -> bytes:
    columns = _edge_columns(edges.type)
    types = [_admin_head(column).removeprefix(column.name) for column in columns.values()]
    header = [f":START_ID({edges.start_label})", f":END_ID({edges.end_label})"]
    header += [name + type_ for name, type_ in zip(columns, types, strict=True)]
    rows = zip(edges.starts, edges.ends, edges.properties, strict=True)
    return _admin_csv(header, ([s, e, *(properties.get(name) for name in columns)] for s, e, properties in rows))


_ADMIN_README = """\
链图 liantu, edition {edition}: tables for the bulk import of Neo4j 5

1. Stop the database, and run in this folder (it OVERWRITES the database neo4j):

neo4j-admin database import full neo4j --overwrite-destination \\
  --id-type=string --array-delimiter=";" --multiline-fields=true \\
{arguments}

2. Start the database, and make ids unique and names quick to find:

cypher-shell -f constraints.cypher
"""


def _neo4j_admin(edition: Edition) -> Iterator[File]:
    arguments = []
    for nodes in node_rows(edition.facts):
        name = f"nodes-{nodes.label}.csv"
        arguments.append(f"  --nodes={nodes.label}:{MARKER}={name}")
        yield name, _admin_nodes(nodes)
    for edges in edge_rows(edition.facts):
        name = f"edges-{edges.start_label}-{edges.type}-{edges.end_label}.csv"
        arguments.append(f"  --relationships={edges.type}={name}")
        yield name, _admin_edges(edges)
    yield "constraints.cypher", "".join(f"{text};\n" for text in constraints()).encode()
    yield "README.txt", _ADMIN_README.format(edition=edition.id, arguments=" \\\n".join(arguments)).encode()


def _graphml(edition: Edition) -> Iterator[File]:
    yield "liantu.graphml", graphml.graphml(edition.facts)


_OF_EDITION: dict[str, Callable[[Edition], Iterator[File]]] = {
    "graphml": _graphml,
    "csv": _csv,
    "jsonl": _jsonl,
    "xlsx": _xlsx,
    "cypher": _cypher,
    "neo4j-admin": _neo4j_admin,
}
FORMATS = (*_OF_EDITION, "html")
"""What `export` can make."""


def _html(network: Network, region: str, chain: str | None) -> Iterator[File]:
    for name in [chain] if chain else sorted(network.chain_rows):
        yield f"{name}.html", pyvis_export.page(network, name, region=region).encode()


def export(
    edition: Edition, network: Network, as_: str, *, region: str = "shanghai", chain: str | None = None
) -> Iterator[File]:
    """The files of an edition in one of the `FORMATS`, one after the other as they are made.

    Args:
        edition: What to export.
        network: Its network; only pages need it.
        as_: The format.
        region: Of pages: where coverage is measured.
        chain: Of pages: that chain alone.

    Raises:
        BadInput: There is no such format, or a workbook cannot hold a character of the facts.
        NotFound: There is no such region or chain.
        ExtraMissing: The format needs the extra `export`.
    """
    one_of("as", as_, FORMATS)
    if as_ == "html":
        network.region_name(region)
        network.study(chain)
        return _html(network, region, chain)
    return _OF_EDITION[as_](edition)

"""The whole graph of an edition as GraphML, for Gephi, yEd, networkx and igraph."""

from __future__ import annotations

import io
import re
from typing import Any

from graph.errors import LiantuError
from graph.model import Facts
from graph.schema import Properties, edge_rows, node_rows

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMES = ("name_zh", "title_zh", "title", "indicator_zh", "id")


class ExtraMissing(LiantuError):
    """An export needs a package that comes with the extra `export` alone."""

    def __init__(self, what: str, package: str) -> None:
        self.what, self.package = what, package
        super().__init__(f"{what} needs {package}, which is not installed. Run: pip install 'liantu[export]'")


def xml_text(text: str) -> str:
    """Text with U+FFFD in place of each character that XML 1.0 forbids (most control characters)."""
    return _FORBIDDEN.sub("\ufffd", text)


def _value(value: Any) -> Any:
    if isinstance(value, list):
        value = ";".join(value)
    return xml_text(value) if isinstance(value, str) else value


def _attributes(properties: Properties) -> Properties:
    return {name: _value(value) for name, value in properties.items()}


def _shown(properties: Properties) -> str:
    return xml_text(str(next(properties[name] for name in _NAMES if name in properties)))


def graphml(facts: Facts) -> bytes:
    """The nodes and edges of an edition as GraphML in UTF-8.

    A node is named `Label:id`, for instance `Firm:smic`. It carries `labels` (its label in the graph), `label` (the
    name that Gephi shows) and its properties; an edge carries `type`, `label` (the same) and its properties. Numbers
    and truth values are typed; lists are joined by `;`; what is not known is left out.

    Control characters that XML forbids are replaced by U+FFFD; everything else is kept as it is.

    Raises:
        ExtraMissing: networkx is not installed.
    """
    try:
        import networkx
    except ImportError as error:
        raise ExtraMissing("GraphML", "networkx") from error
    graph = networkx.MultiDiGraph()
    for nodes in node_rows(facts):
        for row in nodes.rows:
            graph.add_node(f"{nodes.label}:{row['id']}", labels=nodes.label, label=_shown(row), **_attributes(row))
    number = 0
    for edges in edge_rows(facts):
        for start, end, properties in zip(edges.starts, edges.ends, edges.properties, strict=True):
            ends = f"{edges.start_label}:{start}", f"{edges.end_label}:{end}"
            graph.add_edge(*ends, key=number, type=edges.type, label=edges.type, **_attributes(properties))
            number += 1
    out = io.BytesIO()
    networkx.readwrite.graphml.GraphMLWriter(graph=graph, encoding="utf-8", prettyprint=True).dump(out)
    # A reader of XML takes a bare return for a line feed; only as a reference does it stay one.
    return out.getvalue().replace(b"\r", b"&#13;")

"""py2neo, at its end of life, still does what notebooks use it for; and the guide's code runs."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from graph.store import Credentials, Store

GUIDE = Path(__file__).parent.parent / "docs" / "guide" / "notebooks.md"

# In a process of its own: py2neo warns of its age in ways that the suite would take for failures.
SCRIPT = """
import json, sys
from py2neo import Graph

graph = Graph(sys.argv[1], auth=(sys.argv[2], sys.argv[3]))
query = "MATCH (c:Chain) RETURN c.id AS id, c.name_zh AS name, c.final_product_ids AS finals ORDER BY id"
chains = graph.run(query).data()
count = graph.evaluate("MATCH (p:Product) RETURN count(p)")
print(json.dumps([chains, count], ensure_ascii=False))
"""


@pytest.mark.neo4j
def test_py2neo_reads_our_graph(neo4j_store: Store, neo4j_url: str, neo4j_credentials: Credentials) -> None:
    words = [
        sys.executable,
        "-W",
        "ignore",
        "-c",
        SCRIPT,
        neo4j_url,
        neo4j_credentials.user,
        neo4j_credentials.password,
    ]
    found = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120)
    assert found.returncode == 0, found.stderr
    import json

    chains, count = json.loads(found.stdout)
    facts = neo4j_store.edition().facts
    expected = {row.id: (row.name_zh, list(row.final_product_ids)) for row in facts.chains}
    assert {row["id"]: (row["name"], row["finals"]) for row in chains} == expected
    assert count == len(facts.products)


def test_nothing_of_ours_needs_py2neo() -> None:
    code = "import sys; import api.app, api.cli, viz.export, graph.neo4j_store; sys.exit('py2neo' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_the_code_of_the_guide_runs(arcadedb_store: Store) -> None:
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 2
    names: dict[str, object] = {}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        for block in blocks:
            exec(block.replace("arcadedb:var/liantu", arcadedb_store.url), names)
    assert "chokepoint" in said.getvalue()
    assert "capability" in said.getvalue()

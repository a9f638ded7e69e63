"""Cypher at a prompt: statements and commands, and what is printed of them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from api.shell import Shell, split
from graph.edition import Edition
from graph.schema import EDGES, NODES
from graph.store import Store

LIANTU = Path(sys.executable).with_name("liantu")


def say(store: Store, *lines: str) -> tuple[str, str, int]:
    out, err = io.StringIO(), io.StringIO()
    shell = Shell(store, "table", out, err)
    shell.run(iter(lines))
    return out.getvalue(), err.getvalue(), shell.failures


@pytest.mark.parametrize(
    ("text", "statements", "rest"),
    [
        ("RETURN 1;", ["RETURN 1"], ""),
        ("RETURN 1; RETURN 2;\nRETURN", ["RETURN 1", "RETURN 2"], "\nRETURN"),
        ("RETURN ';' AS a; // ; and so on\n", ["RETURN ';' AS a"], " // ; and so on\n"),
        ('RETURN "a\\";b";', ['RETURN "a\\";b"'], ""),
        ("MATCH (n:`a;b`) RETURN /* ; */ n;", ["MATCH (n:`a;b`) RETURN /* ; */ n"], ""),
        ("RETURN 'first\n;", [], "RETURN 'first\n;"),
        ("RETURN /* first\n;", [], "RETURN /* first\n;"),
    ],
)
def test_a_semicolon_ends_a_statement(text: str, statements: list[str], rest: str) -> None:
    assert split(text) == (statements, rest)


def test_a_session(shipped_store: Store, shipped_edition: Edition) -> None:
    out, err, failures = say(
        shipped_store,
        ':params {"firm": "smic"}',
        "MATCH (f:Firm {id: $firm})",
        "RETURN f.name_zh AS name;",
        ":format json",
        "MATCH (p:Park) RETURN count(*) AS parks;",
        ":format csv",
        ":limit 2",
        "MATCH (p:Product) RETURN p.id AS id ORDER BY id;",
        ":quit",
        "RETURN 'never';",
    )
    assert failures == 0, err
    [firm] = [row for row in shipped_edition.facts.firms if row.id == "smic"]
    assert firm.name_zh in out
    assert f'"parks": {len(shipped_edition.facts.parks)}' in out
    first = sorted(row.id for row in shipped_edition.facts.products)[:2]
    assert out.endswith("id\n" + "\n".join(first) + "\n")
    assert "there are more" in err
    assert "never" not in out


def test_the_schema_is_all_there(arcadedb_store: Store) -> None:
    out, _, _ = say(arcadedb_store, ":schema", ":help")
    assert all(f"(:{kind.label} " in out for kind in NODES)
    assert all(f"[:{kind.type}" in out for kind in EDGES)
    assert ":params" in out


def test_errors_say_what_and_where(neo4j_store: Store) -> None:
    _, err, failures = say(neo4j_store, "MATCH (n:Firm)", "RETURN wrong;")
    assert failures == 1
    assert "wrong" in err
    assert "2 | RETURN wrong" in err


def test_what_is_wrong_does_not_end_the_session(shipped_store: Store) -> None:
    out, err, failures = say(
        shipped_store,
        "MATCH (n) DETACH DELETE n;",
        ":format pdf",
        ":params nonsense",
        ":params [1]",
        ":what",
        "RETURN 'still here' AS here",
    )
    assert failures == 5
    assert "Only reading" in err
    assert "still here" in out


def test_piped_in(arcadedb_store: Store) -> None:
    def piped(text: str, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(LIANTU), "shell", "--store", arcadedb_store.url, *words]
        return subprocess.run(command, input=text, capture_output=True, text=True, check=False, timeout=60)

    good = piped("RETURN 1 AS one,\n 'x' AS two", "--format", "json")
    assert (good.returncode, json.loads(good.stdout)) == (0, [{"one": 1, "two": "x"}])
    bad = piped("RETURN nothing;")
    assert bad.returncode == 2
    assert "nothing" in bad.stderr

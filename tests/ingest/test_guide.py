"""The guide to own facts names every code that a report can hold, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from ingest import rows
from ingest.report import Severity

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = (ROOT / "docs" / "guide" / "data.md").read_text(encoding="utf-8")
AT = {"Finding": 5, "_refusal": 4, "_warning": 4, "PydanticCustomError": 0}
"""Where the code stands among the arguments."""


def _codes() -> dict[str, set[str]]:
    """Each code in the code base, with the severities of the calls that give it."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "ingest").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in AT):
                continue
            if any(isinstance(argument, ast.Starred) for argument in node.args):
                continue  # a report that is read again
            code = node.args[AT[node.func.id]]
            if isinstance(code, ast.Constant):
                first = node.args[0]
                given = first.value if node.func.id == "Finding" and isinstance(first, ast.Constant) else None
                severity = given or ("warning" if node.func.id == "_warning" else "refused")
                found.setdefault(code.value, set()).add(severity)
    for code in rows._CODES.values():
        found.setdefault(code, set()).add("refused")
    return found


def _told() -> dict[str, str]:
    """The severity under whose heading the guide explains a code."""
    found: dict[str, str] = {}
    severity = ""
    for line in GUIDE.splitlines():
        if heading := re.match(r"`(\w+)`: ", line):
            severity = heading[1]
        if row := re.match(r"\| `([a-z0-9-]+)` \| (.+) \|$", line):
            assert row[1] not in found, f"{row[1]} is explained twice"
            found[row[1]] = severity
    return found


def test_the_guide_explains_every_code_under_its_severity_and_no_other() -> None:
    codes = _codes()
    assert {code: {severity} for code, severity in _told().items()} == codes
    assert {severity for severities in codes.values() for severity in severities} == set(get_args(Severity))
    assert len(codes) > 20


@pytest.mark.parametrize("word", ["`.xlsx`", "`products.jsonl`", "GB18030", "UTF-16", "--layer", "--replace", "`；`"])
def test_the_guide_tells_how_facts_are_read_and_laid(word: str) -> None:
    assert word.strip("`") in GUIDE

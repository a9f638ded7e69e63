"""docs/measures.md: every example is asked again, every sum done again."""

from __future__ import annotations

import ast
import json
import operator
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from graph.store import Store

TEXT = (Path(__file__).parent.parent / "docs" / "measures.md").read_text(encoding="utf-8")
SECTIONS = {int(number): body for number, body in re.findall(r"^## (\d+)\. (.*?)(?=^## |\Z)", TEXT, re.M | re.S)}
EXAMPLES = [
    (number, block) for number, body in SECTIONS.items() for block in re.findall(r"```example\n(.*?)```", body, re.S)
]
OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
STEP = re.compile(r"\[(?P<at>\d+)\]|\[(?P<field>[\w.]+)=(?P<value>[^\]]+)\]|\.?(?P<name>[\w-]+)")


@pytest.fixture(scope="module")
def client(arcadedb_store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(arcadedb_store)) as found:
        yield found


def value_of(text: str) -> Any:
    """A JSON value, or a sum over numbers."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return sum_of(ast.parse(text.strip(), mode="eval").body)


def sum_of(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp):
        return OPERATORS[type(node.op)](sum_of(node.left), sum_of(node.right))
    assert isinstance(node, ast.Constant), ast.dump(node)
    assert isinstance(node.value, int | float)
    return node.value


def at_path(body: Any, path: str) -> Any:
    """What stands at a path such as `items[id=x].latest.value` or `count(items)`."""
    if path.startswith("count("):
        return len(at_path(body, path[len("count(") : -1]))
    end = 0
    while end < len(path):
        step = STEP.match(path, end)
        assert step, path
        end = step.end()
        if step["at"]:
            body = body[int(step["at"])]
        elif step["field"]:
            (body,) = [item for item in body if str(at_path(item, step["field"])) == step["value"]]
        else:
            body = body[step["name"]]
    return body


def answer(client: TestClient, request: str, number: int) -> Any:
    verb, path = request.split(" ", 1)
    tables = re.findall(r"```csv (\w+)\n(.*?)```", SECTIONS[number], re.S)
    files = {name: (f"{name}.csv", text, "text/csv") for name, text in tables}
    response = client.request(verb, f"/api/v1{path}", files=files if verb == "POST" else None)
    assert response.status_code == 200, (request, response.text)
    return response.json()


def same(one: Any, other: Any) -> bool:
    """Equal; numbers as far as the example writes them out, six digits at least."""
    if isinstance(one, bool) or isinstance(other, bool) or not isinstance(one, int | float):
        return bool(one == other) and type(one) is type(other)
    return bool(one == pytest.approx(other, rel=1e-6, abs=1e-9))


@pytest.mark.parametrize(("number", "block"), EXAMPLES, ids=[f"{n}-{b.splitlines()[0]}" for n, b in EXAMPLES])
def test_an_example_is_what_the_program_says(client: TestClient, number: int, block: str) -> None:
    request, *lines = block.strip().splitlines()
    body = answer(client, request, number)
    assert lines
    for line in lines:
        path, *expected = re.split(r" += ", line)
        found = at_path(body, path.strip())
        for text in expected:
            assert same(found, value_of(text)), (line, found)


def test_every_measure_has_its_example() -> None:
    assert sorted(SECTIONS) == list(range(1, 15))
    assert {number for number, _ in EXAMPLES} == set(SECTIONS)


def test_the_reader_of_examples_can_fail() -> None:
    body = {"items": [{"id": "x", "n": 1}, {"id": "y", "n": [2, 3]}]}
    assert at_path(body, "items[id=y].n[1]") == 3
    assert at_path(body, "count(items)") == 2
    assert value_of("1 - (1 - 1/2)**3") == 0.875
    assert not same(0.2501, value_of("1/4"))
    assert not same(True, 1)
    assert not same("a", "b")
    with pytest.raises(ValueError, match="unpack"):
        at_path(body, "items[id=z].n")

"""The catalogue of named questions, and one of them asked of a store."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from graph.errors import NotFound
from graph.store import Rows, Store, trusted
from queries.question import MOST_ROWS, Parameter, Question, Value
from queries.question_files import LABELS_OF, read_folder

_RADII = ("shanghai", "delta", "china", "world")
_FOLDER = Path(__file__).with_name("cypher")


@cache
def questions() -> Mapping[str, Question]:
    """The questions that ship, by name, sorted.

    Raises:
        BadQuestion: A file breaks the rules.
    """
    return read_folder(_FOLDER)


def get(name: str) -> Question:
    """The question of that name.

    Raises:
        NotFound: There is none; the error holds names that are near.
    """
    found = questions().get(name)
    if found is None:
        raise NotFound("query", name, tuple(difflib.get_close_matches(name, questions(), n=3, cutoff=0.5)))
    return found


def run(store: Store, name: str, parameters: Mapping[str, str]) -> Rows:
    """Ask a question of a store.

    Args:
        store: Where the graph is.
        name: Name of the question.
        parameters: Text values, as they come from a URL or the command line.

    Returns:
        The rows under the declared columns, also when there is no row. `truncated` is true when the graph holds more
        rows than the parameter `limit` lets through.

    Raises:
        NotFound: There is no such question, or nothing has an id that is asked for; the error holds what is near.
        BadInput: A parameter is unknown, missing or not of its type.
        QueryError: The store failed the statement.
    """
    question = get(name)
    values = question.values(parameters)
    for parameter in question.parameters:
        if parameter.name in parameters:
            _check_id(store, parameter, values[parameter.name])
    limit = values.get("limit", MOST_ROWS)
    if not isinstance(limit, int):
        raise TypeError("a limit is an integer")  # `read_question` has seen to it
    if "limit" in values:
        values["limit"] = limit + 1  # one row more tells whether the answer is cut
    answer = store.query(question.statement, values, limit=limit)
    return Rows(tuple(column.name for column in question.columns), answer.rows, answer.truncated)


def _check_id(store: Store, parameter: Parameter, value: Value) -> None:
    """Refuse an id that nothing has.

    Raises:
        NotFound: There is no such thing; the error holds ids that are near, by id or by name.
    """
    free = (*(("",) if parameter.optional else ()), *(_RADII if parameter.kind == "radius" else ()))
    if not parameter.kind or value in free:
        return
    labels = LABELS_OF[parameter.kind]
    if any(
        store.query(trusted(f"MATCH (n:{label}) WHERE n.id = $id RETURN n.id AS id"), {"id": value}).rows
        for label in labels
    ):
        return
    names: dict[str, str] = {}
    for label in labels:
        things = f"MATCH (n:{label}) RETURN n.id AS id, coalesce(n.name_zh, n.title, n.id) AS name ORDER BY id"
        names |= {str(name): str(id_) for id_, name in store.query(trusted(things)).rows}
    texts = {id_: id_ for id_ in names.values()} | names
    close = difflib.get_close_matches(str(value), texts, n=3, cutoff=0.5)
    kind = "region or park" if parameter.kind == "radius" else parameter.kind
    raise NotFound(kind, str(value), tuple(dict.fromkeys(texts[text] for text in close)))

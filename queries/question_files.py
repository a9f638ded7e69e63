"""The files of the catalogue: one named question in Cypher a file of `queries/cypher/`, checked when it is read.

A file begins with its header, one declaration a line, in this order and with nothing between:

    // title: 产品的市场份额 | Market shares of a product
    // parameter: product string = photoresist-arf | 产品 | product id
    // parameter: min_share_pct number percent = 10 | 最低份额 | least share
    // column: region_id string | 经济体 | economy
    // column: year integer? | 年份 | year of the figure

A parameter without ` = ` must be given, one with nothing behind it is empty by default; the word after the type is its
unit. The type `id:product` is the id of a product, and so for every label; `id:radius` is shanghai, delta, china,
world, or the id of a region or park. An id that nothing has is refused with those that are near. `?` after such a type
says that the id may be empty, after the type of a column that the value may be unknown (null).

The statement follows: reading only, its `$parameters` and the columns that it returns are the declared ones, path
lengths are bounded, and it ends with ORDER BY and LIMIT.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import cast, get_args

from graph.errors import BadInput, LiantuError
from graph.schema import NODES
from graph.store import trusted
from queries.question import Column, Parameter, Question, ValueType, convert

LABELS_OF: Mapping[str, tuple[str, ...]] = {kind.label.lower(): (kind.label,) for kind in NODES} | {
    "radius": ("Region", "Park")
}
"""The labels of what an id of each kind may name."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HEADER = re.compile(r"// (title|parameter|column): (.+)")
_PARAMETER = re.compile(
    r"(?P<name>[a-z][a-z0-9_]*) (?P<type>\w+)(?::(?P<kind>[a-z]+)(?P<optional>\?)?)?"
    r"(?: (?P<unit>\w+))?(?P<default> =.*)?"
)
_COLUMN = re.compile(r"(?P<name>[a-z][a-z0-9_]*) (?P<type>\w+)(?P<optional>\?)?")
_NOT_CODE = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|`[^`]*`", re.DOTALL)
_WRITING = re.compile(
    r"(?<![.:$\w])(?:CREATE|MERGE|DELETE|DETACH|SET|REMOVE|DROP|FOREACH|LOAD|CALL(?!\s*[{(]))\b", re.IGNORECASE
)
_UNBOUNDED = re.compile(
    r"-\[[^\]]*?\*(?!\s*(?:(?:\d+\s*)?\.\.\s*\d|\d+\s*[\]{]))"  # -[:TYPE*2..]-
    r"|(?:\]-|\]->|\)\s*\))\s*(?:[+*]|\{\s*\d*\s*,\s*\})"  # -[:TYPE]->+ and ((a)-[:TYPE]->(b)){2,}
)
_RETURN = re.compile(r"\bRETURN\b(?:\s+DISTINCT\b)?", re.IGNORECASE)
_END = re.compile(r"(.+?)\bORDER\s+BY\b.+\bLIMIT\s+(?:\$limit|\d+)\s*", re.IGNORECASE | re.DOTALL)
_COLUMN_NAME = re.compile(r"(?:.*\bAS\s+)?([a-z][a-z0-9_]*)", re.DOTALL)


class BadQuestion(LiantuError):
    """A file of the catalogue that breaks its rules."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        self.file, self.line, self.reason = file, line, reason
        super().__init__(f"{file}, line {line}: {reason}.")


def read_folder(folder: Path) -> Mapping[str, Question]:
    """The questions of a folder by name, sorted.

    Raises:
        BadQuestion: A file breaks the rules.
    """
    found = (read_question(file) for file in sorted(folder.glob("*.cypher")))
    return MappingProxyType({question.name: question for question in found})


def read_question(file: Path) -> Question:
    """Read and check one file.

    Raises:
        BadQuestion: It breaks the rules; the error holds file and line.
    """
    if not _NAME.fullmatch(file.stem):
        raise BadQuestion(file.name, 1, "the name of the file is not words joined by hyphens")
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise BadQuestion(file.name, 1, "the file is not UTF-8") from error
    size = next((n for n, line in enumerate(lines) if not line.startswith("//")), len(lines))
    header: list[tuple[str, str] | Parameter | Column] = []
    for number, line in enumerate(lines[:size], 1):
        try:
            header.append(_declaration(line))
            _check_order(header)
        except (ValueError, BadInput) as error:
            raise BadQuestion(file.name, number, str(error)) from error
    if not header or not isinstance(header[-1], Column):
        raise BadQuestion(file.name, max(size, 1), "the header has no column")
    title, *declared = header
    text = "\n".join(lines[size:])
    question = Question(
        file.stem,
        *cast(tuple[str, str], title),
        tuple(found for found in declared if isinstance(found, Parameter)),
        tuple(found for found in declared if isinstance(found, Column)),
        trusted(text.strip() + "\n"),
    )
    for at, reason in _faults(question, _code("\n" * size + text)):
        raise BadQuestion(file.name, at, reason)
    return question


def _declaration(line: str) -> tuple[str, str] | Parameter | Column:
    """Read a line of the header: the title in both languages, a parameter or a column."""
    found = _HEADER.fullmatch(line)
    if not found:
        raise ValueError("a line of the header begins with `// title: `, `// parameter: ` or `// column: `")
    key, parts = found[1], [part.strip() for part in found[2].split(" | ")]
    if len(parts) != (2 if key == "title" else 3) or not all(parts):
        shape = "中文 | English" if key == "title" else "name type | 中文 | English"
        raise ValueError(f"a {key} is written `{shape}`")
    if key == "title":
        return parts[0], parts[1]
    return _parameter(*parts) if key == "parameter" else _column(*parts)


def _type(found: re.Match[str]) -> ValueType:
    if found["type"] not in get_args(ValueType):
        raise ValueError(f"{found['type']} is no type; use {', '.join(get_args(ValueType))}")
    return cast(ValueType, found["type"])


def _parameter(text: str, doc_zh: str, doc_en: str) -> Parameter:
    found = _PARAMETER.fullmatch(text)
    if not found:
        raise ValueError("a parameter is written `name type`, `name type = default` or `name type unit = default`")
    if found["type"] == "id":
        if found["kind"] not in LABELS_OF:
            raise ValueError(f"an id is written id:kind; use {', '.join(LABELS_OF)}")
        bare = Parameter(
            found["name"], "string", found["unit"], None, doc_zh, doc_en, found["kind"], bool(found["optional"])
        )
    elif found["kind"]:
        raise ValueError(f"{found['type']}:{found['kind']} is no type; only ids have a kind")
    else:
        bare = Parameter(found["name"], _type(found), found["unit"], None, doc_zh, doc_en)
    if bare.name == "limit" and bare.type != "integer":
        raise ValueError("a limit is an integer")
    if found["default"] is None:
        return bare
    return replace(bare, default=convert(bare, found["default"].removeprefix(" =").strip()))


def _column(text: str, doc_zh: str, doc_en: str) -> Column:
    found = _COLUMN.fullmatch(text)
    if not found:
        raise ValueError("a column is written `name type`, or `name type?` where the value may be unknown")
    return Column(found["name"], _type(found), doc_zh, doc_en, found["optional"] is not None)


def _check_order(header: list[tuple[str, str] | Parameter | Column]) -> None:
    """Refuse the last line of a header where it is out of order, or says again what is said."""
    rank = [(tuple, Parameter, Column).index(type(found)) for found in header]
    if rank != sorted(rank) or rank.count(0) != 1:
        raise ValueError("the header is one title, then the parameters, then the columns")
    *before, last = header
    if not isinstance(last, tuple) and any(type(b) is type(last) and b.name == last.name for b in before[1:]):
        raise ValueError(f"{last.name} is declared twice")


def _code(text: str) -> str:
    """The statement with comments, strings and quoted names blanked, so that places stay the same."""
    return _NOT_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _faults(question: Question, code: str) -> Iterator[tuple[int, str]]:
    """What is wrong with a statement: the line, and the reason."""

    def line(at: int) -> int:
        return 1 + code.count("\n", 0, at)

    used = {found[1]: found.start() for found in re.finditer(r"\$(\w+)", code)}
    for number, parameter in enumerate(question.parameters, 2):
        if used.pop(parameter.name, None) is None:
            yield number, f"the parameter {parameter.name} is declared and not used"
    for name, at in used.items():
        yield line(at), f"${name} is not declared"
    for found in _WRITING.finditer(code):
        yield line(found.start()), f"{found[0].upper()} is not for questions, which only read"
    for found in _UNBOUNDED.finditer(code):
        yield line(found.start()), "the length of a path has no upper bound"
    *_, last = [None, *_RETURN.finditer(code)]
    if last is None:
        yield line(len(code)), "the statement has no RETURN"
        return
    end = _END.fullmatch(code, last.end())
    if not end:
        yield line(last.start()), "the statement does not end with ORDER BY and LIMIT, a number or $limit"
        return
    names, wanted = _column_names(end[1]), [column.name for column in question.columns]
    if names != wanted:
        yield line(last.start()), f"it returns {', '.join(map(str, names))}; the header declares {', '.join(wanted)}"


def _column_names(returned: str) -> list[str | None]:
    """The names of the columns after RETURN; `None` for one that has none."""
    depth, parts = 0, [""]
    for letter in returned:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    found = (_COLUMN_NAME.fullmatch(part.strip()) for part in parts)
    return [name and name[1] for name in found]

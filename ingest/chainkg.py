"""ChainKnowledgeGraph: listed firms, their products and industries, products and their materials, as JSON lines.

The source says who makes what, what is a material of what, what is a kind of what, and in which industry a firm is
classed. It does not say where a thing is made, how far its production has come, or which material is essential: those
stay unknown, so closures and search can be asked of it, and gaps cannot.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from graph.model import Confidence, Firm, Industry, Input, Product, Source, Supply, tables
from ingest.checks import Located, knots
from ingest.report import Finding, Report, Severity

SOURCE = Source(
    id="chainknowledgegraph",
    title="ChainKnowledgeGraph: 产业链图谱",
    publisher="liuhuanyong",
    year=2021,
    url="https://github.com/liuhuanyong/ChainKnowledgeGraph",
    kind="dataset",
)
_SOURCES = (SOURCE.id,)
_CONFIDENCE: Confidence = "low"

_COLUMNS: dict[str, tuple[str, ...]] = {
    "industry": ("code", "name"),
    "industry_industry": ("from_code", "rel", "to_code"),
    "company": ("name", "fullname", "code", "location", "time"),
    "company_industry": ("company_code", "rel", "industry_code"),
    "product": ("name",),
    "product_product": ("from_entity", "rel", "to_entity"),
    "company_product": ("company_name", "company_code", "product_name", "rel", "rel_weight"),
}
"""The files, in the order in which they are read, and the columns that are used of each."""

_RELATIONS = {
    "industry_industry": ("上级行业",),
    "company_industry": ("所属行业",),
    "product_product": ("上游材料", "下游产品", "产品小类"),
    "company_product": ("主营产品",),
}
_CODE = re.compile(r"([0-9]{6})(\.?(SZ|SH|BJ))?")
_EXCHANGES = {"深圳证券交易所": "SZ", "上海证券交易所": "SH", "北京证券交易所": "BJ"}
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST = 300
_SHOWN = 5  # names of a circle


def product_id(name: str) -> str:
    """The id of a product: 16 hex digits of the SHA-256 of its name, the same in every load."""
    return f"ckg-p-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def firm_id(code: str) -> str:
    """The id of a firm, from the six digits of its stock code."""
    return f"ckg-f-{code}"


def industry_id(code: str) -> str:
    """The id of an industry, from its code."""
    return f"ckg-i-{code}"


class _Reading:
    """One pass over the files: what was found so far, and what is wrong."""

    def __init__(self, folder: Path, layer: str) -> None:
        self.folder, self.layer = folder, layer
        self.report = Report(str(folder))
        self.rows: dict[str, list[Located]] = {name: [] for name in tables()}
        self.industries: dict[str, Industry] = {}
        self.firms: dict[str, Firm] = {}
        self.listed: dict[str, str] = {}  # day on which each firm was listed
        self.firm_rows: dict[str, int] = {}
        self.products: dict[str, int] = {}  # row of each product, by name
        self.ids: dict[str, str] = {}
        self.kinds: dict[str, list[str]] = {}  # for each product those of which it is a kind
        self.industry_rows: dict[str, int] = {}

    def find(
        self, severity: Severity, file: str, row: int | None, column: str | None, value: Any, code: str, text: str
    ) -> None:
        shown = "" if value is None else str(value)
        self.report.findings.append(Finding(severity, file, row, column, shown, code, text))

    def refuse(self, file: str, row: int, column: str | None, value: Any, code: str, text: str) -> None:
        self.find("refused", file, row, column, value, code, text)

    def warn(self, file: str, row: int | None, column: str | None, value: Any, code: str, text: str) -> None:
        self.find("warning", file, row, column, value, code, text)

    def twice(self, file: str, row: int, column: str, value: Any, before: int) -> None:
        self.refuse(file, row, column, value, "duplicate", f"row {before} says the same; keep one of the two")

    def dangling(self, file: str, row: int, column: str, value: Any, named: str) -> None:
        text = f"no row of {named} has it; correct it or add the row"
        self.refuse(file, row, column, value, "dangling", text)

    def broken(self, file: str, row: int, line: bytes, text: str) -> None:
        self.refuse(file, row, None, line[:60].decode(errors="replace"), "cells", text)

    def lines(self, file: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows of a file that can be read, each with the number of its line."""
        path, columns, relations = self.folder / f"{file}.json", _COLUMNS[file], _RELATIONS.get(file, ())
        try:
            data = path.read_bytes()
        except OSError as error:
            text = f"{path.name} cannot be read ({error.strerror}); all of {', '.join(_COLUMNS)} (.json) are needed"
            self.find("fatal", file, None, None, path.name, "unreadable", text)
            return
        needed, count = set(columns), 0
        for number, line in enumerate(data.split(b"\n"), start=1):
            if not line.strip():
                continue
            count += 1
            try:
                row = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                self.broken(file, number, line, f"the line is no JSON: {error}; mend it")
                continue
            if not isinstance(row, dict) or not needed <= row.keys():
                self.broken(file, number, line, f"the line must be a map with {', '.join(columns)}; mend it")
            elif relations and row["rel"] not in relations:
                text = f"the relation is not known; use one of {', '.join(relations)}"
                self.refuse(file, number, "rel", row["rel"], "not-allowed", text)
            else:
                yield number, row
        self.report.read[file] = count

    def name(self, file: str, row: int, column: str, value: Any) -> str | None:
        """A name that can be kept; `None` after it was refused."""
        text = value.strip() if isinstance(value, str) else ""
        if not text:
            self.refuse(file, row, column, value, "missing", f"{column} is empty; fill it")
        elif _UNSEEN.search(text) or len(text) > _LONGEST or "\ufffd" in text:
            advice = f"a name has at most {_LONGEST} characters, none of them unseen; correct it"
            self.refuse(file, row, column, text[:60], "wrong-form", advice)
        else:
            return text
        return None

    def put(self, table: str, record: Any, row: int | None) -> None:
        self.rows[table].append(Located(record, row, self.layer))


def _code(value: Any) -> str | None:
    found = _CODE.fullmatch(value.strip()) if isinstance(value, str) else None
    return found[1] if found else None


def _industries(reading: _Reading) -> None:
    for number, row in reading.lines("industry"):
        code, name = str(row["code"]), reading.name("industry", number, "name", row["name"])
        if name is None:
            continue
        if not re.fullmatch("[0-9]{6}", code):
            text = "an industry has a code of six digits; correct it"
            reading.refuse("industry", number, "code", code, "wrong-form", text)
        elif code in reading.industries:
            reading.twice("industry", number, "code", code, reading.industry_rows[code])
        else:
            reading.industry_rows[code] = number
            reading.industries[code] = Industry(
                id=industry_id(code), name_zh=name, source_ids=_SOURCES, confidence=_CONFIDENCE
            )
    for number, row in reading.lines("industry_industry"):
        ends = str(row["from_code"]), str(row["to_code"])
        lost = [code for code in ends if code not in reading.industries]
        if lost:
            reading.dangling("industry_industry", number, "from_code", lost[0], "industry")
        elif reading.industries[ends[0]].parent_id not in (None, industry_id(ends[1])):
            text = f"an earlier row puts {ends[0]} under another industry; keep one"
            reading.refuse("industry_industry", number, "to_code", ends[1], "contradiction", text)
        else:
            reading.industries[ends[0]] = replace(reading.industries[ends[0]], parent_id=industry_id(ends[1]))


def _firms(reading: _Reading) -> None:
    for number, row in reading.lines("company"):
        code = _code(row["code"])
        full = reading.name("company", number, "fullname", row["fullname"])
        short = reading.name("company", number, "name", row["name"])
        if code is None:
            text = "a stock code is six digits with its exchange, such as 600000.SH; correct it"
            reading.refuse("company", number, "code", row["code"], "wrong-form", text)
        elif full and short and code in reading.firms:
            _listed_again(reading, number, row, code, full)
        elif full and short:
            exchange = _exchange(reading, number, row)
            reading.firm_rows[code], reading.listed[code] = number, row["time"]
            reading.firms[code] = Firm(
                id=firm_id(code), name_zh=full, short_zh=short, stock_code=f"{code}.{exchange}" if exchange else code,
                economy_id=None, tiers=("listed",), source_ids=_SOURCES, confidence=_CONFIDENCE,
            )  # fmt: skip


def _exchange(reading: _Reading, number: int, row: dict[str, Any]) -> str | None:
    found = _CODE.fullmatch(str(row["code"]).strip())
    named = _EXCHANGES.get(row["location"])
    if named is None:
        text = f"this is no exchange; the code was taken instead. Use one of {', '.join(_EXCHANGES)}"
        reading.warn("company", number, "location", row["location"], "not-allowed", text)
    return named or (found[3] if found else None)


def _listed_again(reading: _Reading, number: int, row: dict[str, Any], code: str, full: str) -> None:
    """A code that stands twice: another name of the same firm where the day of listing agrees, else a contradiction."""
    firm = reading.firms[code]
    if row["time"] != reading.listed[code]:
        text = f"row {reading.firm_rows[code]} gives {code} to a firm listed on another day; keep one of the two"
        reading.refuse("company", number, "code", row["code"], "contradiction", text)
        # Which of the full names is wrong cannot be told; in the source it is often the first.
        if (short := row["name"].strip()) == firm.short_zh:
            reading.firms[code] = replace(firm, name_zh=short, aliases=())
        return
    _call(reading, code, full)
    text = (
        f"row {reading.firm_rows[code]} has the same code; it was taken as another name of {firm.name_zh}: keep one row"
    )
    reading.warn("company", number, "code", row["code"], "duplicate", text)


def _call(reading: _Reading, code: str, name: str) -> bool:
    """Note another name of a firm; whether it was new."""
    firm = reading.firms[code]
    if name in (firm.name_zh, firm.short_zh, *firm.aliases):
        return False
    reading.firms[code] = replace(firm, aliases=(*firm.aliases, name))
    return True


def _firm_of(reading: _Reading, file: str, number: int, row: dict[str, Any]) -> str | None:
    """The code of the firm that a row names, by its digits; the name beside it is kept where it is another one."""
    code = _code(row["company_code"])
    if code not in reading.firms:
        reading.dangling(file, number, "company_code", row["company_code"], "company")
        return None
    name = row.get("company_name")
    if isinstance(name, str) and name.strip() and not _UNSEEN.search(name) and _call(reading, code, name.strip()):
        text = (
            f"{code} is {reading.firms[code].name_zh} in company; the code decides, and the name is kept as another one"
        )
        reading.warn(file, number, "company_name", name, "other-name", text)
    return code


def _classes(reading: _Reading) -> None:
    file = "company_industry"
    for number, row in reading.lines(file):
        code = _firm_of(reading, file, number, row)
        industry = reading.industries.get(str(row["industry_code"]))
        if code is None:
            continue
        if industry is None:
            reading.dangling(file, number, "industry_code", row["industry_code"], "industry")
            continue
        if row.get("industry_name") not in (None, industry.name_zh):
            text = f"the code is that of {industry.name_zh}; the code decides"
            reading.warn(file, number, "industry_name", row["industry_name"], "other-name", text)
        firm = reading.firms[code]
        if industry.id not in firm.industry_ids:
            reading.firms[code] = replace(firm, industry_ids=(*firm.industry_ids, industry.id))


def _products(reading: _Reading) -> None:
    for number, row in reading.lines("product"):
        name = reading.name("product", number, "name", row["name"])
        if name is None:
            continue
        if name in reading.products:
            reading.twice("product", number, "name", name, reading.products[name])
        else:
            reading.products[name] = number
            reading.ids[name] = product_id(name)


def _known_product(reading: _Reading, file: str, number: int, column: str, value: Any) -> str | None:
    found = reading.ids.get(value.strip()) if isinstance(value, str) else None
    if found is None:
        reading.dangling(file, number, column, value, "product")
    return found


def _relations(reading: _Reading) -> None:
    file = "product_product"
    said: dict[tuple[str, str], int] = {}
    kinds: dict[tuple[str, str], int] = {}
    for number, row in reading.lines(file):
        one, other = row["from_entity"], row["to_entity"]
        if one == other:
            text = "a product is no part or kind of itself; take the row out"
            reading.refuse(file, number, "to_entity", other, "self-loop", text)
            continue
        here = _known_product(reading, file, number, "from_entity", one)
        there = _known_product(reading, file, number, "to_entity", other)
        if here is None or there is None:
            continue
        pair = (there, here) if row["rel"] == "下游产品" else (here, there)
        stated = kinds if row["rel"] == "产品小类" else said
        if pair in stated:
            reading.twice(file, number, "to_entity", other, stated[pair])
            continue
        stated[pair] = number
        if stated is kinds:
            reading.kinds.setdefault(there, []).append(here)
        else:
            record = Input(
                product_id=pair[0], input_id=pair[1], necessity="optional", source_ids=_SOURCES, confidence=_CONFIDENCE
            )
            reading.put("inputs", record, number)
    _part_circles(reading, kinds)
    _odd_relations(reading, said, kinds)


def _part_circles(reading: _Reading, kinds: dict[tuple[str, str], int]) -> None:
    """Refuse the relations by which products are kinds of one another; the products themselves stay."""
    found = knots(reading.kinds)
    if not found:
        return
    names = {id_: name for name, id_ in reading.ids.items()}
    knot_of = {id_: knot for knot in found for id_ in knot}
    shown = {id(knot): "、".join(sorted(map(names.__getitem__, knot))[:_SHOWN]) for knot in found}
    for (whole, kind), number in list(kinds.items()):
        if (knot := knot_of.get(kind)) and whole in knot:
            text = f"{len(knot)} products are kinds of one another; keep the relation only where it is true"
            reading.refuse("product_product", number, "to_entity", shown[id(knot)], "cycle", text)
            del kinds[whole, kind]
            reading.kinds[kind].remove(whole)


def _odd_relations(reading: _Reading, said: dict[tuple[str, str], int], kinds: dict[tuple[str, str], int]) -> None:
    names = {id_: name for name, id_ in reading.ids.items()}
    for (user, need), number in said.items():
        if (user, need) in kinds or (need, user) in kinds:
            text = f"{names[need]} is both a material and a kind beside {names[user]}; both are kept: which is meant?"
            reading.warn("product_product", number, "rel", "", "material-and-kind", text)
        if user < need and (need, user) in said:
            text = f"{names[user]} and {names[need]} are materials of each other; both are kept: which is meant?"
            reading.warn("product_product", number, "rel", "", "both-ways", text)
    for kind, above in reading.kinds.items():
        if len(above) > 1:
            text = f"{names[kind]} is a kind of {len(above)} products; all are kept"
            shown = ";".join(sorted(names[id_] for id_ in above))
            reading.warn("product_product", kinds[above[1], kind], "to_entity", shown, "several-parents", text)


def _supplies(reading: _Reading) -> None:
    file = "company_product"
    said: dict[tuple[str, str], int] = {}
    for number, row in reading.lines(file):
        code = _firm_of(reading, file, number, row)
        product = _known_product(reading, file, number, "product_name", row["product_name"])
        if code is None or product is None:
            continue
        if (code, product) in said:
            reading.twice(file, number, "product_name", row["product_name"], said[code, product])
            continue
        said[code, product] = number
        record = Supply(
            firm_id=firm_id(code), product_id=product, capability=None,
            revenue_pct=_revenue(reading, number, row["rel_weight"]), source_ids=_SOURCES, confidence=_CONFIDENCE,
        )  # fmt: skip
        reading.put("supplies", record, number)


def _revenue(reading: _Reading, number: int, weight: Any) -> float | None:
    if isinstance(weight, (int, float)) and not isinstance(weight, bool) and 0 <= weight <= 1:
        return round(100 * weight, 6)
    text = "a share of revenue lies in 0 to 1; the row was taken without it"
    reading.warn("company_product", number, "rel_weight", weight, "out-of-range", text)
    return None


_STEPS: tuple[Callable[[_Reading], None], ...] = (_industries, _firms, _classes, _products, _relations, _supplies)


def _gather(reading: _Reading) -> None:
    reading.put("sources", SOURCE, None)
    for code, industry in reading.industries.items():
        reading.put("industries", industry, reading.industry_rows[code])
    for code, firm in reading.firms.items():
        reading.put("firms", firm, reading.firm_rows[code])
    for name, number in reading.products.items():
        id_ = reading.ids[name]
        above = tuple(sorted(reading.kinds.get(id_, ())))
        record = Product(id=id_, name_zh=name, variant_of=above, source_ids=_SOURCES, confidence=_CONFIDENCE)
        reading.put("products", record, number)


def _left_out(reading: _Reading) -> None:
    """Say what the folder holds that is not kept."""
    for path in sorted(reading.folder.iterdir()):
        if path.suffix == ".json" and path.stem not in _COLUMNS:
            text = f"{path.name} is none of {', '.join(_COLUMNS)} and was not read"
            reading.warn(path.stem, None, None, path.name, "unknown-file", text)
    if reading.firms:
        text = "the day of listing has no column in the facts and is not kept"
        reading.warn("company", None, "time", "", "unknown-column", text)


def read_chainkg(folder: Path, layer: str) -> tuple[dict[str, list[Located]], Report]:
    """The records of a folder of ChainKnowledgeGraph, and what is wrong with it; rows are named by file and line."""
    reading = _Reading(folder, layer)
    for step in _STEPS:
        step(reading)
    _gather(reading)
    _left_out(reading)
    return reading.rows, reading.report

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.edition import Edition
from graph.errors import BadInput, NotFound
from graph.store import Rows, Store
from queries import catalogue
from queries.catalogue import BadQuestion, Column, Parameter, Question
from queries.coverage import coverage, suppliers
from queries.network import Network

QUESTIONS = sorted(catalogue.questions())
ALL_CHAINS = {"chain": "", "limit": "10000"}
OTHER_VALUES = [
    ("suppliers-of-product", {"product": "photoresist", "region": "delta"}),
    ("suppliers-of-product", {"product": "eda-software", "region": "zhangjiang"}),
    ("products-not-made-in-region", {"region": "cn-js-suzhou", "chain": "", "limit": "1000"}),
    ("single-supplier-products", {"region": "world", "chain": "civil-aircraft"}),
    ("firms-of-park", {"park": "lingang", "chain": ""}),
    ("parks-by-chain", {"region": "china", "chain": "civil-aircraft"}),
    ("cities-of-chain", {"region": "world", "chain": "", "limit": "1000"}),
    ("delta-partners", {"kind": "joint-venture"}),
    ("events-of-chain", {"chain": "high-end-chips", "since": "2023"}),
    ("shares-of-product", {"product": "5g-macro-base-station", "scope": "china"}),
    ("honoured-firms", {"tier": "little-giant", "region": "world", "chain": ""}),
    ("facts-of-source", {"source": "domain-knowledge", "limit": "10000"}),
    ("domestic-progress", {"limit": "10000"}),
    ("five-bases", {"base": "basic-material", "limit": "10000"}),
    ("targets-with-latest-observation", {"year": "2023", "limit": "3"}),
]


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


# -- the questions that ship ------------------------------------------------------------------------------------------


def _fits(value: object, type_: str) -> bool:
    match type_:
        case "string":
            return isinstance(value, str)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case _:
            return isinstance(value, list) and all(isinstance(part, str) for part in value)


def test_there_are_enough_questions() -> None:
    assert len(QUESTIONS) >= 18


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_answers_what_it_declares(name: str, shipped_store: Store) -> None:
    question = catalogue.get(name)
    answer = catalogue.run(shipped_store, name, {})
    assert answer.columns == tuple(column.name for column in question.columns)
    assert answer.rows
    for row in answer.rows:
        for value, column in zip(row, question.columns, strict=True):
            assert (value is None and column.optional) or _fits(value, column.type), (column.name, value)


@pytest.mark.neo4j
@pytest.mark.parametrize(("name", "parameters"), [*((name, {}) for name in QUESTIONS), *OTHER_VALUES])
def test_both_stores_answer_alike(
    name: str, parameters: dict[str, str], arcadedb_store: Store, neo4j_store: Store
) -> None:
    assert catalogue.run(arcadedb_store, name, parameters) == catalogue.run(neo4j_store, name, parameters)


@pytest.mark.parametrize(("name", "parameters"), OTHER_VALUES)
def test_other_values_answer_too(name: str, parameters: dict[str, str], arcadedb_store: Store) -> None:
    assert catalogue.run(arcadedb_store, name, parameters).rows


@pytest.mark.parametrize("name", [n for n in QUESTIONS if catalogue.get(n).parameters[0].name != "limit"])
def test_no_row_still_has_columns(name: str, shipped_store: Store) -> None:
    question = catalogue.get(name)
    texts = {p.name: "atlantis" for p in question.parameters if p.type == "string"}
    texts |= {p.name: "99999" for p in question.parameters if p.type == "integer" and p.name != "limit"}
    if "since" in texts:
        texts["since"] = "9999"
    answer = catalogue.run(shipped_store, name, texts)
    assert answer == Rows(tuple(column.name for column in question.columns), (), truncated=False)


@pytest.mark.parametrize("name", QUESTIONS)
def test_ties_are_broken(name: str, arcadedb_store: Store) -> None:
    """No row stands twice, so that what ORDER BY names decides."""
    rows = catalogue.run(arcadedb_store, name, {"limit": "10000"}).rows
    assert len({repr(row) for row in rows}) == len(rows)


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_node_has_a_label(name: str) -> None:
    """A variable without a label in a pattern has one where it stands first."""
    code = re.sub(r"//[^\n]*|'[^']*'", "", catalogue.get(name).statement)
    in_patterns = {*re.findall(r"\((\w*)\)<?-\[", code), *re.findall(r"\]->?\((\w*)\)", code)}
    assert in_patterns <= set(re.findall(r"\((\w+):", code))


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_guide_names_every_question(name: str) -> None:
    question = catalogue.get(name)
    guide = (Path(catalogue.__file__).parent.parent / "docs" / "guide" / "cypher.md").read_text(encoding="utf-8")
    assert f"| `{name}` | {question.title_zh} | {question.title_en} |" in guide


# -- the same answers by the measures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("region", ["shanghai", "delta", "china", "world", "zhangjiang", "cn-js-suzhou", "jp"])
def test_suppliers_are_those_of_the_measure(region: str, network: Network, arcadedb_store: Store) -> None:
    for product in ("photoresist", "eda-software", "ct-scanner", "silicon-wafer", "fcev"):
        found = catalogue.run(arcadedb_store, "suppliers-of-product", {"product": product, "region": region}).rows
        wanted = {network.firms[s.firm] for s in suppliers(network, network.product_at[product], region)}
        assert {row[0] for row in found} == wanted


@pytest.mark.parametrize("region", ["shanghai", "delta", "china"])
def test_products_not_made_are_those_of_the_measure(region: str, network: Network, arcadedb_store: Store) -> None:
    found = catalogue.run(arcadedb_store, "products-not-made-in-region", {**ALL_CHAINS, "region": region})
    study = {at for products in network.chain_products.values() for at in products}
    wanted = {at for at in study if network.known[at] and not suppliers(network, at, region)}
    assert {row[0] for row in found.rows} == {network.products[at] for at in wanted}
    full = coverage(network, "delta").full
    assert {row[0]: row[4] for row in found.rows} == {network.products[at]: int(full[at]) for at in wanted}


@pytest.mark.parametrize("region", ["shanghai", "china", "world"])
def test_single_suppliers_are_those_of_the_measure(region: str, network: Network, arcadedb_store: Store) -> None:
    found = catalogue.run(arcadedb_store, "single-supplier-products", {**ALL_CHAINS, "region": region})
    study = {at for products in network.chain_products.values() for at in products}
    full = coverage(network, region).full
    assert {row[1] for row in found.rows} == {network.products[at] for at in study if full[at] == 1}


# -- values -----------------------------------------------------------------------------------------------------------


def _question(*parameters: Parameter) -> Question:
    return Question("made-up", "题", "title", parameters, (Column("id", "string", "编号", "id"),), "RETURN 1 AS id")


@pytest.mark.parametrize(
    ("type_", "text", "value"),
    [
        ("string", " 光刻胶 ", " 光刻胶 "),
        ("string", "", ""),
        ("integer", "-12", -12),
        ("integer", "007", 7),
        ("number", "0.5", 0.5),
        ("number", "1e3", 1000.0),
        ("number", "7", 7.0),
        ("boolean", "true", True),
        ("boolean", "False", False),
        ("strings", "us; jp ;;nl", ["us", "jp", "nl"]),
        ("strings", "", []),
    ],
)
def test_texts_become_values(type_: catalogue.ValueType, text: str, value: object) -> None:
    found = _question(Parameter("p", type_, None, None, "参数", "parameter")).values({"p": text})["p"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("type_", "text", "allowed"),
    [
        ("integer", "", "a whole number"),
        ("integer", "1.5", "a whole number"),
        ("integer", "1_000", "a whole number"),
        ("integer", "٣", "a whole number"),
        ("integer", "9" * 19, "a whole number"),
        ("number", "nan", "a number"),
        ("number", "inf", "a number"),
        ("number", "1e999", "a number"),
        ("number", "half", "a number"),
        ("boolean", "1", "true or false"),
        ("string", "\ud800", "a text"),
        ("strings", "us;\udc80", "texts separated by ;"),
    ],
)
def test_wrong_texts_are_refused(type_: catalogue.ValueType, text: str, allowed: str) -> None:
    with pytest.raises(BadInput) as caught:
        _question(Parameter("p", type_, None, None, "参数", "parameter")).values({"p": text})
    assert (caught.value.name, caught.value.value, caught.value.allowed) == ("p", text, allowed)


def test_unknown_and_missing_parameters_are_refused() -> None:
    question = _question(
        Parameter("firm", "string", None, None, "企业", "firm id"), Parameter("n", "integer", None, 5, "数", "number")
    )
    assert question.values({"firm": "smic"}) == {"firm": "smic", "n": 5}
    with pytest.raises(BadInput, match="the parameters of made-up: firm, n") as unknown:
        question.values({"firm": "smic", "colour": "red"})
    assert unknown.value.name == "colour"
    with pytest.raises(BadInput, match="firm id; it must be given") as missing:
        question.values({"n": "1"})
    assert missing.value.name == "firm"


@pytest.mark.parametrize("text", ["0", "-1", "10001"])
def test_a_limit_has_its_bounds(text: str) -> None:
    with pytest.raises(BadInput, match="from 1 to 10,000"):
        catalogue.get("chain-leaders").values({"limit": text})


def test_the_answer_says_when_it_is_cut(shipped_store: Store) -> None:
    whole = catalogue.run(shipped_store, "chains-at-a-glance", {})
    assert not whole.truncated
    cut = catalogue.run(shipped_store, "chains-at-a-glance", {"limit": "2"})
    assert (cut.rows, cut.truncated) == (whole.rows[:2], True)
    just = catalogue.run(shipped_store, "chains-at-a-glance", {"limit": str(len(whole.rows))})
    assert (just.rows, just.truncated) == (whole.rows, False)


def test_an_unknown_question_names_those_near(shipped_store: Store) -> None:
    with pytest.raises(NotFound) as caught:
        catalogue.run(shipped_store, "supplier-of-products", {})
    assert (caught.value.kind, caught.value.name) == ("query", "supplier-of-products")
    assert "suppliers-of-product" in caught.value.near


# -- files ------------------------------------------------------------------------------------------------------------

GOOD = """\
// title: 企业 | Firms
// parameter: tier string | 荣誉 | honour
// parameter: least_pct number percent = 0.5 | 最低 | least
// parameter: chain string = | 产业链 | chain
// parameter: limit integer = 200 | 行数 | most rows
// column: firm_id string | 企业 | firm
// column: year integer? | 年份 | year

// A $comment, CREATE and RETURN nothing.
MATCH (f:Firm)-[s:SUPPLIES]->(:Product)-[:VARIANT_OF*0..8]->(:Product)
WHERE $tier IN f.tiers AND s.share_pct > $least_pct AND f.name_zh <> 'DELETE $this' AND $chain = ''
RETURN DISTINCT f.id AS firm_id, max([s.year, 1][0]) AS year
ORDER BY firm_id
LIMIT $limit
"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Question]:
    def write_and_read(text: str, name: str = "made-up") -> Question:
        (tmp_path / f"{name}.cypher").write_text(text, encoding="utf-8")
        return catalogue.read_folder(tmp_path)[name]

    return write_and_read


def test_a_file_is_read(read: Callable[[str], Question]) -> None:
    question = read(GOOD)
    assert (question.name, question.title_zh, question.title_en) == ("made-up", "企业", "Firms")
    assert question.parameters == (
        Parameter("tier", "string", None, None, "荣誉", "honour"),
        Parameter("least_pct", "number", "percent", 0.5, "最低", "least"),
        Parameter("chain", "string", None, "", "产业链", "chain"),
        Parameter("limit", "integer", None, 200, "行数", "most rows"),
    )
    assert question.columns == (
        Column("firm_id", "string", "企业", "firm"),
        Column("year", "integer", "年份", "year", optional=True),
    )
    assert question.statement.startswith("// A $comment")


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("// title: 企业 | Firms\n", "", 1, "the header is one title"),
        ("// title: 企业 | Firms", "// title: Firms", 1, "`中文 | English`"),
        ("// title: 企业 | Firms", "// titel: 企业 | Firms", 1, "begins with"),
        ("// title: 企业 | Firms", "//title: 企业 | Firms", 1, "begins with"),
        ("tier string | 荣誉 | honour", "tier string | honour", 2, "`name type | 中文 | English`"),
        ("tier string", "tier text", 2, "text is no type"),
        ("tier string", "Tier string", 2, "a parameter is written"),
        ("tier string", "chain string", 4, "chain is declared twice"),
        ("= 0.5", "= half", 3, "a number"),
        ("= 200", "= 0", 5, "from 1 to 10,000"),
        ("limit integer", "limit string", 5, "a limit is an integer"),
        ("year integer?", "firm_id integer", 7, "firm_id is declared twice"),
        ("year integer?", "year integer ?", 7, "a column is written"),
        ("// column: firm_id", "// title: 二 | two\n// column: firm_id", 6, "the header is one title"),
        ("// column: firm_id", "// column: a string | 甲 | a\n// parameter: firm_id", 7, "the header is one title"),
        ("$tier IN f.tiers", "$tier = $rank", 11, "$rank is not declared"),
        ("$tier IN f.tiers", "true", 2, "tier is declared and not used"),
        ("\nRETURN DISTINCT", "\nSET f.year = 1\nRETURN DISTINCT", 12, "SET is not for questions"),
        ("\nMATCH", "\nmerge (f:Firm)\nMATCH", 10, "MERGE is not for questions"),
        ("\nMATCH", "\nCALL db.labels() YIELD label\nMATCH", 10, "CALL is not for questions"),
        ("\nMATCH", "\nLOAD CSV FROM '/etc/passwd' AS line\nMATCH", 10, "LOAD is not for questions"),
        ("*0..8", "*", 10, "no upper bound"),
        ("*0..8", "*2..", 10, "no upper bound"),
        ("ORDER BY firm_id\n", "", 12, "does not end with ORDER BY and LIMIT"),
        ("LIMIT $limit", "SKIP $limit", 12, "does not end with ORDER BY and LIMIT"),
        ("f.id AS firm_id", "f.id AS id", 12, "it returns id, year; the header declares firm_id, year"),
        ("AS firm_id", "", 12, "it returns None, year"),
        (", max([s.year, 1][0]) AS year", "", 12, "it returns firm_id; the header declares firm_id, year"),
    ],
)
def test_a_wrong_file_is_refused(read: Callable[[str], Question], old: str, new: str, line: int, reason: str) -> None:
    assert GOOD.count(old) >= 1
    with pytest.raises(BadQuestion) as caught:
        read(GOOD.replace(old, new, 1))
    assert (caught.value.file, caught.value.line) == ("made-up.cypher", line)
    assert reason in caught.value.reason
    assert str(caught.value).startswith(f"made-up.cypher, line {line}: ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the header has no column"),
        ("MATCH (f:Firm) RETURN f.id AS id ORDER BY id LIMIT 5", "the header has no column"),
        ("// title: 企业 | Firms\n", "the header has no column"),
        ("// title: 企业 | Firms\n// column: id string | 编号 | id\n", "the statement has no RETURN"),
    ],
)
def test_a_file_without_its_parts_is_refused(read: Callable[[str], Question], text: str, reason: str) -> None:
    with pytest.raises(BadQuestion, match=reason):
        read(text)


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "made-up.cypher").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(BadQuestion, match="not UTF-8"):
        catalogue.read_folder(tmp_path)


@pytest.mark.parametrize("name", ["Made-up", "made_up", "made--up"])
def test_a_name_is_words_and_hyphens(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.cypher").write_text(GOOD, encoding="utf-8")
    with pytest.raises(BadQuestion, match="words joined by hyphens"):
        catalogue.read_folder(tmp_path)


@pytest.mark.parametrize("bounded", ["*3", "*..4", "* 0 .. 2", "*1..2 {confidence: 'high'}"])
def test_bounded_paths_pass(read: Callable[[str], Question], bounded: str) -> None:
    assert bounded in read(GOOD.replace("*0..8", bounded)).statement

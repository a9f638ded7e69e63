"""The named questions: what ships is asked on both stores, and what a file may not hold is refused."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from graph.edition import Edition, Layer, edition_of
from graph.errors import BadInput, NotFound
from graph.model import Facts
from graph.schema import NODES, edge_types
from graph.store import Credentials, Rows, Store, open_store, trusted
from queries import catalogue
from queries.coverage import coverage, suppliers
from queries.network import Network
from queries.question import Column, Parameter, Question, ValueType
from queries.question_files import BadQuestion, read_folder

QUESTIONS = sorted(catalogue.questions())
GUIDE = Path(catalogue.__file__).parent.parent / "docs" / "guide" / "cypher.md"
MOST_HITS = 1_000_000
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
    ("facts-of-source", {"source": "csj-alliances-2021"}),
    ("sales-of-firm", {"firm": "waigaoqiao-shipbuilding"}),
    ("users-of-product", {"product": "eda-full-flow"}),
    ("foreign-sales-into-region", {"region": "china"}),
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


@pytest.fixture(scope="module")
def bare_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with an edition without any fact."""
    store = open_store(f"arcadedb:{tmp_path_factory.mktemp('bare') / 'store'}")
    store.write(edition_of([Layer("bare", Facts())]), replaces=None)
    yield store
    store.close()


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_row_still_has_columns(name: str, bare_store: Store) -> None:
    answer = catalogue.run(bare_store, name, {})
    assert answer == Rows(tuple(column.name for column in catalogue.get(name).columns), (), truncated=False)


def _order(question: Question) -> list[tuple[str, bool]]:
    """What ORDER BY names: the text, and whether the greatest comes first."""
    text = re.findall(r"\bORDER BY (.+?)\s*LIMIT", question.statement, re.DOTALL)[-1].split("ORDER BY ")[-1]
    parts = re.split(r",\s*(?![^(]*\))", text)
    return [(part.removesuffix(" DESC"), part.endswith(" DESC")) for part in parts]


@pytest.mark.parametrize(("name", "parameters"), [*((name, {"limit": "10000"}) for name in QUESTIONS), *OTHER_VALUES])
def test_the_order_is_decided_by_what_order_by_names(
    name: str, parameters: dict[str, str], arcadedb_store: Store
) -> None:
    """The columns among its keys tell every two rows apart; where all keys are columns, rows stand in their order."""
    question, rows = catalogue.get(name), catalogue.run(arcadedb_store, name, parameters).rows
    at = {column.name: n for n, column in enumerate(question.columns)}
    keys = [(at[key], downward) for key, downward in _order(question) if key in at]
    assert len({tuple(row[n] for n, _ in keys) for row in rows}) == len(rows)
    if len(keys) == len(_order(question)):
        wanted = list(rows)
        for n, downward in reversed(keys):  # the unknown comes last, and first where the greatest does
            wanted.sort(key=lambda row: (row[n] is None, "" if row[n] is None else row[n]), reverse=downward)
        assert list(rows) == wanted


def _hits(plan: Mapping[str, Any]) -> int:
    return int(plan.get("dbHits", 0)) + sum(map(_hits, plan.get("children", ())))


@pytest.mark.parametrize("name", QUESTIONS)
def test_neo4j_does_not_read_the_graph_over_and_over(
    name: str, neo4j_store: Store, neo4j_credentials: Credentials
) -> None:
    """Reads are counted rather than seconds; a plan that begins at every firm for every product has ten millions."""
    import neo4j

    question, auth = catalogue.get(name), (neo4j_credentials.user, neo4j_credentials.password)
    options: dict[str, Any] = {"auth": auth, "notifications_min_severity": "OFF"}
    with neo4j.GraphDatabase.driver(neo4j_store.url, **options) as driver, driver.session() as session:
        profile = session.run(f"PROFILE {question.statement}", question.values({})).consume().profile
    assert profile is not None
    assert 0 < _hits(profile) < MOST_HITS


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_node_has_a_label(name: str) -> None:
    """A variable without a label in a pattern has one where it stands first."""
    code = re.sub(r"//[^\n]*|'[^']*'", "", catalogue.get(name).statement)
    in_patterns = {*re.findall(r"\((\w*)\)<?-\[", code), *re.findall(r"\]->?\((\w*)\)", code)}
    assert in_patterns <= set(re.findall(r"\((\w+):", code))


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_index_is_offered_to_an_optional_match(name: str) -> None:
    """Where its statistics are old, Neo4j begins at every node that an index finds, again for each row."""
    indexed = "|".join(sorted({column for kind in NODES for column in kind.indexes}))
    code = re.sub(r"//[^\n]*", "", catalogue.get(name).statement)
    for clause in re.findall(
        r"^ *OPTIONAL MATCH (.+?)^ *(?:MATCH|OPTIONAL|WITH|RETURN|UNWIND)", code, re.DOTALL | re.MULTILINE
    ):
        assert not re.search(rf"\.({indexed})\b|\{{\s*({indexed}):", clause), clause


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_with_stands_between_unwind_and_match(name: str) -> None:
    """Without it the embedded engine finds nothing after MATCH, UNWIND, MATCH, and does not say so."""
    clauses = re.findall(r"^ *(MATCH|OPTIONAL MATCH|UNWIND|WITH)\b", catalogue.get(name).statement, re.MULTILINE)
    for first, middle, last in zip(clauses, clauses[1:], clauses[2:], strict=False):
        assert not (first.endswith("MATCH") and middle == "UNWIND" and last.endswith("MATCH"))


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_words_are_whole(name: str) -> None:
    """Chinese where Chinese is wanted, English without any, and no full stop at the end of a phrase."""
    question = catalogue.get(name)
    pairs = [(question.title_zh, question.title_en)]
    pairs += [(p.doc_zh, p.doc_en) for p in question.parameters] + [(c.doc_zh, c.doc_en) for c in question.columns]
    for chinese, english in pairs:
        assert re.search("[\u4e00-\u9fff]", chinese), chinese
        assert re.fullmatch("[ -~]+", english), english
        assert not chinese.endswith("。"), chinese
        assert not english.endswith("."), english
    assert question.title_en[0].isupper()


def test_what_is_said_often_is_said_alike() -> None:
    said: dict[tuple[str, str], set[tuple[object, ...]]] = defaultdict(set)
    for question in catalogue.questions().values():
        for p in question.parameters:
            said[p.name, p.type].add((p.doc_zh, p.doc_en))
    assert {name: len(docs) for (name, _), docs in said.items() if name in ("chain", "limit")} == {
        "chain": 1,
        "limit": 1,
    }
    assert len({name for name, _ in said}) == len(said)


def test_a_column_has_one_type_everywhere() -> None:
    types: dict[str, set[str]] = defaultdict(set)
    for question in catalogue.questions().values():
        for column in question.columns:
            types[column.name].add(column.type)
    assert {name: found for name, found in types.items() if len(found) > 1} == {}


def test_titles_differ() -> None:
    assert len({q.title_zh for q in catalogue.questions().values()}) == len(QUESTIONS)
    assert len({q.title_en for q in catalogue.questions().values()}) == len(QUESTIONS)


# -- the guide --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_guide_lists_every_question(name: str) -> None:
    """Its titles, and its parameters with their defaults; `limit`, which each has, is told once."""
    q = catalogue.get(name)
    assert q.parameters[-1].name == "limit"
    told = ", ".join(f"`{p.name}={'' if p.default is None else p.default}`" for p in q.parameters[:-1])
    row = f"| `{name}` | {q.title_zh} | {q.title_en} | {told} |".replace("  |", " |")
    assert row in GUIDE.read_text(encoding="utf-8")


def test_the_guide_lists_no_other_question() -> None:
    assert re.findall(r"^\| `([a-z][^`]*)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE) == QUESTIONS


def test_the_guide_names_every_label_and_edge() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert [kind.label for kind in NODES if f":{kind.label}" not in guide] == []
    assert [type_ for type_ in edge_types() if f"[:{type_}" not in guide] == []


def _shown_statements() -> list[str]:
    return re.findall(r"^```cypher\n(.+?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_what_the_guide_shows_in_cypher_runs(shipped_store: Store) -> None:
    assert len(_shown_statements()) >= 3
    for statement in _shown_statements():
        assert shipped_store.query(trusted(statement)).rows, statement


@pytest.mark.neo4j
def test_what_the_guide_shows_is_answered_alike(arcadedb_store: Store, neo4j_store: Store) -> None:
    for statement in _shown_statements():
        assert arcadedb_store.query(trusted(statement)) == neo4j_store.query(trusted(statement)), statement


def test_the_question_that_the_guide_shows_is_accepted(tmp_path: Path, shipped_store: Store) -> None:
    shown = re.search(r"^```\n(// title: .+?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert shown
    (tmp_path / "its-name.cypher").write_text(shown[1], encoding="utf-8")
    question = read_folder(tmp_path)["its-name"]
    assert shipped_store.query(question.statement, question.values({})).rows


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


# -- the same answers counted over the CSV files ----------------------------------------------------------------------

Row = dict[str, str]
DELTA = ("cn-sh", "cn-js", "cn-zj", "cn-ah")
RADII = {"shanghai": ("cn-sh",), "delta": DELTA, "china": ("cn",)}


class Tables:
    """The fact tables as they stand in the files, and loops over them that are meant to be slow and plain."""

    def __init__(self, folder: Path) -> None:
        self.rows: dict[str, list[Row]] = {}
        for file in folder.glob("*.csv"):
            with file.open(encoding="utf-8-sig", newline="") as opened:
                self.rows[file.stem] = list(csv.DictReader(opened))
        self.firms = {row["id"]: row for row in self.rows["firms"]}
        self.regions = {row["id"]: row for row in self.rows["regions"]}
        self.parks = {row["id"]: row for row in self.rows["parks"]}
        self.products = {row["id"]: row for row in self.rows["products"]}
        self.chain_of_segment = {row["id"]: row["chain_id"] for row in self.rows["segments"]}
        self.kinds = {product: self._kinds(product) for product in self.products}

    def _kinds(self, product: str) -> set[str]:
        found, new = set[str](), {product}
        while new:
            found |= new
            new = {p["id"] for p in self.products.values() if found & set(_list(p["variant_of"]))} - found
        return found

    def above(self, place: str) -> set[str]:
        """The place and all that hold it."""
        found, new = set[str](), {place}
        while new:
            found |= new
            cells = [(self.regions[p]["parent_id"],) if p in self.regions else self._park(p) for p in new]
            new = {cell for pair in cells for cell in pair if cell} - found
        return found

    def _park(self, park: str) -> tuple[str, str]:
        return self.parks[park]["region_id"], self.parks[park]["part_of"]

    def inside(self, place: str, region: str) -> bool:
        return region == "world" or bool(self.above(place) & set(RADII.get(region, (region,))))

    def places(self, firm: str, product: str) -> set[str]:
        """Where a firm makes a product: its plants that do, else its seat."""
        sites = [row for row in self.rows["sites"] if row["firm_id"] == firm]
        plants = {
            row["place_id"]
            for row in sites
            if row["kind"] == "plant" and (not row["product_ids"] or product in _list(row["product_ids"]))
        }
        seats = {row["place_id"] for row in sites if row["kind"] == "hq"}
        return plants or seats or {self.firms[firm]["hq_region_id"] or self.firms[firm]["economy_id"]}

    def chains(self, product: str) -> set[str]:
        ends = {row["id"] for row in self.rows["chains"] if product in _list(row["final_product_ids"])}
        return ends | {self.chain_of_segment[segment] for segment in _list(self.products[product]["segment_ids"])}

    def supplies(self, products: Iterable[str]) -> list[Row]:
        return [row for row in self.rows["supplies"] if row["product_id"] in products]

    def full(self, product: str) -> set[str]:
        """The firms that mass-produce a product or a kind of it."""
        found = self.supplies(self.kinds[product])
        return {row["firm_id"] for row in found if row["capability"] == "mass-production"}

    def domestic(self, firms: Iterable[str]) -> set[str]:
        return {firm for firm in firms if self.firms[firm]["economy_id"] == "cn"}


def _list(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


@pytest.fixture(scope="module")
def tables(data_folder: Path) -> Tables:
    return Tables(data_folder)


@pytest.fixture
def ask(arcadedb_store: Store) -> Callable[..., list[dict[str, Any]]]:
    """All rows of a question, by column."""

    def all_rows(name: str, **parameters: str) -> list[dict[str, Any]]:
        answer = catalogue.run(arcadedb_store, name, {"limit": "10000", **parameters})
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    return all_rows


Ask = Callable[..., list[dict[str, Any]]]


@pytest.mark.parametrize("region", ["shanghai", "delta", "china", "world", "cn-js-suzhou", "lingang", "jp"])
@pytest.mark.parametrize("product", ["photoresist", "eda-software", "silicon-wafer", "narrowbody-turbofan"])
def test_suppliers_are_those_of_the_files(product: str, region: str, tables: Tables, ask: Ask) -> None:
    wanted = {}
    for row in tables.supplies(tables.kinds[product]):
        firm, kind = row["firm_id"], row["product_id"]
        if places := sorted(p for p in tables.places(firm, kind) if tables.inside(p, region)):
            wanted[firm, kind] = (row["capability"], places, row["confidence"], _list(row["source_ids"]))
    assert len(tables.kinds[product]) > 1
    found = {
        (r["firm_id"], r["product_id"]): (r["capability"], r["place_ids"], r["confidence"], r["source_ids"])
        for r in ask("suppliers-of-product", product=product, region=region)
    }
    assert found == wanted


def test_single_suppliers_are_those_of_the_files(tables: Tables, ask: Ask) -> None:
    wanted = {}
    near = {
        (row["firm_id"], row["product_id"]): any(
            tables.inside(p, "delta") for p in tables.places(row["firm_id"], row["product_id"])
        )
        for row in tables.rows["supplies"]
    }
    for product in tables.products:
        rows = [r for r in tables.supplies(tables.kinds[product]) if near[r["firm_id"], r["product_id"]]]
        full = {r["firm_id"] for r in rows if r["capability"] == "mass-production"}
        if len(full) == 1 and tables.chains(product):
            lesser = sorted({r["firm_id"] for r in rows} - full)
            wanted[product] = (sorted(tables.chains(product)), *full, lesser)
    found = ask("single-supplier-products", region="delta")
    assert {r["product_id"]: (r["chain_ids"], r["firm_id"], r["lesser_firm_ids"]) for r in found} == wanted


def test_leaders_are_those_of_the_files(tables: Tables, ask: Ask) -> None:
    wanted = {}
    for row in tables.rows["leads"]:
        firm, chain = row["firm_id"], row["chain_id"]
        made = {s["product_id"] for s in tables.rows["supplies"] if s["firm_id"] == firm}
        sales = tables.rows["supply_links"]
        wanted[chain, firm] = (
            sum(chain in tables.chains(product) for product in made),
            len({s["supplier_id"] for s in sales if s["customer_id"] == firm}),
            len({s["customer_id"] for s in sales if s["supplier_id"] == firm}),
        )
    found = ask("chain-leaders")
    assert {(r["chain_id"], r["firm_id"]): (r["products"], r["suppliers"], r["customers"]) for r in found} == wanted


def test_evidence_is_that_of_the_files(tables: Tables, ask: Ask) -> None:
    wanted = {}
    for chain in (row["id"] for row in tables.rows["chains"]):
        rows = tables.supplies({product for product in tables.products if chain in tables.chains(product)})
        sources = [set(_list(row["source_ids"])) - {"domain-knowledge"} for row in rows]
        sure = [sum(row["confidence"] == level for row in rows) for level in ("high", "medium", "low")]
        wanted[chain] = [len(rows), *sure, sum(map(bool, sources)), len(set[str]().union(*sources))]
    columns = ("supplies", "high", "medium", "low", "sourced", "sources")
    assert {r["chain_id"]: [r[c] for c in columns] for r in ask("evidence-by-chain")} == wanted


def test_shared_inputs_are_those_of_the_files(tables: Tables, ask: Ask) -> None:
    wanted = {}
    for product in tables.products:
        needs = [r for r in tables.rows["inputs"] if r["input_id"] == product and r["necessity"] == "required"]
        users = {row["product_id"] for row in needs if tables.chains(row["product_id"])}
        chains = set[str]().union(*map(tables.chains, users))
        if len(chains) >= 3:
            full = tables.full(product)
            wanted[product] = (sorted(chains), len(users), len(full), len(tables.domestic(full)))
    found = ask("shared-inputs", min_chains="3")
    columns = ("chain_ids", "users", "world_firms", "domestic_firms")
    assert {r["product_id"]: tuple(r[c] for c in columns) for r in found} == wanted


@pytest.mark.parametrize("park", ["zhangjiang", "lingang"])
def test_firms_of_a_park_are_those_of_the_files(park: str, tables: Tables, ask: Ask) -> None:
    sites = defaultdict(set)
    for row in tables.rows["sites"]:
        if row["place_id"] in tables.parks and park in tables.above(row["place_id"]):
            sites[row["firm_id"]].add(row["kind"])
    wanted = {
        (segment, row["firm_id"]): sorted(sites[row["firm_id"]])
        for row in tables.rows["supplies"]
        for segment in _list(tables.products[row["product_id"]]["segment_ids"])
        if row["firm_id"] in sites
    }
    assert any(row["part_of"] == park for row in tables.rows["parks"])
    found = ask("firms-of-park", park=park, chain="")
    assert {(r["segment_id"], r["firm_id"]): r["site_kinds"] for r in found} == wanted


def test_products_without_domestic_supplier_are_those_of_the_files(tables: Tables, ask: Ask) -> None:
    wanted = {}
    for product in tables.products:
        firms = {row["firm_id"] for row in tables.supplies(tables.kinds[product])}
        full = tables.full(product)
        if firms and tables.chains(product) and not tables.domestic(full):
            economies = sorted({tables.firms[firm]["economy_id"] for firm in full})
            wanted[product] = (len(full), economies, sorted(tables.domestic(firms)))
    found = ask("products-without-domestic-supplier")
    columns = ("foreign_firms", "economy_ids", "domestic_firm_ids")
    assert {r["product_id"]: tuple(r[c] for c in columns) for r in found} == wanted
    counts = [r["foreign_firms"] for r in found]
    assert counts[0] == 1
    assert counts[-1] == 0


def test_alternative_inputs_are_those_of_the_files(tables: Tables, ask: Ask) -> None:
    slots = defaultdict(set)
    for row in tables.rows["inputs"]:
        if row["necessity"] == "required" and row["group"] and tables.chains(row["product_id"]):
            slots[row["product_id"], row["group"]].add(row["input_id"])
    wanted = {
        slot: (sorted(inputs), sorted(i for i in inputs if tables.domestic(tables.full(i))))
        for slot, inputs in slots.items()
        if len(inputs) > 1
    }
    found = ask("alternative-inputs")
    assert {(r["product_id"], r["slot"]): (r["input_ids"], r["domestic_input_ids"]) for r in found} == wanted


def test_foreign_sales_are_those_of_the_files(tables: Tables, ask: Ask) -> None:
    wanted = {}
    for row in tables.rows["supply_links"]:
        supplier, customer, product = row["supplier_id"], row["customer_id"], row["product_id"] or None
        home = tables.firms[customer]["hq_region_id"]
        if tables.domestic([supplier, customer]) == {customer} and home and tables.inside(home, "shanghai"):
            wanted[supplier, customer, product] = product and len(tables.domestic(tables.full(product)))
    found = ask("foreign-sales-into-region")
    assert {(r["supplier_id"], r["customer_id"], r["product_id"]): r["domestic_firms"] for r in found} == wanted


def test_cooperation_is_that_of_the_files(tables: Tables, ask: Ask) -> None:
    def home(side: str) -> str:
        cell = tables.firms[side]["hq_region_id"] if side in tables.firms else side
        return tables.parks[side]["region_id"] if side in tables.parks else cell

    ties: dict[str, int] = defaultdict(int)
    for row in tables.rows["partnerships"]:
        ends = [home(row["from_id"]), home(row["to_id"])]
        for here, there in (ends, ends[::-1]):
            if here and there and "cn-sh" in tables.above(here):
                above = tables.above(there)
                for city in above:
                    if tables.regions[city]["level"] == "city" and above & set(DELTA[1:]):
                        ties[city] += 1
    assert {r["city_id"]: r["ties"] for r in ask("cooperation-by-city")} == ties


def test_facts_of_a_source_are_those_of_the_files(tables: Tables, ask: Ask) -> None:
    for source in ("eto-chips", "csj-alliances-2021"):
        tables_of_facts = {name: rows for name, rows in tables.rows.items() if name != "sources"}
        wanted = sum(source in _list(row["source_ids"]) for rows in tables_of_facts.values() for row in rows)
        assert len(ask("facts-of-source", source=source)) == wanted > 10


def test_targets_are_those_of_the_files(tables: Tables, ask: Ask) -> None:
    latest: dict[str, Row] = {}
    for row in tables.rows["observations"]:
        former = latest.get(row["target_id"])
        if former is None or _end(row["as_of"]) > _end(former["as_of"]):
            latest[row["target_id"]] = row
    wanted = {row["id"]: latest[row["id"]]["as_of"] if row["id"] in latest else None for row in tables.rows["targets"]}
    assert {r["target_id"]: r["as_of"] for r in ask("targets-with-latest-observation")} == wanted


def _end(day: str) -> str:
    return day + "-12-31"[len(day) - 4 :] if len(day) < 10 else day


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
def test_texts_become_values(type_: ValueType, text: str, value: object) -> None:
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
def test_wrong_texts_are_refused(type_: ValueType, text: str, allowed: str) -> None:
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
        return read_folder(tmp_path)[name]

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
        ("// title: 企业 | Firms", "// title: 企业 |  ", 1, "`中文 | English`"),
        ("firm_id string | 企业 | firm", "firm_id string | 企业", 6, "`name type | 中文 | English`"),
        ("tier string", "tier text", 2, "text is no type"),
        ("firm_id string", "firm_id text", 6, "text is no type"),
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
        ("\nMATCH", "\nMATCH (a:Firm)-[:SELLS_TO]->+(b:Firm)\nMATCH", 10, "no upper bound"),
        ("\nMATCH", "\nMATCH (a:Firm)((:Firm)-[:SELLS_TO]->(:Firm)){2,}(b:Firm)\nMATCH", 10, "no upper bound"),
        ("LIMIT $limit", "LIMIT 2 * $limit", 12, "does not end with ORDER BY and LIMIT"),
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
    ("text", "line", "reason"),
    [
        ("", 1, "the header has no column"),
        ("MATCH (f:Firm) RETURN f.id AS id ORDER BY id LIMIT 5", 1, "the header has no column"),
        ("// title: 企业 | Firms\n", 1, "the header has no column"),
        ("// title: 企业 | Firms\n// parameter: p string | 一 | p\n", 2, "the header has no column"),
        ("// title: 企业 | Firms\n// column: id string | 编号 | id\n", 3, "the statement has no RETURN"),
        (
            "// title: 企业 | Firms\n// column: id string | 编号 | id\n\nMATCH (f:Firm)\n",
            4,
            "the statement has no RETURN",
        ),
    ],
)
def test_a_file_without_its_parts_is_refused(
    read: Callable[[str], Question], text: str, line: int, reason: str
) -> None:
    with pytest.raises(BadQuestion, match=reason) as caught:
        read(text)
    assert (caught.value.file, caught.value.line) == ("made-up.cypher", line)


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "made-up.cypher").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(BadQuestion, match="not UTF-8"):
        read_folder(tmp_path)


@pytest.mark.parametrize("name", ["Made-up", "made_up", "made--up"])
def test_a_name_is_words_and_hyphens(tmp_path: Path, name: str) -> None:
    (tmp_path / f"{name}.cypher").write_text(GOOD, encoding="utf-8")
    with pytest.raises(BadQuestion, match="words joined by hyphens"):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    "bounded", ["*3", "*..4", "* 0 .. 2", "*1..2 {confidence: 'high'}", "]->{1,3}(:Product)-[:PART_OF"]
)
def test_bounded_paths_pass(read: Callable[[str], Question], bounded: str) -> None:
    assert bounded in read(GOOD.replace("*0..8", bounded)).statement


@pytest.mark.parametrize(
    ("name", "parameters", "kind", "near"),
    [
        ("shares-of-product", {"product": "photoresist-arv"}, "product", "photoresist-arf"),
        ("shares-of-product", {"product": "硅片"}, "product", "silicon-wafer"),
        ("sales-of-firm", {"firm": "smicc"}, "firm", "smic"),
        ("products-of-segment", {"segment": "chips-material"}, "segment", "chips-materials"),
        ("firms-of-park", {"park": "zhangjian"}, "park", "zhangjiang"),
        ("facts-of-source", {"source": "sh-plan-2021"}, "source", "sh-plan-2021-2023"),
        ("single-supplier-products", {"chain": "high-end-chip"}, "chain", "high-end-chips"),
        ("single-supplier-products", {"region": "shangai"}, "region or park", "cn-sh"),
    ],
)
def test_an_id_that_nothing_has_is_told_with_what_is_near(
    shipped_store: Store, name: str, parameters: dict[str, str], kind: str, near: str
) -> None:
    with pytest.raises(NotFound) as caught:
        catalogue.run(shipped_store, name, parameters)
    assert (caught.value.kind, caught.value.name) == (kind, *parameters.values())
    if kind != "region or park":
        assert near in caught.value.near


def test_ids_that_are_there_radii_and_the_empty_default_are_asked(shipped_store: Store) -> None:
    for region in ("shanghai", "delta", "china", "world", "cn-js-suzhou", "zhangjiang"):
        answer = catalogue.run(shipped_store, "single-supplier-products", {"region": region, "chain": ""})
        assert answer.columns[0] == "chain_ids"


def test_every_parameter_that_is_an_id_says_of_what() -> None:
    for question in catalogue.questions().values():
        for parameter in question.parameters:
            assert bool(parameter.kind) == ("编号" in parameter.doc_zh), (question.name, parameter.name)
            assert parameter.type == "string" or not parameter.kind

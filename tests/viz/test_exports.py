"""The exports: what is loaded again is the same edition, what other programs read is what is in the graph."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import replace
from itertools import cycle, pairwise
from pathlib import Path

import made_facts
import networkx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.cypher import constraints, keyed
from graph.edition import Edition, Layer, canonical, edition_of
from graph.errors import BadInput, NotFound
from graph.model import tables
from graph.schema import edge_rows, node_rows
from ingest.pipeline import lay
from queries.coverage import STATUSES, coverage
from queries.network import Network
from viz import pyvis_export, pyvis_layout
from viz.export import FORMATS, export, literal
from viz.graphml import ExtraMissing, graphml, xml_text
from viz.workbook import csv_text, sheet_title, text_width, workbook

CHAIN = "cruise-ships"
HOSTILE = (
    "</script><script>window.hit=1;alert(1)</script>",
    '<img src=x onerror="window.hit=1;alert(1)">',
    "javascript:alert(1)",
    '<a href="https://example.org/x" onclick="alert(1)">href</a>',
    "\"'`;--\\",
    "<!--<script>",
    "]]>&amp;&lt;{{7*7}}{% raw %}",
    "</style><style>*{display:none}</style>",
    "=HYPERLINK(1)\u2028+\u0085x",
    "${alert(1)}\\",
    "\\u003cscript\\u003e\\u0027}) DETACH DELETE n //",
    "😀\t<svg/onload=alert(1)>",
    "a;//b\n:quit\n'",
    "#N/A",
    "007",
    "TRUE",
    "+86 21",
    "_x41_ 镓",
    "\u202egnp.exe 镓",
)


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


@pytest.fixture(scope="module")
def hostile_edition(shipped_edition: Edition) -> Edition:
    """The shipped facts with names that try to break out of everything that they are written into."""
    facts, names = shipped_edition.facts, cycle(HOSTILE)
    products = tuple(
        replace(row, name_zh=next(names), short_zh=next(names), name_en=next(names), description_zh=next(names))
        for row in facts.products
    )
    chains = tuple(replace(row, name_zh=next(names), name_en=next(names)) for row in facts.chains)
    segments = tuple(replace(row, name_zh=next(names)) for row in facts.segments)
    firms = tuple(replace(row, short_zh=next(names), aliases=("'a'", '"b"', "\\")) for row in facts.firms)
    changed = replace(facts, products=products, chains=chains, segments=segments, firms=firms)
    return edition_of([Layer("data", changed)])


@pytest.fixture(scope="module")
def hostile_network(hostile_edition: Edition) -> Network:
    return Network(hostile_edition.facts, hostile_edition.id)


def _write(folder: Path, edition: Edition, network: Network, as_: str) -> dict[str, bytes]:
    found = dict(export(edition, network, as_))
    for name, data in found.items():
        assert "/" not in name and "\\" not in name
        (folder / name).write_bytes(data)
    return found


# -- what can be loaded again ------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_", ["csv", "jsonl", "xlsx"])
@pytest.mark.parametrize("which", ["shipped_edition", "hostile_edition"])
def test_what_is_exported_loads_as_the_same_edition(request, tmp_path, network, as_, which):
    edition: Edition = request.getfixturevalue(which)
    files = _write(tmp_path, edition, network, as_)
    assert set(files) == {f"{name}.{as_}" for name in tables()}
    again, report = lay(tmp_path, "again")
    assert again is not None, report.of("fatal")
    assert not report.of("refused")
    assert canonical(again.facts) == canonical(edition.facts)
    assert again.id == edition.id


def test_a_folder_comes_back_byte_for_byte(shipped_edition, network, tmp_path, data_folder):
    files = _write(tmp_path, shipped_edition, network, "csv")
    again, _ = lay(tmp_path, "again")
    assert again is not None
    assert dict(export(again, network, "csv")) == files
    shipped = {name: (data_folder / name).read_bytes() for name in files}
    for name, data in files.items():
        assert sorted(data.split(b"\n")[:1]) == sorted(shipped[name].replace(b"\r", b"").split(b"\n")[:1]), name


def test_json_lines_hold_types_and_leave_out_what_is_not_known(shipped_edition, network):
    lines = [json.loads(line) for line in dict(export(shipped_edition, network, "jsonl"))["regions.jsonl"].splitlines()]
    row = next(line for line in lines if line["id"] == "cn-sh")
    assert row["in_yrd"] is True and isinstance(row["lat"], float) and isinstance(row["source_ids"], list)
    assert all(value is not None and value != [] for line in lines for value in line.values())


def test_a_workbook_that_would_lose_a_character_is_refused(shipped_edition, network):
    facts = shipped_edition.facts
    for text in ("a\x01b", "a\r\nb", "a_x0041_b", "x" * 32_768):
        row = replace(facts.chains[0], description_zh=text)
        edition = edition_of([Layer("data", replace(facts, chains=(row, *facts.chains[1:])))])
        with pytest.raises(BadInput, match=f"description_zh of {row.id} in chains"):
            list(export(edition, network, "xlsx"))


def test_what_is_not_a_format_is_refused_at_once(shipped_edition, network):
    with pytest.raises(BadInput, match="graphml"):
        export(shipped_edition, network, "pdf")
    with pytest.raises(NotFound):
        export(shipped_edition, network, "html", chain="cruise-ship")
    with pytest.raises(NotFound):
        export(shipped_edition, network, "html", region="atlantis")


@pytest.mark.parametrize("as_", [name for name in FORMATS if name != "xlsx"])  # a workbook holds its time
def test_the_same_edition_gives_the_same_files(shipped_edition, network, as_):
    assert dict(export(shipped_edition, network, as_)) == dict(export(shipped_edition, network, as_))


# -- GraphML -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["shipped_edition", "hostile_edition"])
def test_graphml_holds_the_whole_graph(request, which):
    facts = request.getfixturevalue(which).facts
    graph = networkx.read_graphml(io.BytesIO(graphml(facts)), force_multigraph=True)
    nodes, edges = list(node_rows(facts)), list(edge_rows(facts))
    assert Counter(data["labels"] for _, data in graph.nodes(data=True)) == {n.label: len(n.rows) for n in nodes}
    by_type: Counter[str] = Counter()
    for batch in edges:
        by_type[batch.type] += len(batch.starts)
    assert Counter(data["type"] for *_, data in graph.edges(data=True)) == by_type
    for batch in nodes:
        for row in batch.rows:
            found = dict(graph.nodes[f"{batch.label}:{row['id']}"])
            assert found.pop("labels") == batch.label
            assert found.pop("label")
            assert found == {name: ";".join(v) if isinstance(v, list) else v for name, v in row.items()}


def test_graphml_is_typed_and_edges_have_their_own_id(shipped_edition):
    root = ElementTree.fromstring(graphml(shipped_edition.facts))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    types = {(key.get("for"), key.get("attr.name")): key.get("attr.type") for key in root.iter(f"{space}key")}
    assert types["node", "lat"] == "double"
    assert types["node", "in_yrd"] == "boolean"
    assert types["node", "hs_code"] == "string"
    assert types["edge", "share_pct"] == "double"
    assert types["edge", "year"] in ("int", "long")
    ids = [edge.get("id") for edge in root.iter(f"{space}edge")]
    assert len(ids) == len(set(ids)) > 10_000


def test_graphml_keeps_all_but_what_xml_forbids(shipped_edition):
    text = "a\x00b\x0bc\td\re\r\nf\u0085\u2028\ufffe𠮷"
    facts = replace(shipped_edition.facts, industries=(replace(shipped_edition.facts.industries[0], name_zh=text),))
    graph = networkx.read_graphml(io.BytesIO(graphml(facts)), force_multigraph=True)
    found = graph.nodes[f"Industry:{facts.industries[0].id}"]
    assert found["name_zh"] == found["label"] == "a\ufffdb\ufffdc\td\re\r\nf\u0085\u2028\ufffd𠮷"


@given(st.text())
def test_xml_text_is_xml(text):
    ElementTree.fromstring(f"<a>{xml_text(text).replace('&', '').replace('<', '')}</a>".encode("utf-8", "strict"))


@pytest.mark.parametrize(("package", "as_"), [("networkx", "graphml"), ("pyvis.network", "html")])
def test_a_missing_extra_names_the_way_out(monkeypatch, shipped_edition, network, package, as_):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ExtraMissing, match=r"pip install 'liantu\[export\]'"):
        list(export(shipped_edition, network, as_))


# -- lists for spreadsheets --------------------------------------------------------------------------------------

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "＝1+1")


def test_csv_makes_formulas_harmless_and_leaves_numbers_alone():
    data = csv_text(["名称", "n", "=h"], [[text, -1.5, None] for text in FORMULAS] + [["a, \"b\"\n'c'", -7, True]])
    assert data.startswith(b"\xef\xbb\xbf\xe5\x90\x8d")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["名称", "n", "'=h"]
    assert [row[0] for row in rows[1:-1]] == ["'" + text for text in FORMULAS]
    assert {row[1] for row in rows[1:-1]} == {"-1.5"}
    assert rows[-1] == ["a, \"b\"\n'c'", "-7", "true"]
    assert data.count(b"\r\n") == len(rows)


def test_csv_takes_lists_records_and_odd_numbers():
    rows = csv_text(["a"], [[["x", "y"]], [{"k": "值"}], [float("nan")], [2**60], [["=x", None, 2]]]).decode(
        "utf-8-sig"
    )
    assert rows.splitlines() == ["a", "x;y", '"{""k"": ""值""}"', '""', str(2**60), "'=x;;2"]


def _sheet(data: bytes):
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def test_a_workbook_is_fit_for_a_planner():
    rows = [["光刻胶", 71.25, 3, True, None], ["深紫外光刻胶树脂单体与配套试剂的很长的名称" * 3, -2, 0, False, "x"]]
    sheet = _sheet(workbook("缺口/清单: [上海]*?", ["名称", "score", "n", "ok", "空"], rows))
    assert sheet.title == "缺口 清单   上海"
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    assert [type(cell.value) for cell in sheet[2]] == [str, float, int, bool, type(None)]
    assert sheet["B3"].value == -2
    assert sheet.auto_filter.ref == "A1:E3"
    assert sheet.column_dimensions["A"].width == 60
    assert 8 <= sheet.column_dimensions["C"].width <= 10


def test_a_workbook_makes_formulas_and_errors_text():
    sheet = _sheet(workbook("x", ["=a"], [[text] for text in (*FORMULAS, "#REF!", "12", "a\x00b", "y" * 40_000)]))
    cells = [row[0] for row in sheet.iter_rows()]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value.replace("\r", "\n") for cell in cells[1 : len(FORMULAS) + 1]] == [
        text.replace("\r", "\n") for text in FORMULAS
    ]
    assert all(cell.quotePrefix for cell in cells[1 : len(FORMULAS) + 1])
    assert [cell.value for cell in cells[-4:-1]] == ["#REF!", "12", "a\ufffdb"]
    assert len(cells[-1].value) == 32_767


def test_no_rows_and_no_title_make_a_workbook_too():
    assert _sheet(workbook("'[]'", ["a"], [])).title == "liantu"
    assert len(sheet_title("很" * 40)) == 31
    assert text_width("光a\n刻胶b") == 5


# -- Cypher and the bulk import ----------------------------------------------------------------------------------


def _statements(script: str) -> list[str]:
    """Literals have no raw line breaks, so that a line that ends in a semicolon ends a statement."""
    text = re.sub(r"^//.*\n", "", script, flags=re.MULTILINE)
    return [part for part in text.split(";\n") if part.strip()]


def test_literals_stay_on_their_line_and_in_their_quotes():
    assert literal("it's \\ \n") == r"'it\'s \\ \n'"
    assert literal("\\u0027\x00") == r"'\\\u00750027\u0000'"


@given(st.text())
def test_a_literal_has_no_quote_and_no_line_break_of_its_own(text):
    inside = literal(text)[1:-1]
    assert re.fullmatch(r"(?:[^'\\\x00-\x1f]|\\[\\'ntrbf]|\\u[0-9a-f]{4})*", inside)


def test_the_script_has_constraints_first_and_all_rows(shipped_edition, network):
    script = dict(export(shipped_edition, network, "cypher"))["liantu.cypher"].decode()
    statements = _statements(script)
    assert statements[: len(constraints())] == constraints()
    assert "$" not in re.sub(r"'(?:[^'\\]|\\.)*'", "", script)
    rows = sum(len(batch.rows) for batch in node_rows(shipped_edition.facts))
    assert script.count("\n  '") == rows + sum(len(batch.starts) for batch in edge_rows(shipped_edition.facts))
    plans = {re.sub(r"(?m)^  '.*\n", "", statement) for statement in statements if statement.startswith("UNWIND")}
    batches = (*node_rows(shipped_edition.facts), *edge_rows(shipped_edition.facts))
    assert len(plans) == sum(bool(getattr(batch, "rows", None) or getattr(batch, "starts", ())) for batch in batches)


@pytest.mark.neo4j
def test_the_script_fills_a_neo4j(neo4j_url, neo4j_credentials, empty_neo4j, network):
    import neo4j

    facts = made_facts.full()
    odd = tuple(replace(facts.firms[0], id=f"odd-{n}", name_zh=text) for n, text in enumerate(HOSTILE))
    hostile_edition = made_facts.edition(replace(facts, firms=facts.firms + odd))

    empty_neo4j()
    script = dict(export(hostile_edition, network, "cypher"))["liantu.cypher"].decode()
    auth = (neo4j_credentials.user, neo4j_credentials.password)
    with neo4j.GraphDatabase.driver(neo4j_url, auth=auth) as driver, driver.session() as session:
        for _ in range(2):  # it may be run again
            for statement in _statements(script):
                session.run(statement).consume()
        for batch in node_rows(hostile_edition.facts):
            found = session.run(f"MATCH (n:{batch.label}:Liantu) RETURN properties(n) AS p").value("p")
            assert sorted(found, key=lambda row: row["id"]) == sorted(keyed(batch), key=lambda row: row["id"])
        for edges in edge_rows(hostile_edition.facts):
            found = session.run(
                f"MATCH (s:{edges.start_label})-[r:{edges.type}]->(e:{edges.end_label}) "
                "RETURN s.id AS s, e.id AS e, properties(r) AS p"
            )
            expected = zip(edges.starts, edges.ends, map(_sorted_text, edges.properties), strict=True)
            assert sorted((s, e, _sorted_text(p)) for s, e, p in found.values()) == sorted(expected)
    empty_neo4j()


def test_the_tables_for_the_bulk_import_hold_all_rows(hostile_edition, network):
    files = dict(export(hostile_edition, network, "neo4j-admin"))
    readme = files.pop("README.txt").decode()
    assert files.pop("constraints.cypher")
    assert "neo4j-admin database import full" in readme
    for name in files:
        assert readme.count("=" + name) == 1
    read = {name: list(csv.reader(io.StringIO(data.decode(), newline=""))) for name, data in files.items()}
    for batch in node_rows(hostile_edition.facts):
        header, *rows = read.pop(f"nodes-{batch.label}.csv")
        names = [name.split(":")[0] for name in header]
        assert header[0] == f"id:ID({batch.label})"
        assert [{n: c for n, c in zip(names, row, strict=True) if c} for row in rows] == [
            {n: _admin_text(value) for n, value in row.items()} for row in keyed(batch)
        ]
    for edges in edge_rows(hostile_edition.facts):
        header, *rows = read.pop(f"edges-{edges.start_label}-{edges.type}-{edges.end_label}.csv")
        assert header[:2] == [f":START_ID({edges.start_label})", f":END_ID({edges.end_label})"]
        assert [row[:2] for row in rows] == [list(pair) for pair in zip(edges.starts, edges.ends, strict=True)]
        assert sum(bool(c) for row in rows for c in row[2:]) == sum(map(len, edges.properties))
    assert not read


def _sorted_text(properties: dict[str, object]) -> str:
    return repr(sorted(properties.items()))


def _admin_text(value: object) -> str:
    if isinstance(value, list):
        return ";".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


# -- the page ----------------------------------------------------------------------------------------------------


def test_every_chain_has_its_page(shipped_edition, network):
    files = dict(export(shipped_edition, network, "html"))
    assert set(files) == {f"{name}.html" for name in network.chain_rows}
    assert all(len(data) < 1_000_000 for data in files.values())
    only = dict(export(shipped_edition, network, "html", chain=CHAIN, region="china"))
    assert set(only) == {f"{CHAIN}.html"} and only != {f"{CHAIN}.html": files[f"{CHAIN}.html"]}


def _data(page: str, name: str) -> list[dict]:
    return json.loads(re.search(rf"{name} = new vis\.DataSet\((.*)\);\n", page)[1])


@pytest.mark.parametrize("chain", [CHAIN, None])
def test_a_page_shows_the_products_and_inputs_of_its_chain(network, chain):
    page = pyvis_export.page(network, chain)
    tiles = [node for node in _data(page, "nodes") if "status" in node]
    study, finals = network.study(chain)
    assert len(tiles) == len(study)
    assert len({(tile["x"], tile["y"]) for tile in tiles}) == len(tiles)
    status = Counter(STATUSES[code] for code in coverage(network, "shanghai").status[list(study)])
    assert Counter(tile["status"] for tile in tiles) == status
    assert sum(tile["borderWidth"] == 2 for tile in tiles) == len(finals)
    inside = {network.products[at] for at in study}
    pairs = [row for row in network.inputs if row.product_id in inside and row.input_id in inside]
    assert len(_data(page, "edges")) == len(pairs)


def test_a_page_needs_nothing_from_outside(hostile_network):
    page = pyvis_export.page(hostile_network, CHAIN)
    head = page[: page.index("<title>")]
    assert "default-src 'none'" in head and "unsafe-inline" not in re.search(r"script-src [^;]*", head)[0]
    assert not re.search(
        r"<(?:link|iframe|object|embed|base|a)\b", re.sub(r"<script.*?</script>", "", page, flags=re.S)
    )
    scripts = re.findall(r"(<script\b[^>]*>).*?</script>", page, flags=re.S)
    assert set(scripts) <= {"<script>", '<script type="text/javascript">'}
    assert len(scripts) == page.count("'sha256-") == 4


@given(st.lists(st.integers(1, 60), max_size=20))
def test_columns_hold_every_product_once_and_apart(sizes):
    numbers = iter(range(10_000))
    blocks = [pyvis_layout.Block("环节", "上游", tuple(next(numbers) for _ in range(size))) for size in sizes]
    found = pyvis_layout.spots(blocks)
    tiles = [spot for spot in found if spot.product is not None]
    assert [spot.product for spot in tiles] == list(range(sum(sizes)))
    assert len({(spot.x, spot.y) for spot in found}) == len(found)
    for one, next_one in pairwise(tiles):
        assert next_one.x > one.x or next_one.y - one.y >= 34
    assert [spot.x for spot in found] == sorted(spot.x for spot in found)


class Watched:
    """A tab, and everything that should not happen in it."""

    def __init__(self, browser, path: Path) -> None:
        self.trouble: list[str] = []
        self.failed: list[tuple[str, str]] = []
        self.tab = browser.new_page(viewport={"width": 1440, "height": 900})
        self.tab.on("dialog", self._dialog)
        self.tab.on("console", lambda message: self.trouble.append(f"console {message.type}: {message.text}"))
        self.tab.on("pageerror", lambda error: self.trouble.append(f"error: {error}"))
        self.tab.on(
            "request", lambda request: self.trouble.append(request.url) if request.url != path.as_uri() else None
        )
        self.tab.on("requestfailed", lambda request: self.failed.append((request.url, request.failure)))
        self.tab.on("popup", lambda _: self.trouble.append("popup"))
        self.tab.goto(path.as_uri())
        self.tab.wait_for_function("typeof network === 'object' && network.getScale() > 0")
        self.settle()

    def _dialog(self, dialog) -> None:
        self.trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def settle(self) -> None:
        self.tab.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def colours(self) -> int:
        return self.tab.evaluate(
            """() => {
                const canvas = document.querySelector("canvas");
                const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
                return new Set(new Uint32Array(data.buffer)).size;
            }"""
        )

    def tiles(self) -> list[dict]:
        """Where the tiles are on the screen."""
        return self.tab.evaluate(
            """() => nodes.get().filter((n) => n.status).map((n) => {
                const box = document.getElementById("mynetwork").getBoundingClientRect();
                const at = network.canvasToDOM({x: n.x, y: n.y});
                return {id: n.id, name: n.name, x: at.x + box.x, y: at.y + box.y};
            })"""
        )


def _file(folder: Path, text: str) -> Path:
    path = folder / "页 <1>.html"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.browser
def test_a_page_draws_and_answers(browser, network, tmp_path):
    page = Watched(browser, _file(tmp_path, pyvis_export.page(network, CHAIN)))
    tab = page.tab
    assert tab.title() == "大型邮轮 Large cruise ships · 链图 liantu"
    assert page.colours() > 50
    tile = next(found for found in page.tiles() if found["name"][0] == "大型邮轮")
    tab.mouse.click(tile["x"], tile["y"])
    assert tab.locator("#panel h2").inner_text() == "大型邮轮"
    inputs = sum(row.product_id == "large-cruise-ship" for row in network.inputs)
    assert f"直接投入 direct inputs · {inputs}" in tab.locator("#panel h3.up").inner_text()
    first = tab.locator("#panel li button").first
    name = first.evaluate("(button) => button.firstChild.textContent")
    first.click()
    assert tab.locator("#panel h2").inner_text() == name
    tab.keyboard.press("Escape")
    assert "怎么看" in tab.locator("#panel").inner_text()
    tab.locator("[data-only=absent]").click()
    assert tab.locator("[data-only=absent]").get_attribute("aria-pressed") == "true"
    tab.locator("[data-only=absent]").click()
    tab.locator("#find").fill("large cruise")
    tab.keyboard.press("Enter")
    assert tab.locator("#panel h2").inner_text() == "大型邮轮"
    assert page.trouble == []


@pytest.mark.browser
@pytest.mark.parametrize("chain", [CHAIN, None])
def test_nothing_in_a_name_runs(browser, hostile_network, tmp_path, chain):
    page = Watched(browser, _file(tmp_path, pyvis_export.page(hostile_network, chain)))
    tab = page.tab
    assert page.colours() > 50
    seen = set()
    for tile in page.tiles():
        if tile["name"][0] in seen or not (100 < tile["y"] < 880):
            continue
        seen.add(tile["name"][0])
        tab.mouse.move(tile["x"], tile["y"])
        tab.locator(".vis-tooltip").wait_for(state="visible")
        assert (
            tile["name"][0].split("\n")[0].split("\u2028")[0].split("\t")[0] in tab.locator(".vis-tooltip").inner_text()
        )
        tab.mouse.click(tile["x"], tile["y"])
        assert tab.locator("#panel h2").text_content() == tile["name"][0]
        assert not tab.evaluate("document.querySelectorAll('img,a,iframe,svg[onload],style ~ style').length")
    assert len(seen) == len(HOSTILE) or (chain is not None and len(seen) > 8)
    for text in HOSTILE[:4]:
        tab.locator("#find").fill(text)
        tab.keyboard.press("Enter")
    time.sleep(0.2)
    assert tab.evaluate("window.hit") is None
    assert tab.evaluate("document.scripts.length") == 4
    assert page.trouble == []
    # The policy itself: were a name to become a script all the same, it would not run.
    tab.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.hit=2'}))")
    tab.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=https://example.org/x onerror=window.hit=3>')"
    )
    time.sleep(0.2)
    assert tab.evaluate("window.hit") is None
    asked = "https://example.org/x"
    assert all("Content Security Policy" in text for text in page.trouble if text != asked)
    assert len(page.trouble) >= 3 and page.failed == [(asked, "csp")]


@pytest.mark.browser
def test_the_page_of_a_chain_without_products_opens(browser, network, tmp_path):
    chain = replace(network.facts.chains[0], id="empty", final_product_ids=())
    empty = Network(replace(network.facts, chains=(*network.facts.chains, chain)))
    page = Watched(browser, _file(tmp_path, pyvis_export.page(empty, "empty")))
    assert "0 项产品" in page.tab.locator("header").inner_text()
    assert page.trouble == []

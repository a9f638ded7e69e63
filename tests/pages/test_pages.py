"""The pages without a browser: every one renders, in both languages, and every link leads somewhere."""

from __future__ import annotations

import csv
import html
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from page_text import text_of, with_language, words

from api.app import create_app
from graph.edition import Edition
from graph.store import Store, open_store
from ingest.pipeline import load

MAIN = (
    "/",
    "/chains",
    "/gaps",
    "/products",
    "/firms",
    "/parks",
    "/data",
    "/targets",
    "/explore",
    "/warnings",
    "/delta",
    "/delta?city=cn-js-suzhou&size=gaps",
    "/disruptions",
    "/disruptions?removed=economy%3Ajp",
    "/disruptions?removed=firm%3Aasml&versus=event%3Akumamoto-2016",
    "/compare",
    "/compare?what=chains",
    "/glossary",
    "/queries",
    "/search?q=gkj",
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_thing_of_the_shipped_facts_has_its_page(
    client: TestClient, shipped_edition: Edition, language: str
) -> None:
    facts = shipped_edition.facts
    step = 1 if language == "zh" else 6
    paths = [f"/chains/{row.id}" for row in facts.chains]
    paths += [f"/products/{row.id}" for row in facts.products[::step]]
    paths += [f"/firms/{row.id}" for row in facts.firms[:: 5 * step]]
    paths += [f"/parks/{row.id}" for row in facts.parks[::step]]
    paths += [f"/regions/{row.id}" for row in facts.regions[:: 4 * step]]
    for path in paths:
        text_of(client, with_language(path, language))


@pytest.mark.parametrize(
    "path",
    [
        *(path for path in MAIN if not path.startswith("/delta")),
        "/chains/high-end-chips",
        "/products/saw-filter",
        "/firms/amec",
        "/parks/lingang",
    ],
)
def test_every_link_leads_somewhere(client: TestClient, path: str) -> None:
    links = {html.unescape(found) for found in re.findall(r'(?:href|action|src)="(/[^"]*)"', text_of(client, path))}
    assert links
    for link in sorted(links):
        assert client.get(link).status_code in (200, 303), (path, link)


@pytest.mark.parametrize("path", MAIN[:-1])
def test_no_chinese_in_the_words_of_english_pages(client: TestClient, path: str) -> None:
    page = text_of(client, with_language(path, "en"))
    assert '<html lang="en">' in page
    left = words(page.split('<main id="main">')[1].split("</main>")[0])
    assert re.findall(r"[\u4e00-\u9fff]{2,}", left) == []


@pytest.mark.parametrize(
    "path", ["/", "/chains", "/gaps", "/data", "/targets", "/warnings", "/delta", "/disruptions?removed=economy%3Ajp"]
)
def test_no_english_sentences_in_chinese_pages(client: TestClient, path: str) -> None:
    left = words(text_of(client, path).split('<main id="main">')[1].split("</main>")[0])
    assert re.findall(r"[a-z]{3,}(?: [a-z]{2,}){2,}", left) == []


@pytest.mark.parametrize(
    "path", ["/gaps?sort=colour", "/gaps?at=-1", "/warnings?on=tomorrow", "/explore?do=nonsense", "/delta?size=colour"]
)
def test_what_is_wrong_with_an_address_is_told_in_chinese(client: TestClient, path: str) -> None:
    told = words(text_of(client, path, 422).split('<main id="main">')[1].split("</main>")[0])
    assert "不可用" in told
    assert re.findall(r"[a-z]{2,} [a-z]{2,}", told) == []


OWN_WORDS = (
    "/", "/chains", "/chains/high-end-chips", "/gaps", "/products", "/firms", "/parks", "/data", "/explore", "/delta",
    "/disruptions", "/compare", "/compare?what=chains", "/queries", "/cypher", "/search",
    "/report?thing=product:ion-implanter&at=/products/ion-implanter", "/gaps?kind=x", "/products/nothing", "/nothing",
)  # fmt: skip
"""Pages that quote nothing in the other language but what is marked as such."""


def _all_words(page: str) -> str:
    """What stands on a page and in its title, and what its marks, boxes and pictures are called."""
    page = re.sub(
        r"<[a-z]+\b[^>]*\blang=[^>]*>", lambda tag: tag[0].replace("title=", "x="), page.partition("<body")[2]
    )
    called = re.findall(r'\b(?:aria-label|title|placeholder|alt)="([^"]+)"', page)
    return html.unescape(" \n ".join([words(page), *called]))


@pytest.mark.parametrize("path", OWN_WORDS)
def test_no_word_of_ours_is_in_the_other_language(client: TestClient, path: str) -> None:
    chinese, english = (client.get(with_language(path, language)).text for language in ("zh", "en"))
    assert re.findall(r"[A-Za-z]?[a-z]{2,}(?: [a-z]{2,}){2,}", _all_words(chinese)) == []
    assert re.findall(r"[\u4e00-\u9fff]{2,}", _all_words(english)) == []
    titles = [re.findall(r"<title>(.*?)</title>", page)[0] for page in (chinese, english)]
    assert re.search("[\u4e00-\u9fff]", titles[0])
    assert not re.search("[\u4e00-\u9fff]", titles[1])


def test_the_overview_says_what_the_numbers_are(client: TestClient) -> None:
    page = words(text_of(client, "/"))
    gaps = client.get("/api/v1/gaps?region=china&kind=chokepoint&limit=1").json()
    assert f"{gaps['total']} 项卡脖子" in page
    top = client.get("/api/v1/gaps?region=china&limit=10").json()["items"]
    for row in top:
        assert row["name_zh"] in page
        assert row["reason_zh"].split("；")[0] in page
        assert f"断供停产{row['blocks']}项、终端{row['finals_hit']}/{row['finals']}" in page


def test_the_lens_of_concentration_shows_what_the_api_says(client: TestClient) -> None:
    page = text_of(client, "/chains/high-end-chips?l=conc")
    shown = dict(re.findall(r'data-id="([^"]+)".*?<span class="v"><span[^>]*>([^<]+)<', page))
    answers = {name: client.get(f"/api/v1/products/{name}/concentration").json() for name in list(shown)[:40]}
    known = {name: found["by_economy"] for name, found in answers.items() if found["by_economy"]}
    assert len(known) > 5
    assert {name: shown[name] for name in known} == {name: f"{found['hhi_low']:.2f}" for name, found in known.items()}
    assert all(re.fullmatch(r"\d+ 地", shown[name]) for name in answers.keys() - known.keys())


def test_the_panorama_counts_what_the_api_counts(client: TestClient) -> None:
    answer = client.get("/api/v1/chains/high-end-chips/panorama?region=delta").json()
    page = text_of(client, "/chains/high-end-chips?r=delta")
    assert f"{answer['products']} 项产品" in words(page)
    rows = {row["product_id"]: row for stage in answer["segments"] for row in stage["products"]}
    for status in ("strong", "thin", "weak", "absent"):
        count = sum(row["status"] == status for row in rows.values())
        assert re.search(rf'st-{status}">.*?</span>\s*<b>{count}</b>', page)
    assert len(set(re.findall(r'data-id="([^"]+)"', page))) == answer["products"]


def test_the_panorama_counts_chinese_owned_firms_alone_on_demand(client: TestClient) -> None:
    path = "/api/v1/chains/medical-imaging/panorama?region=china"
    any_firm, domestic = (client.get(f"{path}&control={control}").json() for control in ("any", "domestic"))
    statuses = [
        {row["product_id"]: row["status"] for stage in answer["segments"] for row in stage["products"]}
        for answer in (any_firm, domestic)
    ]
    assert statuses[0].keys() == statuses[1].keys()
    assert statuses[0] != statuses[1]
    page = text_of(client, "/chains/medical-imaging?r=china&control=domestic")
    tiles = dict(re.findall(r'data-id="([^"]+)" data-s="([^"]+)"', page))
    assert statuses[1].items() <= tiles.items()
    assert re.search(r'class="tick[^>]*aria-current="true"', page)


def test_a_focused_product_needs_no_javascript(client: TestClient) -> None:
    page = text_of(client, "/chains/high-end-chips?p=mask-writer&r=china")
    drawer = words(page.split('id="drawer"')[1])
    for name in ("电子束掩模直写机", "纽富来", "直接上游", "断则停", "产品页"):
        assert name in drawer
    assert re.search(r'class="tl [^"]*\bme\b[^"]*"[^>]*data-id="mask-writer"', page)
    assert len(re.findall(r'class="tl [^"]*\bstop\b', page)) > 10


def test_the_gap_list_shows_exactly_what_is_filtered(client: TestClient) -> None:
    query = "chain=high-end-chips&kind=missing&evidence=A"
    rows = client.get(f"/api/v1/gaps?{query}&region=shanghai&limit=1000").json()["items"]
    page = text_of(client, f"/gaps?{query}")
    shown = re.findall(r'<td class="pn"><a href="/products/([^"?]+)', page)
    assert shown == [row["product_id"] for row in rows]
    files = [html.unescape(link) for link in re.findall(r'href="(/api/v1/gaps[^"]*csv)"', page)]
    lines = client.get(files[0]).content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == shown
    assert "没有符合筛选的缺口" in text_of(
        client, "/gaps?kind=missing&evidence=A&five_bases=basic-software&segment=chips-raw&chain=high-end-chips"
    )


def test_a_list_without_gaps_offers_to_drop_what_empties_it(client: TestClient) -> None:
    page = text_of(client, "/gaps?chain=beidou-navigation&evidence=A&delta_backed=1&kind=chokepoint")
    assert "当前条件：上海 · 北斗导航 · 类别 卡脖子" in words(page)
    offers = re.findall(r'<a class="btn" href="(/gaps[^"]+)">不限\S+ <span class="mute">余 (\d+) 项', page)
    assert offers
    for link, count in offers:
        assert f"上海圈层 {count} 项缺口" in words(text_of(client, html.unescape(link)))


def test_gaps_take_region_and_the_older_word_and_count_domestic_firms(client: TestClient) -> None:
    new, old = (text_of(client, f"/gaps?{name}=china&kind=chokepoint") for name in ("region", "r"))
    assert "全国圈层" in words(new)
    assert words(new) == words(old)
    main = re.sub(r'href="/products/[^"]*"', "", old.split("<main")[1])  # pages of products have `r` of their own
    assert not re.search(r"[?;]r=china", main)
    any_firm, domestic = (
        client.get(f"/api/v1/gaps?region=china&limit=1000&control={control}").json()["items"]
        for control in ("any", "domestic")
    )
    assert [row["product_id"] for row in any_firm] == [row["product_id"] for row in domestic]
    assert [row["gap_score"] for row in any_firm] == [row["gap_score"] for row in domestic]
    assert all(row["status"] in ("weak", "absent") for row in domestic if row["kind"] == "chokepoint")
    assert any(a["status"] != d["status"] for a, d in zip(any_firm, domestic, strict=True))
    assert 'name="control" value="domestic" checked' in text_of(client, "/gaps?region=china&control=domestic")


def test_a_product_shows_who_could_fill_its_gap_and_how_good_that_is(client: TestClient) -> None:
    page = text_of(client, "/products/saw-filter?r=delta")
    found = client.get("/api/v1/products/saw-filter/candidates?region=delta").json()
    shown = page.split('id="candidates"')[1].split("</section>")[0]
    assert re.findall(r'href="/firms/([^"]+)"', shown) == [item["firm_id"] for item in found["items"]]
    assert all(html.escape(item["reason_zh"]) in shown for item in found["items"])
    test = found["back_test"]
    for figure in (test["candidates"]["at_1"], test["candidates"]["at_10"], test["plain"]["at_10"]):
        assert f"{round(100 * figure)}%" in shown
    assert str(test["questions"]) in shown


def test_lists_filter_like_the_api(client: TestClient) -> None:
    for what, query in (
        ("products", "chain=cruise-ships&region=shanghai"),
        ("firms", "chain=cruise-ships&tier=listed"),
        ("parks", "region=cn-sh&kind=specialised"),
    ):
        rows = client.get(f"/api/v1/{what}?{query}&limit=1000").json()["items"]
        page = text_of(client, f"/{what}?{query}")
        assert re.findall(rf'<td><a class="b" href="/{what}/([^"?]+)"', page) == [row["id"] for row in rows][:100]


def test_search_leads_to_a_page_or_a_list(client: TestClient) -> None:
    assert client.get("/search", params={"q": "离子注入机"}).headers["location"] == "/products/ion-implanter"
    assert "拼音首字母" in text_of(client, "/search?q=gkj")
    assert "没有找到" in text_of(client, "/search?q=zzzzzz")


def test_errors_are_pages_with_a_way_on(client: TestClient) -> None:
    page = text_of(client, "/products/photoresist-arv", 404)
    assert "photoresist-arf" in page
    assert "没有找到" in page
    assert "There is no product" in text_of(client, "/products/photoresist-arv?lang=en", 404)
    assert "smic" in text_of(client, "/firms/smicc", 404)
    for path in ("/nothing", "/chains/high-end-chips?p=nothing", "/gaps?r=nothing"):
        assert "Traceback" not in text_of(client, path, 404)
    for path in ("/gaps?sort=colour", "/gaps?at=-1", "/chains/high-end-chips?d=0"):
        text_of(client, path, 422)


@pytest.mark.parametrize(
    "path",
    ["/products/photoresist-arv", "/firms/smicc", "/parks/lingan", "/regions/cn-shh", "/chains/high-end-chip",
     "/gaps?r=chna", "/gaps?chain=high-end-chip&kind=missing", "/chains/high-end-chips?p=mask-writr"],
)  # fmt: skip
def test_what_may_have_been_meant_is_named_and_there(client: TestClient, path: str) -> None:
    near = re.search(r'<ul class="near pad">(.*?)</ul>', text_of(client, path, 404), re.DOTALL)
    assert near
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a>', near[1])
    assert found
    for address, name in found:
        assert client.get(html.unescape(address)).status_code == 200, address
        assert re.search("[\u4e00-\u9fff]", name), name
    if "?" in path:
        assert all(address.startswith(path.split("?")[0] + "?") for address, _ in found)


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    with TestClient(
        create_app(open_store(f"arcadedb:{tmp_path / 'nothing'}")), raise_server_exceptions=False
    ) as client:
        assert "liantu load" in text_of(client, "/", 503)
        assert client.get("/healthz").json()["error"]["code"] == "nothing-loaded"


def test_a_panorama_is_light(client: TestClient) -> None:
    page = client.get("/chains/high-end-chips", headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    import gzip

    whole = len(gzip.compress(page.content, 5))
    for name in ("style.css", "panorama.css", "panorama.js", "app.js", "offers.js"):
        whole += len(gzip.compress(client.get(f"/static/{name}").content, 5))
    assert whole < 80_000


HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    '" onmouseover="alert(3)',
    "{{ 7 * 7 }}",
    "=cmd|' /C calc'!A0",
)


@pytest.fixture(scope="module")
def hostile_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A small chain whose names are attacks."""
    folder = tmp_path_factory.mktemp("hostile")
    a, b, c, d, formula = HOSTILE
    url = 'https://example.org/?q="><script>alert(5)</script>'
    rows: dict[str, list[dict[str, str]]] = {
        "regions": [
            {"id": "cn", "name_zh": "中国", "level": "economy"},
            {"id": "cn-sh", "name_zh": a, "name_en": b, "level": "province", "parent_id": "cn"},
        ],
        "chains": [{"id": "bad", "name_zh": a, "name_en": b, "final_product_ids": "p1"}],
        "segments": [
            {"id": "s", "chain_id": "bad", "name_zh": c, "name_en": b, "position": "upstream", "order": "1"},
        ],
        "products": [
            {"id": "p1", "name_zh": b, "short_zh": d, "name_en": a, "aliases": c, "kind": "final", "segment_ids": "s"},
            {"id": "p2", "name_zh": c, "name_en": c, "kind": "component", "segment_ids": "s", "description_zh": d},
        ],
        "inputs": [{"product_id": "p1", "input_id": "p2", "necessity": "required", "note": a}],
        "firms": [
            {"id": "f", "name_zh": a, "short_zh": b, "name_en": c, "economy_id": "cn", "hq_region_id": "cn-sh",
             "website": "javascript:alert(4)"},
            {"id": "g", "name_zh": formula, "name_en": formula, "economy_id": "cn", "hq_region_id": "cn-sh"},
        ],
        "supplies": [
            {"firm_id": "f", "product_id": "p2", "capability": "mass-production", "note": b, "source_ids": "x"},
            {"firm_id": "g", "product_id": "p2", "capability": "pilot", "note": formula, "source_ids": "x"},
        ],
        "sources": [{"id": "x", "title": a, "publisher": b, "year": "2020", "url": url, "kind": "news"}],
        "targets": [
            {"id": "t", "clause": a, "indicator_zh": b, "indicator_en": c, "comparator": ">=", "value": "2", "unit": a,
             "year": "2023", "text_zh": c},
        ],
        "observations": [{"target_id": "t", "as_of": "2023", "value": "1", "unit": b, "note": "链" + a}],
        "parks": [{"id": "k", "name_zh": a, "name_en": b, "region_id": "cn-sh", "note": b}],
    }  # fmt: skip
    for name, table in rows.items():
        with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            common = {} if name == "sources" else {"source_ids": "domain-knowledge", "confidence": "low"}
            lines = [common | row for row in table]
            writer = csv.DictWriter(file, list(dict.fromkeys(column for line in lines for column in line)))
            writer.writeheader()
            writer.writerows(lines)
    store = open_store(f"arcadedb:{tmp_path_factory.mktemp('hostile-store')}")
    loaded = load(store, folder)
    assert not loaded.report.of("fatal"), loaded.report
    return store


PATHS = (
    "/",
    "/chains",
    "/chains/bad",
    "/chains/bad?p=p2",
    "/products",
    "/products/p1",
    "/products/p2",
    "/firms/f",
    "/parks/k",
    "/regions/cn-sh",
    "/gaps",
    "/search?q=img",
    "/data",
    "/targets",
    "/explore?q=img",
    "/compare?a=cn-sh&b=k",
    "/compare?what=chains",
    "/queries/products-of-firm?firm=f",
    "/explore?do=product:p1&do=product:p1~out:REQUIRES:product&do=product:p2~in:SUPPLIES:firm&n=firm:f",
    "/warnings",
    "/delta",
    "/disruptions",
    "/disruptions?removed=firm%3Af&versus=product%3Ap2",
    "/disruptions?add=%3Cimg",
    "/cypher?run=1&statement=MATCH (f:Firm) RETURN f.id AS firm_id, f.name_zh AS name",
    "/report?thing=firm:f&at=/firms/f",
    "/explore?q=%3Cimg src=x onerror=alert(1)%3E",
)


def test_hostile_names_are_text(hostile_store: Store) -> None:
    with TestClient(create_app(hostile_store), raise_server_exceptions=False) as client:
        for path in PATHS:
            for language in ("zh", "en"):
                page = text_of(client, with_language(path, language))
                assert "<img src=x" not in page
                assert "<script>alert" not in page
                assert 'onmouseover="alert' not in page
                assert "javascript:alert" not in page
                assert "49" not in re.findall(r"<h1>(.*?)</h1>", page)


def test_hostile_names_are_text_in_a_picture_to_take_away(hostile_store: Store) -> None:
    with TestClient(create_app(hostile_store), raise_server_exceptions=False) as client:
        answer = client.get("/explore.svg?do=product:p1&do=product:p1~out:REQUIRES:product&n=product:p1")
    tree = ET.fromstring(answer.text)
    assert not [e.tag for e in tree.iter() if e.tag.rpartition("}")[2] in ("script", "img", "foreignObject")]
    assert not [name for e in tree.iter() for name in e.attrib if name.startswith("on")]


@pytest.mark.parametrize("which", ["", "&words=zh"])
@pytest.mark.parametrize("path", ["firms", "products/p2/suppliers", "gaps", "warnings", "disruptions?removed=firm:f"])
def test_a_spreadsheet_takes_no_name_for_a_formula(hostile_store: Store, path: str, which: str) -> None:
    with TestClient(create_app(hostile_store)) as client:
        more = "&" if "?" in path else "?"
        text = client.get(f"/api/v1/{path}{more}format=csv{which}").content.decode("utf-8-sig")
        book = client.get(f"/api/v1/{path}{more}format=xlsx{which}").content
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "\t"))]
    rows = load_workbook(io.BytesIO(book)).worksheets[0].iter_rows()
    taken = [cell for row in rows for cell in row if cell.data_type == "f"]
    assert taken == []
    if path in ("firms", "products/p2/suppliers"):
        assert "'" + HOSTILE[-1] in cells


def test_hostile_names_run_nothing_in_a_browser(hostile_store: Store, serve: Any, open_page: Any) -> None:
    address = serve(hostile_store)
    page = open_page()
    for path in PATHS:
        page.goto(address + path)
        assert page.locator("main").is_visible()
        assert (
            page.evaluate(
                "[...document.querySelectorAll('[onerror],[onmouseover],main img,main script:not([type])')].length"
            )
            == 0
        )
    page.goto(f"{address}/chains/bad")
    page.locator("#canvas .tl").first.click()
    page.get_by_role("link", name="产品页").wait_for()

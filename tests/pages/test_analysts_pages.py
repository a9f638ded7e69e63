"""对比, 术语, 查询目录, Cypher: what planners and analysts do there; and what the profiles say of dependence."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from page_text import text_of, words

from api.app import create_app
from api.settings import Settings
from graph.store import Store

OpenPage = Callable[..., Any]


def test_a_planner_compares_two_cities_and_two_chains(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/compare")
    page.get_by_label("乙地").select_option(label="合肥市")
    page.get_by_role("combobox", name=re.compile("^链")).select_option("高端芯片")
    page.get_by_role("button", name="对比").click()
    assert re.match(r"上海能做而合肥市不能的 \d+ 项，反过来 \d+ 项", page.get_by_role("heading", level=1).inner_text())
    assert page.get_by_role("table", name="各链的覆盖与缺口").get_by_role("row").count() == 2
    page.get_by_role("link", name="两条链").click()
    page.get_by_label("乙链").select_option("5g-equipment")
    page.get_by_role("button", name="对比").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("高端芯片：")


def test_an_analyst_asks_a_question_and_takes_the_table(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/queries")
    page.get_by_role("link", name=re.compile("供应商$")).filter(has_text="某产品").first.click()
    page.get_by_label("产品编号").fill("ion-implanter")
    page.get_by_role("button", name="查询").click()
    rows = page.locator("table.answer tbody tr")
    assert rows.count() > 5
    with page.expect_download() as file:
        page.get_by_role("link", name="导出 CSV").click()
    lines = list(csv.DictReader(Path(file.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert [line["firm_id"] for line in lines] == rows.locator("td:first-child").all_inner_texts()
    page.get_by_text("Cypher 原文").click()
    assert "MATCH" in page.locator("pre.code").inner_text()
    page.get_by_label("最多行数").fill("many")
    page.get_by_role("button", name="查询").click()
    assert "limit" in page.get_by_role("alert").inner_text()


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_an_analyst_writes_cypher(address: str, open_page: OpenPage, java_script_enabled: bool) -> None:
    page = open_page(java_script_enabled=java_script_enabled)
    page.goto(f"{address}/cypher")
    page.get_by_label("语句").fill("MATCH (f:Firm {id: 'smic'})\nRETURN f.id AS firm_id, f.name_zh AS name")
    page.get_by_role("button", name="运行").click()
    page.get_by_role("cell", name="中芯国际集成电路制造有限公司").wait_for()
    assert "statement=MATCH" in page.url
    page.get_by_role("link", name="smic", exact=True).click()
    assert page.url.endswith("/firms/smic")


def test_the_console_only_reads_and_says_where_it_fails(client: TestClient) -> None:
    for statement in (
        "MATCH (n) DETACH DELETE n",
        "CREATE (n:Firm)",
        "LOAD CSV FROM 'file:///etc/passwd' AS l RETURN l",
    ):
        page = text_of(client, f"/cypher?run=1&statement={statement}")
        assert 'role="alert"' in page
        assert "table class" not in page
    page = html.unescape(text_of(client, "/cypher?run=1&statement=MATCH (f:Firm) RETRN f"))
    assert re.search(r"line 1.*column 15|column 15", page)
    assert 'role="alert"' not in text_of(client, "/cypher?statement=MATCH (f:Firm) RETRN f")


def test_the_console_is_closed_where_users_may_send_no_cypher(arcadedb_store: Store) -> None:
    with TestClient(create_app(arcadedb_store, Settings(cypher="off"))) as closed:
        page = text_of(closed, "/cypher?run=1&statement=MATCH (f:Firm) RETURN f.id AS firm_id LIMIT 1")
    assert "LIANTU_CYPHER=off" in page
    assert "/firms/" not in page.split("<main")[1]


def test_every_term_that_is_linked_is_explained(client: TestClient) -> None:
    glossary = text_of(client, "/glossary")
    known = set(re.findall(r'<div id="([a-z-]+)">', glossary))
    linked = set()
    paths = (
        "/", "/chains/high-end-chips", "/products/ion-implanter", "/gaps", "/disruptions?removed=economy:us", "/delta",
        "/firms/asml", "/parks/lingang", "/warnings", "/targets", "/compare",
    )  # fmt: skip
    for path in paths:
        found = set(re.findall(r'/glossary#([a-z-]+)"', text_of(client, path)))
        assert found, path
        linked |= found
    assert len(linked) >= 18
    assert linked <= known
    english = text_of(client, "/glossary?lang=en")
    assert set(re.findall(r'<div id="([a-z-]+)">', english)) == known


def test_profiles_say_what_depends_on_a_thing(client: TestClient) -> None:
    found = client.post("/api/v1/disruptions", json={"removed": ["firm:asml"]}).json()
    page = words(text_of(client, "/firms/asml"))
    fewer = sum(level > 0 for level in found["levels"].values())
    assert f"停产 {len(found['blocked'])} 项产品，其中终端 {len(found['finals_hit'])} 个；另有 {fewer} 项减产" in page
    named = client.get("/api/v1/products/ion-implanter/candidates?region=shanghai").json()
    product = words(text_of(client, "/products/ion-implanter"))
    assert named["items"][0]["reason_zh"] in product
    assert f"{named['total']} 家，由近及远" in product

"""断链推演: a planner takes something away, sees what stops and why, and passes it on."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from page_text import text_of, words

OpenPage = Callable[..., Any]


def test_the_page_says_what_the_api_says(client: TestClient) -> None:
    answer = client.get("/api/v1/disruptions?removed=economy:jp").json()
    page = text_of(client, "/disruptions?removed=economy%3Ajp")
    heading = words(page.split("<h1>")[2].split("</h1>")[0])
    assert (
        heading
        == f"日本断供：{len(answer['blocked'])} 项产品停产，其中终端 {len(answer['finals_hit'])}/{answer['finals']} 个"
    )
    listed = page.split("全部受影响的产品")[1]
    assert re.findall(r'<tr><td><a href="/products/([^"?]+)"', listed)[: len(answer["blocked"])] == [
        item["product_id"] for item in answer["blocked"]
    ]
    read = words(page)
    assert f"{len(answer['rows_gone'])} 条供应失去" in read
    assert "5G网络运营 ← 5G移动网络" in read


def test_an_address_is_made_canonical(client: TestClient) -> None:
    right = "/disruptions?removed=economy%3Ajp&removed=economy%3Aus"
    for given in (
        "removed=us&removed=jp",
        "removed=economy:us%20economy:jp",
        "removed=economy:jp&add=economy:us",
        "removed=economy:jp&add=美国",
        "versus=us&versus=jp",
    ):
        response = client.get(f"/disruptions?{given}")
        assert response.status_code == 303
        assert response.headers["location"] == right
    assert client.get(right).status_code == 200


def test_bad_elements_get_a_way_on(client: TestClient) -> None:
    page = text_of(client, "/disruptions?removed=firm%3Aasmll", 404)
    near = re.search(r'<ul class="near pad">(.*?)</ul>', page, re.DOTALL)
    assert near
    assert "removed=firm%3Aasml" in near[1]
    text_of(client, "/disruptions?removed=nothing%3Ax", 422)
    text_of(client, "/disruptions?removed=economy%3Ajp&floor=high", 422)
    assert "没有找到" in words(text_of(client, "/disruptions?add=zzzzqqq"))


def test_the_first_view_is_light(client: TestClient) -> None:
    page = client.get("/disruptions?removed=economy%3Ajp")
    whole = len(gzip.compress(page.content, 5))
    for name in ("style.css", "profile.css", "scenes.css", "whatif.js", "app.js", "offers.js"):
        whole += len(gzip.compress(client.get(f"/static/{name}").content, 5))
    assert whole < 80_000


def test_a_planner_simulates_shares_and_takes_away(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/products/mask-writer")
    page.get_by_role("link", name="断链推演").first.click()
    page.get_by_role("combobox", name="加一项").press_sequentially("riben")
    page.get_by_role("option", name=re.compile("^日本")).first.click()
    page.get_by_role("heading", level=1, name=re.compile("^日本断供：")).wait_for()
    assert page.url.endswith("/disruptions?removed=economy%3Ajp")
    picture = page.get_by_role("group", name="传导过程")
    assert picture.get_by_role("link").count() > 20
    heading = page.get_by_role("heading", level=1).inner_text()
    with page.expect_download() as file:
        page.get_by_role("link", name="导出 CSV").click()
    lines = list(csv.DictReader(Path(file.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert sum(line["停产"] == "是" for line in lines) == int(re.findall(r"\d+", heading)[0])
    page.get_by_text("列出", exact=True).click()
    shown = page.locator(".panel", has=page.get_by_role("heading", name="全部受影响的产品")).locator("tbody tr")
    assert shown.count() == len(lines)

    other = open_page()
    other.goto(page.url)
    assert other.get_by_role("heading", level=1).inner_text() == heading
    other.get_by_label("加到").select_option("对比情景")
    other.get_by_role("combobox", name="加一项").fill("荷兰")
    other.get_by_role("button", name="加入").click()
    beside = other.locator(".panel", has=other.get_by_role("heading", name="两个情景"))
    assert beside.get_by_role("row", name=re.compile("^停产产品")).inner_text().split()[1:] == ["36", "6"]
    other.get_by_role("link", name="换过来看").click()
    other.get_by_role("heading", level=1, name=re.compile("^荷兰断供：")).wait_for()
    other.get_by_role("link", name="去掉 日本").click()
    assert "versus" not in other.url


def test_from_a_firm_without_javascript(address: str, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{address}/firms/asml")
    page.get_by_role("link", name="移除它，推演断链").click()
    page.get_by_role("heading", level=1, name=re.compile("阿斯麦|ASML")).wait_for()
    page.get_by_label("加一项").fill("光刻胶")
    page.get_by_role("button", name="加入").click()
    page.get_by_text("是指").wait_for()
    page.locator(".line", has_text="是指").get_by_role("link").first.click()
    assert page.url.count("removed=") == 2


def test_a_ready_made_event_by_keyboard(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/disruptions")
    page.get_by_role("link", name="中国对钨、碲、铋、钼、铟相关物项实施出口管制").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="谁能替代").wait_for()
    assert "removed=event%3Atungsten-controls-2025" in page.url


def test_the_answer_on_paper(address: str, open_page: OpenPage) -> None:
    page = open_page(1032, 720)
    page.goto(f"{address}/disruptions?removed=economy%3Ajp")
    page.emulate_media(media="print")
    assert page.locator(".print-head h1").is_visible()
    assert not page.locator(".pick").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1032


def test_what_stops_at_once_leads_to_its_scenario(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/products/c919-aircraft")
    cuts = page.locator(".panel", has=page.get_by_role("heading", name="哪些一断就停"))
    assert "断一个就停" in cuts.inner_text()
    cuts.get_by_role("link", name="美国", exact=True).click()
    page.get_by_role("heading", level=1, name=re.compile("^美国断供：")).wait_for()
    assert "C919" in page.get_by_role("group", name="传导过程").text_content()
    page.goto(f"{address}/disruptions")
    row = page.get_by_role("table", name=re.compile("终端的单点")).get_by_role("row").filter(has_text="C919")
    assert row.get_by_role("link", name="美国").count() == 1

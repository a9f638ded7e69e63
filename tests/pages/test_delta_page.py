"""长三角布局: from a gap of Shanghai to who is near, from a city to its links, the co-operations to take away."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from page_text import text_of, words

OpenPage = Callable[..., Any]


def test_gaps_are_those_of_the_gap_list(client: TestClient) -> None:
    query = "region=shanghai&kind=chokepoint&kind=missing&limit=1000"
    rows = client.get(f"/api/v1/gaps?{query}").json()["items"]
    page = words(text_of(client, "/delta"))
    assert f"上海 {len(rows)} 项缺口" in page
    backed = re.search(r"长三角能补 (\d+) 项", page)
    assert backed
    assert 0 < int(backed[1]) <= sum(row["suppliers"]["delta"]["full"] > 0 for row in rows)


def test_cities_have_the_firms_of_the_api(client: TestClient) -> None:
    page = text_of(client, "/delta")
    for city in ("cn-js-suzhou", "cn-zj-hangzhou", "cn-sh"):
        total = client.get(f"/api/v1/firms?region={city}&limit=1").json()["total"]
        label = re.search(rf'href="/delta\?city={city}"[^>]*aria-label="([^"]+)"', page)
        assert label
        assert f"企业 {total} 家" in label[1]


def test_links_lead_somewhere(client: TestClient) -> None:
    for path in ("/delta", "/delta?city=cn-js-suzhou&size=gaps"):
        links = sorted({html.unescape(link) for link in re.findall(r'href="(/[^"]*)"', text_of(client, path))})
        assert len(links) > 100
        for link in links[::12]:
            assert client.get(link.split("#")[0]).status_code == 200, link


def test_bad_addresses_get_a_way_on(client: TestClient) -> None:
    assert "苏州" in text_of(client, "/delta?city=cn-js-suzhu", 404)
    text_of(client, "/delta?chain=nothing", 404)
    text_of(client, "/delta?size=colour", 422)
    assert "没有" in words(text_of(client, "/delta?chain=beidou-navigation&kind=co-built-park"))


def test_a_planner_goes_from_a_gap_to_a_city_and_takes_the_list(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(address)
    page.get_by_role("link", name="长三角布局").first.click()
    page.get_by_role("combobox", name="链").select_option("高端芯片")
    page.get_by_role("button", name="筛选").click()
    row = page.get_by_role("table", name="上海缺、长三角能补").get_by_role("row").filter(has_text="江丰电子").first
    row.get_by_role("link", name="看地图").click()
    lit = page.locator("svg.map .pt.on")
    assert lit.count() >= 1
    assert "宁波" in " ".join(lit.all_text_contents())
    page.locator("svg.map a[aria-label^=苏州：] circle").click()
    page.get_by_role("heading", name="苏州", exact=True).wait_for()
    assert "city=cn-js-suzhou" in page.url
    with page.expect_download() as file:
        page.get_by_role("link", name="导出 CSV").click()
    lines = list(csv.DictReader(Path(file.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    shown = page.locator(".panel", has=page.get_by_role("heading", name="合作清单")).locator("tbody tr")
    assert shown.count() == max(len(lines), 1)
    page.get_by_role("link", name="还原地图").click()
    assert "city=" not in page.url


def test_a_segmented_control_is_one_stop_of_tab(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/delta")
    control = page.get_by_role("navigation", name="连线")
    assert control.evaluate("nav => [...nav.querySelectorAll('a')].filter(a => a.tabIndex === 0).length") == 1
    control.get_by_role("link", name="全部连线").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**show=supply")
    assert page.locator(".links .cooperation").count() == 0
    assert page.locator(".links .supply").count() > 3


def test_cities_and_lists_without_javascript(address: str, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{address}/delta")
    page.get_by_role("table", name="各城市").get_by_role("link", name="无锡").click()
    page.get_by_role("heading", name="无锡", exact=True).wait_for()
    page.get_by_role("link", name="移除，推演").click()
    page.get_by_role("heading", level=1, name=re.compile("无锡市断供")).wait_for()


def test_the_map_on_paper(address: str, open_page: OpenPage) -> None:
    page = open_page(1032, 720)
    page.goto(f"{address}/delta")
    page.emulate_media(media="print")
    assert page.locator(".print-head h1").is_visible()
    assert page.locator("svg.map").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1032

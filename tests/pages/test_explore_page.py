"""图谱探索: a planner walks through the graph, shares what is seen, and takes it away; with and without JavaScript."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from page_text import text_of, words

OpenPage = Callable[..., Any]
START = "/explore?do=product:ion-implanter&n=product:ion-implanter"
KEYS = "[...document.querySelectorAll('#graph .node')].map(n => n.dataset.key)"
PLACES = """Object.fromEntries([...document.querySelectorAll('#graph .node')].map(n => {
  const b = n.querySelector('.body').getBoundingClientRect();
  return [n.dataset.key, [Math.round(b.x), Math.round(b.y)]] }))"""


def counts(page: Any) -> int:
    return int(re.findall(r"(\d+) 个点", page.locator(".cbar").inner_text())[0])


def test_a_walk_from_search_to_a_shared_address(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/explore")
    page.get_by_label("加入一个点").get_by_role("searchbox").fill("lzzrj")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("list", name="查找结果").get_by_role("link", name="离子注入机").click()
    page.get_by_role("heading", name="离子注入机").wait_for()
    before = counts(page)
    assert before == page.locator("#graph .node").count()
    page.get_by_role("link", name=re.compile("^收起 谁用它")).click()
    page.get_by_role("link", name=re.compile("^展开 谁用它")).wait_for()
    assert counts(page) < before
    page.keyboard.press("Control+z")
    page.get_by_role("link", name=re.compile("^收起 谁用它")).wait_for()
    assert counts(page) == before
    page.keyboard.press("Control+y")
    page.get_by_role("link", name=re.compile("^展开 谁用它")).wait_for()
    page.get_by_role("link", name=re.compile("企业 北方华创")).click()
    page.get_by_role("heading", name=re.compile("北方华创")).wait_for()
    page.get_by_role("link", name=re.compile("^展开 供应的产品")).click()
    page.get_by_role("link", name=re.compile("^再展开 供应的产品")).wait_for()
    seen = page.evaluate(KEYS)
    other = open_page()
    other.goto(page.url)
    assert other.evaluate(KEYS) == seen
    assert len(page.url) < 1200


def test_tiles_stay_where_they_are_on_the_screen(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(address + START + "&do=product:ion-implanter~in:SUPPLIES:firm")
    before = page.evaluate(PLACES)
    page.get_by_role("link", name=re.compile("^展开 制造它需要")).click()
    page.get_by_role("link", name=re.compile("^收起 制造它需要")).wait_for()
    after = page.evaluate(PLACES)
    moved = {key: (after[key][0] - x, after[key][1] - y) for key, (x, y) in before.items()}
    assert len(after) > len(before)
    assert len(set(moved.values())) == 1


def test_the_way_between_two_and_pins(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(address + START + "&do=product:fuel-cell-stack")
    page.get_by_label("到哪里的路径").select_option("product:fuel-cell-stack")
    page.get_by_role("button", name="画出").click()
    page.locator("#graph .node").nth(2).wait_for()
    assert page.locator("#graph path").count() >= page.locator("#graph .node").count() - 1
    page.get_by_role("link", name="固定", exact=True).click()
    page.get_by_role("link", name="取消固定").wait_for()
    assert page.locator("#graph .pin").count() == 1
    page.get_by_role("link", name="从图中拿掉").click()
    page.locator('#graph [data-key="product:ion-implanter"]').wait_for(state="detached")


def test_arrows_walk_over_the_picture_which_is_one_tab_stop(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(address + START + "&do=product:ion-implanter~in:SUPPLIES:firm")
    assert page.locator("#graph .node[tabindex='0']").count() == 1
    page.locator("#graph .node.me").focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.key").startswith("firm:")
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.activeElement.dataset.key")
    page.keyboard.press("Enter")
    page.locator(f'#graph .node.me[data-key="{second}"]').wait_for()
    page.keyboard.press("Escape")
    page.locator("#graph .node.me").wait_for(state="detached")


def test_pictures_to_take_away(address: str, client: TestClient, open_page: OpenPage) -> None:
    path = START + "&do=product:ion-implanter~in:SUPPLIES:firm"
    page = open_page()
    page.goto(address + path)
    page.get_by_text("带走").click()
    with page.expect_download() as file:
        page.get_by_role("link", name="SVG 图").click()
    tree = ET.parse(file.value.path()).getroot()
    texts = {text.text for text in tree.iter("{http://www.w3.org/2000/svg}text")}
    assert {"离子注入机", "北方华创"} <= texts
    with page.expect_download() as file:
        page.get_by_role("link", name="PNG 图").click()
    data = Path(file.value.path()).read_bytes()
    assert data.startswith(b"\x89PNG")
    assert int.from_bytes(data[16:20], "big") == 2 * int(tree.attrib["width"])
    assert "style=" not in client.get(path.replace("/explore?", "/explore.svg?")).text


def test_it_works_without_javascript(address: str, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(address + START)
    page.get_by_role("link", name=re.compile("^展开 谁在做")).click()
    assert page.locator("#graph .node").count() > 5
    page.get_by_role("link", name=re.compile("企业 北方华创")).click()
    assert page.get_by_role("heading", level=2).inner_text().startswith("北方华创")
    page.get_by_role("link", name="撤销").click()
    assert page.locator("#graph .node").count() == 1
    page.get_by_role("link", name="重做").click()
    assert page.locator("#graph .node").count() > 5


def test_list_and_picture_agree_and_the_cap_is_told(client: TestClient) -> None:
    many = "/explore?do=region:cn&do=region:cn~in:OF_ECONOMY:firm@290&do=region:us&do=region:us~in:OF_ECONOMY:firm@290"
    page = text_of(client, many)
    assert page.count('class="node') == 300
    assert "图上最多 300 个点" in words(page)
    assert sum(map(int, re.findall(r"<summary>(?:地区|企业) <span class=\"mute\">(\d+)", page))) == 300


def test_wrong_addresses_are_told(client: TestClient) -> None:
    text_of(client, "/explore?do=nonsense", 422)
    text_of(client, "/explore?do=product:nothing-of-the-kind", 404)
    text_of(client, "/explore?z=3", 422)
    text_of(client, "/explore?at=7")

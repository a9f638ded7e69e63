"""What a planner does, in a real browser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

OpenPage = Callable[..., Any]
LIANTU = Path(sys.executable).with_name("liantu")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, free_port: Callable[[], int]) -> Iterator[str]:
    """The program as the README starts it: load, then serve, each a process of its own."""
    port = free_port()
    environment = os.environ | {
        "LIANTU_STORE": f"arcadedb:{tmp_path_factory.mktemp('started') / 'store'}",
        "LIANTU_PORT": str(port),
    }
    subprocess.run([str(LIANTU), "load"], env=environment, check=True, capture_output=True, timeout=120)
    server = subprocess.Popen([str(LIANTU), "serve"], env=environment, stderr=subprocess.PIPE)
    address = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1)
            break
        except OSError:
            assert server.poll() is None
            time.sleep(0.05)
    yield address
    server.terminate()
    server.communicate(timeout=20)


def test_from_the_first_page_to_the_suppliers_of_a_product(started: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(started)
    page.get_by_role("link", name="高端芯片").first.click()
    counted = page.locator(".cbar").get_by_text(re.compile(r"\d+ 项产品 · \d+ 个环节")).inner_text()
    assert int(counted.split()[0]) >= 150
    page.get_by_role("link", name=re.compile("^电子束掩模直写机")).first.click()
    drawer = page.get_by_role("complementary", name="清单与详情")
    drawer.get_by_role("heading", name=re.compile("电子束掩模直写机")).wait_for()
    suppliers = drawer.get_by_role("list", name="供应商").get_by_role("listitem")
    assert suppliers.count() == 3
    assert "纽富来" in " ".join(suppliers.all_inner_texts())
    assert "p=mask-writer" in page.url
    drawer.get_by_role("link", name="产品页").click()
    assert page.get_by_role("table", name="谁在做").get_by_role("row").count() == 4
    page.get_by_role("link", name="纽富来").first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("纽富来")


def test_the_panorama_by_keyboard_and_in_place(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/chains/high-end-chips")
    page.evaluate("window.same = true")
    first = page.locator("#canvas .tl").first
    first.focus()
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.activeElement.dataset.id")
    assert second != first.get_attribute("data-id")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('.col').dataset.col") == "1"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.dataset.id") == second
    page.keyboard.press("Enter")
    page.locator(f'#canvas .tl.me[data-id="{second}"]').wait_for()
    assert f"p={second}" in page.url
    assert page.locator("svg.lk path").count() > 3
    page.keyboard.press("]")
    assert page.evaluate("document.activeElement.dataset.id") != second
    page.keyboard.press("Escape")
    page.locator("#canvas .tl.me").wait_for(state="detached")
    assert "p=" not in page.url
    page.go_back()
    page.locator("#canvas .tl.me").wait_for()
    assert page.evaluate("window.same") is True


def test_tiles_do_not_move_when_the_radius_changes(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/chains/fuel-cell-vehicles")
    places = "[...document.querySelectorAll('#canvas .tl')].map(t => [t.dataset.id, t.offsetTop, t.offsetLeft].join())"
    before = page.evaluate(places)
    page.get_by_role("navigation", name="圈层").get_by_role("link", name="全国").click()
    page.locator("nav[aria-label=圈层] a[aria-current]", has_text="全国").wait_for()
    assert page.evaluate(places) == before


def test_links_run_between_the_tiles(address: str, open_page: OpenPage) -> None:
    """No straight part of a drawn link crosses a name."""
    page = open_page()
    page.goto(f"{address}/chains/high-end-chips?p=mask-writer")
    page.locator("svg.lk path").first.wait_for(state="attached")
    crossed = page.evaluate(
        """() => {
          const box = document.getElementById('canvas').getBoundingClientRect();
          const shown = [...document.querySelectorAll('#canvas .tl .nm')].filter(n => n.offsetParent);
          const names = shown.map(n => n.getBoundingClientRect());
          let hits = 0;
          for (const path of document.querySelectorAll('svg.lk path')) {
            for (let at = 0, all = path.getTotalLength(); at < all; at += 4) {
              const p = path.getPointAtLength(at), x = p.x + box.left, y = p.y + box.top;
              if (names.some(n => x > n.left + 1 && x < n.right - 1 && y > n.top + 3 && y < n.bottom - 3)) hits++;
            }
          }
          return hits;
        }"""
    )
    assert crossed == 0


def test_filters_of_the_gap_list(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{address}/gaps")
    page.get_by_role("combobox", name="链").select_option("高端芯片")
    page.get_by_role("combobox", name="圈层").select_option("全国")
    page.get_by_label("固链").uncheck()
    page.get_by_label("补链").uncheck()
    page.get_by_role("button", name="筛选").click()
    assert page.get_by_role("heading", level=1).inner_text() == "缺口清单 · 高端芯片"
    rows = page.locator("tr.r")
    assert 0 < rows.count() <= 60
    assert set(page.locator("tr.r .seal").all_inner_texts()) == {"卡脖子"}
    page.locator("tr.x summary").first.click()
    assert page.get_by_text("得分怎么来").first.is_visible()
    with page.expect_download() as file:
        page.get_by_role("link", name="导出 CSV").click()
    lines = Path(file.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == rows.count() + 1


def test_the_gap_list_on_paper(address: str, open_page: OpenPage) -> None:
    page = open_page(1032, 720)
    page.goto(f"{address}/gaps?chain=high-end-chips&whole=1")
    rows = page.locator("tr.r").count()
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, print_background=True)))
    assert rows / 14 <= sheets <= rows / 9
    page.emulate_media(media="print")
    assert page.locator(".print-head h1").inner_text() == "缺口清单 · 高端芯片（上海圈层）"
    assert page.locator(".print-head .legend").is_visible()
    assert page.locator("tr.x summary").first.is_visible()
    assert not page.locator(".mast").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1032


def test_a_phone_folds_all_but_six(address: str, open_page: OpenPage) -> None:
    page = open_page(390, 844)
    page.goto(f"{address}/chains/high-end-chips")
    materials = page.locator("section.sg", has_text="晶圆制造材料")
    assert materials.locator(".tl:visible").count() == 6
    materials.locator("summary").click()
    assert materials.locator(".tl:visible").count() == 28


@pytest.mark.parametrize("path", ["/", "/products/ion-implanter", "/warnings", "/compare"])
def test_a_phone_shows_which_page_one_is_on(address: str, open_page: OpenPage, path: str) -> None:
    page = open_page(390, 844)
    page.goto(address + path)
    box = page.locator(".mnav [aria-current]").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390


@pytest.mark.parametrize("path", ["/gaps", "/delta", "/compare", "/firms"])
def test_a_phone_shows_the_button_of_a_row_of_filters(address: str, open_page: OpenPage, path: str) -> None:
    page = open_page(390, 844)
    page.goto(address + path)
    box = page.locator(".filters button.btn").first.bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_the_search_box_takes_initials(address: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(address)
    page.keyboard.press("/")
    page.keyboard.type("lzzrj")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="离子注入机").first.click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("离子注入机")


PAGES = (
    "/", "/chains", "/chains/high-end-chips", "/chains/civil-aircraft?p=c919-aircraft", "/gaps", "/products",
    "/products/saw-filter", "/firms", "/firms/smic", "/parks", "/parks/zhangjiang", "/regions/cn-sh",
    "/search?q=gkj", "/data", "/explore",
    "/explore?n=product:ion-implanter&do=product:ion-implanter&do=product:ion-implanter~in:SUPPLIES:firm", "/targets",
    "/warnings", "/delta", "/delta?city=cn-sh", "/disruptions",
    "/disruptions?removed=economy%3Ajp&versus=economy%3Aus",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_nothing_overflows_a_phone(address: str, open_page: OpenPage, path: str) -> None:
    page = open_page(390, 844)
    for language in ("", "&lang=en" if "?" in path else "?lang=en"):
        page.goto(address + path + language)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_all_of_it_works_without_javascript(address: str, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{address}/chains/high-end-chips")
    page.locator("#canvas .tl", has_text="掩模直写机").click()
    page.get_by_role("heading", name=re.compile("电子束掩模直写机")).wait_for()
    page.get_by_role("link", name="返回清单").click()
    page.get_by_role("heading", name="清单").wait_for()


def test_every_page_on_paper(address: str, open_page: OpenPage) -> None:
    page = open_page(1032, 720)
    for path in (*PAGES, "/chains/civil-aircraft", "/compare", "/glossary"):
        page.goto(address + path)
        sheets = page.pdf(prefer_css_page_size=True, print_background=True)
        assert set(re.findall(rb"/MediaBox \[([^\]]*)\]", sheets)) == {b"0 0 841.91998 594.95996"}, path  # A4 landscape
        page.emulate_media(media="print")
        for chrome in (".mast", ".mnav", ".foot", ".filters", "form", ".seg", ".cbar", ".btn", "button"):
            assert page.locator(chrome).locator("visible=true").count() == 0, (path, chrome)
        assert page.get_by_role("heading", level=1).locator("visible=true").count() == 1, path
        assert page.evaluate("document.documentElement.scrollWidth") <= 1032, path
        assert re.search(r"事实库版次 [0-9a-f]{12}\s*· \d{4}/\d+/\d+$", page.locator(".colophon").inner_text()), path
        page.emulate_media(media="null")


def test_a_panorama_is_one_sheet_of_paper(address: str, open_page: OpenPage) -> None:
    page = open_page(1032, 720)
    page.goto(f"{address}/chains/high-end-chips")
    sheets = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
    page.emulate_media(media="print")
    last = page.locator("#canvas .col").last.bounding_box()
    assert last["x"] + last["width"] <= 1032

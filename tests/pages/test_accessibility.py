"""Who does not see colours, uses no mouse, or listens: every page by axe-core, and what axe cannot see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_text import with_language

OpenPage = Callable[..., Any]
EXPLORED = (
    "/explore?n=product:ion-implanter&do=product:ion-implanter&do=product:ion-implanter~in:SUPPLIES:firm"
    "&do=product:ion-implanter~out:REQUIRES:product"
)
PAGES = (
    "/", "/chains", "/chains/high-end-chips", "/chains/civil-aircraft?p=c919-aircraft", "/gaps", "/targets", "/explore",
    EXPLORED, "/compare", "/compare?what=chains", "/products", "/products/ion-implanter", "/firms", "/firms/smic",
    "/parks", "/parks/zhangjiang", "/regions/cn-sh", "/search?q=gkj", "/queries", "/queries/suppliers-of-product",
    "/cypher?run=1&statement=MATCH (f:Firm) RETURN f.id AS firm_id LIMIT 3", "/glossary", "/data",
    "/products/nothing", "/disruptions", "/disruptions?removed=economy:us&versus=economy:jp",
    "/delta?city=cn-js-suzhou", "/warnings", "/report?thing=product:ion-implanter&at=/products/ion-implanter",
)  # fmt: skip
SEEN = ((1440, 900, "zh"), (390, 844, "en"))  # both sizes and both languages; four of each page would take too long


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(address: str, browser: Any, path: str) -> None:
    found = []
    for width, height, language in SEEN:
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        page.goto(address + with_language(path, language))
        options = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]}
        for violation in Axe().run(page, options=options).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                nodes = [node["html"][:160] for node in violation["nodes"][:3]]
                found.append((width, language, violation["id"], violation["help"], nodes))
        context.close()
    assert found == []


@pytest.mark.parametrize(("path", "most"), [("/chains/high-end-chips", 36), (EXPLORED, 30)])
def test_the_skip_link_leads_past_the_masthead_to_one_stop_for_the_picture(
    address: str, open_page: OpenPage, path: str, most: int
) -> None:
    """From the skip link few presses of Tab lead to the first tile, and the next one leaves the picture."""
    page = open_page()
    page.goto(address + path)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    inside = "!!document.activeElement.closest('#canvas, #graph')"
    presses = 0
    while not page.evaluate(inside):
        page.keyboard.press("Tab")
        presses += 1
        assert presses < most
    shown = "(s => s.outlineStyle !== 'none' || s.strokeWidth !== '1px')(getComputedStyle(%s))"
    element = "document.activeElement.querySelector('.body') ?? document.activeElement"
    assert page.evaluate(shown % element)


def test_nothing_moves_for_those_who_asked_for_stillness(address: str, open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto(f"{address}/chains/high-end-chips")
    assert page.evaluate(
        "[...document.querySelectorAll('*')].every(e => ['0s', ''].includes(getComputedStyle(e).transitionDuration))"
    )

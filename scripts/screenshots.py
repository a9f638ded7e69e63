"""Make the pictures of the README and the guide from a running server: `python scripts/screenshots.py [ADDRESS]`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "guide"
PICTURES = {
    "overview": "/",
    "panorama": "/chains/high-end-chips?r=china&p=mask-writer",
    "gaps": "/gaps?chain=high-end-chips",
    "product": "/products/saw-filter",
}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


def main(address: str) -> None:
    """Open each page at 1440×900 and keep what it looks like."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        for name, where in PICTURES.items():
            page.goto(address + where)
            page.wait_for_timeout(300)
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")

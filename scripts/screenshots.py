"""Make the pictures of the README and the guide from a running server: `python scripts/screenshots.py [ADDRESS]`."""

from __future__ import annotations

import base64
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "guide" / "pictures"
PICTURES = {
    "overview": "/",
    "panorama": "/chains/high-end-chips?r=china&p=mask-writer",
    "gaps": "/gaps?chain=high-end-chips",
    "product": "/products/ion-implanter",
    "what-if": "/disruptions?removed=economy:us",
    "delta": "/delta",
    "warnings": "/warnings",
    "targets": "/targets",
    "explore": "/explore?n=product:ion-implanter&do=product:ion-implanter&do=product:ion-implanter~in:SUPPLIES:firm",
    "compare": "/compare",
}
"""What each picture shows; it is kept as WebP under its name."""
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
_QUALITY = 70


def main(address: str) -> None:
    """Open each page at 1440×900 and keep what it looks like."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        camera = page.context.new_cdp_session(page)  # playwright itself writes no WebP
        for name, where in PICTURES.items():
            page.goto(address + where, wait_until="networkidle")
            picture = camera.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
            (FOLDER / f"{name}.webp").write_bytes(base64.b64decode(picture["data"]))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")

"""Measure what a planner feels: the first view of each page, and dragging an exploration of 300 nodes.

`python benchmarks/pages.py` loads the shipped facts into a store of its own, serves them and opens them in Chromium,
each view with an empty cache; the median of several views is told with the greatest.
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

LIANTU = str(Path(sys.executable).with_name("liantu"))
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
VIEWS = 7
FIRST_VIEWS = (
    "/chains/high-end-chips", "/chains/high-end-chips?p=mask-writer&r=china", "/", "/gaps", "/products/ion-implanter",
    "/disruptions", "/disruptions?removed=economy:us", "/delta", "/firms/naura", "/parks/lingang", "/regions/cn-sh",
    "/warnings", "/targets", "/explore?do=product:ion-implanter&n=product:ion-implanter", "/compare",
    "/compare?what=chains", "/chains", "/products", "/firms", "/parks", "/search?q=guangke", "/glossary", "/data",
    "/report", "/queries", "/queries/suppliers-of-product?product=photoresist-arf", "/cypher",
)  # fmt: skip
MANY = (
    "/explore?do=region:cn&do=region:cn~in:OF_ECONOMY:firm@150&do=firm:naura~out:SUPPLIES:product@60"
    + "".join(
        f"&do=product:ion-implanter&do=product:ion-implanter~{sort}@60"
        for sort in ("in:SUPPLIES:firm", "out:REQUIRES:product", "in:REQUIRES:product")
    )
    + "&do=chain:high-end-chips&do=chain:high-end-chips~in:FOCUSES_ON:park@60&do=region:us"
    + ("&do=region:us~in:OF_ECONOMY:firm@150")
)
WATCH = """
window.seen = {shift: 0, long: []};
new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) seen.shift += e.value })
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries()) seen.long.push([e.startTime, e.duration]) })
  .observe({type: 'longtask', buffered: true});
"""
TIMES = """() => {
  const n = performance.getEntriesByType('navigation')[0];
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  return {paint: paint ? paint.startTime : n.loadEventEnd, loaded: n.loadEventEnd, shift: seen.shift,
          long: Math.max(0, ...seen.long.filter(([at]) => at > n.loadEventEnd).map(([, ms]) => ms))};
}"""
FRAMES = "window.frames_ = []; (function f(t) { frames_.push(t); requestAnimationFrame(f) })(performance.now())"


@contextmanager
def served() -> Iterator[str]:
    """A server of its own with the shipped facts, warm."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
        found.close()
        environment = os.environ | {"LIANTU_STORE": f"arcadedb:{folder}/store", "LIANTU_PORT": str(port)}
        subprocess.run([LIANTU, "load"], env=environment, check=True, capture_output=True)
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        server = subprocess.Popen([LIANTU, "serve"], env=environment, **quiet)
        address = f"http://127.0.0.1:{port}"
        try:
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"{address}/healthz", timeout=1)
                    break
                except OSError:
                    time.sleep(0.1)
            for path in (*FIRST_VIEWS, MANY):
                urllib.request.urlopen(address + path, timeout=60).read()
            yield address
        finally:
            server.terminate()
            server.wait(20)


def view(browser: Browser, address: str) -> dict[str, float]:
    """One first view with an empty cache: ms to first paint and load, kilobytes, shift, the longest task after it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    kinds: dict[str, str] = {}
    received: list[float] = []
    wire.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))

    def finished(event: dict[str, Any]) -> None:
        if kinds.get(event["requestId"]) != "Image":
            received.append(event["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1500)
    times: dict[str, float] = page.evaluate(TIMES)
    context.close()
    return times | {"kb": sum(received) / 1000}


def drag(browser: Browser, address: str) -> tuple[int, float, float]:
    """Drag the picture to and fro: its nodes, frames a second, and the longest frame in milliseconds."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(address)
    page.wait_for_timeout(800)
    nodes = page.locator("#graph .node").count()
    page.mouse.move(600, 500)
    page.mouse.down()
    page.evaluate(FRAMES)
    for step in range(240):
        way = step % 80 if step % 160 < 80 else 80 - step % 80
        page.mouse.move(600 - 4 * way, 500 - 4 * way)
    page.mouse.up()
    frames: list[float] = page.evaluate("frames_")
    page.close()
    gaps = [after - before for before, after in pairwise(frames)]
    return nodes, 1000 * len(gaps) / (frames[-1] - frames[0]), max(gaps)


def main() -> None:
    """Print a line for each page."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        print(f"{'page':46} {'paint ms':>9} {'load ms':>9} {'worst':>7} {'KB':>6} {'shift':>6} {'task ms':>8}")
        for where in FIRST_VIEWS:
            found = [view(browser, address + where) for _ in range(VIEWS)]
            paint, loaded = (statistics.median(one[name] for one in found) for name in ("paint", "loaded"))
            worst, kb, shift, task = (max(one[name] for one in found) for name in ("loaded", "kb", "shift", "long"))
            print(f"{where:46} {paint:9.0f} {loaded:9.0f} {worst:7.0f} {kb:6.1f} {shift:6.3f} {task:8.0f}")
        nodes, fps, slowest = drag(browser, address + MANY)
        print(f"dragging {nodes} nodes: {fps:.1f} frames a second, the longest frame {slowest:.0f} ms")
        browser.close()


if __name__ == "__main__":
    main()

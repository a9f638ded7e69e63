"""Measure the whole line on this machine: loads on both stores, start, memory, and the routes.

`python benchmarks/line.py` measures the embedded store; with LIANTU_TEST_NEO4J (and LIANTU_TEST_NEO4J_PASSWORD) also a
Neo4j server, whose database is emptied first.
"""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from http.client import HTTPConnection
from pathlib import Path

LIANTU = str(Path(sys.executable).with_name("liantu"))
ROUTES = (
    "/healthz",
    "/",
    "/chains/high-end-chips",
    "/gaps",
    "/products/saw-filter",
    "/api/v1/gaps?region=shanghai&limit=60",
    "/api/v1/chains/high-end-chips/panorama?region=china",
    "/api/v1/products/saw-filter",
    "/api/v1/products/c919-aircraft/upstream",
    "/api/v1/search?q=lzzrj",
    "/api/v1/queries/suppliers-of-product?product=photoresist",
)
REQUESTS = 200


def run(*words: str, store: str) -> float:
    """Seconds that a command takes as a whole process."""
    started = time.perf_counter()
    subprocess.run([LIANTU, *words, "--store", store], check=True, capture_output=True)
    return time.perf_counter() - started


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def memory_mb(pid: int) -> int:
    """Resident memory of a process, MB (Linux)."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) // 1024 if found else 0


def answer_times(port: int, path: str, *, fresh: bool) -> list[float]:
    """Milliseconds of each request on one connection; `fresh` asks another address each time, past the cache."""
    connection = HTTPConnection("127.0.0.1", port)
    times = []
    for number in range(REQUESTS):
        sign = "&" if "?" in path else "?"
        address = f"{path}{sign}nonce={number}" if fresh and "/queries/" not in path else path
        started = time.perf_counter()
        connection.request("GET", address)
        response = connection.getresponse()
        response.read()
        times.append(1000 * (time.perf_counter() - started))
        assert response.status == 200, (path, response.status)
    connection.close()
    return times


def serve(store: str) -> None:
    """Start a server, ask every route, print what came out."""
    port = free_port()
    started = time.perf_counter()
    server = subprocess.Popen(
        [LIANTU, "serve", "--store", store, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1)
            break
        except OSError:
            time.sleep(0.02)
    print(f"  start to first answer        {time.perf_counter() - started:6.2f} s")
    print(f"  ms of {REQUESTS} requests, kept answers and computed ones")
    print(f"  {'route':58} {'kept: median':>13} {'p99':>8} {'computed: median':>17} {'p99':>8}")
    for path in ROUTES:
        figures = []
        for fresh in (False, True):
            times = answer_times(port, path, fresh=fresh)
            figures += [statistics.median(times), statistics.quantiles(times, n=100)[98]]
        print(f"  {path:58} {figures[0]:13.2f} {figures[1]:8.2f} {figures[2]:17.2f} {figures[3]:8.2f}")
    print(f"  memory of the server         {memory_mb(server.pid):6d} MB")
    server.send_signal(signal.SIGINT)
    server.wait()


def empty_neo4j(url: str, password: str) -> None:
    """Take everything out of a Neo4j database."""
    import neo4j

    with neo4j.GraphDatabase.driver(url, auth=("neo4j", password)) as driver, driver.session() as session:
        session.run("MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()


def main() -> None:
    """Measure each store that is at hand."""
    started = time.perf_counter()
    subprocess.run([LIANTU, "--help"], check=True, capture_output=True)
    print(f"liantu --help                  {time.perf_counter() - started:6.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        stores = [f"arcadedb:{folder}/store"]
        if url := os.environ.get("LIANTU_TEST_NEO4J"):
            password = os.environ.setdefault("LIANTU_TEST_NEO4J_PASSWORD", "liantu-local")
            os.environ["LIANTU_NEO4J_PASSWORD"] = password
            empty_neo4j(url, password)
            stores.append(url)
        for store in stores:
            print(store.split(":")[0])
            print(f"  first load                   {run('load', store=store):6.2f} s")
            print(f"  load of unchanged facts      {run('load', store=store):6.2f} s")
            serve(store)
    print(f"peak memory of any command     {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024:6d} MB")


if __name__ == "__main__":
    main()

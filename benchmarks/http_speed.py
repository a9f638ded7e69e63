"""Requests a second and their times, from the running server beside two bare ones that give the same answer.

`python benchmarks/http_speed.py` loads the shipped facts into a store of its own, starts three servers in turn
(uvicorn, one worker, uvloop and httptools, access log on), and loads each by `wrk` (a generator in C with one thread,
so that it takes little of the processors): 32 connections, 5 s. The peers are a bare FastAPI route that returns the
same dict, and a bare ASGI function that sends the same bytes.

Where the machine has other work, requests a second say little; processor time a request, read from the server's
process, says how many a whole core would answer.

The second table is the time of quick requests, one connection each at 50 requests a second, while four clients ask for
cut sets of order 3 and a fifth for systemic risk: once with these in worker processes, as the server has them, and
once in threads, which is how it was.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve()
LIANTU = str(Path(sys.executable).with_name("liantu"))
PATHS = ("/api/v1/gaps?limit=60", "/api/v1/chains/high-end-chips/panorama")
CONNECTIONS, SECONDS = 32, 5
RATE, QUICK_SECONDS = 50, 20


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def cpu_s(pid: int) -> float:
    """Processor seconds of a process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> int:
    """Resident memory of a process, MB (Linux)."""
    return int(re.findall(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[0]) // 1024


def settle(pid: int) -> None:
    """Wait until a server that answers has prepared itself too: until it is idle for a second (Linux)."""

    def ticks() -> int:
        return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))

    spent = -1
    while ticks() - spent > 2:
        spent = ticks()
        time.sleep(1)


@contextmanager
def running(*command: str, **environment: str) -> Iterator[tuple[int, int]]:
    """A server that answers: its process and port; `{port}` stands for the port in the command."""
    port = free_port()
    words = [word.replace("{port}", str(port)) for word in command]
    with tempfile.TemporaryFile() as log:  # where an access log goes in production: a file
        server = subprocess.Popen(words, stdout=log, stderr=log, env=os.environ | environment, cwd=HERE.parent)
        while True:
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{PATHS[0]}", timeout=10).read()
                break
            time.sleep(0.02)
        settle(server.pid)
        try:
            yield server.pid, port
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


def wrk(pid: int, port: int, path: str, encoding: str) -> str:
    """One line of the first table."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-H", f"Accept-Encoding: {encoding}"]
    url = f"http://127.0.0.1:{port}{path}"
    subprocess.run([*command[:3], "-d1s", *command[4:], url], check=True, capture_output=True)
    before = cpu_s(pid)
    text = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    used = cpu_s(pid) - before
    requests = max(1, int(re.findall(r"(\d+) requests in", text)[0]))
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", text)[0])
    p50, p99 = (re.findall(rf"{n}%\s+([\d.]+\w+)", text)[0] for n in (50, 99))
    return f"{rate:8.0f} {p50:>9} {p99:>9} {1e6 * used / requests:10.0f} {requests / used:10.0f}"


def speed(store: str, folder: Path) -> None:
    """The first table."""
    print(f"{'server, path, encoding':64} {'req/s':>8} {'p50':>9} {'p99':>9} {'CPU us/req':>10} {'req/CPU s':>10}")
    with running(LIANTU, "serve", "--port", "{port}", LIANTU_STORE=store) as (pid, port):
        for number, path in enumerate(PATHS):
            for encoding in ("identity", "gzip"):
                request = urllib.request.Request(
                    f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": encoding}
                )
                (folder / f"{number}-{encoding}").write_bytes(urllib.request.urlopen(request).read())
                print(f"{f'liantu {path} {encoding}':64} {wrk(pid, port, path, encoding)}")
    uvicorn = (sys.executable, "-m", "uvicorn", "--port", "{port}", "--log-level", "info")
    for app, encodings in (("bare", ("identity", "gzip")), ("fastapi_dict", ("identity",))):
        with running(*uvicorn, f"http_peers:{app}", LIANTU_BENCH=str(folder)) as (pid, port):
            for path in PATHS:
                for encoding in encodings:
                    print(f"{f'{app} {path} {encoding}':64} {wrk(pid, port, path, encoding)}")


# -- quick requests beside long ones -----------------------------------------------------------------------------------


def quick_times(port: int, path: str, until: float) -> list[float]:
    """Milliseconds of requests sent at a steady pace; a late one counts from when it should have been sent."""
    connection, times, due = HTTPConnection("127.0.0.1", port, timeout=60), [], time.perf_counter()
    while time.monotonic() < until:
        time.sleep(max(0.0, due - time.perf_counter()))
        connection.request("GET", path)
        connection.getresponse().read()
        times.append(1000 * (time.perf_counter() - due))
        due += 1 / RATE
    return times


def sales_form(firms: int) -> tuple[bytes, str]:
    """The body of an upload: a made network of sales, mean degree 8, and its content type."""
    made = random.Random(7)
    links = {(made.randrange(firms), made.randrange(firms)): made.random() + 0.1 for _ in range(8 * firms)}
    tables = {
        "edges": "from,to,weight\n" + "".join(f"{a},{b},{w:.3f}\n" for (a, b), w in links.items() if a != b),
        "firms": "id,sector\n" + "".join(f"{at},s{at % 20}\n" for at in range(firms)),
        "essentiality": "supplier_sector,buyer_sector,value\n"
        + "".join(f"s{a},s{b},{(a * b) % 3}\n" for a in range(20) for b in range(20)),
    }
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.csv"\r\n\r\n{text}\r\n'
        for name, text in tables.items()
    )
    return f"{parts}--x--\r\n".encode(), "multipart/form-data; boundary=x"


def long_clients(port: int, stop: threading.Event, answered: list[int]) -> list[threading.Thread]:
    """Four clients that ask for cut sets of order 3 and one that sends a network of sales, again and again."""
    base = f"http://127.0.0.1:{port}/api/v1"
    products = [row["id"] for row in json.load(urllib.request.urlopen(f"{base}/products?limit=400"))["items"]]
    body, kind = sales_form(3000)

    def ask(request: Callable[[int], Any]) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with suppress(OSError, HTTPException):
                urllib.request.urlopen(request(number), timeout=120).read()
                answered.append(1)
            time.sleep(0.05)

    def cuts(client: int) -> Callable[[int], Any]:
        return lambda n: f"{base}/products/{products[(4 * n + client) % len(products)]}/cut-sets?kind=firm&order=3"

    asked: list[Callable[[int], Any]] = [cuts(client) for client in range(4)]
    asked.append(lambda _: urllib.request.Request(f"{base}/systemic-risk", body, {"Content-Type": kind}))
    threads = [threading.Thread(target=ask, args=(request,), daemon=True) for request in asked]
    for thread in threads:
        thread.start()
    return threads


def quick(store: str, name: str, command: tuple[str, ...], *, loaded: bool) -> None:
    """One line of the second table, for both paths."""
    with running(*command, LIANTU_STORE=store) as (pid, port):
        time.sleep(3)
        stop, answered = threading.Event(), []
        if loaded:
            long_clients(port, stop, answered)
            time.sleep(3)
        until = time.monotonic() + QUICK_SECONDS
        for path in PATHS:
            times = quick_times(port, path, until if path == PATHS[-1] else time.monotonic() + QUICK_SECONDS / 2)
            until = time.monotonic() + QUICK_SECONDS / 2
            p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
            print(f"{name:24} {path:42} {p50:8.1f} {p99:8.1f} {max(times):8.1f}")
        children = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True).stdout
        memory = [memory_mb(pid), *(memory_mb(int(child)) for child in children.split())]
        print(f"{'':24} long questions answered: {len(answered)}; memory of the processes: {memory} MB")
        stop.set()


def main() -> None:
    """Both tables."""
    if shutil.which("wrk") is None:
        sys.exit("This benchmark wants wrk (Debian: apt install wrk).")
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before")
    with tempfile.TemporaryDirectory() as name:
        store = f"arcadedb:{name}/store"
        subprocess.run([LIANTU, "load", "--store", store], check=True, capture_output=True)
        speed(store, Path(name))
        print(f"\n{'long questions':24} {'quick ones':42} {'p50 ms':>8} {'p99 ms':>8} {'max ms':>8}")
        serve = (LIANTU, "serve", "--port", "{port}")
        quick(store, "none", serve, loaded=False)
        quick(store, "in worker processes", serve, loaded=True)
        quick(store, "in threads", (sys.executable, "http_peers.py", "{port}"), loaded=True)


if __name__ == "__main__":
    main()

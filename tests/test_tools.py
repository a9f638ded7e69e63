"""The Makefile and the scripts, run as a person runs them in a copy of their own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make")
def test_make_clean_stops_the_servers_below_var_before_it_removes_them(tmp_path: Path) -> None:
    """A server whose files go from under it would run on, holding its ports, and write into nothing."""
    (tmp_path / "scripts").mkdir()
    for name in ("Makefile", "scripts/neo4j"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    servers = []
    for name in ("neo4j", "ci-neo4j"):
        home = tmp_path / "var" / name
        home.mkdir(parents=True)
        # What the script takes for a server is a process that was started with its home.
        sleeping = [sys.executable, "-c", "import time; time.sleep(120)", f"--home-dir={home}", "end"]
        servers.append(subprocess.Popen(sleeping))
        (home / "neo4j.pid").write_text(f"{servers[-1].pid}\n")
    ended = [server.poll() for server in servers]
    ran = subprocess.run(["make", "clean"], cwd=tmp_path, capture_output=True, text=True, timeout=100)
    try:
        assert (ended, ran.returncode) == ([None, None], 0), ran.stderr
        assert [server.wait(timeout=5) for server in servers] == [-15, -15]
        assert not (tmp_path / "var").exists()
    finally:
        for server in servers:
            server.kill()
            server.wait()

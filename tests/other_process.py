"""A second process that loads or reads a store, stopped at will, for the tests of what may go wrong between two.

with Loader(store.url, "名", replaces=None) as loader:
    loader.wait_for("edges")      it has begun to write edges, and stands still there
    loader.kill()                 or loader.go_on(); loader.end() -> its last line
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import TracebackType

import made_facts

from graph.errors import LiantuError
from graph.store import Credentials, open_store

HERE = Path(__file__).resolve().parent
CREDENTIALS = Credentials("neo4j", os.environ.get("LIANTU_TEST_NEO4J_PASSWORD") or "liantu-local")


class Loader:
    """The process; what it says comes line by line, and it stops before the stages that it is told to."""

    def __init__(self, url: str, name: str, *, replaces: str | None, stop_at: str = "", most_bytes: int = 0) -> None:
        self.process = subprocess.Popen(
            [sys.executable, __file__, url, name, replaces or "", stop_at, str(most_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONPATH": f"{HERE.parent}{os.pathsep}{HERE}", "PYTHONUTF8": "1"},
        )

    def __enter__(self) -> Loader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.process.kill()
        self.process.communicate()

    def wait_for(self, stage: str) -> None:
        """Until it stands at a stage."""
        assert self.process.stdout
        for line in self.process.stdout:
            if line.strip() == f"at {stage}":
                return
        raise AssertionError(f"the loader ended before {stage}")

    def go_on(self) -> None:
        """Let it work again."""
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait()

    def end(self) -> str:
        """Wait for its end; the last line that it said: `done ID` or the name and words of an error."""
        out, _ = self.process.communicate(timeout=120)
        return out.strip().splitlines()[-1]


def main(url: str, name: str, replaces: str, stop_at: str, most_bytes: str) -> None:
    if int(most_bytes):
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(most_bytes), int(most_bytes)))
    stops = [stop for stop in stop_at.split(",") if stop]

    def tell(stage: str) -> None:
        if stage in stops:
            stops.remove(stage)
            print(f"at {stage}", flush=True)
            sys.stdin.readline()

    store = open_store(url, CREDENTIALS)
    tell("start")
    try:
        edition = made_facts.edition(made_facts.full() if name == "full" else made_facts.named(name))
        store.write(edition, replaces=replaces or None, progress=lambda stage, done, total: tell(stage))
        print(f"done {edition.id}", flush=True)
    except LiantuError as error:
        print(f"{type(error).__name__}: {error}", flush=True)
    tell("end")
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

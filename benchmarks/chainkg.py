"""ChainKnowledgeGraph into a store, beside the way of its public loader.

    python benchmarks/chainkg.py FOLDER [--neo4j bolt://127.0.0.1:7687 --password TEXT --sample 1000,4000]

The peer is what the loader of the source does through py2neo: one CREATE a node, one MATCH of two nodes by name and a
CREATE for each relation, no index. A relation then looks through all n nodes twice, so it takes c + b·n, and with m
relations the whole takes a·n + m·(c + b·n). a, b and c come from the smallest and the largest sample, in the same run
and server; the whole is an estimate, and says so. What the Neo4j database holds is deleted first.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from graph.model import Facts
from graph.schema import edge_rows, node_rows
from graph.store import Credentials, Store, open_store
from ingest.pipeline import lay, load


class Stages:
    """When the stages of a load began and ended, in seconds from its start."""

    def __init__(self) -> None:
        self.started, self.processor = time.perf_counter(), time.process_time()
        self.seen: dict[str, list[float]] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Told by the store."""
        now = time.perf_counter() - self.started
        self.seen.setdefault(stage, [now, now])[1] = now

    def print(self, what: str) -> float:
        """Print one line a stage; the answer is the time in all."""
        took, used = time.perf_counter() - self.started, time.process_time() - self.processor
        nodes, edges = self.seen["nodes"], self.seen["edges"]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(
            f"{what:<10}{took:6.1f} s ({used:.1f} s of this process): first nodes written after {nodes[0]:.1f}, "
            f"nodes until {nodes[1]:.1f}, edges until {edges[1]:.1f}; peak so far {peak} MB"
        )
        return took


def loaded(store: Store, folder: Path) -> float:
    """Load the folder; the time in seconds."""
    stages = Stages()
    load(store, folder, layer="chainkg", form="chainkg", progress=stages)
    return stages.print(store.name)


def _empty(graph: Any) -> None:
    graph.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")


def relations_in(facts: Facts) -> int:
    """The relations that the public loader makes: all of ours but those to the source."""
    return sum(len(kind.starts) for kind in edge_rows(facts) if kind.type != "STATED_IN")


def peer(url: str, password: str, folder: Path, sizes: list[int]) -> float:
    """The public loader's way on samples; the time for all of it in seconds, extrapolated."""
    import py2neo

    edition, _ = lay(folder, "chainkg", form="chainkg")
    if edition is None:
        raise SystemExit("The folder is not fit to be loaded.")
    names = {row["id"]: row["name_zh"] for kind in node_rows(edition.facts) for row in kind.rows if "name_zh" in row}
    graph = py2neo.Graph(url, auth=("neo4j", password))
    per_node, per_relation = 0.0, {}
    for size in sizes:
        sample = list(names.values())[:size]
        _empty(graph)
        started = time.perf_counter()
        for name in sample:
            graph.create(py2neo.Node("Peer", name=name))
        per_node = (time.perf_counter() - started) / size
        started, relations = time.perf_counter(), size // 4
        for at in range(relations):
            graph.run(
                "MATCH (p:Peer), (q:Peer) WHERE p.name = $s AND q.name = $e CREATE (p)-[:PEER]->(q)",
                s=sample[at], e=sample[-at - 1],
            )  # fmt: skip
        per_relation[size] = (time.perf_counter() - started) / relations
        print(f"peer, {size:,} nodes: {1e3 * per_node:.2f} ms a node, {1e3 * per_relation[size]:.2f} ms a relation")
    _empty(graph)
    least, most = min(sizes), max(sizes)
    slope = (per_relation[most] - per_relation[least]) / (most - least)
    one = per_relation[most] + slope * (len(names) - most)
    return per_node * len(names) + one * relations_in(edition.facts)


def main() -> None:
    """Measure and print."""
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("folder", type=Path)
    wanted.add_argument("--neo4j")
    wanted.add_argument("--password", default="liantu-local")
    wanted.add_argument("--sample", default="1000,4000")
    args = wanted.parse_args()
    with tempfile.TemporaryDirectory() as place:
        store = open_store(f"arcadedb:{place}/store")
        ours = {"arcadedb": loaded(store, args.folder)}
        store.close()
    if args.neo4j:
        estimate = peer(args.neo4j, args.password, args.folder, [int(n) for n in args.sample.split(",")])
        store = open_store(args.neo4j, Credentials("neo4j", args.password))
        ours["neo4j"] = loaded(store, args.folder)
        store.close()
        for name, took in ours.items():
            print(f"peer, all of it, extrapolated: {estimate / 60:.0f} min; {name} {estimate / took:.0f} times faster")


if __name__ == "__main__":
    main()

"""Measure the engine on this machine, each piece of work beside its peers in the same run.

`python benchmarks/measures.py [--chainkg FOLDER] [--quick]`

Peers: the measure as it is written (tests/reference.py), the naive fix-point (rounds over all gates until nothing
changes) and counters per removal (each failure counted on to its users), all in plain Python, on a sample of removals
and extrapolated; networkx, rustworkx and, with LIANTU_TEST_NEO4J (and LIANTU_TEST_NEO4J_PASSWORD), a Neo4j server for
closures; for systemic risk those of benchmarks/esri.py. Times are the median of some runs by processor time, which
another process does not lengthen, for Neo4j by the clock; memory is the peak above what stood before. `--quick` leaves
the large graphs out.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import rustworkx as rx
from esri import PEERS, made_network, measure
from graphs import chain_knowledge_graph, made_dag

from graph.model import Facts
from ingest.pipeline import lay
from queries.causes import causes
from queries.criticality import FLOOR, UNKNOWN
from queries.cut_sets import cut_sets
from queries.dependencies import closure, distances
from queries.disruption import disruption
from queries.failure import failure
from queries.gates import Gates, gates
from queries.levels import levels, supply_left
from queries.network import Ints, Network
from queries.removals import stopped_in
from queries.scenario import scenario
from queries.sweep_plan import plan

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from reference import Model, read

Work = Callable[[], Any]
DATA = Path(__file__).parent.parent / "data"
SAMPLE = 40


def seconds(work: Work, runs: int = 5) -> float:
    """Median processor seconds of some runs."""
    found = []
    for _ in range(runs):
        gc.collect()
        started = time.process_time()
        work()
        found.append(time.process_time() - started)
    return statistics.median(found)


def peak_mb(work: Work) -> float:
    """Most memory that a piece of work holds at once, beyond what stands already."""
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def forget(network: Network) -> None:
    """Drop every answer that the network keeps."""
    network.kept.clear()


def counters(what: Gates, products: int, sample: Ints) -> list[int]:
    """How many products stop with each of some: every failure lowers a counter at its users."""
    users = [what.users[at].tolist() for at in range(len(what.users))]
    failed, inputs = what.failed.tolist(), what.inputs
    needed = [
        1 if need == 1 else int(need) - sum(failed[at] for at in inputs[gate].tolist())
        for gate, need in enumerate(what.needed.tolist())
    ]
    found = []
    for removed in sample.tolist():
        left: dict[int, int] = {}
        down = {removed}
        todo = [removed]
        while todo:
            for user in users[todo.pop()]:
                if user not in down and not failed[user]:
                    left[user] = left.get(user, needed[user]) - 1
                    if not left[user]:
                        down.add(user)
                        todo.append(user)
        found.append(sum(at < products for at in down) - 1)
    return found


def naive(what: Gates, products: int, sample: Ints) -> list[int]:
    """The same by rounds over all gates until nothing changes."""
    inputs = [what.inputs[at].tolist() for at in range(len(what.inputs))]
    needed, failed = what.needed.tolist(), what.failed.tolist()
    found = []
    for removed in sample.tolist():
        down = list(failed)
        down[removed] = True
        changed = True
        while changed:
            new = list(down)
            for gate, needs in enumerate(inputs):
                if not down[gate] and needs:
                    new[gate] = (any if needed[gate] == 1 else all)(down[at] for at in needs)
            changed = new != down
            down = new
        found.append(sum(down[:products]) - sum(failed[:products]) - 1)
    return found


def as_written(network: Network) -> Callable[[Gates, int, Ints], list[int]]:
    """The same as the measure is written, over the tables of the shipped facts."""
    model = Model(read(DATA))
    model.baseline(FLOOR, UNKNOWN)

    def found(_: Gates, __: int, sample: Ints) -> list[int]:
        return [len(model.blocks(network.products[at], FLOOR, UNKNOWN)) for at in sample.tolist()]

    return found


def criticality_rows(name: str, network: Network, *peers: tuple[str, Callable[..., list[int]], int]) -> None:
    """Criticality of all products beside some peers; the figures of the samples are compared."""
    size = len(network.products)
    everything, finals = np.arange(size, dtype=np.int32), np.array(network.study(None)[1], np.int32)

    def work() -> list[Ints]:
        return stopped_in(network, FLOOR, UNKNOWN, [everything, finals])

    first = seconds(lambda: plan(network, FLOOR, UNKNOWN), 1)
    ours, answer = seconds(work), work()[0]
    what = gates(network, FLOOR, UNKNOWN)
    lot = np.random.default_rng(7)
    baseline = np.flatnonzero(~what.failed[:size]).astype(np.int32)
    print(f"criticality, {name}: {size} products, {len(network.inputs)} inputs; {int(answer.sum())} pairs")
    print(f"  ours                       {1000 * ours:10.1f} ms  (order of the sweep, once: {1000 * first:.0f} ms)")
    print(f"  ours, memory               {peak_mb(work):10.1f} MB")
    for label, peer, count in (("counters per removal", counters, SAMPLE), *peers):
        some = lot.choice(baseline, min(count, len(baseline)), replace=False)
        started = time.process_time()
        found = peer(what, size, some)
        each = (time.process_time() - started) / len(some)
        assert found == answer[some].tolist(), (name, label)
        print(f"  {label:26} {1000 * each * len(baseline):10.0f} ms  {each * len(baseline) / ours:10.0f} x  (sample)")


def far(network: Network, start: int) -> Ints:
    """The closure alone."""
    return distances(network, "upstream", start)


def closure_rows(network: Network) -> None:
    """The largest of some closures, beside the graph libraries."""
    pairs = [(network.product_at[row.product_id], network.product_at[row.input_id]) for row in network.inputs]
    graph = nx.DiGraph(pairs)
    other = rx.PyDiGraph()
    other.add_nodes_from(range(len(network.products)))
    other.add_edges_from_no_data(pairs)
    finals = network.study(None)[1]
    size, start = max((len(rx.descendants(other, at)), at) for at in finals)
    print(f"closure of {size} products, with the depth of each: {1000 * seconds(lambda: far(network, start)):.1f} ms")
    ours = seconds(lambda: closure(network, start, "upstream"), 3)
    print(f"  with slot, required and dominates, as records: {1000 * ours:.1f} ms")
    for label, work in (
        ("networkx descendants", lambda: nx.descendants(graph, start)),
        ("rustworkx descendants", lambda: rx.descendants(other, start)),
    ):
        print(f"  {label:26} {1000 * seconds(work):10.1f} ms")
    if address := os.environ.get("LIANTU_TEST_NEO4J"):
        took, found = in_neo4j(address, pairs, start)
        assert found == size, (found, size)
        print(f"  Neo4j, *1.. counted        {1000 * took:10.1f} ms")


def in_neo4j(address: str, pairs: list[tuple[int, int]], start: int) -> tuple[float, int]:
    """Median seconds in which a server counts the closure of a product, and what it counts.

    The products stand there under a label of their own meanwhile, with an index.
    """
    from neo4j import GraphDatabase

    def all_in_parts(query: str, rows: list[Any]) -> None:
        for at in range(0, len(rows), 20_000):
            driver.execute_query(query, rows=rows[at : at + 20_000])

    drop = "MATCH (p:BenchmarkProduct) CALL (p) { DETACH DELETE p } IN TRANSACTIONS OF 5000 ROWS"
    password = os.environ.get("LIANTU_TEST_NEO4J_PASSWORD", "")
    with GraphDatabase.driver(address, auth=("neo4j", password)) as driver, driver.session() as session:
        session.run("CREATE INDEX benchmark_product IF NOT EXISTS FOR (p:BenchmarkProduct) ON (p.at)").consume()
        session.run("CALL db.awaitIndexes()").consume()
        all_in_parts(
            "UNWIND $rows AS at CREATE (:BenchmarkProduct {at: at})", sorted({end for both in pairs for end in both})
        )
        all_in_parts(
            "UNWIND $rows AS row MATCH (a:BenchmarkProduct {at: row[0]}), (b:BenchmarkProduct {at: row[1]}) "
            "CREATE (a)-[:NEEDS]->(b)",
            [list(pair) for pair in pairs],
        )
        query = "MATCH (:BenchmarkProduct {at: $at})-[:NEEDS*1..]->(q) RETURN count(DISTINCT q) AS n"
        took = []
        for _ in range(6):
            started = time.perf_counter()
            found = driver.execute_query(query, at=start).records[0]["n"]
            took.append(time.perf_counter() - started)
        session.run(drop).consume()
        session.run("DROP INDEX benchmark_product").consume()
    return statistics.median(took[1:]), found


def scenario_row(name: str, network: Network, removed: str) -> None:
    """One scenario: who stops, why and what is left, for all products; and the whole answer with names and reasons."""
    what = scenario(network, [removed])
    answer = disruption(network, what)

    def arrays() -> None:
        network.kept.pop(getattr(failure, "__wrapped__"), None)  # noqa: B009
        failed = failure(network, what, FLOOR, UNKNOWN)
        causes(network, failed)
        levels(network, supply_left(network, failed.gone, FLOOR, UNKNOWN), failed.removed, FLOOR, UNKNOWN)

    def records() -> None:
        for work in (failure, disruption):
            network.kept.pop(getattr(work, "__wrapped__"), None)  # noqa: B009
        disruption(network, what)

    print(
        f"scenario {removed}, {name}: {1000 * seconds(arrays, 5):.1f} ms; with names, reasons and substitutes "
        f"{1000 * seconds(records, 5):.1f} ms ({len(answer.blocked)} blocked, {len(answer.rows_gone)} rows gone)"
    )


def cut_rows(network: Network) -> None:
    """Minimal cut sets of firms for all finals."""
    finals = [network.products[at] for at in network.study(None)[1]]
    for order in (2, 3):
        took = seconds(lambda order=order: [cut_sets(network, name, "firm", order) for name in finals], 1)  # type: ignore[misc]
        print(f"cut sets of firms, order <= {order}, {len(finals)} finals: {took:.2f} s")


def ready(name: str, facts: Facts) -> Network:
    """The network of some facts, and how long it takes."""
    print(f"edition loaded -> network ready, {name}: {seconds(lambda: Network(facts), 3):.3f} s")
    return Network(facts)


def main() -> None:
    """Measure everything that is at hand."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--chainkg", type=Path, help="folder of ChainKnowledgeGraph's JSON lines")
    parser.add_argument("--quick", action="store_true", help="the shipped facts alone")
    args = parser.parse_args()
    edition, _ = lay(DATA, "data")
    if edition is None:
        raise SystemExit("the shipped facts cannot be read")
    network = ready("shipped facts", edition.facts)
    criticality_rows(
        "shipped facts",
        network,
        ("naive fix-point", naive, SAMPLE),
        ("as the measure is written", as_written(network), SAMPLE),
    )
    for removed in ("economy:us", "economy:nl", "firm:asml"):
        scenario_row("shipped facts", network, removed)
    cut_rows(network)
    if args.chainkg:
        network = ready("ChainKnowledgeGraph", chain_knowledge_graph(args.chainkg))
        criticality_rows("ChainKnowledgeGraph", network, ("naive fix-point", naive, 3))
    if args.quick:
        return
    network = ready("made network without loops", made_dag())
    criticality_rows("made network without loops", network, ("naive fix-point", naive, 3))
    scenario_row("made network without loops", network, "economy:us")
    scenario_row("made network without loops", network, "product:p-90000")
    closure_rows(network)
    for eps in (1e-2, 1e-6):
        measure(made_network(10_000, 8, 50), eps, 60)
    print("published, other machines: " + ", ".join(f"{peer} {ms:g} ms a firm" for peer, ms in PEERS.items()))


if __name__ == "__main__":
    main()

"""Measure the candidates (measures §9) on the shipped facts and on a large made network, beside the dense way.

`python benchmarks/candidates.py [--products 100000] [--firms 50000] [--regions 400]`

The dense way makes the whole matrix of proximities, as the measure is written; it is only tried where the matrix fits
into memory, so on the shipped facts. The large network has that many products and firms, each firm making six products
on average at one place, in cities of the delta and elsewhere.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from graph.model import Facts, Firm, Product, Region, Supply
from ingest.pipeline import lay
from queries.back_test import back_test
from queries.candidates import Sought, candidates, ranked
from queries.network import Floats, Network
from queries.product_space import product_space

SEED = 2007
ASKED = 50


def made_network(products: int, firms: int, regions: int) -> Network:
    """Firms by lot in cities of the delta, of the rest of China and of another economy, and what they make by lot."""
    lot, fact = np.random.default_rng(SEED), (("made",), "medium")
    lands = [("cn", "economy", None), ("us", "economy", None), ("cn-js", "province", "cn"), ("cn-gd", "province", "cn")]
    lands += [(f"city-{at}", "city", ("cn-js", "cn-gd", "us")[at % 3]) for at in range(regions)]
    rows = tuple(
        Region(id=name, name_zh=name, level=level, parent_id=above, source_ids=fact[0], confidence=fact[1])  # type: ignore[arg-type]
        for name, level, above in lands
    )
    things = tuple(
        Product(id=f"p-{at}", name_zh=f"p-{at}", source_ids=fact[0], confidence=fact[1])  # type: ignore[arg-type]
        for at in range(products)
    )
    home = lot.integers(0, regions, firms)
    makers = tuple(
        Firm(
            id=f"f-{at}", name_zh=f"f-{at}", economy_id="us" if home[at] % 3 == 2 else "cn",
            hq_region_id=f"city-{home[at]}", source_ids=fact[0], confidence=fact[1],  # type: ignore[arg-type]
        )
        for at in range(firms)
    )  # fmt: skip
    pairs = np.unique(lot.integers(0, firms * products, firms * 6))
    supplies = tuple(
        Supply(
            firm_id=f"f-{pair // products}", product_id=f"p-{pair % products}",
            capability="mass-production" if pair % 4 else "pilot", source_ids=fact[0], confidence=fact[1],  # type: ignore[arg-type]
        )
        for pair in pairs.tolist()
    )  # fmt: skip
    return Network(Facts(regions=rows, products=things, firms=makers, supplies=supplies))


def dense(network: Network) -> Floats:
    """All proximities at once."""
    space = product_space(network)
    made = np.zeros((len(space.regions), len(network.products)))
    made[space.region, space.product] = 1
    found: Floats = made.T @ made / np.maximum(np.maximum.outer(space.ubiquity, space.ubiquity), 1)
    return found


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median_ms(network: Network, ask: Callable[[str], object]) -> float:
    """Median of some products, none asked before."""
    step = max(len(network.products) // ASKED, 1)
    return 1000 * float(np.median([seconds(lambda p=p: ask(p)) for p in network.products[::step]]))  # type: ignore[misc]


def report(name: str, network: Network, region: str) -> None:
    """Print what the questions take in one network."""
    space = seconds(lambda: product_space(network))
    candidates(network, network.products[0], region)
    whole = median_ms(network, lambda p: candidates(network, p, region))
    order = median_ms(network, lambda p: ranked(Sought(network, network.product(p), region, product_space(network))))
    test = seconds(lambda: back_test(network))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: {len(network.products)} products, {len(network.supplies)} supplies rows")
    print(f"  product space once an edition {space * 1000:.1f} ms; order of the candidates {order:.2f} ms")
    print(f"  the whole answer with reasons, facts, grades {whole:.2f} ms; back-test {test:.2f} s")
    print(f"  {back_test(network).questions} questions; peak of the process so far {peak:.0f} MB")


def main() -> None:
    """Run both networks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--firms", type=int, default=50_000)
    parser.add_argument("--regions", type=int, default=400)
    args = parser.parse_args()
    edition, _ = lay(Path(__file__).parent.parent / "data", "data")
    assert edition is not None
    shipped = Network(edition.facts, edition.id)
    report("shipped", shipped, "shanghai")
    print(f"  the dense way: {seconds(lambda: dense(shipped)) * 1000:.1f} ms for all proximities")
    report("made", made_network(args.products, args.firms, args.regions), "city-0")


if __name__ == "__main__":
    main()

"""Measure the systemic risk of all firms of a made network on this machine, beside a loop firm by firm.

`python benchmarks/esri.py [--firms 10000] [--degree 8] [--sectors 50] [--seconds 60]`

The loop is the measure as it is written, each step over all links of one firm's scenario with numpy (`bincount`), and
every step made. Both are timed in the same run by processor time, which counts all threads, and the figures of the
firms that both have are compared. Published peers, on their own machines and networks: R and C++ 172 ms a firm, Julia
0.78 ms a firm; compare with them in orders of magnitude alone.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from queries.sales import Floats, Sales
from queries.systemic_risk import systemic_risk

PEERS = {"R and C++": 172.0, "Julia": 0.78}
SEED = 20220513
SAMPLE = 20
LONGEST_LOOP_S = 60.0


def made_network(firms: int, degree: float, sectors: int) -> Sales:
    """A random network: links between any two firms, sales of log-normal size, sectors and their needs by lot."""
    lot = np.random.default_rng(SEED)
    pairs = np.unique(lot.integers(0, firms * firms, int(firms * degree)))
    pairs = pairs[pairs // firms != pairs % firms]
    seller, buyer = pairs // firms, pairs % firms
    sector = lot.integers(0, sectors, firms)
    need = lot.integers(0, 3, (sectors, sectors))
    ids = tuple(f"firm-{at}" for at in range(firms))
    return Sales(ids, sector, seller, buyer, lot.lognormal(0, 1, len(pairs)), need[sector[seller], sector[buyer]])


def one_by_one(sales: Sales, eps: float) -> Callable[[int], Floats]:
    """The measure for one failing firm at a time: total, down and up."""
    firms, seller, buyer, weight = len(sales.ids), sales.seller, sales.buyer, sales.weight
    sectors = int(sales.sector.max()) + 1
    size = np.bincount(seller, weight, firms)
    bundle = buyer * sectors + sales.sector[seller]
    essential, other = sales.need == 2, sales.need == 1
    inputs = np.where(
        essential, np.bincount(bundle, weight, firms * sectors)[bundle], np.bincount(buyer, weight)[buyer]
    )
    down, up = np.where(sales.need > 0, weight / inputs, 0.0), weight / size[seller]

    def losses(x: int) -> Floats:
        psi = np.ones(firms)
        psi[x] = 0
        hd = hu = psi
        decrease = np.inf
        while decrease > eps:
            left = np.bincount(sales.sector, size * hd, sectors)[sales.sector]
            sigma = np.minimum(1, np.divide(size, left, out=np.ones(firms), where=left > 0))
            lost = down * (sigma * (1 - hd))[seller]
            most = np.bincount(bundle[essential], lost[essential], firms * sectors).reshape(firms, sectors).max(axis=1)
            new_d = np.maximum(0, np.minimum(psi, 1 - np.maximum(most, np.bincount(buyer[other], lost[other], firms))))
            new_u = np.maximum(0, np.minimum(psi, 1 - np.bincount(seller, up * (1 - hu)[buyer], firms)))
            decrease = max((hd - new_d).max(), (hu - new_u).max())
            hd, hu = new_d, new_u
        return np.array([(1 - h) @ size / size.sum() for h in (np.minimum(hd, hu), hd, hu)])

    return losses


def measure(sales: Sales, eps: float, seconds: float) -> None:
    """Print milliseconds a firm of both ways at one `eps`, and how far their figures are apart."""
    started = time.process_time()
    answer = systemic_risk(sales, eps, budget_s=seconds)
    ours = (time.process_time() - started) * 1000 / max(1, len(answer.firms))
    print(f"eps {eps:g}: {ours:.2f} ms a firm, {len(answer.firms)} firms, at most {answer.iterations} steps")
    losses, apart, done = one_by_one(sales, eps), 0.0, 0
    began, started = time.monotonic(), time.process_time()
    for at in np.linspace(0, len(answer.firms) - 1, min(SAMPLE, len(answer.firms))).astype(int).tolist():
        firm = answer.firms[at]
        found = losses(sales.ids.index(firm.id))
        apart = max(apart, float(np.abs(found - [firm.esri, firm.esri_down, firm.esri_up]).max()))
        done += 1
        if time.monotonic() - began > LONGEST_LOOP_S:
            break
    naive = (time.process_time() - started) * 1000 / max(1, done)
    print(f"  loop firm by firm: {naive:.1f} ms a firm, {done} firms, {naive / ours:.1f} times; apart {apart:.1e}")


def main() -> None:
    """Measure at both ends of the range in use."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--firms", type=int, default=10_000)
    parser.add_argument("--degree", type=float, default=8, help="mean number of buyers of a firm")
    parser.add_argument("--sectors", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60, help="most seconds for all firms at one eps")
    args = parser.parse_args()
    sales = made_network(args.firms, args.degree, args.sectors)
    print(f"{len(sales.ids)} firms, {len(sales.weight)} links, {args.sectors} sectors, seed {SEED}")
    for eps in (1e-2, 1e-6):
        measure(sales, eps, args.seconds)
    print("published, other machines: " + ", ".join(f"{peer} {ms:g} ms a firm" for peer, ms in PEERS.items()))


if __name__ == "__main__":
    main()

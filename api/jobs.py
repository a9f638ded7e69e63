"""The questions that may take seconds, as functions that a worker process can be handed."""

from __future__ import annotations

import io
from typing import Any

from graph.errors import BadInput
from queries.cut_sets import BUDGET_S, CutKind, CutSets, cut_sets
from queries.network import Network
from queries.sales import read_sales
from queries.systemic_risk import SystemicRisk, systemic_risk

RISK_BUDGET_S = 30.0
CUTS_BUDGET_S = BUDGET_S


def cuts(network: Network, product: str, kind: CutKind, order: int, floor: str, unknown: str) -> CutSets:
    """The minimal cut sets of a product; after `CUTS_BUDGET_S` those found so far."""
    return cut_sets(network, product, kind, order, floor, unknown)


def risk(files: dict[str, bytes], eps: float, substitution: bool) -> dict[str, Any]:
    """The systemic risk of the firms of three CSV files; after `RISK_BUDGET_S` of the firms done so far."""
    sales = read_sales(**{name: _lines(name, data) for name, data in files.items()})
    return risk_answer(systemic_risk(sales, eps, substitution=substitution, budget_s=RISK_BUDGET_S))


def risk_answer(found: SystemicRisk) -> dict[str, Any]:
    """The fields of HTTP and of the command line."""
    return {
        "items": found.firms,
        "total": len(found.firms),
        "eps": found.eps,
        "substitution": found.substitution,
        "iterations": found.iterations,
        "complete": found.complete,
    }


def _lines(name: str, data: bytes) -> io.StringIO:
    try:
        return io.StringIO(data.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError as error:
        raise BadInput(f"{name}, byte {error.start}", "not UTF-8", "a CSV file in UTF-8") from None

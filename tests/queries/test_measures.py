"""The engine against the answer keys, and against the naive reference on the shipped facts and on made networks."""

from __future__ import annotations

import itertools
import json
import math
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from networks import Tables, fact_tables, facts_of, write
from reference import Model, read

from graph.edition import Edition
from graph.errors import BadInput, NotFound
from ingest.pipeline import lay
from queries.coverage import coverage, suppliers
from queries.criticality import blocks as stopped_without
from queries.criticality import criticality
from queries.dependencies import closure
from queries.evidence import status_grades
from queries.gap_rows import GapFilter, filtered, gap_rows
from queries.gaps import Gap, assessment, gap_list, missing_evidence
from queries.network import CONTROLS, RADII, WEIGHTS, Network

CHAINS = Path(__file__).parent.parent / "data" / "chains"


def near(a: float | None, b: float | None) -> bool:
    return a == b or (a is not None and b is not None and math.isclose(a, b, rel_tol=0, abs_tol=1e-9))


def blocks(network: Network, product: str, floor: str = "small-batch", unknown: str = "open") -> list[str]:
    """What one scenario stops; the sweep over all of them counts as many."""
    at = network.product(product)
    found = stopped_without(network, at, floor, unknown).tolist()
    assert criticality(network, None, floor, unknown).blocks[at] == len(found)
    return [network.products[other] for other in found]


# -- the answer keys ---


@pytest.fixture(scope="module", params=sorted(path.name for path in CHAINS.iterdir()))
def key(request: pytest.FixtureRequest) -> tuple[Network, dict[str, Any]]:
    folder = CHAINS / request.param
    return Network(facts_of(folder)), json.loads((folder / "answers.json").read_text())


def test_coverage_agrees_with_the_answer_key(key: tuple[Network, dict[str, Any]]) -> None:
    network, answers = key
    for product, by_control in answers["coverage"].items():
        at = network.product(product)
        for control, by_radius in by_control.items():
            for radius, expected in by_radius.items():
                found = coverage(network, radius, control)
                assert found.status_of(at) == expected["status"]
                assert near(found.availability_of(at), expected["availability"])
                who = suppliers(network, at, radius, control)
                assert [network.firms[s.firm] for s in who if s.weight == 1] == expected["full"]
                assert sorted(network.firms[s.firm] for s in who if s.weight < 1) == expected["lesser"]


def test_criticality_agrees_with_the_answer_key(key: tuple[Network, dict[str, Any]]) -> None:
    network, answers = key
    assert {product: blocks(network, product) for product in network.products} == answers["blocks"]
    studies = [(None, answers["criticality"])]
    studies += [(chain, found["values"]) for chain, found in answers["criticality_by_chain"].items()]
    for chain, expected in studies:
        found = criticality(network, chain)
        for product, values in expected.items():
            at = network.product(product)
            assert near(found.value[at], values["criticality"])
            assert near(found.final_impact[at], values["final_impact"])
            assert near(found.breadth[at], values["breadth"])


@pytest.mark.parametrize("region", ["shanghai", "delta", "china"])
def test_gaps_agree_with_the_answer_key(key: tuple[Network, dict[str, Any]], region: str) -> None:
    network, answers = key
    expected = {row["product"]: row for row in answers["gaps"][region]["all_with_evidence_sorted"]}
    found = {network.products[gap.product]: gap for gap in assessment(network, region) if gap.kind}
    assert found.keys() == expected.keys()
    for product, gap in found.items():
        row = expected[product]
        assert (gap.kind, gap.radii, gap.delta_backed) == (row["kind"], row["status"], row["delta_backed"])
        assert near(gap.score, row["gap_score"])
        assert near(gap.depth, row["depth"])
        assert near(gap.availability_domestic, row["availability_domestic"])
    order = [network.products[gap.product] for gap in gap_list(network, region)]
    assert order == answers["gaps"][region]["order_kind_not_none"]
    unknown = [network.products[gap.product] for gap in missing_evidence(network, region)]
    assert unknown == sorted(answers["gaps"][region]["unknown"])


# -- the reference, on the shipped facts ---


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


@pytest.fixture(scope="module")
def reference(data_folder: Path) -> Model:
    return Model(read(data_folder))


def row_of(network: Network, gap: Gap) -> dict[str, Any]:
    """A gap in the words of the reference."""
    return {
        "product_id": network.products[gap.product],
        "status": gap.status,
        "kind": gap.kind,
        "gap_score": gap.score,
        "depth": gap.depth,
        "availability": gap.availability,
        "availability_domestic": gap.availability_domestic,
        "criticality": gap.criticality,
        "final_impact": gap.final_impact,
        "breadth": gap.breadth,
        "blocks": gap.blocks,
        "delta_backed": bool(gap.delta_backed),
        "suppliers": {name: {"full": found.full, "lesser": found.lesser} for name, found in gap.suppliers.items()},
        "back_up": [network.firms[firm] for firm in gap.back_up],
        "evidence": gap.evidence,
    }


def same_gaps(network: Network, model: Model, region: str, chain: str | None = None, **rules: str) -> None:
    expected = model.gaps(region, chain, **rules)
    found = [row_of(network, gap) for gap in gap_list(network, region, chain, **rules)]
    assert [row["product_id"] for row in found] == [row["product_id"] for row in expected]
    for mine, theirs in zip(found, expected, strict=True):
        theirs["suppliers"] = {name: theirs["suppliers"][name] for name in RADII}
        for name, value in mine.items():
            same = near(value, theirs[name]) if isinstance(value, float) else value == theirs[name]
            assert same, (mine["product_id"], name, value, theirs[name])
    unknown = [network.products[gap.product] for gap in missing_evidence(network, region, chain)]
    assert unknown == model.missing_evidence(region, chain)


@pytest.mark.parametrize("region", ["shanghai", "delta", "china"])
def test_shipped_gaps_agree_with_the_reference(network: Network, reference: Model, region: str) -> None:
    same_gaps(network, reference, region)


def test_shipped_gaps_of_a_chain_in_a_park_agree_with_the_reference(network: Network, reference: Model) -> None:
    same_gaps(network, reference, "lingang", "high-end-chips")


def test_shipped_closures_agree_with_the_reference(network: Network, reference: Model) -> None:
    for product in network.products[::12]:
        same_closures(network, reference, product)


def same_closures(network: Network, model: Model, product: str) -> None:
    for direction, expected in (("upstream", model.upstream(product)), ("downstream", model.downstream(product))):
        found = closure(network, network.product(product), direction)  # type: ignore[arg-type]
        mine = {network.products[item.product]: (item.depth, item.required, item.dominates) for item in found}
        theirs = {name: (item["depth"], item["required"], item["dominates"]) for name, item in expected.items()}
        assert mine == theirs, (product, direction)


# -- the reference, on made networks ---


def both(made: Tables) -> tuple[Network, Model]:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), made)
        edition, report = lay(Path(folder), "made")
        assert edition is not None
        assert not report.of("refused"), report.of("refused")
        return Network(edition.facts), Model(read(folder))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_tables())
def test_made_networks_agree_with_the_reference(made: Tables) -> None:
    network, model = both(made)
    places = [*RADII, *(row["id"] for row in made["regions"]), *(row["id"] for row in made["parks"])]
    for region in places:
        for control in CONTROLS:
            found, grades = coverage(network, region, control), status_grades(network, region, control)
            for at, product in enumerate(network.products):
                expected = model.coverage(product, region, control)
                assert found.status_of(at) == expected["status"]
                assert near(found.availability_of(at), expected["availability"])
                assert grades[at] == model.evidence_status(product, region, control)
    for floor in WEIGHTS:
        for unknown in ("open", "closed"):
            for product in network.products:
                assert blocks(network, product, floor, unknown) == model.blocks(product, floor, unknown)
    for chain in (None, *(row["id"] for row in made["chains"])):
        same_gaps(network, model, "shanghai", chain)
    same_gaps(network, model, places[-1], floor="pilot", unknown="closed")
    for product in network.products:
        same_closures(network, model, product)


# -- invariants and bad use ---


@settings(max_examples=60, deadline=None)
@given(fact_tables())
def test_a_larger_region_never_lowers_availability(made: Tables) -> None:
    network, _ = both(made)
    around = [coverage(network, radius).availability for radius in RADII]
    for inner, outer in itertools.pairwise(around):
        assert (inner <= outer + 1e-12).all()


def test_china_and_shanghai_have_two_names(network: Network) -> None:
    assert gap_rows(network, "cn-sh") == gap_rows(network, "shanghai")
    assert (coverage(network, "cn").availability == coverage(network, "china").availability).all()


def test_bad_use_says_what_is_allowed(network: Network) -> None:
    with pytest.raises(NotFound, match="zhangjiang"):
        gap_list(network, "zhangjang")
    with pytest.raises(NotFound, match="high-end-chips"):
        gap_list(network, "shanghai", "high-end-chip")
    with pytest.raises(BadInput, match="small-batch"):
        gap_list(network, "shanghai", floor="small")
    with pytest.raises(BadInput, match="closed"):
        gap_list(network, "shanghai", unknown="ajar")


def test_filters_leave_exactly_what_they_name(network: Network) -> None:
    rows = gap_rows(network, "shanghai")
    wanted = GapFilter(kinds=("missing",), evidence=("A", "B"), min_score=5.0, delta_backed=True, sort="-name")
    found = filtered(network, rows, wanted)
    assert {row.product_id for row in found} == {
        row.product_id
        for row in rows
        if row.kind == "missing" and row.evidence in ("A", "B") and row.gap_score >= 5 and row.suppliers["delta"].full
    }
    assert [row.product_id for row in found] == sorted((row.product_id for row in found), reverse=True)
    assert found
    for wrong in (GapFilter(kinds=("none",)), GapFilter(sort="colour"), GapFilter(five_bases=("x",))):
        with pytest.raises(BadInput):
            filtered(network, rows, wrong)

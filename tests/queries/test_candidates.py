"""Candidates against the reference, and their own rules."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from networks import Tables, fact_tables, facts_of, write
from reference import Model, read

from graph.edition import Edition
from graph.errors import NotFound
from ingest.pipeline import lay
from queries.candidates import GROUPS, candidates
from queries.network import RADII, Network
from queries.product_space import product_space

CHAINS = Path(__file__).parent.parent / "data" / "chains"


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


@pytest.fixture(scope="module")
def model(data_folder: Path) -> Model:
    return Model(read(data_folder))


def same(network: Network, model: Model, product: str, region: str) -> None:
    """The same nearest products, densities, candidates, order and grades."""
    found = candidates(network, product, region)
    assert [item.product.id for item in found.nearest] == model.nearest(product)
    for item in found.nearest:
        assert math.isclose(item.proximity, model.proximity(product, item.product.id), abs_tol=1e-12)
    for city in found.cities:
        expected = model.density(city.city.id, product)
        assert city.density == expected or math.isclose(city.density or 0, expected or 0, abs_tol=1e-12)
    assert [(item.group, item.firm_id) for item in found.items] == model.candidates(product, region)
    for item in found.items:
        assert item.evidence == model.evidence_candidate(product, region, item.group, item.firm_id), item.firm_id


def test_the_shipped_product_space_agrees_with_the_reference(network: Network, model: Model) -> None:
    space = product_space(network)
    assert sorted(network.places[place] for place in space.regions.tolist()) == model.space_regions()
    for at, product in enumerate(network.products):
        assert {network.places[space.regions[r]] for r in space.regions_of(at).tolist()} == model.made_in(product)


PLACES = ("shanghai", "delta", "china", "cn-js-suzhou", "zhangjiang", "cn-sh-pudong", "jp")


@pytest.mark.parametrize("region", PLACES)
def test_shipped_candidates_agree_with_the_reference(network: Network, model: Model, region: str) -> None:
    for product in Random(region).sample(network.products, 12):
        same(network, model, product, region)


@pytest.mark.parametrize("name", sorted(path.name for path in CHAINS.iterdir()))
def test_candidates_of_the_made_chains_agree_with_the_reference(name: str) -> None:
    network, model = Network(facts_of(CHAINS / name)), Model(read(CHAINS / name))
    for product in network.products:
        same(network, model, product, "shanghai")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_tables())
def test_made_candidates_agree_with_the_reference(made: Tables) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), made)
        edition, _ = lay(Path(folder), "made")
        assert edition is not None
        network, model = Network(edition.facts), Model(read(folder))
    for region in (*RADII, *(row["id"] for row in (*made["regions"], *made["parks"]))):
        for product in network.products:
            same(network, model, product, region)


def test_every_candidate_carries_its_facts(network: Network) -> None:
    for product in network.products[::9]:
        found = candidates(network, product)
        assert [item.rank for item in found.items] == list(range(1, found.total + 1))
        assert [GROUPS.index(item.group) for item in found.items] == sorted(
            GROUPS.index(item.group) for item in found.items
        )
        assert sum(found.groups.values()) == found.total
        assert not {item.firm_id for item in found.items} & set(found.here)
        for item in found.items:
            assert item.facts
            assert item.source_ids
            assert {fact.firm.id for fact in item.facts} == {item.firm_id}
            assert item.reason_zh.endswith("。")
            assert item.reason_en.endswith(".")
            if item.group == "related-here":
                assert set(item.near_product_ids) <= {near.product.id for near in found.nearest}


def test_a_limit_cuts_the_list_and_nothing_else(network: Network) -> None:
    every, first = candidates(network, "saw-filter"), candidates(network, "saw-filter", limit=2)
    assert first.items == every.items[:2]
    assert (first.total, first.groups, first.cities) == (every.total, every.groups, every.cities)
    assert candidates(network, "saw-filter", "cn-sh") == every


def test_bad_use_says_what_is_allowed(network: Network) -> None:
    with pytest.raises(NotFound, match="saw-filter"):
        candidates(network, "saw-filtre")
    with pytest.raises(NotFound, match="zhangjiang"):
        candidates(network, "saw-filter", "zhangjang")

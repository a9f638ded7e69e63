"""Concentration against a reference written from the text of the measure, and its bounds."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.edition import Edition
from graph.errors import NotFound
from queries.concentration import Concentration, concentration, hhi, spreads
from queries.network import Network


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


def expected(network: Network, product: str, scope: str) -> dict[str, Any] | None:
    """Shares, HHI and dependence on what is outside China, word by word from §5."""
    rows = [row for row in network.facts.market_shares if (row.product_id, row.scope) == (product, scope)]
    if not rows:
        return None
    year = max(row.year or 0 for row in rows)
    shares = {row.region_id: row.share_pct for row in rows if (row.year or 0) == year}
    total = sum(shares.values())
    if total > 100:
        shares = {region: share * 100 / total for region, share in shares.items()}
    rest = max(100 - sum(shares.values()), 0)
    low = sum((share / 100) ** 2 for share in shares.values())
    largest = max(shares, key=lambda region: shares[region])
    to_largest = sum(((share + (rest if region == largest else 0)) / 100) ** 2 for region, share in shares.items())
    one_more = low + (rest / 100) ** 2
    outside = sum(share for region, share in shares.items() if region != "cn") / 100
    return {"low": low, "high": max(to_largest, one_more), "external": (outside, outside + rest / 100), "year": year}


def test_every_shipped_product_agrees_with_the_reference(network: Network) -> None:
    known = 0
    for product in network.products:
        found = concentration(network, product, "shanghai")
        for shares, scope in ((found.by_economy, "global"), (found.by_economy_china, "china")):
            wanted = expected(network, product, scope)
            assert (shares is None) == (wanted is None)
            if shares and wanted:
                known += 1
                assert math.isclose(shares.hhi_low, wanted["low"], abs_tol=1e-12)
                assert math.isclose(shares.hhi_high, wanted["high"], abs_tol=1e-12)
                assert shares.year == wanted["year"]
                if scope == "global":
                    assert found.external == pytest.approx(wanted["external"], abs=1e-12)
    assert known > 50


def test_the_spread_of_every_product_is_its_index_and_the_economies_of_its_suppliers(network: Network) -> None:
    firms = {row.id: row for row in network.facts.firms}
    kinds = {row.id: {row.id} for row in network.facts.products}
    for row in network.facts.products:
        for general in row.variant_of:
            kinds[general].add(row.id)
    for product, spread in spreads(network).items():
        wanted = expected(network, product, "global")
        assert spread.hhi == (pytest.approx((wanted["low"], wanted["high"])) if wanted else None)
        makers = {row.firm_id for row in network.facts.supplies if row.product_id in kinds[product]}
        assert spread.economies == len({firms[maker].economy_id for maker in makers} - {None})
        assert spread.narrow == (wanted["low"] > 0.4 if wanted else spread.economies == 1)


def test_the_grade_counts_the_sources_of_the_shares(network: Network) -> None:
    grades = set()
    for product in network.products:
        found = concentration(network, product)
        rows = [row for row in network.facts.market_shares if (row.product_id, row.scope) == (product, "global")]
        year = max((row.year or 0 for row in rows), default=0)
        sources = {name for row in rows if (row.year or 0) == year for name in row.source_ids} - {"domain-knowledge"}
        assert found.evidence == (("A" if len(sources) > 1 else "B") if rows else None), product
        grades.add(found.evidence)
    assert grades == {"A", "B", None}


def test_the_thresholds(network: Network) -> None:
    for product in network.products:
        found = concentration(network, product, "china")
        if found.by_economy is None or found.external is None:
            assert found.dependent is None
        elif found.by_economy.hhi_low > 0.4 and found.external[0] > 0.5:
            assert found.dependent == "yes"
        elif found.by_economy.hhi_high > 0.4 and found.external[1] > 0.5:
            assert found.dependent == "possibly"
        else:
            assert found.dependent == "no"


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=6))
def test_hhi_is_an_interval_that_holds_every_way_to_spread_the_rest(weights: list[float]) -> None:
    shares = [weight / max(sum(weights), 1) * 0.9 for weight in weights]
    low, high = hhi(shares)
    rest = 1 - sum(shares)
    assert 0 <= low <= high <= 1 + 1e-9
    for at in range(len(shares)):
        given_all = [share + (rest if at == other else 0) for other, share in enumerate(shares)]
        assert low - 1e-12 <= sum(share**2 for share in given_all) <= high + 1e-12
    for number in (1, 2, 50):
        assert low - 1e-12 <= low + number * (rest / number) ** 2 <= high + 1e-12


def test_worked_examples() -> None:
    assert hhi([0.85]) == pytest.approx((0.7225, 1.0))
    assert hhi([0.5, 0.5]) == pytest.approx((0.5, 0.5))
    assert hhi([0.1]) == pytest.approx((0.01, 1.0))
    assert hhi([0.2, 0.1]) == pytest.approx((0.05, 0.82))


def shown(found: Concentration) -> tuple[str, ...]:
    assert found.by_economy is not None
    return tuple(holder.id for holder in found.by_economy.holders)


def test_shares_over_a_hundred_are_scaled_and_the_answer_says_so(network: Network) -> None:
    found = concentration(network, "dicing-saw")
    assert found.by_economy is not None
    assert found.by_economy.scaled
    assert found.by_economy.unknown == 0
    assert sum(holder.share_pct for holder in found.by_economy.holders) > 100
    assert found.by_economy.hhi_low == found.by_economy.hhi_high


def test_a_region_depends_on_what_lies_outside_its_economy(network: Network) -> None:
    here = [
        concentration(network, "saw-filter", region).external
        for region in ("shanghai", "china", "cn-js-suzhou", "lingang")
    ]
    assert all(one == other for one, other in itertools.pairwise(here))
    assert here[0] == pytest.approx((0.85, 1.0))
    assert concentration(network, "saw-filter", "jp").external == pytest.approx((0.0, 0.15))
    assert concentration(network, "saw-filter", "world").external == (0.0, 0.0)
    assert shown(concentration(network, "saw-filter")) == ("jp",)
    with pytest.raises(NotFound):
        concentration(network, "saw-filter", "atlantis")

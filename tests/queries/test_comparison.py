"""Two sides by side, counted again from the facts; and who is like whom."""

from __future__ import annotations

import pytest

from graph.edition import Edition
from graph.errors import NotFound
from queries.comparison import compare_chains, compare_regions
from queries.coverage import coverage
from queries.network import Network
from queries.overlaps import firms_like, parks_like


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


def test_regions_split_the_study_in_four(network: Network) -> None:
    for chain in (None, "cruise-ships"):
        found = compare_regions(network, "shanghai", "cn-js-suzhou", chain)
        study = network.study(chain)[0]
        assert len(found.only_a) + len(found.only_b) + found.both + found.neither == len(study)
        assert sum(found.rows[0].a.statuses.values()) == found.rows[0].a.products == len(study)
        for line in found.only_a:
            at = network.product_at[line.product.id]
            assert coverage(network, "shanghai").full[at] > 0
            assert coverage(network, "cn-js-suzhou").full[at] == 0
        assert [line.criticality for line in found.only_a] == sorted(
            (line.criticality for line in found.only_a), reverse=True
        )


def test_swapping_the_sides_swaps_the_answer(network: Network) -> None:
    one, two = compare_regions(network, "shanghai", "delta"), compare_regions(network, "delta", "shanghai")
    assert [line.product for line in one.only_b] == [line.product for line in two.only_a]
    assert one.only_a == ()  # what is made in Shanghai is made in the delta


def test_chains_share_what_stands_in_both(network: Network) -> None:
    found = compare_chains(network, "high-end-chips", "5g-equipment")
    both = set(network.chain_products["high-end-chips"]) & set(network.chain_products["5g-equipment"])
    assert {line.product.id for line in found.shared} == {network.products[at] for at in both}
    with pytest.raises(NotFound):
        compare_chains(network, "high-end-chips", "no-chain")


def test_likeness_by_brute_force(network: Network) -> None:
    made: dict[str, set[str]] = {}
    for row in network.facts.supplies:
        made.setdefault(row.firm_id, set()).add(row.product_id)
    shared = sorted((len(made["asml"] & own) for firm, own in made.items() if firm != "asml"), reverse=True)
    found = firms_like(network, "asml")
    assert [len(item.shared) for item in found] == [n for n in shared if n][: len(found)]
    for item in found:
        assert {p.id for p in item.shared} == made["asml"] & made[item.thing.id]
        assert item.share == pytest.approx(len(item.shared) / len(made["asml"] | made[item.thing.id]))
    inside = {row.id for row in network.facts.parks if row.part_of == "lingang"}
    assert inside
    assert not inside & {item.thing.id for item in parks_like(network, "lingang")}

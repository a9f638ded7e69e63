"""The back-test of the candidates against the reference on facts of which a row was really taken out."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import pytest
from networks import facts_of, made, write
from reference import Facts, Model, read

from graph.edition import Edition
from ingest.pipeline import lay
from queries.back_test import CUTS, back_test, questions
from queries.network import Network

CHAINS = Path(__file__).parent.parent / "data" / "chains"


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


def ranks(facts: Facts, firm: str, product: str, city: str) -> tuple[int | None, int] | None:
    """The ranks at which a firm comes back in a city, among the candidates and by number of products."""
    tables = dict(facts.tables)
    tables["supplies"] = [r for r in tables["supplies"] if (r["firm_id"], r["product_id"]) != (firm, product)]
    model, whole = Model(Facts(tables)), Model(facts)
    already = {f for f, w in model.suppliers_in(product, city).items() if w == 1}
    if firm in already:
        return None
    found = [candidate for _, candidate in model.candidates(product, city)]
    local = {key[0] for key in whole.supplies if whole.in_region(key, city)} - already
    number = {f: sum(1 for key in model.supplies if key[0] == f) for f in local}
    plain = sorted(local, key=lambda f: (-number[f], f))
    return (found.index(firm) + 1 if firm in found else None), plain.index(firm) + 1


def expected(facts: Facts) -> dict[tuple[str, str, str], tuple[int | None, int] | None]:
    model = Model(facts)
    cities = [r for r in model.space_regions() if model.inside(r, "delta")]
    return {
        (*key, city): ranks(facts, *key, city)
        for key in model.supplies
        for city in cities
        if model.weight(key) == 1 and model.in_region(key, city)
    }


def same(network: Network, facts: Facts) -> int:
    wanted = expected(facts)
    found, skipped, _ = questions(network)
    assert {(q.firm_id, q.product_id, q.city_id): (q.rank, q.plain_rank) for q in found} == {
        key: value for key, value in wanted.items() if value is not None
    }
    assert skipped == sum(1 for value in wanted.values() if value is None)
    return len(found)


@pytest.mark.parametrize("name", sorted(path.name for path in CHAINS.iterdir()))
def test_made_chains_agree_with_the_reference(name: str) -> None:
    same(Network(facts_of(CHAINS / name)), read(CHAINS / name))


def test_made_networks_agree_with_the_reference(tmp_path: Path) -> None:
    asked = 0
    for seed in range(20):
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), made(Random(seed), products=(6, 12), firms=(6, 12)))
            edition, _ = lay(Path(folder), "made")
            assert edition is not None
            asked += same(Network(edition.facts), read(folder))
    assert asked > 50


def test_a_shipped_question_agrees_with_the_reference(network: Network, data_folder: Path) -> None:
    found = next(q for q in questions(network)[0] if q.rank and q.rank > 1)
    facts = read(data_folder)
    assert ranks(facts, found.firm_id, found.product_id, found.city_id) == (found.rank, found.plain_rank)


def test_the_rates_are_those_of_the_questions(network: Network) -> None:
    test, (found, _, asked) = back_test(network), questions(network)
    assert (test.questions, test.rows, test.sampled) == (len(found), asked, False)
    for rates, own in ((test.candidates, [q.rank for q in found]), (test.plain, [q.plain_rank for q in found])):
        for cut, rate in zip(CUTS, (rates.at_1, rates.at_5, rates.at_10), strict=True):
            assert rate * len(found) == pytest.approx(sum(1 for rank in own if rank is not None and rank <= cut))
    assert sum(test.by_group.values()) == pytest.approx(test.came_back * len(found))
    assert test.candidates.at_10 <= test.came_back <= test.left

"""Minimal cut sets against the answer keys, public fault trees, the reference and their own definition."""

from __future__ import annotations

import itertools
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from networks import Tables, fact_tables, facts_of, write
from reference import Model, read

from graph.edition import Edition
from graph.errors import BadInput, NotFound
from ingest.pipeline import lay
from queries.cut_sets import CUT_KINDS, CutKind, cut_sets
from queries.disruption import disruption
from queries.network import Network
from queries.scenario import scenario

CHAINS = Path(__file__).parent.parent / "data" / "chains"


@pytest.mark.parametrize("name", sorted(path.name for path in CHAINS.iterdir()))
def test_cut_sets_agree_with_the_answer_key(name: str) -> None:
    network = Network(facts_of(CHAINS / name))
    answers = json.loads((CHAINS / name / "answers.json").read_text())["cut_sets"]
    seen = 0
    for product, by_kind in answers.items():
        for kind, expected in by_kind.items():
            found = cut_sets(network, product, kind, 3)
            assert found.complete
            assert [list(cut) for cut in found.sets] == [list(cut) for cut in expected], (product, kind)
            seen += 1
    assert seen


@pytest.mark.shared
def test_fault_trees_have_the_published_number_of_cut_sets(shared_folder: Path) -> None:
    folders = sorted(path for path in (shared_folder / "answers" / "fault-trees").iterdir() if path.is_dir())
    assert folders
    for folder in folders:
        expected = json.loads((folder / "expected.json").read_text())
        network = Network(facts_of(folder))
        found = cut_sets(network, expected["top_product"], "firm", 3, budget_s=120.0)
        sizes = [len(cut) for cut in found.sets]
        assert found.complete, folder.name
        assert [sizes.count(order) for order in (1, 2, 3)] == expected["by_order_up_to_4"][:3], folder.name


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fact_tables(products=(2, 7), firms=(1, 5)))
def test_made_networks_agree_with_the_reference(made: Tables) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), made)
        edition, _ = lay(Path(folder), "made")
        assert edition is not None
        network, model = Network(edition.facts), Model(read(folder))
    for product in network.products:
        for kind in CUT_KINDS:
            for unknown in ("open", "closed"):
                expected = model.cut_sets(product, kind, 3, unknown=unknown)
                found = cut_sets(network, product, kind, 3, unknown=unknown)
                assert [list(cut) for cut in found.sets] == expected, (product, kind, unknown)


@pytest.fixture(scope="module")
def network(shipped_edition: Edition) -> Network:
    return Network(shipped_edition.facts, shipped_edition.id)


@pytest.mark.parametrize("kind", CUT_KINDS)
def test_a_cut_set_stops_the_product_and_no_part_of_it_does(network: Network, kind: CutKind) -> None:
    found = cut_sets(network, "c919-aircraft", kind, 2)
    assert found.complete
    assert found.sets == tuple(sorted(found.sets, key=lambda cut: (len(cut), cut)))
    for cut in found.sets[:40]:
        for number in range(len(cut) + 1):
            for part in itertools.combinations(cut, number):
                stopped = disruption(network, scenario(network, [f"{kind}:{name}" for name in part]))
                hit = "c919-aircraft" in {item.product_id for item in stopped.blocked}
                assert hit == (len(part) == len(cut)), part


def test_what_cannot_be_made_has_no_cut_sets_and_the_answer_says_so(tmp_path: Path) -> None:
    end = ",domain-knowledge,low\n"
    (tmp_path / "products.csv").write_text("id,name_zh,source_ids,confidence\na,甲" + end + "b,乙" + end)
    (tmp_path / "inputs.csv").write_text(
        "product_id,input_id,group,necessity,source_ids,confidence\na,b,,required" + end
    )
    edition, _ = lay(tmp_path, "x")
    assert edition is not None
    found = cut_sets(Network(edition.facts), "a", "firm", 2, unknown="closed")
    assert (found.sets, found.in_baseline, found.complete) == ((), False, True)


def test_a_budget_that_ends_the_search_is_told(network: Network) -> None:
    found = cut_sets(network, "c919-aircraft", "firm", 3, budget_s=0.0)
    assert not found.complete
    assert found.budget_s == 0.0


def test_bad_use(network: Network) -> None:
    with pytest.raises(BadInput, match="economy"):
        cut_sets(network, "c919-aircraft", "planet")  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="1 to 4"):
        cut_sets(network, "c919-aircraft", "firm", 5)
    with pytest.raises(NotFound):
        cut_sets(network, "c919", "firm")

"""The reference against the answer keys, against itself, and against examples worked out by hand.

The keys were computed by other programs. They are carried in `data/chains`; where the folder that they come
from is at hand (LIANTU_SHARED, by default beside the repository), the copies are compared with it byte by
byte.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from itertools import chain, combinations
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import COLUMNS, Tables, elements, fact_tables, made, write
from reference import WEIGHT, Facts, Model, read

REPOSITORY = Path(__file__).resolve().parent.parent
COPIES = Path(__file__).resolve().parent / "data" / "chains"
SHARED = Path(os.environ.get("LIANTU_SHARED") or REPOSITORY.parent / "shared")
FLOOR_OF_KEY = {"blocked": "small-batch", "blocked_floor_0": "research", "blocked_floor_1": "mass-production"}


class Key:
    """One made chain: its answers, and the reference over its facts."""

    def __init__(self, folder: Path) -> None:
        self.answers: dict[str, Any] = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
        self.model = Model(read(folder))


@pytest.fixture(scope="module", params=sorted(folder.name for folder in COPIES.iterdir()))
def key(request: pytest.FixtureRequest) -> Key:
    return Key(COPIES / request.param)


def same(mine: Any, theirs: Any) -> bool:
    """Equal, numbers to twelve digits."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return mine.keys() == theirs.keys() and all(same(mine[k], theirs[k]) for k in mine)
    if isinstance(mine, float) and isinstance(theirs, float):
        return math.isclose(mine, theirs, rel_tol=0, abs_tol=1e-12)
    return bool(mine == theirs)


# -------------------------------------------------------------------------------------------- the answer keys


@pytest.mark.shared
def test_copies_are_the_keys() -> None:
    original = SHARED / "answers" / "chains"
    if not original.is_dir():
        pytest.skip(f"no answer keys at {original} (LIANTU_SHARED); their copies are checked all the same")
    files = {path.relative_to(original) for path in original.glob("*/*")}
    assert files == {path.relative_to(COPIES) for path in COPIES.glob("*/*")}
    for file in files:
        assert (original / file).read_bytes() == (COPIES / file).read_bytes(), file


def test_no_key_is_left_out(key: Key) -> None:
    compared = {"finals", "baseline", "coverage", "blocks", "criticality", "criticality_by_chain", "gaps"}
    about = {"folder", "measures_commit", "floor", "counts", "cut_set_seconds_naive", "sets_tried", "seconds"}
    assert set(key.answers) - about == compared | {"scenarios", "cut_sets"}
    assert key.answers["floor"] == WEIGHT["small-batch"]
    model = key.model
    counts = {"products": len(model.products), "firms": len(model.firms), "parks": len(model.parks)}
    assert key.answers["counts"] == counts
    for part in ("coverage", "blocks", "criticality"):
        assert sorted(key.answers[part]) == model.products


def test_baseline(key: Key) -> None:
    assert sorted(key.model.finals()) == key.answers["finals"]
    for unknown in ("open", "closed"):
        assert sorted(key.model.baseline(unknown=unknown)) == key.answers["baseline"][unknown]


def test_coverage(key: Key) -> None:
    for product, controls in key.answers["coverage"].items():
        for control, regions in controls.items():
            for region, answer in regions.items():
                assert same(key.model.coverage(product, region, control), answer), (product, region, control)


def test_blocks(key: Key) -> None:
    for product, answer in key.answers["blocks"].items():
        assert key.model.blocks(product) == answer, product


def test_criticality(key: Key) -> None:
    by_chain = key.answers["criticality_by_chain"]
    assert set(by_chain) == set(key.model.chains)
    for name, part in by_chain.items():
        assert sorted(key.model.study(name)) == part["study"]
    studies = {None: key.answers["criticality"]} | {name: part["values"] for name, part in by_chain.items()}
    for name, values in studies.items():
        for product, answer in values.items():
            mine = key.model.criticality(product, name)
            assert mine.pop("blocks") == key.answers["blocks"][product]
            assert same(mine, answer), (name, product)


def test_gaps(key: Key) -> None:
    for region, answer in key.answers["gaps"].items():
        assert [row["product_id"] for row in key.model.gaps(region)] == answer["order_kind_not_none"]
        assert key.model.missing_evidence(region) == answer["unknown"]
        scored = key.model.scored(region)
        assert len(scored) == len(answer["all_with_evidence_sorted"])
        for mine, theirs in zip(scored, answer["all_with_evidence_sorted"], strict=True):
            product = theirs.pop("product")
            assert mine["product_id"] == product
            for radius, status in theirs.pop("status").items():
                assert key.model.coverage(product, radius)["status"] == status
            domestic = key.model.coverage(product, "china", "domestic")["status"]
            assert domestic == theirs.pop("status_china_domestic")
            backed = theirs.pop("delta_backed")
            assert (backed is not None) == (mine["kind"] == "missing")
            assert mine["delta_backed"] == bool(backed)
            assert same({name: mine[name] for name in theirs}, theirs), (region, product)


def test_scenarios(key: Key) -> None:
    finals = key.model.finals()
    for answer in key.answers["scenarios"]:
        removed = answer["removed"]
        mine = key.model.disrupt(removed)
        assert [list(row) for row in mine["rows_gone"]] == answer["supply_rows_gone"]
        for name, floor in FLOOR_OF_KEY.items():
            assert key.model.blocked(removed, floor) == answer[name], (removed, name)
        assert key.model.blocked(removed, unknown="closed") == answer["blocked_closed"]
        assert mine["blocked"] == answer["blocked"]
        assert same(len(set(mine["blocked"]) & finals) / len(finals), answer["final_impact"])
        assert same(mine["levels"], answer["levels_equal_shares"])


def test_cut_sets(key: Key) -> None:
    assert sorted(key.answers["cut_sets"]) == sorted(key.model.finals())
    for final, kinds in key.answers["cut_sets"].items():
        for kind, answer in kinds.items():
            assert key.model.cut_sets(final, kind, 3) == answer, (final, kind)


FAULT_TREES = ("bscu", "hipps", "lift", "small-tree", "theatre", "three-motor", "two-train")  # the small ones


@pytest.mark.shared
@pytest.mark.parametrize("tree", FAULT_TREES)
def test_cut_sets_of_fault_trees(tree: str) -> None:
    folder = SHARED / "answers" / "fault-trees" / tree
    if not folder.is_dir():
        pytest.skip(f"no fault tree at {folder} (LIANTU_SHARED)")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    model = Model(read(folder))
    cut_sets = model.cut_sets(expected["top_product"], expected["kind"], 4)
    assert [sum(len(cut) == n for cut in cut_sets) for n in (1, 2, 3, 4)] == expected["by_order_up_to_4"]


# --------------------------------------------------------------------------------------------- small examples


def facts(**tables: str) -> Facts:
    """Tables from lines of cells, `table="column … / cell … / cell …"`, `-` for an empty cell."""
    read_tables = {}
    for name, text in tables.items():
        header, *lines = [line.split() for line in text.split("/")]
        rows = [["" if cell == "-" else cell for cell in line] for line in lines]
        read_tables[name] = [dict(zip(header, row, strict=True)) for row in rows]
    return Facts(read_tables)


REGIONS = (
    "id level parent_id / cn economy - / us economy - / cn-sh province cn / cn-sh-pudong district cn-sh"
    " / cn-js province cn / cn-js-suzhou city cn-js / cn-gd province cn"
)


def test_places() -> None:
    model = Model(
        facts(
            regions=REGIONS,
            parks="id region_id part_of / big cn-sh-pudong - / small cn-js-suzhou big",
            products="id / a / b",
            firms="id economy_id hq_region_id / f us us / g cn - / h cn cn-gd",
            supplies="firm_id product_id capability / f a pilot / f b pilot / g a pilot / h a pilot / h b pilot",
            sites="firm_id place_id kind product_ids / f small plant a / f us rd - / h cn-js hq - / h cn-gd rd -",
        )
    )
    assert model.places(("f", "a")) == {"small"}  # its plant for a
    assert model.places(("f", "b")) == {"us"}  # no plant for b, no site of kind hq
    assert model.places(("g", "a")) == {"cn"}
    assert model.places(("h", "b")) == {"cn-js"}
    holding = [r for r in ("big", "cn-js", "cn-sh-pudong", "shanghai", "china", "cn-gd") if model.inside("small", r)]
    assert holding == ["big", "cn-js", "cn-sh-pudong", "shanghai", "china"]
    assert model.ladder("cn-sh") == model.ladder("shanghai") == ["shanghai", "delta", "china", "world"]
    assert model.ladder("cn-gd") == ["cn-gd", "china", "world"]
    assert model.ladder("us") == ["us", "world"]
    assert model.ladder("big") == ["big", "shanghai", "delta", "china", "world"]
    assert model.ladder("world") == ["world"]
    assert model.disrupt(["region:us"])["rows_gone"] == [("f", "b")]
    assert model.disrupt(["economy:us"])["rows_gone"] == [("f", "a"), ("f", "b")]


def test_floor() -> None:
    """A pilot row does not count beside a better one, nor the unready members of a slot beside ready ones."""
    model = Model(
        facts(
            regions=REGIONS,
            products="id variant_of / p - / good - / trial - / v good",
            inputs="product_id input_id group necessity / p good x required / p trial x required",
            firms="id economy_id / f cn / g cn / h cn",
            supplies="firm_id product_id capability / f p mass-production / g good mass-production"
            " / g trial pilot / h good pilot / h v research",
        )
    )
    assert model.counting_rows("good", "small-batch") == [("g", "good")]
    assert model.counting_rows("good", "research") == [("g", "good"), ("h", "good")]
    assert model.stand_ins("good", "small-batch") == set()
    assert model.stand_ins("good", "research") == {"v"}
    assert model.blocked(["good"]) == ["good", "p"]
    assert model.blocked(["good"], "research") == ["good"]
    assert model.blocked(["firm:g"]) == ["good", "p", "trial"]
    assert model.disrupt(["firm:g"])["rounds"] == {"good": 0, "trial": 0, "p": 1}


def test_closures() -> None:
    """p needs a (or b), and takes c if it can; a loop leads from b back to p; v is a kind of a, w of v."""
    model = Model(
        facts(
            regions=REGIONS,
            products="id variant_of / p - / a - / b - / c - / d - / v a / w v",
            inputs="product_id input_id group necessity / p a x required / p b x required / p c - optional"
            " / b p - required / c d - required / w d - required",
            firms="id economy_id / f cn",
            supplies="firm_id product_id capability / f p pilot",
        )
    )
    up = model.upstream("p")
    assert {q: about["depth"] for q, about in up.items()} == {"a": 1, "b": 1, "c": 1, "d": 2, "v": 2, "w": 3}
    assert {q for q, about in up.items() if about["required"]} == {"a", "b", "v", "w", "d"}
    assert up["b"]["slot"] == ["a", "b"] and up["c"]["slot"] is None and up["v"]["slot"] is None
    assert not any(about["dominates"] for about in up.values())
    assert set(model.upstream("p", 1)) == {"a", "b", "c"} and model.upstream("p", 0) == {}
    assert {q: about["depth"] for q, about in model.downstream("d").items()} == {
        "c": 1,
        "w": 1,
        "p": 2,
        "v": 2,
        "a": 3,
        "b": 3,
    }
    assert model.upstream("c")["d"]["dominates"] and model.downstream("d")["c"]["dominates"]
    assert "p" not in up


def test_evidence_and_back_up() -> None:
    model = Model(
        facts(
            regions=REGIONS,
            products="id / p / q / r",
            firms="id economy_id hq_region_id source_ids / f cn cn-gd s1 / g cn cn-js domain-knowledge"
            " / h us us s2 / i cn cn-sh-pudong s1",
            supplies="firm_id product_id capability confidence source_ids / f p mass-production high s1"
            " / g p small-batch low domain-knowledge / h p mass-production high s2 / i p small-batch low s3"
            " / g q mass-production low s1 / h r mass-production medium s1",
        )
    )
    assert model.back_up("p", "shanghai") == ["i", "g", "f"] == model.back_up("p", "china")
    assert model.back_up("p", "cn-gd") == ["f", "i", "g"]
    assert model.evidence_status("p", "shanghai") == "C"  # weak only by i's row of low confidence
    assert model.evidence_status("p", "china") == "B"  # thin by f alone, of one source
    assert model.evidence_status("p", "world") == "A"  # thin by f and h
    assert model.evidence_status("q", "china") == "C"  # without its only row it is unknown
    assert model.evidence_status("r", "china") == "A"  # absent: h's row of s1, and its firms row of s2
    kinds = [(model.gap_kind(p, "shanghai"), model.evidence_gap(p, "shanghai")) for p in ("p", "q", "r")]
    assert kinds == [("missing", "C"), ("missing", "C"), ("chokepoint", "A")]


def test_event_rows() -> None:
    model = Model(
        facts(
            regions=REGIONS,
            parks="id region_id / park cn-sh-pudong",
            products="id variant_of / p - / v p / q -",
            firms="id economy_id / f us / g cn",
            supplies="firm_id product_id capability / f v pilot / f q pilot / g p pilot / g q pilot",
            sites="firm_id place_id kind product_ids / g park plant -",
            events="id subject_ids affected_product_ids / ban us p / fire park - / quake cn-sh - / quake-p cn-sh p",
        )
    )
    rows = [sorted(model.event_rows(event)) for event in ("ban", "fire", "quake", "quake-p")]
    assert rows == [[("f", "v")], [("g", "p"), ("g", "q")], [], [("g", "p")]]


# --------------------------------------------------------------------------------------------- against itself

FEW = settings(max_examples=60, deadline=None)


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Tables, list[str]]:
    tables = draw(fact_tables(products=(2, 7)))
    return tables, draw(elements(tables))


@FEW
@given(scenes(), st.sampled_from(sorted(WEIGHT)), st.sampled_from(["open", "closed"]))
def test_makeable_is_the_greatest_set(scene: tuple[Tables, list[str]], floor: str, unknown: str) -> None:
    """The union of all sets that stand (§3), every one tried; and a level above 0 exactly there (§7)."""
    tables, removed = scene
    model = Model(Facts(tables))
    products, gone = model.removal(removed)

    def stands(candidate: set[str]) -> bool:
        for p in candidate:
            rows = model.counting_rows(p, floor)
            supplied = any(row not in gone for row in rows) if model.suppliers(p) else unknown == "open"
            met = all(
                any(({q} | model.stand_ins(q, floor)) & candidate for q in model.counting_members(slot, floor))
                for slot in model.slots(p)
            )
            if not (supplied and met) and not model.stand_ins(p, floor) & candidate:
                return False
        return True

    left = [p for p in model.products if p not in products]
    subsets = chain.from_iterable(combinations(left, size) for size in range(len(left) + 1))
    greatest = set().union(*(subset for subset in subsets if stands(set(subset))))
    assert model.makeable((), floor, unknown, removed) == greatest
    levels = model.disrupt(removed, unknown, floor)["levels"]
    assert {p for p, level in levels.items() if level > 0} == greatest


@FEW
@given(fact_tables())
def test_closures_mirror_each_other(tables: Tables) -> None:
    model = Model(Facts(tables))
    up = {p: model.upstream(p) for p in model.products}
    down = {p: model.downstream(p) for p in model.products}
    for p in model.products:
        for q in model.products:
            assert (q in up[p]) == (p in down[q])
            if q in up[p]:
                mine, theirs = up[p][q], down[q][p]
                assert [mine[k] for k in ("depth", "required", "dominates")] == [
                    theirs[k] for k in ("depth", "required", "dominates")
                ]
        blockers = {q for q in model.products if p in model.blocks(q)}
        assert blockers == {q for q, about in up[p].items() if about["dominates"]}


@FEW
@given(fact_tables(), st.data())
def test_gap_list_holds_together(tables: Tables, data: st.DataObject) -> None:
    model = Model(Facts(tables))
    region = data.draw(st.sampled_from(["shanghai", "delta", "china", "world", *model.regions, *model.parks]))
    study = data.draw(st.sampled_from([None, *model.chains]))
    scored = model.scored(region, study)
    missing = model.missing_evidence(region, study)
    assert sorted([row["product_id"] for row in scored] + missing) == sorted(model.study(study))
    for row in scored:
        assert 0 <= row["gap_score"] <= 100 and 0 <= row["availability_domestic"] <= row["availability"] < 1
        assert row["evidence"] in ("A", "B", "C")
        assert (row["kind"] == "none") == (row["status"] == "strong" and row["kind"] != "chokepoint")
        if region in ("china", "cn"):
            assert row["kind"] != "missing"


@FEW
@given(fact_tables())
def test_made_tables_are_valid(tables: Tables) -> None:
    check(tables)
    with tempfile.TemporaryDirectory() as folder:
        assert read(write(folder, tables)).tables == {name: tables[name] for name in read(folder).tables}


def test_made_tables_need_no_hypothesis() -> None:
    for seed in range(50):
        check(made(Random(seed), products=(20, 30), firms=(10, 20)))


def check(tables: Tables) -> None:
    """What a strict loader would refuse: a key twice, a reference to nothing, a circle of kinds."""
    keys = {
        "inputs": ["product_id", "input_id"],
        "market_shares": ["product_id", "region_id", "scope", "year"],
        "supplies": ["firm_id", "product_id"],
        "sites": ["firm_id", "place_id", "kind"],
    }
    ids: dict[str, set[str]] = {}
    for name, rows in tables.items():
        key = keys.get(name, ["id"])
        values = [tuple(row[column] for column in key) for row in rows]
        assert len(values) == len(set(values)), name
        ids[name] = {row["id"] for row in rows if "id" in row}
        assert all(list(row) == COLUMNS[name] for row in rows)
    every = sorted(chain.from_iterable(ids.values()))
    assert len(every) == len(set(every))
    ids["places"] = ids["regions"] | ids["parks"]
    ids["subjects"] = ids["places"] | ids["firms"]
    supplied = {(row["firm_id"], row["product_id"]) for row in tables["supplies"]}
    references = {
        "regions": {"parent_id": "regions"},
        "chains": {"industry_ids": "industries", "final_product_ids": "products"},
        "segments": {"chain_id": "chains"},
        "products": {"segment_ids": "segments", "variant_of": "products"},
        "inputs": {"product_id": "products", "input_id": "products"},
        "market_shares": {"product_id": "products", "region_id": "regions"},
        "firms": {"economy_id": "regions", "hq_region_id": "regions"},
        "supplies": {"firm_id": "firms", "product_id": "products"},
        "sites": {"firm_id": "firms", "place_id": "places", "product_ids": "products"},
        "parks": {"region_id": "regions", "part_of": "parks"},
        "events": {"subject_ids": "subjects", "target_ids": "subjects", "affected_product_ids": "products"},
    }
    for name, columns in references.items():
        for row in tables[name]:
            for column, target in columns.items():
                assert set(filter(None, row[column].split(";"))) <= ids[target], (name, column, row)
            assert set(row["source_ids"].split(";")) <= ids["sources"]
    for row in tables["inputs"]:
        assert row["product_id"] != row["input_id"]
    for row in tables["sites"]:
        made_here = set(filter(None, row["product_ids"].split(";")))
        assert {(row["firm_id"], product) for product in made_here} <= supplied
    above = {row["id"]: row["variant_of"] for row in tables["products"]}
    above |= {row["id"]: row["part_of"] for row in tables["parks"]}
    placed: set[str] = set()
    while ready := {i for i, cell in above.items() if i not in placed and set(filter(None, cell.split(";"))) <= placed}:
        placed |= ready
    assert placed == set(above)

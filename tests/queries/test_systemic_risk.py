"""Systemic risk of firms against the answer keys, the published example and a naive loop."""

from __future__ import annotations

import csv
import itertools
import math
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import BadInput
from queries import systemic_risk as module
from queries.systemic_risk import Sales, SystemicRisk, read_sales, systemic_risk

Links = list[tuple[int, int, float]]
Losses = tuple[float, float, float]


# -- the answer keys ---


def folder_sales(folder: Path) -> Sales:
    names = ("edges.csv", "firms.csv", "essentiality.csv")
    return read_sales(*((folder / name).read_text().splitlines() for name in names))


def losses(answer: SystemicRisk) -> dict[str, Losses]:
    return {firm.id: (firm.esri, firm.esri_down, firm.esri_up) for firm in answer.firms}


def assert_close(found: Losses, expected: Losses, what: object) -> None:
    for one, other in zip(found, expected, strict=True):
        assert math.isclose(one, other, rel_tol=0, abs_tol=1e-9), (what, found, expected)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "eps", "substitution"),
    [
        ("esri.csv", 1e-9, True),
        ("esri-norepl.csv", 1e-9, False),
        ("esri-eps1e-2.csv", 1e-2, True),
        ("esri-pureR-20firms.csv", 1e-2, True),
    ],
)
def test_agrees_with_the_published_implementation(
    shared_folder: Path, file: str, eps: float, substitution: bool
) -> None:
    keys = sorted((shared_folder / "answers" / "esri").glob(f"*/{file}"))
    if not keys:
        pytest.skip(f"there is no answers/esri/*/{file} in {shared_folder}")
    for key in keys:
        answer = systemic_risk(folder_sales(key.parent), eps, substitution=substitution)
        found = losses(answer)
        with key.open() as lines:
            rows = list(csv.DictReader(lines))
        for row in rows:
            expected = float(row["esri"]), float(row["esri_down"]), float(row["esri_up"])
            assert_close(found[row["id"]], expected, (key.parent.name, row["id"]))
        if len(rows) == len(found):
            assert answer.iterations == max(int(row["steps"]) for row in rows)


# -- the published example of 11 firms ---

SECTORS = [1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5]
UNIT_SALES = [(3, 6), (4, 6), (4, 7), (5, 7), (6, 1), (6, 2), (7, 10), (7, 11), (8, 1), (8, 2), (9, 11)]


def example(value: int) -> Sales:
    edges = ["from,to,weight", *(f"{seller},{buyer},1" for seller, buyer in UNIT_SALES)]
    firms = ["id,sector", *(f"{at},{sector}" for at, sector in enumerate(SECTORS, start=1))]
    pairs = [f"{one},{other},{value}" for one in range(1, 6) for other in range(1, 6)]
    return read_sales(edges, firms, ["supplier_sector,buyer_sector,value", *pairs])


@pytest.mark.parametrize("value", [1, 2])
def test_the_published_example(value: int) -> None:
    down = {3: 4 / 33, 4: 4 / 11, 5: 4 / 33, 6: 2 / 11, 7: 2 / 11, 8: 2 / 11, 9: 1 / 11}
    up = {1: 3, 2: 3, 3: 1, 4: 2, 5: 1, 6: 4, 7: 4, 8: 2, 9: 1, 10: 2, 11: 3}
    found = losses(systemic_risk(example(value), 1e-9))
    for firm in range(1, 12):
        expected = down.get(firm, 0.0), up[firm] / 11
        assert_close(found[str(firm)], (max(expected), *expected), firm)


def test_without_substitution_small_firms_weigh_more() -> None:
    found = losses(systemic_risk(example(2), 1e-9, substitution=False))
    assert_close(found["3"], (2 / 11, 2 / 11, 1 / 11), 3)


# -- a naive loop, written from the measure alone ---


class Naive:
    """Measures §10 for one failing firm at a time, a formula a method."""

    def __init__(self, sectors: list[int], links: Links, essential: dict[tuple[int, int], int]) -> None:
        self.firms, self.sectors = range(len(sectors)), sectors
        self.w: dict[tuple[int, int], float] = defaultdict(float)
        for seller, buyer, weight in links:
            self.w[seller, buyer] += weight
        self.s = [sum(self.w.get((i, j), 0.0) for j in self.firms) for i in self.firms]
        self.e = {(i, j): essential[sectors[i], sectors[j]] for i, j in self.w}
        self.ld = {pair: self.divided(*pair) for pair in self.w}

    def divided(self, i: int, j: int) -> float:
        inputs = [(other, weight) for (other, buyer), weight in self.w.items() if buyer == j]
        if self.e[i, j] == 0:
            return 0.0
        if self.e[i, j] == 2:
            inputs = [(other, weight) for other, weight in inputs if self.sectors[other] == self.sectors[i]]
        return self.w[i, j] / sum(weight for _, weight in inputs)

    def sigma(self, i: int, hd: list[float]) -> float:
        left = sum(self.s[j] * hd[j] for j in self.firms if self.sectors[j] == self.sectors[i])
        return min(1.0, self.s[i] / left) if left > 0 else 1.0

    def down(self, j: int, psi: float, hd: list[float], sigma: list[float]) -> float:
        essential: dict[int, float] = defaultdict(float)
        other = 0.0
        for (i, buyer), share in self.ld.items():
            if buyer == j and self.e[i, j] == 2:
                essential[self.sectors[i]] += sigma[i] * share * (1 - hd[i])
            elif buyer == j:
                other += sigma[i] * share * (1 - hd[i])
        return max(0.0, min([psi, 1 - other, *(1 - lost for lost in essential.values())]))

    def up(self, i: int, psi: float, hu: list[float]) -> float:
        lost = sum(weight / self.s[i] * (1 - hu[j]) for (seller, j), weight in self.w.items() if seller == i)
        return max(0.0, min(psi, 1 - lost))

    def failure(self, x: int, eps: float, substitution: bool) -> tuple[Losses, int]:
        psi = [0.0 if i == x else 1.0 for i in self.firms]
        hd, hu, steps, decrease = psi, psi, 0, math.inf
        while decrease > eps:
            sigma = [self.sigma(i, hd) if substitution else 1.0 for i in self.firms]
            new_d = [self.down(i, psi[i], hd, sigma) for i in self.firms]
            new_u = [self.up(i, psi[i], hu) for i in self.firms]
            decrease = max(max(hd[i] - new_d[i], hu[i] - new_u[i]) for i in self.firms)
            hd, hu, steps = new_d, new_u, steps + 1
        total = sum(self.s)
        weighed = [sum(self.s[i] / total * (1 - h[i]) for i in self.firms) for h in (list(map(min, hd, hu)), hd, hu)]
        return (weighed[0], weighed[1], weighed[2]), steps


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[int], Links, dict[tuple[int, int], int]]:
    """Small networks with sales to oneself, pairs that stand twice, and sectors that sell nothing."""
    firms, sectors = draw(st.integers(1, 9)), draw(st.integers(1, 4))
    of_firm = draw(st.lists(st.integers(0, sectors - 1), min_size=firms, max_size=firms))
    firm = st.integers(0, firms - 1)
    weight = st.sampled_from([1.0, 2.0, 5.5, 0.1])
    links = draw(st.lists(st.tuples(firm, firm, weight), min_size=1, max_size=30))
    pairs = list(itertools.product(range(sectors), repeat=2))
    values = draw(st.lists(st.sampled_from([0, 1, 2]), min_size=len(pairs), max_size=len(pairs)))
    return of_firm, links, dict(zip(pairs, values, strict=True))


def tables(made: tuple[list[int], Links, dict[tuple[int, int], int]]) -> tuple[list[str], list[str], list[str]]:
    sectors, links, essential = made
    return (
        ["from,to,weight", *(f"f{seller},f{buyer},{weight}" for seller, buyer, weight in links)],
        ["id,sector", *(f"f{at},s{sector}" for at, sector in enumerate(sectors))],
        ["supplier_sector,buyer_sector,value", *(f"s{i},s{j},{value}" for (i, j), value in essential.items())],
    )


@pytest.mark.parametrize("sparse", [0.0, 0.3, 9.0], ids=["sweep", "both", "follow"])
@settings(max_examples=60, deadline=None)
@given(made=networks(), eps=st.sampled_from([0.0123, 1.23e-5]), substitution=st.booleans())
def test_made_networks_agree_with_the_naive_loop(
    sparse: float, made: tuple[list[int], Links, dict[tuple[int, int], int]], eps: float, substitution: bool
) -> None:
    naive = Naive(*made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_SPARSE", sparse)
        patch.setattr(module, "_COLUMNS", 4)
        answer = systemic_risk(read_sales(*tables(made)), eps, substitution=substitution)
    assert answer.complete
    steps = 0
    for at, firm in enumerate(answer.firms):
        expected, own_steps = naive.failure(at, eps, substitution)
        assert_close((firm.esri, firm.esri_down, firm.esri_up), expected, firm.id)
        steps = max(steps, own_steps)
    assert answer.iterations == steps


def test_a_leap_ends_where_the_steps_end() -> None:
    ring = [(at, (at + 1) % 40, 1.0) for at in range(40)] + [(at, (at * 7 + 3) % 40, 0.5) for at in range(40)]
    sales = read_sales(
        *tables(([at % 3 for at in range(40)], ring, dict.fromkeys(itertools.product(range(3), repeat=2), 1)))
    )
    leaping = systemic_risk(sales, 1e-7)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_LEAP_EVERY", 10**9)
        stepping = systemic_risk(sales, 1e-7)
    assert leaping.iterations == stepping.iterations > 300
    for one, other in zip(leaping.firms, stepping.firms, strict=True):
        assert_close((one.esri, one.esri_down, one.esri_up), (other.esri, other.esri_down, other.esri_up), one.id)


# -- what is refused, and what ends early ---

EDGES = ["from,to,weight", "a,b,1", "b,a,2.5"]
FIRMS = ["id,sector", "a,x", "b,y"]
NEEDS = ["supplier_sector,buyer_sector,value", "x,y,2", "y,x,1"]


@pytest.mark.parametrize(
    ("edges", "firms", "needs", "message"),
    [
        (["from,to", "a,b"], FIRMS, NEEDS, "edges, line 1 .*weight is missing"),
        ([], FIRMS, NEEDS, "edges, line 1"),
        (["from,to,weight"], FIRMS, NEEDS, "at least one sale"),
        ([*EDGES, "a,b,0"], FIRMS, NEEDS, "edges, line 4, weight = '0'"),
        ([*EDGES, "a,b,-3"], FIRMS, NEEDS, "greater than 0"),
        ([*EDGES, "a,b,nan"], FIRMS, NEEDS, "edges, line 4, weight = 'nan'"),
        ([*EDGES, "a,b,inf"], FIRMS, NEEDS, "edges, line 4, weight = 'inf'"),
        ([*EDGES, "a,b,1e300"], FIRMS, NEEDS, "edges, line 4, weight = '1e300'"),
        ([*EDGES, "a,b,much"], FIRMS, NEEDS, "edges, line 4, weight = 'much'"),
        ([*EDGES, "a,c,1"], FIRMS, NEEDS, "edges, line 4, to = 'c'"),
        ([*EDGES, "c,a,1"], FIRMS, NEEDS, "edges, line 4, from = 'c'"),
        ([*EDGES, "a,b"], FIRMS, NEEDS, "edges, line 4 .*3 cells"),
        ([*EDGES, '"a,b,1'], FIRMS, NEEDS, "edges, line 4 .*CSV"),
        (EDGES, [*FIRMS, "a,y"], NEEDS, "firms, line 4, id = 'a'"),
        (EDGES, [*FIRMS, ",y"], NEEDS, "firms, line 4, id"),
        (EDGES, [*FIRMS, "c,"], NEEDS, "firms, line 4, sector"),
        (EDGES, FIRMS, [*NEEDS, "x,x,3"], "essentiality, line 4, value = '3'"),
        (EDGES, FIRMS, [*NEEDS, "x,y,2"], "essentiality, line 4 = 'x,y'"),
        (EDGES, FIRMS, NEEDS[:2], "essentiality .*'y,x'"),
    ],
)
def test_bad_tables_say_where_and_what_to_do(
    edges: list[str], firms: list[str], needs: list[str], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        read_sales(edges, firms, needs)


def test_tables_may_have_more_columns_in_any_order() -> None:
    plain = systemic_risk(read_sales(EDGES, FIRMS, NEEDS))
    edges = ["\ufeffweight,note,to,from", "1,x,b,a", "", "1,,a,b", "1.5,,a,b"]
    assert systemic_risk(read_sales(edges, FIRMS, NEEDS)) == plain
    assert [firm.id for firm in plain.firms] == ["a", "b"]
    assert plain.eps == 1e-6


@pytest.mark.parametrize("eps", [0.0, -1.0, 1.0, 1e-13, math.nan])
def test_eps_has_a_range(eps: float) -> None:
    with pytest.raises(BadInput, match="eps"):
        systemic_risk(example(1), eps)


def test_a_budget_ends_the_work() -> None:
    assert systemic_risk(example(1), budget_s=60).complete
    answer = systemic_risk(example(1), budget_s=0)
    assert (answer.complete, answer.firms, answer.iterations) == (False, (), 0)

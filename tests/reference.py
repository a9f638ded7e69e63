"""A slow second implementation of the measures, to check the engine against.

It is written from the text of the measures alone (the paragraphs are named with §), without a look at the
engine, in plain Python: sets, dictionaries and loops, naive and meant to be obviously right. Where the text
leaves a choice, the choice is written down at the function that makes it, behind the word "Chosen".

    facts = read(folder)
    model = Model(facts)
    model.gaps("shanghai")
"""

from __future__ import annotations

import csv
from calendar import monthrange
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

Row = dict[str, str]
SupplyKey = tuple[str, str]  # (firm, product): the key of a supplies row
Plan = tuple[set[SupplyKey], list[set[str]], set[str], bool]  # see Model._plan

TABLES = (
    *(
        "sources",
        "regions",
        "industries",
        "chains",
        "segments",
        "products",
        "inputs",
        "market_shares",
        "firms",
    ),
    *(
        "supplies",
        "sites",
        "observations",
        "events",
        "supply_links",
        "leads",
        "parks",
        "partnerships",
        "targets",
    ),
)

WEIGHT = {"mass-production": 1.0, "small-batch": 0.5, "pilot": 0.25, "research": 0.1}  # §1
RADII = ("shanghai", "delta", "china", "world")  # §1, from the narrowest to the widest
RADIUS_REGIONS = {  # §1; `world` has no list, it holds every place
    "shanghai": frozenset({"cn-sh"}),
    "delta": frozenset({"cn-sh", "cn-js", "cn-zj", "cn-ah"}),
    "china": frozenset({"cn"}),
}
SAME_REGION = {"cn": "china", "cn-sh": "shanghai"}  # §1
MUNICIPALITIES = frozenset({"cn-sh", "cn-bj", "cn-tj", "cn-cq"})  # §8
DOMAIN_KNOWLEDGE = "domain-knowledge"  # §11: no source in the sense of evidence


class Facts:
    """The fact tables as lists of dictionaries of strings; a table that is not there is empty."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = {name: list(tables.get(name, [])) for name in TABLES}

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]

    def without_low(self) -> Facts:
        """§11: the facts without the supplies and sites rows of confidence `low`; all other tables stay."""
        fewer = dict(self.tables)
        for table in ("supplies", "sites"):
            fewer[table] = [row for row in fewer[table] if row.get("confidence", "") != "low"]
        return Facts(fewer)


def read(folder: str | Path) -> Facts:
    """Reads a folder of fact tables."""
    tables: dict[str, list[Row]] = {}
    for name in TABLES:
        path = Path(folder) / f"{name}.csv"
        if path.exists():
            with path.open(encoding="utf-8-sig", newline="") as lines:
                rows = csv.DictReader(lines)
                tables[name] = [{column: (cell or "").strip() for column, cell in row.items()} for row in rows]
    return Facts(tables)


def items(cell: str) -> list[str]:
    """The items of a list inside a cell."""
    return [item.strip() for item in cell.split(";") if item.strip()]


class Model:
    """All measures over one set of facts. Nothing changes after `__init__`: answers may be remembered."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.products = sorted(row["id"] for row in facts["products"])
        self.regions = {row["id"]: row for row in facts["regions"]}
        self.parks = {row["id"]: row for row in facts["parks"]}
        self.firms = {row["id"]: row for row in facts["firms"]}
        self.chains = {row["id"]: row for row in facts["chains"]}
        self.events = {row["id"]: row for row in facts["events"]}
        self.supplies: dict[SupplyKey, Row] = {(r["firm_id"], r["product_id"]): r for r in facts["supplies"]}
        self.supplies_of_product: dict[str, list[SupplyKey]] = {p: [] for p in self.products}
        for firm, product in sorted(self.supplies):
            self.supplies_of_product.setdefault(product, []).append((firm, product))
        self.sites_of_firm: dict[str, list[Row]] = {}
        for row in facts["sites"]:
            self.sites_of_firm.setdefault(row["firm_id"], []).append(row)
        self.inputs_of: dict[str, list[Row]] = {p: [] for p in self.products}
        for row in facts["inputs"]:
            self.inputs_of.setdefault(row["product_id"], []).append(row)
        self.variants: dict[str, list[str]] = {p: [] for p in self.products}  # direct ones
        self.variant_of: dict[str, list[str]] = {p: [] for p in self.products}
        for row in facts["products"]:
            for general in items(row.get("variant_of", "")):
                self.variants.setdefault(general, []).append(row["id"])
                self.variant_of[row["id"]].append(general)
        self._remembered: dict[tuple[Any, ...], Any] = {}
        self._without_low: Model | None = None

    # ------------------------------------------------------------ §1 requirements and supply

    def kinds(self, p: str) -> set[str]:
        """§1 `kinds(p)`: p with all its variants, and theirs."""
        found = {p}
        ahead = [p]
        while ahead:
            for variant in self.variants.get(ahead.pop(), []):
                if variant not in found:
                    found.add(variant)
                    ahead.append(variant)
        return found

    def slots(self, p: str) -> list[list[str]]:
        """§1 `slots(p)`: what making p needs, each slot as its sorted members.

        Only required rows; one slot for each row without a group and one for each group. Chosen order: the
        slots without a group by member, then the groups by name.
        """
        single: list[str] = []
        groups: dict[str, list[str]] = {}
        for row in self.inputs_of.get(p, []):
            if row.get("necessity", "") != "required":
                continue
            if row.get("group", ""):
                groups.setdefault(row["group"], []).append(row["input_id"])
            else:
                single.append(row["input_id"])
        return [[q] for q in sorted(single)] + [sorted(groups[name]) for name in sorted(groups)]

    def weight(self, key: SupplyKey) -> float:
        """§1: the capability weight of a supplies row."""
        return WEIGHT[self.supplies[key]["capability"]]

    def rows_for(self, p: str) -> list[SupplyKey]:
        """§1: the supplies rows for any of `kinds(p)`."""
        known = self._remembered.get(("rows_for", p))
        if known is None:
            known = [key for q in sorted(self.kinds(p)) for key in self.supplies_of_product.get(q, [])]
            self._remembered["rows_for", p] = known
        rows: list[SupplyKey] = known
        return rows

    def suppliers(self, p: str) -> dict[str, float]:
        """§1 `suppliers(p)`: each firm with its best weight for any of `kinds(p)`."""
        best: dict[str, float] = {}
        for key in self.rows_for(p):
            best[key[0]] = max(best.get(key[0], 0.0), self.weight(key))
        return best

    def placed(self, key: SupplyKey) -> list[tuple[str, Row]]:
        """§1, where a firm makes a thing: each place of a supplies row, and the row that says so.

        The plants that make all or this very product; with none the headquarters among the sites; with none
        the `hq_region_id` of the firm; with none its economy. Of the last two the firms row is what says so.
        """
        firm, product = key
        sites = self.sites_of_firm.get(firm, [])
        plants = []
        for row in sites:
            made = items(row.get("product_ids", ""))
            if row["kind"] == "plant" and (not made or product in made):
                plants.append((row["place_id"], row))
        if plants:
            return plants
        quarters = [(row["place_id"], row) for row in sites if row["kind"] == "hq"]
        if quarters:
            return quarters
        about = self.firms[firm]
        return [(about.get("hq_region_id", "") or about["economy_id"], about)]

    def places(self, key: SupplyKey) -> set[str]:
        """§1: the places (regions and parks) of a supplies row."""
        return {place for place, _ in self.placed(key)}

    def holders(self, place: str) -> set[str]:
        """§1: the place itself and every region and park that it lies in.

        A park lies in its region and in the larger park, and with that wherever the larger park lies.
        """
        known = self._remembered.get(("holders", place))
        if known is None:
            known = {place}
            ahead = [place]
            while ahead:
                here = ahead.pop()
                above = []
                if here in self.regions:
                    above.append(self.regions[here].get("parent_id", ""))
                if here in self.parks:
                    above += [self.parks[here].get("region_id", ""), self.parks[here].get("part_of", "")]
                for holder in above:
                    if holder and holder not in known:
                        known.add(holder)
                        ahead.append(holder)
            self._remembered["holders", place] = known
        held: set[str] = known
        return held

    def region(self, region: str) -> str:
        """§1: the name that a region goes by here: `cn` is `china`, `cn-sh` is `shanghai`."""
        region = SAME_REGION.get(region, region)
        if region not in RADII and region not in self.regions and region not in self.parks:
            raise KeyError(region)
        return region

    def inside(self, place: str, region: str) -> bool:
        """§1: whether a place (an id, or the name of a radius) lies in a region, park or radius."""
        place, region = SAME_REGION.get(place, place), self.region(region)
        if region in ("world", place):
            return True
        if place in RADII:  # the radii hold one another; no other region holds one of them
            return region in RADII and RADII.index(place) < RADII.index(region)
        return bool(self.holders(place) & RADIUS_REGIONS.get(region, frozenset({region})))

    def lies_in(self, key: SupplyKey) -> list[set[str]]:
        """§1: for each place of a supplies row, all that holds it (see `holders`)."""
        memo = ("lies_in", key)
        if memo not in self._remembered:
            self._remembered[memo] = [self.holders(place) for place in sorted(self.places(key))]
        found: list[set[str]] = self._remembered[memo]
        return found

    def in_region(self, key: SupplyKey, region: str) -> bool:
        """§1: whether a supplies row has a place in the region."""
        return any(self.inside(place, region) for place in self.places(key))

    def domestic(self, firm: str) -> bool:
        """§1, control: whether the economy of the firm is cn."""
        return self.firms[firm]["economy_id"] == "cn"

    # ------------------------------------------------------------ §2 coverage

    def suppliers_in(self, p: str, region: str, control: str = "any") -> dict[str, float]:
        """§2: the suppliers of p counted in the region, each with its best weight of the rows there."""
        memo = ("suppliers_in", p, self.region(region), control)
        if memo not in self._remembered:
            best: dict[str, float] = {}
            for key in self.rows_for(p):
                if self.in_region(key, region) and (control == "any" or self.domestic(key[0])):
                    best[key[0]] = max(best.get(key[0], 0.0), self.weight(key))
            self._remembered[memo] = best
        found: dict[str, float] = self._remembered[memo]
        return found

    def coverage(self, p: str, region: str, control: str = "any") -> dict[str, Any]:
        """§2: status, availability (None where unknown), full and lesser suppliers in the region."""
        inside = self.suppliers_in(p, region, control)
        full = sorted(firm for firm, w in inside.items() if w == 1)
        lesser = sorted(firm for firm, w in inside.items() if w < 1)
        availability: float | None = self.availability(p, region, control)
        if not self.suppliers(p):
            status, availability = "unknown", None
        elif len(full) >= 3:
            status = "strong"
        elif full:
            status = "thin"
        elif lesser:
            status = "weak"
        else:
            status = "absent"
        return {"status": status, "availability": availability, "full": full, "lesser": lesser}

    def availability(self, p: str, region: str, control: str = "any") -> float:
        """§2: 1 − Π (1 − w / 2); 0 with nobody. The caller minds the products of unknown supply."""
        product = 1.0
        inside = self.suppliers_in(p, region, control)
        for firm in sorted(inside):
            product *= 1 - inside[firm] / 2
        return 1 - product

    # ------------------------------------------------------------ §3 criticality and blocking

    def best(self, p: str) -> float | None:
        """§3: the best weight among the suppliers of p; None where no supplier is known."""
        return max(self.suppliers(p).values(), default=None)

    def ready(self, q: str, floor: str) -> bool:
        """§3: the best weight of the suppliers reaches the floor, or no supplier is known."""
        best = self.best(q)
        return best is None or best >= WEIGHT[floor]

    def counting_rows(self, p: str, floor: str) -> list[SupplyKey]:
        """§3: the own supplies rows of p (not those of its variants) that count."""
        best = self.best(p)
        if best is None:
            return []
        least = min(WEIGHT[floor], best)
        return [key for key in self.supplies_of_product.get(p, []) if self.weight(key) >= least]

    def counting_members(self, slot: list[str], floor: str) -> list[str]:
        """§3: where a slot has ready members, only those count, else all."""
        return [q for q in slot if self.ready(q, floor)] or slot

    def stand_ins(self, p: str, floor: str) -> set[str]:
        """§3: the variants of p that are ready; all variants where none of `kinds(p)` (p too) is ready."""
        kinds = self.kinds(p)
        if not any(self.ready(q, floor) for q in kinds):
            return kinds - {p}
        return {v for v in kinds - {p} if self.ready(v, floor)}

    def _plan(self, floor: str) -> dict[str, Plan]:
        """§3, of each product: its counting rows, what meets each slot, its stand-ins, is a supplier known.

        None of it depends on what is removed: the floor looks at the whole network before anything is.
        """
        memo = ("plan", floor)
        if memo not in self._remembered:
            plan: dict[str, Plan] = {}
            for p in self.products:
                needs = []
                for slot in self.slots(p):
                    meets: set[str] = set()
                    for q in self.counting_members(slot, floor):
                        meets |= {q} | self.stand_ins(q, floor)
                    needs.append(meets)
                known = bool(self.suppliers(p))
                plan[p] = (set(self.counting_rows(p, floor)), needs, self.stand_ins(p, floor), known)
            self._remembered[memo] = plan
        found: dict[str, Plan] = self._remembered[memo]
        return found

    def _rounds(
        self,
        within: Collection[str],
        products: set[str],
        gone: set[SupplyKey],
        floor: str,
        unknown: str,
    ) -> Iterator[set[str]]:
        """The rounds of failure inside a set of products, all that fail at once (§3, §7).

        Round 0: the removed products, and what is not made although all else in the set is there (it has lost
        its rows). Each later round: what is not made from what the rounds before have left. What is left in
        the end is the greatest set that §3 asks for, as whatever lies in such a set never fails.
        """
        plan = self._plan(floor)

        def made(p: str, there: set[str]) -> bool:
            rows, needs, stand_ins, known = plan[p]
            supplied = not rows <= gone if known else unknown == "open"
            if supplied:
                for meets in needs:
                    if meets.isdisjoint(there):
                        break
                else:
                    return True
            return not stand_ins.isdisjoint(there)

        there = set(within)
        failing = {p for p in there if p in products or not made(p, there)}
        while failing:
            yield failing
            there -= failing
            failing = {p for p in there if not made(p, there)}

    def _makeable(
        self,
        within: set[str],
        products: set[str],
        gone: set[SupplyKey],
        floor: str,
        unknown: str,
    ) -> set[str]:
        left = set(within)
        for failing in self._rounds(within, products, gone, floor, unknown):
            left -= failing
        return left

    def baseline(self, floor: str = "small-batch", unknown: str = "open") -> set[str]:
        """§3 `baseline`: makeable(∅)."""
        memo = ("baseline", floor, unknown)
        if memo not in self._remembered:
            self._remembered[memo] = self._makeable(set(self.products), set(), set(), floor, unknown)
        found: set[str] = self._remembered[memo]
        return found

    def makeable(
        self,
        removed_products: Iterable[str] = (),
        floor: str = "small-batch",
        unknown: str = "open",
        elements: Iterable[str] = (),
    ) -> set[str]:
        """§3 `makeable(K)`; K is the products given and the elements given (see `removal`).

        It starts from the baseline rather than from all products: the greatest set for K is a set for ∅ too,
        so it lies in the baseline.
        """
        products, gone = self.removal(elements)
        products |= set(removed_products)
        return self._makeable(self.baseline(floor, unknown), products, gone, floor, unknown)

    def element(self, element: str) -> tuple[str, str]:
        """§3: kind and id of an element of K (`economy:us`, `region:us`, `park:…`, `firm:…`, `event:…`).

        Chosen: a bare id is what the tables say it is; that of a region of level economy is the economy.
        """
        kind, colon, name = element.partition(":")
        if not colon:
            name = element
            if name in self.regions:
                kind = "economy" if self.regions[name]["level"] == "economy" else "region"
            elif name in self.parks:
                kind = "park"
            elif name in self.firms:
                kind = "firm"
            else:
                kind = "product"
        known: dict[str, Collection[str]] = {
            "economy": self.regions,
            "region": self.regions,
            "park": self.parks,
            "firm": self.firms,
            "product": self.products,
            "event": self.events,
        }
        if name not in known[kind]:
            raise KeyError(element)
        return kind, name

    def removal(self, elements: Iterable[str]) -> tuple[set[str], set[SupplyKey]]:
        """§3: the products in K, and the supplies rows that are gone with K.

        A row is gone when its firm or the economy of its firm is in K, or when all its places lie in regions
        or parks of K, taken together; and with an event, whatever §12 says.
        """
        pairs = {self.element(element) for element in elements}
        products = {name for kind, name in pairs if kind == "product"}
        firms = {name for kind, name in pairs if kind == "firm"}
        economies = {name for kind, name in pairs if kind == "economy"}
        lands = {name for kind, name in pairs if kind in ("economy", "region", "park")}
        gone: set[SupplyKey] = set()
        if firms or lands:
            for key in self.supplies:
                if (
                    key[0] in firms
                    or self.firms[key[0]]["economy_id"] in economies
                    or all(holders & lands for holders in self.lies_in(key))
                ):
                    gone.add(key)
        for kind, name in pairs:
            if kind == "event":
                gone |= self.event_rows(name)
        return products, gone

    def event_rows(self, event: str) -> set[SupplyKey]:
        """§12, what an event takes away: see there. Subjects may be regions, firms and parks."""
        row = self.events[event]
        subjects = set(items(row.get("subject_ids", "")))
        affected: set[str] = set()
        for product in items(row.get("affected_product_ids", "")):
            affected |= self.kinds(product)
        gone = set()
        lands = subjects & set(self.parks)
        if affected:
            lands |= subjects & set(self.regions)
        for key in self.supplies:
            if affected and key[1] not in affected:
                continue
            if (
                key[0] in subjects
                or (affected and self.firms[key[0]]["economy_id"] in subjects)
                or all(holders & lands for holders in self.lies_in(key))
            ):
                gone.add(key)
        return gone

    def blocked(self, elements: Iterable[str], floor: str = "small-batch", unknown: str = "open") -> list[str]:
        """§3 `blocked(K)`: baseline − makeable(K)."""
        return sorted(self.baseline(floor, unknown) - self.makeable((), floor, unknown, elements))

    def blocks(self, p: str, floor: str = "small-batch", unknown: str = "open") -> list[str]:
        """§3 `blocks(p)`: blocked({p}) without p itself."""
        memo = ("blocks", p, floor, unknown)
        if memo not in self._remembered:
            left = self.makeable({p}, floor, unknown)
            self._remembered[memo] = sorted(self.baseline(floor, unknown) - left - {p})
        return list(self._remembered[memo])

    def study(self, chain: str | None = None) -> set[str]:
        """§3: the whole network, or the products of the segments of a chain and its final products."""
        if chain is None:
            return set(self.products)
        segments = {row["id"] for row in self.facts["segments"] if row["chain_id"] == chain}
        inside = {row["id"] for row in self.facts["products"] if set(items(row.get("segment_ids", ""))) & segments}
        return inside | self.finals(chain)

    def finals(self, chain: str | None = None) -> set[str]:
        """§3 `finals`: the final products of the chain, or of all chains."""
        chains = [self.chains[chain]] if chain is not None else list(self.chains.values())
        return {p for row in chains for p in items(row.get("final_product_ids", ""))}

    def criticality(
        self, p: str, chain: str | None = None, floor: str = "small-batch", unknown: str = "open"
    ) -> dict[str, Any]:
        """§3: criticality with its two parts, and blocks(p). A fraction over an empty set is 0."""
        blocks = set(self.blocks(p, floor, unknown))
        study, finals = self.study(chain), self.finals(chain)
        final_impact = len((blocks | {p}) & finals) / len(finals) if finals else 0.0
        others = study - {p}
        breadth = len((blocks & study) - {p}) / len(others) if others else 0.0
        return {
            "criticality": 0.7 * final_impact + 0.3 * breadth,
            "final_impact": final_impact,
            "breadth": breadth,
            "blocks": sorted(blocks),
        }

    # ------------------------------------------------------------ §4 gaps

    def ladder(self, region: str) -> list[str]:
        """§4: the region and the radii that hold it, from the narrowest to the widest."""
        region = self.region(region)
        return [region] + [radius for radius in RADII if radius != region and self.inside(region, radius)]

    def depth(self, p: str, region: str) -> float:
        """§4: the mean of 1 − availability over the region and the radii that hold it."""
        ladder = self.ladder(region)
        return sum(1 - self.availability(p, r) for r in ladder) / len(ladder)

    def gap_kind(self, p: str, region: str) -> str | None:
        """§4: chokepoint, missing, fragile or none, the first that fits; None where coverage is unknown."""
        here = self.coverage(p, region)["status"]
        if here == "unknown":
            return None
        if self.coverage(p, "china", "domestic")["status"] in ("absent", "weak"):
            return "chokepoint"
        if here in ("absent", "weak"):
            return "missing"
        return "fragile" if here == "thin" else "none"

    def back_up(self, p: str, region: str) -> list[str]:
        """§4 `back_up`: the firms of economy cn with a weight for p of 0.5 or more, nearest first.

        Chosen: the weight is that of §1, wherever. Nearest is the first of these in which the firm supplies p
        (§1: one of its rows for `kinds(p)`, of whatever capability, has a place there): the region asked for
        unless it is a radius, then shanghai, delta, china, world - so for china, too, those in Shanghai come
        first, as in the substitutes of §7. Ties: by the weight for p, the greater first, then by id.
        """
        region = self.region(region)
        rings = ([] if region in RADII else [region]) + list(RADII)

        def order(firm: str) -> tuple[int, float, str]:
            ring = next(i for i, ring in enumerate(rings) if firm in self.suppliers_in(p, ring))
            return ring, -weights[firm], firm

        weights = self.suppliers(p)
        return sorted((f for f, w in weights.items() if w >= 0.5 and self.domestic(f)), key=order)

    def gap(
        self,
        p: str,
        region: str,
        chain: str | None = None,
        floor: str = "small-batch",
        unknown: str = "open",
    ) -> dict[str, Any]:
        """§4: everything that the answer says of one product of known coverage, whatever its kind.

        Chosen: `delta_backed` is False for every kind but `missing`; `suppliers` is counted by control any at
        all four radii, and in the region asked for when it is none of them.
        """
        region = self.region(region)
        here, domestic = self.coverage(p, region), self.coverage(p, region, "domestic")
        critical = self.criticality(p, chain, floor, unknown)
        depth = self.depth(p, region)
        kind = self.gap_kind(p, region)
        suppliers = {}
        for radius in dict.fromkeys([region, *RADII]):
            there = self.coverage(p, radius)
            suppliers[radius] = {"full": len(there["full"]), "lesser": len(there["lesser"])}
        return {
            "product_id": p,
            "status": here["status"],
            "kind": kind,
            "gap_score": 100 * critical["criticality"] * depth,
            "depth": depth,
            "availability": here["availability"],
            "availability_domestic": domestic["availability"],
            "criticality": critical["criticality"],
            "final_impact": critical["final_impact"],
            "breadth": critical["breadth"],
            "blocks": len(critical["blocks"]),
            "delta_backed": kind == "missing" and bool(self.coverage(p, "delta")["full"]),
            "suppliers": suppliers,
            "back_up": self.back_up(p, region),
            "evidence": self.evidence_gap(p, region),
        }

    def scored(
        self,
        region: str,
        chain: str | None = None,
        floor: str = "small-batch",
        unknown: str = "open",
    ) -> list[dict[str, Any]]:
        """§4: all products of the study whose coverage is known, in the order of the gap list."""
        known = [p for p in self.study(chain) if self.suppliers(p)]
        rows = [self.gap(p, region, chain, floor, unknown) for p in known]
        return sorted(rows, key=lambda row: (-round(row["gap_score"], 9), row["product_id"]))

    def gaps(
        self,
        region: str,
        chain: str | None = None,
        floor: str = "small-batch",
        unknown: str = "open",
    ) -> list[dict[str, Any]]:
        """§4: the gap list, in its order: score rounded to 9 digits, greatest first, then product id."""
        return [row for row in self.scored(region, chain, floor, unknown) if row["kind"] != "none"]

    def missing_evidence(self, region: str, chain: str | None = None) -> list[str]:
        """§4: the products of the study whose coverage is unknown, by id."""
        return sorted(p for p in self.study(chain) if self.coverage(p, region)["status"] == "unknown")

    # ------------------------------------------------------------ §6 dependency closure

    def _steps_up(self, p: str) -> list[tuple[str, str, list[str] | None]]:
        """§6, one step against the inputs: product, required / optional / variant, slot."""
        steps: list[tuple[str, str, list[str] | None]] = []
        for slot in self.slots(p):
            steps += [(q, "required", slot) for q in slot]
        for row in self.inputs_of.get(p, []):
            if row.get("necessity", "") == "optional":
                steps.append((row["input_id"], "optional", None))
        steps += [(variant, "variant", None) for variant in self.variants.get(p, [])]
        return steps

    def _closure(self, p: str, depth: int | None, up: bool) -> dict[str, dict[str, Any]]:
        steps: dict[str, list[tuple[str, str, list[str] | None]]] = {q: [] for q in self.products}
        for above in self.products:
            for q, step, slot in self._steps_up(above):
                if up:
                    steps[above].append((q, step, slot))
                else:
                    steps[q].append((above, step, slot))
        found: dict[str, dict[str, Any]] = {}
        level, at = [p], 0
        while level and (depth is None or at < depth):
            at += 1
            ahead = []
            for q in sorted(level):
                for r, step, slot in sorted(steps[q], key=lambda s: (s[0], s[1] != "required", s[2] or [])):
                    if r != p and r not in found:
                        found[r] = {"depth": at, "slot": slot, "step": step, "via": q}
                        ahead.append(r)
            level = ahead
        needed, further = {p}, [p]
        while further:
            for r, step, _ in steps[further.pop()]:
                if step != "optional" and r not in needed:
                    needed.add(r)
                    further.append(r)
        for r, about in found.items():
            about["required"] = r in needed
            about["dominates"] = p in self.blocks(r) if up else r in self.blocks(p)
        return found

    def upstream(self, p: str, depth: int | None = None) -> dict[str, dict[str, Any]]:
        """§6 `upstream`: every product reachable against the inputs, with how it comes in.

        Chosen: a step leads from a product to one of its inputs (required or optional) or to one of its
        direct variants (`variant_of` holds it), each step adds 1 to the depth, and the first step from p
        itself may be to a variant of p too. p itself is never listed, also where a loop leads back to it.
        `depth` is the least. `slot` is the slot (its sorted members) of the step by which the product is
        first reached - at the least depth, from the product (`via`) of least id, a required row before others
        - and None where that step is an optional row or a variant. `required`: some way, of any length
        whatever the bound, without an optional row (steps to variants are no rows). `dominates`: it blocks p
        when removed, p in blocks(it) by the defaults.
        """
        return self._closure(p, depth, up=True)

    def downstream(self, p: str, depth: int | None = None) -> dict[str, dict[str, Any]]:
        """§6 `downstream`: likewise, the other way: q is upstream of p exactly where p is downstream of q.

        `slot` is the slot of the product reached in which the product before (`via`) stands. `dominates`: p
        blocks it when p is removed, it is in blocks(p).
        """
        return self._closure(p, depth, up=False)

    # ------------------------------------------------------------ §7 disruption

    def shares(self, p: str, floor: str = "small-batch") -> dict[SupplyKey, float]:
        """§7: the shares of the counting rows of p, together 1.

        Chosen: a share of 0 is as good as none also in the question whether any row has one of scope global.
        """
        rows = self.counting_rows(p, floor)
        if not rows:
            return {}

        def known(scope: str) -> dict[SupplyKey, float]:
            found = {}
            for key in rows:
                row = self.supplies[key]
                if row.get("share_scope", "") == scope and float(row.get("share_pct", "") or 0) > 0:
                    found[key] = float(row["share_pct"])
            return found

        shares = known("global") or known("china")
        without = [key for key in rows if key not in shares]
        if without:
            assumed = max(1.0, (100 - sum(shares.values())) / len(without))
            shares.update(dict.fromkeys(without, assumed))
        total = sum(shares.values())
        return {key: share / total for key, share in shares.items()}

    def supply(self, p: str, gone: Collection[SupplyKey], unknown: str = "open", floor: str = "small-batch") -> float:
        """§7 `supply(p)`: the share of its own counting rows that is left; 1 when none of them is gone."""
        if not self.suppliers(p):
            return 1.0 if unknown == "open" else 0.0
        rows = self.counting_rows(p, floor)
        if rows and not any(key in gone for key in rows):
            return 1.0
        shares = self.shares(p, floor)
        return sum(shares[key] for key in rows if key not in gone)

    def disrupt(self, elements: Iterable[str], unknown: str = "open", floor: str = "small-batch") -> dict[str, Any]:
        """§7: rows gone, blocked products and their rounds of failure (0, 1, …), level of every product.

        The level is the greatest fixed point: from 1 everywhere downwards, all at once, until nothing
        changes. Only minima and maxima of finitely many numbers are taken, so it is reached after finitely
        many steps.
        """
        products, gone = self.removal(elements)
        baseline = self.baseline(floor, unknown)
        rounds = {}
        for number, failing in enumerate(self._rounds(baseline, products, gone, floor, unknown)):
            rounds.update(dict.fromkeys(failing, number))
        plan = self._plan(floor)
        supply = {p: self.supply(p, gone, unknown, floor) for p in self.products}
        level = dict.fromkeys(self.products, 1.0)
        while True:
            lower = {}
            for p in self.products:
                _, needs, stand_ins, _ = plan[p]
                itself = min([supply[p]] + [max(level[q] for q in meets) for meets in needs])
                lower[p] = 0.0 if p in products else max([itself] + [level[v] for v in stand_ins])
            if lower == level:
                break
            level = lower
        return {"rows_gone": sorted(gone), "blocked": sorted(rounds), "rounds": rounds, "levels": level}

    # ------------------------------------------------------------ §8 minimal cut sets

    def cut_elements(self, p: str, kind: str) -> list[str]:
        """§8: all elements of a kind, by id."""
        if kind == "economy":
            return sorted(r for r, row in self.regions.items() if row["level"] == "economy")
        if kind == "city":
            return sorted(r for r, row in self.regions.items() if row["level"] == "city" or r in MUNICIPALITIES)
        if kind == "park":
            return sorted(self.parks)
        if kind == "firm":
            return sorted(self.firms)
        if kind == "product":
            return [q for q in self.products if q != p]
        raise ValueError(kind)

    def cut_sets(
        self, p: str, kind: str, order: int = 3, floor: str = "small-batch", unknown: str = "open"
    ) -> list[list[str]]:
        """§8: all sets of at most `order` elements that block p while no proper subset does.

        Every set is tried. None where p is not in the baseline. What blocks goes on blocking when more is
        removed, so a set is minimal when no smaller one that was found is part of it. ∅ blocks nothing.
        """
        if p not in self.baseline(floor, unknown):
            return []
        prefix = "region" if kind == "city" else kind
        found: list[set[str]] = []
        for size in range(1, order + 1):
            for tried in combinations(self.cut_elements(p, kind), size):
                if any(cut <= set(tried) for cut in found):
                    continue
                memo = ("cut", prefix, tried, floor, unknown)
                if memo not in self._remembered:
                    elements = [f"{prefix}:{name}" for name in tried]
                    self._remembered[memo] = frozenset(self.blocked(elements, floor, unknown))
                if p in self._remembered[memo]:
                    found.append(set(tried))
        return sorted((sorted(cut) for cut in found), key=lambda cut: (len(cut), cut))

    def evidence_blocked(
        self, p: str, root: str, elements: Iterable[str], unknown: str = "open", floor: str = "small-batch"
    ) -> str | None:
        """§11 of `blocked` of p by the scenario, `root` being the last product of its shortest reason.

        Chosen: it stays where, without the facts of low confidence, p is blocked too and the root has lost all its own
        counting rows too, of which there are some. Its deciding facts: the supplies rows that the root lost. None for a
        product that is taken away itself; below one, no rows are lost, so there are no sources.
        """
        elements = list(elements)
        products, gone = self.removal(elements)
        if p in products:
            return None
        low = self.low()
        rows, low_gone = low.counting_rows(root, floor), low.removal(elements)[1]
        lost = root in products or (bool(rows) and set(rows) <= low_gone)
        if p not in low.blocked(elements, floor, unknown) or not lost:
            return "C"
        sources: set[str] = set()
        for key in self.counting_rows(root, floor):
            if key in gone and root not in products:
                sources |= set(items(self.supplies[key].get("source_ids", "")))
        return "A" if len(sources - {DOMAIN_KNOWLEDGE}) >= 2 else "B"

    # ------------------------------------------------------------ §9 who could fill a gap

    def space_regions(self) -> list[str]:
        """§9, the regions r: cities, municipalities, and economies other than cn.

        Chosen: cities of all economies, so that a city abroad counts beside its economy.
        """
        return sorted(
            r
            for r, row in self.regions.items()
            if row["level"] == "city" or r in MUNICIPALITIES or (row["level"] == "economy" and r != "cn")
        )

    def made_in(self, p: str) -> set[str]:
        """§9, a column of M: the regions r with a full supplier of p."""
        memo = ("made_in", p)
        if memo not in self._remembered:
            self._remembered[memo] = {r for r in self.space_regions() if 1.0 in self.suppliers_in(p, r).values()}
        found: set[str] = self._remembered[memo]
        return found

    def proximity(self, p: str, q: str) -> float:
        """§9: φ(p, q), the regions that make both by the greater number of those that make one; 0 where none does."""
        both, most = self.made_in(p) & self.made_in(q), max(len(self.made_in(p)), len(self.made_in(q)))
        return len(both) / most if most else 0.0

    def near(self, p: str) -> dict[str, float]:
        """§9: φ of p to every other product."""
        memo = ("near", p)
        if memo not in self._remembered:
            self._remembered[memo] = {q: self.proximity(p, q) for q in self.products if q != p}
        found: dict[str, float] = self._remembered[memo]
        return found

    def density(self, r: str, p: str) -> float | None:
        """§9: density(r, p) over q ≠ p, None where the divisor is 0."""
        near = self.near(p)
        total = sum(near.values())
        return sum(near[q] for q in near if near[q] and r in self.made_in(q)) / total if total else None

    def nearest(self, p: str) -> list[str]:
        """§9: the five nearest products with φ > 0. Chosen: of equal φ (to nine digits) that of the least id."""
        near = self.near(p)
        return sorted((q for q in near if near[q] > 0), key=lambda q: (-round(near[q], 9), q))[:5]

    def candidates(self, p: str, region: str) -> list[tuple[str, str]]:
        """§9: the candidates for p in R as (group, firm), in their order.

        Chosen: who supplies p in full in R is none, for him there is no gap to fill. A firm stands once, where it
        comes first. Ties: among the lesser ones by capability, then id; among those of the nearest products by φ of
        the nearest one that the firm makes there, then by how many of the five it makes there, then id; cities of
        equal density by id; full suppliers within a city and elsewhere by the greatest share that any of their full
        rows for p in that place states, then id. A full supplier in the delta but in no city of it stands first
        among those elsewhere in China.
        """
        inside = self.suppliers_in(p, region)
        done = {firm for firm, w in inside.items() if w == 1}
        found: list[tuple[str, str]] = []

        def add(group: str, firms: Iterable[str]) -> None:
            for firm in firms:
                if firm not in done:
                    done.add(firm)
                    found.append((group, firm))

        def full(place: str) -> list[str]:
            shares: dict[str, float] = {}
            for key in self.rows_for(p):
                if self.weight(key) == 1 and self.in_region(key, place):
                    share = float(self.supplies[key].get("share_pct", "") or 0)
                    shares[key[0]] = max(shares.get(key[0], 0.0), share)
            return sorted(shares, key=lambda firm: (-shares[firm], firm))

        add("lesser-here", sorted(inside, key=lambda firm: (-inside[firm], firm)))
        near = self.nearest(p)
        made = {q: [f for f, w in self.suppliers_in(q, region).items() if w == 1] for q in near}
        related: dict[str, tuple[float, int, str]] = {}
        for firm in {firm for firms in made.values() for firm in firms}:
            makes = [q for q in near if firm in made[q]]
            related[firm] = (-round(max(self.proximity(p, q) for q in makes), 9), -len(makes), firm)
        add("related-here", sorted(related, key=lambda firm: related[firm]))
        cities = {r: self.density(r, p) or 0.0 for r in self.space_regions() if self.inside(r, "delta")}
        for city in sorted(cities, key=lambda r: (-round(cities[r], 9), r)):
            add("delta-city", full(city))
        for group, place in (("china", "delta"), ("china", "china"), ("abroad", "world")):
            add(group, full(place))
        return found

    def evidence_candidate(self, p: str, region: str, group: str, firm: str) -> str:
        """§11 of the statement that a firm is a candidate of its group for p in R.

        Chosen: it stays the same where the firm is one of the same group without the facts of low confidence. Its
        deciding facts: for `lesser-here` its rows for p in R; for `related-here` its full rows for the nearest
        products in R; for `delta-city` its full rows for p in the first city that lists it; else its full rows for p
        in China or anywhere; and each with all the rows that place it.
        """
        if (group, firm) not in self.low().candidates(p, region):
            return "C"
        if group == "lesser-here":
            rows = [key for key in self.rows_for(p) if self.in_region(key, region)]
        elif group == "related-here":
            near = {key for q in self.nearest(p) for key in self.rows_for(q)}
            rows = [key for key in near if self.weight(key) == 1 and self.in_region(key, region)]
        else:
            rows = [key for key in self.rows_for(p) if self.weight(key) == 1]
            own = [key for key in rows if key[0] == firm]
            place = "china" if group == "china" and not any(self.in_region(k, "delta") for k in own) else "world"
            if group == "china" and place == "world":
                place = "delta"
            if group == "delta-city":
                cities = [r for r in self.space_regions() if self.inside(r, "delta")]
                cities = [r for r in cities if any(self.in_region(key, r) for key in own)]
                place = min(cities, key=lambda r: (-round(self.density(r, p) or 0.0, 9), r))
            rows = [key for key in rows if self.in_region(key, place)]
        sources: set[str] = set()
        for key in rows:
            if key[0] == firm:
                for row in (self.supplies[key], *(row for _, row in self.placed(key))):
                    sources |= set(items(row.get("source_ids", "")))
        return "A" if len(sources - {DOMAIN_KNOWLEDGE}) >= 2 else "B"

    # ------------------------------------------------------------ §11 evidence

    def _deciding_rows(self, p: str, region: str, control: str) -> list[Row]:
        """§11: the deciding facts of a coverage status: rows of supplies and the rows that place them.

        Chosen: of each deciding supplier all supplies rows for `kinds(p)` placed in the region that give it
        its weight there, and each row (of sites, or of firms where the headquarters or the economy places it)
        that places one of those in the region. Of `absent` all known suppliers decide, with their best rows
        and all places of those - by control domestic also the foreign ones inside the region: they too prove
        that the thing is made.
        """
        covered = self.coverage(p, region, control)
        if covered["status"] in ("strong", "thin"):
            firms, weights = covered["full"], self.suppliers_in(p, region, control)
        elif covered["status"] == "weak":
            firms, weights = covered["lesser"], self.suppliers_in(p, region, control)
        else:
            region, weights = "world", self.suppliers(p)
            firms = sorted(weights)
        deciding = []
        for key in self.rows_for(p):
            if key[0] in firms and self.weight(key) == weights[key[0]] and self.in_region(key, region):
                deciding.append(self.supplies[key])
                deciding += [row for place, row in self.placed(key) if self.inside(place, region)]
        return deciding

    def low(self) -> Model:
        """§11: all measures without the supplies and sites rows of confidence `low`."""
        if self._without_low is None:
            self._without_low = Model(self.facts.without_low())
        return self._without_low

    def evidence_status(self, p: str, region: str, control: str = "any") -> str | None:
        """§11: the grade of a coverage status; None for `unknown`.

        Chosen: the deciding facts are those of the whole network, rows of low confidence among them.
        """
        status = self.coverage(p, region, control)["status"]
        if status == "unknown":
            return None
        if self.low().coverage(p, region, control)["status"] != status:
            return "C"
        sources: set[str] = set()
        for row in self._deciding_rows(p, region, control):
            sources |= set(items(row.get("source_ids", "")))
        return "A" if len(sources - {DOMAIN_KNOWLEDGE}) >= 2 else "B"

    def evidence_gap(self, p: str, region: str) -> str | None:
        """§11: the grade of a gap kind, the worst of the statuses that decide it; None for unknown.

        Chosen: a chokepoint is decided by the domestic status in china alone; each later kind, as the first
        that fits, by that status (which is not that of a chokepoint) and the status in the region.
        """
        kind = self.gap_kind(p, region)
        if kind is None:
            return None
        grades = [self.evidence_status(p, "china", "domestic")]
        if kind != "chokepoint":
            grades.append(self.evidence_status(p, region))
        return max(grade for grade in grades if grade is not None)

    # ------------------------------------------------------------ §5 concentration, as far as §12 asks for it

    def dependence(self, p: str) -> str:
        """§5 for a region in cn: `yes`, `possibly`, `no`; `none` where no global share of an economy is known."""
        rows = [r for r in self.facts["market_shares"] if r["product_id"] == p and r["scope"] == "global"]
        rows = [row for row in rows if float(row["share_pct"]) > 0]
        if not rows:
            return "none"
        year = max(row.get("year", "") or "0" for row in rows)
        share = {row["region_id"]: float(row["share_pct"]) for row in rows if (row.get("year", "") or "0") == year}
        total = max(sum(share.values()), 100.0)
        parts = {economy: value / total for economy, value in share.items()}
        rest = 1 - sum(parts.values()) if sum(share.values()) < 100 else 0.0
        low = sum(part**2 for part in parts.values())
        largest = max(parts.values())
        high = max(low - largest**2 + (largest + rest) ** 2, low + rest**2)
        outside = sum(value for economy, value in share.items() if economy != "cn") / total
        if low > 0.4 and outside > 0.5:
            return "yes"
        return "possibly" if high > 0.4 and outside + rest > 0.5 else "no"

    # ------------------------------------------------------------ §12 warnings

    def event_days(self, event: str) -> tuple[date, date]:
        """§12: the first and the last day on which an event is open.

        Chosen: of the kinds that last 180 days the last day is the start plus 180 days.
        """
        row = self.events[event]
        start = [int(part) for part in row["date"].split("-")]
        first = date(*[*start, 1, 1][:3])
        if row.get("end_date", ""):
            end = [int(part) for part in row["end_date"].split("-")]
            year, month = end[0], end[1] if len(end) > 1 else 12
            return first, date(year, month, end[2] if len(end) > 2 else monthrange(year, month)[1])
        if row["kind"] in ("export-control", "sanction", "dispute"):
            return first, date.max
        return first, first + timedelta(days=180)

    def event_is_open(self, event: str, on: date) -> bool:
        """§12: whether an event is open on a day."""
        first, last = self.event_days(event)
        return first <= on <= last

    def event_reach(self, event: str) -> str:
        """§12: `loss` when it touches us, `exposure` when its targets are firms only, else `none`."""
        targets = items(self.events[event].get("target_ids", ""))
        if not targets:
            return "loss"
        for target in targets:
            if (target in self.regions or target in self.parks) and "cn" in self.holders(target):
                return "loss"
        return "exposure" if all(target in self.firms for target in targets) else "none"

    def event_level(self, events: Iterable[str], assumed: Collection[str]) -> str:
        """§12: the level of what some events that touch us take away at once.

        `assumed` are the products whose level §7 flags so. Only what can be made without the events can fall.
        """
        found = self.disrupt([f"event:{event}" for event in events])
        finals = self.finals()
        if finals & set(found["blocked"]):
            return "red"
        fallen = {p: level for p, level in found["levels"].items() if level < 1 and p in self.baseline()}
        if found["blocked"] or any(p in finals and fallen[p] < 0.5 and p not in assumed for p in fallen):
            return "orange"
        return "yellow" if fallen else "blue"

    def event_warnings(self, on: date, assumed: dict[str, Collection[str]]) -> dict[str, str]:
        """§12: id and level of the warnings of the open events, and of all of them together.

        `assumed` holds, by warning, the products whose level §7 flags so.
        """
        found = {}
        still_open = [event for event in self.events if self.event_is_open(event, on)]
        touching = [event for event in still_open if self.event_reach(event) == "loss"]
        for event in touching:
            found[f"event:{event}"] = self.event_level([event], assumed.get(f"event:{event}", ()))
        if touching:
            found["all-open"] = self.event_level(touching, assumed.get("all-open", ()))
        for event in still_open:
            exposed = items(self.events[event].get("target_ids", ""))
            if self.event_reach(event) == "exposure" and any(map(self.domestic, exposed)):
                found[f"exposure:{event}"] = "blue"
        return found

    def structural_warnings(self, former: Model | None = None) -> dict[str, str]:
        """§12: id and level of the warnings that need no event; with the model of the former edition.

        Chosen: `worsened` at any of the four radii, of products whose kind is known in both editions; what is
        only possibly dependent needs no criticality.
        """
        found = {}
        for kind in ("firm", "economy"):
            for name in self.cut_elements("", kind):
                if name != "cn" and self.finals() & set(self.blocked([f"{kind}:{name}"])):
                    found[f"single-point:{kind}:{name}"] = "orange"
        for p in self.products:
            depends = self.dependence(p)
            if depends == "yes" and self.criticality(p)["criticality"] >= 0.1:
                found[f"concentration:{p}"] = "yellow"
            elif depends == "possibly":
                found[f"concentration:{p}"] = "blue"
        for p in self.products:
            if former and any(gap_change(*pair) in ("opened", "worsened") for pair in self._kinds_of_both(p, former)):
                found[f"worsened:{p}"] = "yellow"
        return found

    def _kinds_of_both(self, p: str, former: Model) -> list[tuple[str, str]]:
        pairs = []
        for radius in RADII:
            if p in former.products:
                before, after = former.gap_kind(p, radius), self.gap_kind(p, radius)
                if before is not None and after is not None:
                    pairs.append((before, after))
        return pairs


# ---------------------------------------------------------------- §14 the difference of two editions

ORDER = ("none", "fragile", "missing", "chokepoint")
KEYS = {
    "inputs": ("product_id", "input_id"),
    "market_shares": ("product_id", "region_id", "scope", "year"),
    "supplies": ("firm_id", "product_id"),
    "sites": ("firm_id", "place_id", "kind"),
    "supply_links": ("supplier_id", "customer_id", "product_id"),
    "leads": ("firm_id", "chain_id"),
    "partnerships": ("from_id", "to_id", "kind", "chain_id", "year", "note"),
    "observations": ("target_id", "as_of"),
}


def gap_change(before: str | None, after: str | None) -> str:
    """§14: what became of a gap by the order of the kinds.

    Chosen: a gap where nothing was known before is `opened`; one of which nothing is known after is `lapsed`.
    """
    if after is None:
        return "same" if before in (None, "none") else "lapsed"
    was, now = ORDER.index(before or "none"), ORDER.index(after)
    if was == now:
        return "same"
    if now > was:
        return "opened" if was == 0 else "worsened"
    return "healed" if now == 0 else "eased"


def fact_changes(former: Facts, latter: Facts) -> set[tuple[str, tuple[str, ...], str]]:
    """§14: the rows added, removed and changed, by table and key."""
    found = set()
    for table in TABLES:
        key = KEYS.get(table, ("id",))
        old = {tuple(row.get(name, "") for name in key): row for row in former[table]}
        new = {tuple(row.get(name, "") for name in key): row for row in latter[table]}
        found |= {(table, name, "removed") for name in old if name not in new}
        found |= {(table, name, "added") for name in new if name not in old}
        found |= {(table, name, "changed") for name in old if name in new and old[name] != new[name]}
    return found


def gap_changes(former: Model, latter: Model) -> dict[tuple[str, str], str]:
    """§14: for each product of either edition and each radius what became of its gap."""

    def kind(model: Model, p: str, radius: str) -> str | None:
        return model.gap_kind(p, radius) if p in model.products else None

    products = sorted({*former.products, *latter.products})
    return {(p, r): gap_change(kind(former, p, r), kind(latter, p, r)) for p in products for r in RADII}

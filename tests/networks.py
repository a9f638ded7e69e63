"""Small made networks in the form of the fact tables, to compare two implementations of the measures on.

tables = fact_tables()        a hypothesis strategy of tables
elements(tables)              a hypothesis strategy of things to take away from them
made(random.Random(1))        the same without hypothesis
write(folder, tables)         as the CSV files that a loader reads

The tables are valid as the description of the fact tables says: references resolve, keys stand once,
`variant_of` and `part_of` run in no circle, a plant's list names products that the firm supplies. What is
allowed is made on purpose: loops of inputs, alternatives, groups of one row, optional rows beside
required ones, a thing that is a kind of several and an input of what it is a kind of, products without
suppliers, firms without any site or without a headquarters, firms whose headquarters stands in another
economy, parks in parks, also across the border of a district.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from graph.model import Facts, tables
from ingest.rows import typed
from ingest.tables import read_table

Row = dict[str, str]
Tables = dict[str, list[Row]]
T = TypeVar("T")

COLUMNS = {
    table: [*columns.split(), "source_ids", "confidence"]
    for table, columns in {
        "regions": "id name_zh name_en level parent_id lat lon in_yrd",
        "industries": "id name_zh name_en tier description_zh description_en",
        "chains": "id name_zh name_en industry_ids final_product_ids in_plan description_zh description_en",
        "segments": "id chain_id name_zh name_en position order",
        "products": "id name_zh short_zh name_en aliases kind segment_ids variant_of five_bases hs_code "
        "description_zh description_en",
        "inputs": "product_id input_id group necessity cost_share_pct note",
        "market_shares": "product_id region_id share_pct scope year",
        "firms": "id name_zh short_zh name_en aliases uscc stock_code economy_id hq_region_id tiers founded website",
        "supplies": "firm_id product_id capability share_pct share_scope year note",
        "sites": "firm_id place_id kind product_ids",
        "observations": "target_id as_of value unit note",
        "events": "id date end_date kind title_zh title_en subject_ids target_ids affected_product_ids outcome_note",
        "supply_links": "supplier_id customer_id product_id year note",
        "leads": "firm_id chain_id note",
        "parks": "id name_zh name_en region_id part_of kind focus_industry_ids focus_chain_ids lat lon note",
        "partnerships": "from_id to_id kind chain_id year note",
        "targets": "id clause indicator_zh indicator_en comparator value unit year subject_ids text_zh",
    }.items()
} | {"sources": ["id", "title", "publisher", "year", "url", "kind"]}

REGIONS = (  # id, level, parent, in the delta
    ("cn", "economy", "", False),
    ("us", "economy", "", False),
    ("jp", "economy", "", False),
    ("cn-sh", "province", "cn", True),
    ("cn-js", "province", "cn", True),
    ("cn-zj", "province", "cn", True),
    ("cn-ah", "province", "cn", True),
    ("cn-gd", "province", "cn", False),
    ("cn-sh-pudong", "district", "cn-sh", True),
    ("cn-sh-fengxian", "district", "cn-sh", True),
    ("cn-js-suzhou", "city", "cn-js", True),
    ("cn-js-nanjing", "city", "cn-js", True),
    ("cn-js-suzhou-kunshan", "district", "cn-js-suzhou", True),
    ("cn-zj-hangzhou", "city", "cn-zj", True),
    ("cn-ah-hefei", "city", "cn-ah", True),
    ("cn-gd-shenzhen", "city", "cn-gd", False),
    ("us-austin", "city", "us", False),
    ("jp-osaka", "city", "jp", False),
)
REGION_IDS = tuple(region[0] for region in REGIONS)
PARK_REGIONS = ("cn-sh-pudong", "cn-sh-fengxian", "cn-sh", "cn-js-suzhou", "cn-gd-shenzhen", "us")
ECONOMIES = ("cn", "cn", "cn", "us", "jp")  # cn more often than the others
MIXED = ("mass-production", "mass-production", "small-batch", "pilot", "research")
FULL = ("mass-production", "mass-production", "mass-production", "mass-production", "small-batch")
SOURCES = ("s-1", "s-2", "s-3")


def _row(table: str, **cells: str) -> Row:
    """A row with all columns of its table, those not given empty."""
    assert set(cells) <= set(COLUMNS[table]), (table, cells)
    return {column: cells.get(column, "") for column in COLUMNS[table]}


class _Maker:
    """Draws the tables one after the other from a source of chance (`choice` and `randint` only)."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.tables: Tables = {name: [] for name in COLUMNS}
        # Some networks are rich: most things made in full by many firms at few places, so that a thing may be
        # in strong supply and a loss of suppliers may leave others.
        self.rich = rng.choice((False, False, True))

    def chance(self, percent: int) -> bool:
        return self.rng.randint(1, 100) > 100 - percent

    def some(self, among: Sequence[T], least: int, most: int) -> list[T]:
        """Between `least` and `most` different ones, fewer where there are not so many; in their order."""
        taken = list(dict.fromkeys(among))
        number = self.rng.randint(least, most)
        while len(taken) > number:
            taken.pop(self.rng.randint(0, len(taken) - 1))
        return taken

    def add(self, table: str, **cells: str) -> None:
        """Adds a row; where its sources and its confidence matter they are drawn."""
        source, confidence = "domain-knowledge", "low"
        if table in ("firms", "supplies", "sites"):
            confidence = self.rng.choice(("high", "medium", "low"))
            if confidence != "low" or self.chance(20):
                source = ";".join(self.some(SOURCES, 1, 2))
        self.tables[table].append(_row(table, source_ids=source, confidence=confidence, **cells))

    def lands(self) -> None:
        for source in ("domain-knowledge", *SOURCES):
            self.tables["sources"].append(_row("sources", id=source, title=source, kind="reference"))
        for region, level, parent, delta in REGIONS:
            names = {"id": region, "name_zh": region, "name_en": region}
            in_yrd = "true" if delta else "false"
            self.add("regions", **names, level=level, parent_id=parent, in_yrd=in_yrd)
        parks: list[str] = []
        for number in range(self.rng.randint(0, 4)):
            park = f"park-{number}"
            region, larger = self.rng.choice(PARK_REGIONS), ""
            if parks and self.chance(50):
                larger = self.rng.choice(parks)
                if self.chance(60):  # in the district of the larger park, mostly
                    region = next(row["region_id"] for row in self.tables["parks"] if row["id"] == larger)
            names = {"id": park, "name_zh": park, "name_en": park}
            self.add("parks", **names, region_id=region, part_of=larger, kind="specialised")
            parks.append(park)

    def products(self, least: int, most: int) -> list[str]:
        products = [f"p-{number:02d}" for number in range(self.rng.randint(least, most))]
        self.add("industries", id="ic", name_zh="集成电路", name_en="Integrated circuits", tier="leading")
        segments: list[str] = []
        finals: set[str] = set()
        for number in range(self.rng.randint(1, 2)):
            chain = f"chain-{number}"
            ends = self.some(products[:4], 1, 2)
            finals.update(ends)
            cells = {"id": chain, "name_zh": chain, "name_en": chain, "industry_ids": "ic", "in_plan": "true"}
            self.add("chains", **cells, final_product_ids=";".join(ends))
            for position in self.some(("upstream", "midstream", "downstream"), 1, 2):
                segment = f"{chain}-{position}"
                segments.append(segment)
                order = str(len(segments))
                cells = {"id": segment, "chain_id": chain, "name_zh": segment, "name_en": segment}
                self.add("segments", **cells, position=position, order=order)
        for number, product in enumerate(products):
            variant_of = self.some(products[:number], 1, 2) if number and self.chance(30) else []
            self.add(
                "products",
                id=product,
                name_zh=f"产品{number}",
                short_zh=f"产品{number}",
                name_en=f"Product {number}",
                kind="final" if product in finals else "component",
                segment_ids=";".join(self.some(segments, 0, 2)),
                variant_of=";".join(variant_of),
            )
        return products

    def inputs(self, products: list[str]) -> None:
        """An earlier product mostly needs later ones, sometimes any: loops."""
        for number, product in enumerate(products):
            later = products[number + 1 :]
            others = [q for q in products if q != product]
            among = later if later and self.chance(80) else others
            for needed in self.some(among, 0, 4):
                group = self.rng.choice(("", "", "a", "a", "b"))
                necessity = "optional" if self.chance(15) else "required"
                self.add("inputs", product_id=product, input_id=needed, group=group, necessity=necessity)

    def firms(self, products: list[str], least: int, most: int) -> None:
        supplied = [p for p in products if not self.chance(10)]
        for number in range(self.rng.randint(least, most)):
            firm, economy = f"firm-{number}", self.rng.choice(ECONOMIES)
            headquarters = ""
            if self.rich and economy == "cn":
                headquarters = self.rng.choice(("cn-sh-pudong", "cn-js-suzhou"))
            elif self.chance(60):
                at_home = [r for r in REGION_IDS if r == economy or r.startswith(f"{economy}-")]
                headquarters = self.rng.choice(at_home if self.chance(90) else REGION_IDS)
            self.add(
                "firms",
                id=firm,
                name_zh=f"企业{number}",
                short_zh=f"企业{number}",
                name_en=f"Firm {number}",
                economy_id=economy,
                hq_region_id=headquarters,
            )
            makes = self.some(supplied, 4, 8) if self.rich else self.some(supplied, 1, 4)
            for product in makes:
                self.supply(firm, product)
            self.sites(firm, makes)

    def supply(self, firm: str, product: str) -> None:
        share, scope, year = "", "", ""
        if self.chance(30):
            share = self.rng.choice(("5", "12.5", "40", "70"))
            scope = self.rng.choice(("global", "global", "china"))
            year = "2023"
        cells = {
            "firm_id": firm,
            "product_id": product,
            "capability": self.rng.choice(FULL if self.rich else MIXED),
        }
        self.add("supplies", **cells, share_pct=share, share_scope=scope, year=year)

    def sites(self, firm: str, makes: list[str]) -> None:
        places = [*REGION_IDS, *(row["id"] for row in self.tables["parks"])]
        keys: set[tuple[str, str]] = set()
        for _ in range(self.rng.choice((0, 0, 0, 1) if self.rich else (0, 1, 1, 2, 3))):
            place, kind = self.rng.choice(places), self.rng.choice(("plant", "plant", "hq", "rd", "service"))
            if (place, kind) in keys:
                continue
            keys.add((place, kind))
            made_here = self.some(makes, 1, 2) if kind == "plant" and makes and self.chance(50) else []
            cells = {"firm_id": firm, "place_id": place, "kind": kind, "product_ids": ";".join(made_here)}
            self.add("sites", **cells)

    def day(self) -> str:
        """A day, a month or a year."""
        year, month, day = self.rng.randint(2023, 2025), self.rng.randint(1, 12), self.rng.randint(1, 28)
        return self.rng.choice((f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}"))

    def targets(self, firms: list[str], parks: list[str]) -> list[str]:
        """Nobody in particular, places of ours or others, firms, or a mix."""
        among = self.rng.choice(([], ["cn"], ["us", "jp-osaka"], ["cn-js-suzhou", "us"], firms, [*firms, "us"], parks))
        return self.some(among, 1, 2)

    def events(self, products: list[str]) -> None:
        firms = [row["id"] for row in self.tables["firms"]]
        parks = [row["id"] for row in self.tables["parks"]]
        kinds = ("export-control", "sanction", "dispute", "disaster", "accident", "shortage")
        for number in range(self.rng.randint(0, 4)):
            subjects = self.some([*REGION_IDS, *firms, *parks], 1, 2)
            affected = self.some(products, 1, 2) if self.chance(70) else []
            start, end = sorted((self.day(), self.day()))
            cells = {"id": f"event-{number}", "date": start, "end_date": end if self.chance(40) else ""}
            lists = {"subject_ids": ";".join(subjects), "affected_product_ids": ";".join(affected)}
            words = {"kind": self.rng.choice(kinds), "title_zh": f"事件{number}", "title_en": f"Event {number}"}
            self.add("events", **cells, **lists, **words, target_ids=";".join(self.targets(firms, parks)))

    def market_shares(self, products: list[str]) -> None:
        for product in products:
            if self.chance(20):
                for economy in self.some(("cn", "us", "jp"), 1, 3):
                    cells = {"product_id": product, "region_id": economy, "scope": "global", "year": "2023"}
                    self.add("market_shares", **cells, share_pct=self.rng.choice(("10", "25", "30", "55", "70")))


def made(rng: Random, products: tuple[int, int] = (2, 10), firms: tuple[int, int] = (1, 8)) -> Tables:
    """Tables drawn from a source of chance, with between so many products and firms."""
    maker = _Maker(rng)
    maker.lands()
    ids = maker.products(*products)
    maker.inputs(ids)
    maker.firms(ids, *firms)
    maker.market_shares(ids)
    maker.events(ids)
    return maker.tables


@st.composite
def fact_tables(draw: st.DrawFn, products: tuple[int, int] = (2, 10), firms: tuple[int, int] = (1, 8)) -> Tables:
    """A hypothesis strategy of small valid fact tables."""
    return made(draw(st.randoms(use_true_random=False)), products, firms)


def elements(tables: Tables) -> st.SearchStrategy[list[str]]:
    """A hypothesis strategy of things to take away: `economy:us`, `region:us`, `park:…` and so on."""
    ids = [f"{'economy' if row['level'] == 'economy' else 'region'}:{row['id']}" for row in tables["regions"]]
    ids += [f"region:{row['id']}" for row in tables["regions"] if row["level"] == "economy"]
    for table in ("parks", "firms", "products", "events"):
        ids += [f"{table[:-1]}:{row['id']}" for row in tables[table]]
    return st.lists(st.sampled_from(ids), max_size=4, unique=True)


def write(folder: str | Path, tables: Tables) -> Path:
    """Writes the tables as CSV files, those without a row as their header."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in COLUMNS.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(tables.get(name, []))
    return folder


def facts_of(folder: Path) -> Facts:
    """The rows of a folder as they stand; the made chains hold inputs twice, which the loader would refuse."""
    found = {}
    for name, table in tables().items():
        if (path := folder / f"{name}.csv").exists():
            found[name] = tuple(typed(table, row)[0] for row in read_table(path).rows)
    return Facts(**found)

"""The domain: one frozen record class for each fact table.

A record is a row that has been checked. Classes with an `id` become nodes, the others edges (`schema.py` draws
which). The docs, units, ranges and references of the columns are declared here once; constraints, upserts,
`datapackage.json`, the check of the tables and the schema page all read them.

`None` and the empty tuple mean *not known*, never zero.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

ID_PATTERN = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
PARTIAL_DATE_PATTERN = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"

Confidence = Literal["high", "medium", "low"]
Level = Literal["economy", "province", "city", "district"]
Position = Literal["upstream", "midstream", "downstream", "service"]
ProductKind = Literal[
    "material", "component", "equipment", "software", "process", "system", "final", "service", "infrastructure"
]
FiveBases = Literal[
    "basic-component", "basic-software", "basic-material", "basic-process-equipment", "standards-testing"
]
Necessity = Literal["required", "optional"]
Capability = Literal["mass-production", "small-batch", "pilot", "research"]
Scope = Literal["global", "china"]
Tier = Literal["chain-leader", "world-class", "classic-brand", "hard-tech", "little-giant", "single-champion", "listed"]
SiteKind = Literal["hq", "plant", "rd", "service"]
ParkKind = Literal["world-class", "new-city", "specialised", "other"]
CooperationKind = Literal["joint-venture", "joint-research", "industry-alliance", "co-built-park", "supply-match"]
EventKind = Literal[
    "export-control", "sanction", "disaster", "accident", "pandemic", "shortage", "insolvency", "dispute", "logistics"
]
SourceKind = Literal["plan", "dataset", "report", "news", "filing", "website", "reference"]
Comparator = Literal[">=", "about", "new"]

DOMAIN_KNOWLEDGE = "domain-knowledge"
"""The id that stands for common engineering knowledge; no source in the sense of evidence (measures §11)."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds.

    Attributes:
        name: Header in the CSV file, name of the property in the graph.
        doc: One sentence for people who fill the table.
        type: The Python type with `None` and the tuple taken off.
        many: The cell is a `;`-separated list.
        optional: The cell may be empty.
        unit: Unit of a number, where the name does not say it.
        to: Names of the tables that the id may point into, in the order in which they are tried.
        minimum, maximum: Closed range of a number.
        pattern: Regular expression that the text must match.
        choices: The allowed words.
        longest: Most characters of a text, of each one of a list. What an index holds of a name stays far below the
            8,167 bytes that a Neo4j index takes, and any text fits into a cell of a workbook.
        later: The column came after the first editions: canonical CSV holds it only where some row fills it, so that
            the ids of facts without it stay.
    """

    name: str
    doc: str
    type: type
    many: bool
    optional: bool
    unit: str | None
    to: tuple[str, ...]
    minimum: float | None
    maximum: float | None
    pattern: str | None
    choices: tuple[str, ...]
    longest: int
    later: bool


_LONGEST_ID, _LONGEST_NAME, _LONGEST_TEXT = 200, 500, 20_000
_NAMES = ("name_zh", "name_en", "short_zh", "aliases", "title", "title_zh", "title_en", "indicator_zh", "indicator_en")


def _column(
    doc: str,
    *,
    default: Any = MISSING,
    unit: str | None = None,
    to: tuple[str, ...] = (),
    minimum: float | None = None,
    maximum: float | None = None,
    pattern: str | None = None,
    later: bool = False,
) -> Any:
    metadata = {
        "doc": doc, "unit": unit, "to": to, "minimum": minimum, "maximum": maximum, "pattern": pattern, "later": later,
    }  # fmt: skip
    if default is MISSING:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


def _id() -> Any:
    return _column("Stable id, lower-case ASCII words joined by hyphens.", pattern=ID_PATTERN)


def _year(doc: str) -> Any:
    return _column(doc, default=None, minimum=1000, maximum=2100)


def _share(doc: str) -> Any:
    return _column(doc, default=None, unit="percent", minimum=0, maximum=100)


def _note() -> Any:
    return _column("Remark of the researcher.", default=None)


def _source_ids() -> Any:
    return _column("Where the fact is stated.", to=("sources",))


def _confidence() -> Any:
    return _column("high: official or first-hand; medium: one secondary source; low: not checked against a page.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A page, file or book in which facts are stated."""

    id: str = _id()
    title: str = _column("Title as printed.")
    publisher: str | None = _column("Who published it.", default=None)
    year: int | None = _year("Year of publication.")
    url: str | None = _column("Address, http or https.", default=None, pattern=r"^https?://\S+$")
    kind: SourceKind | None = _column("What sort of source it is.", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A place on the map: an economy, a Chinese province, a city or a district."""

    id: str = _id()
    name_zh: str = _column("Chinese name.")
    name_en: str | None = _column("English name.", default=None)
    level: Level = _column("Rung of the ladder economy, province, city, district.")
    parent_id: str | None = _column("The region that holds it.", default=None, to=("regions",))
    lat: float | None = _column("Latitude.", default=None, unit="degree", minimum=-90, maximum=90)
    lon: float | None = _column("Longitude.", default=None, unit="degree", minimum=-180, maximum=180)
    in_yrd: bool = _column("Whether it lies in the Yangtze River Delta.", default=False)
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Industry:
    """An industry: one of the three leading and six key ones of the plan, or a class of another source."""

    id: str = _id()
    name_zh: str = _column("Chinese name.")
    name_en: str | None = _column("English name.", default=None)
    tier: Literal["leading", "key"] | None = _column(
        "leading: one of the three; key: one of the six; empty: not of the plan.", default=None
    )
    description_zh: str | None = _column("Chinese description.", default=None)
    description_en: str | None = _column("English description.", default=None)
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()
    parent_id: str | None = _column("The industry that holds it.", default=None, to=("industries",), later=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """An industrial chain, from its raw materials to its final products."""

    id: str = _id()
    name_zh: str = _column("Chinese name.")
    name_en: str | None = _column("English name.", default=None)
    industry_ids: tuple[str, ...] = _column("Industries that it belongs to.", default=(), to=("industries",))
    final_product_ids: tuple[str, ...] = _column("What the chain is for.", default=(), to=("products",))
    in_plan: bool = _column("Whether the plan names the chain.", default=False)
    description_zh: str | None = _column("Chinese description.", default=None)
    description_en: str | None = _column("English description.", default=None)
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stage of a chain."""

    id: str = _id()
    chain_id: str = _column("The chain.", to=("chains",))
    name_zh: str = _column("Chinese name.")
    name_en: str | None = _column("English name.", default=None)
    position: Position = _column("Where in the stream it stands.")
    order: int = _column("Place in the chain, counted from 1.", minimum=0)
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Something that is made or done in a chain: a material, a machine, a process, a service."""

    id: str = _id()
    name_zh: str = _column("Chinese name.")
    short_zh: str | None = _column("Chinese name of at most 8 characters, for tight places.", default=None)
    name_en: str | None = _column("English name.", default=None)
    aliases: tuple[str, ...] = _column("Other names.", default=())
    kind: ProductKind | None = _column("What sort of thing it is.", default=None)
    segment_ids: tuple[str, ...] = _column("Stages in which it stands.", default=(), to=("segments",))
    variant_of: tuple[str, ...] = _column("Products of which it is a kind.", default=(), to=("products",))
    five_bases: FiveBases | None = _column("Its place among the five industrial bases 五基.", default=None)
    hs_code: str | None = _column("Customs code (HS), six digits.", default=None, pattern=r"^[0-9]{6}$")
    description_zh: str | None = _column("Chinese description.", default=None)
    description_en: str | None = _column("English description.", default=None)
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """To make `product_id` one needs `input_id`; rows that share a group are alternatives."""

    product_id: str = _column("What is made.", to=("products",))
    input_id: str = _column("What is needed.", to=("products",))
    group: str | None = _column("Rows of a product with the same group are alternatives.", default=None)
    necessity: Necessity = _column("required: without it the product cannot be made.")
    cost_share_pct: float | None = _share("Share of the cost of the product.")
    note: str | None = _note()
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()

    @property
    def slot(self) -> str | None:
        """Name of the need that the row serves: the group, else the input itself; `None` for an optional row."""
        return None if self.necessity == "optional" else self.group or self.input_id


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketShare:
    """The share of an economy in the market of a product."""

    product_id: str = _column("The product.", to=("products",))
    region_id: str = _column("The economy.", to=("regions",))
    share_pct: float = _column("Share.", unit="percent", minimum=0, maximum=100)
    scope: Scope = _column("Which market: the world's or China's.")
    year: int | None = _year("Year of the figure.")
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A company, institute or university that supplies, buys or leads."""

    id: str = _id()
    name_zh: str = _column("Chinese name, in full.")
    short_zh: str | None = _column("The name that people say.", default=None)
    name_en: str | None = _column("English name.", default=None)
    aliases: tuple[str, ...] = _column("Other names, former ones too.", default=())
    uscc: str | None = _column("Unified social credit code 统一社会信用代码.", default=None, pattern=r"^[0-9A-Z]{18}$")
    stock_code: str | None = _column("Stock code with its exchange.", default=None)
    economy_id: str | None = _column("The economy that it belongs to.", default=None, to=("regions",))
    hq_region_id: str | None = _column("Region of the headquarters.", default=None, to=("regions",))
    tiers: tuple[Tier, ...] = _column("Honours that a source names.", default=())
    founded: int | None = _year("Year of foundation.")
    website: str | None = _column("Address of its site.", default=None)
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()
    industry_ids: tuple[str, ...] = _column(
        "Industries in which it is classed.", default=(), to=("industries",), later=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A firm makes a product, with the capability that is known of it; without one it counts in no measure."""

    firm_id: str = _column("The supplier.", to=("firms",))
    product_id: str = _column("What it makes.", to=("products",))
    capability: Capability | None = _column("How far its production has come.", default=None)
    share_pct: float | None = _share("Share of the market of the scope.")
    share_scope: Scope | None = _column("Which market the share is of.", default=None)
    year: int | None = _year("Year of the fact.")
    note: str | None = _note()
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()
    revenue_pct: float | None = _column(
        "Share of the firm's revenue that the product brings.",
        default=None, unit="percent", minimum=0, maximum=100, later=True,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place where a firm has its headquarters, a plant, a laboratory or a service."""

    firm_id: str = _column("The firm.", to=("firms",))
    place_id: str = _column("The park or region.", to=("parks", "regions"))
    kind: SiteKind = _column("What stands there.")
    product_ids: tuple[str, ...] = _column("What is made there; empty: all it makes.", default=(), to=("products",))
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was reached of a target on a day."""

    target_id: str = _column("The target.", to=("targets",))
    as_of: str = _column("Day, month or year of the figure.", pattern=PARTIAL_DATE_PATTERN)
    value: float = _column("The figure, in the unit of the row.")
    unit: str | None = _column("Unit of the figure.", default=None)
    note: str | None = _note()
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()

    @property
    def id(self) -> str:
        """Key of the node: target and day."""
        return f"{self.target_id}@{self.as_of}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that hurt, or may hurt, the supply of a product."""

    id: str = _id()
    date: str = _column("Start: day, month or year.", pattern=PARTIAL_DATE_PATTERN)
    end_date: str | None = _column("End; empty: not known.", default=None, pattern=PARTIAL_DATE_PATTERN)
    kind: EventKind = _column("What sort of event it is.")
    title_zh: str = _column("Chinese title.")
    title_en: str | None = _column("English title.", default=None)
    subject_ids: tuple[str, ...] = _column(
        "Where supply is lost, or who restricts it.", default=(), to=("regions", "firms", "parks")
    )
    target_ids: tuple[str, ...] = _column(
        "Who is cut off; empty: everybody.", default=(), to=("regions", "firms", "parks")
    )
    affected_product_ids: tuple[str, ...] = _column("Whose supply suffers.", default=(), to=("products",))
    outcome_note: str | None = _column("How it went on.", default=None)
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyLink:
    """A documented sale of a product from firm to firm."""

    supplier_id: str = _column("The seller.", to=("firms",))
    customer_id: str = _column("The buyer.", to=("firms",))
    product_id: str | None = _column("What is sold.", default=None, to=("products",))
    year: int | None = _year("Year of the fact.")
    note: str | None = _note()
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """The firm is a chain leader 链主 of the chain."""

    firm_id: str = _column("The leader.", to=("firms",))
    chain_id: str = _column("The chain.", to=("chains",))
    note: str | None = _note()
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Park:
    """An industrial park; it lies in a region, and may lie in a larger park."""

    id: str = _id()
    name_zh: str = _column("Chinese name.")
    name_en: str | None = _column("English name.", default=None)
    region_id: str = _column("The region in which it lies.", to=("regions",))
    part_of: str | None = _column("The larger park that holds it.", default=None, to=("parks",))
    kind: ParkKind | None = _column("Its rank in the plan.", default=None)
    focus_industry_ids: tuple[str, ...] = _column("Industries that it names.", default=(), to=("industries",))
    focus_chain_ids: tuple[str, ...] = _column("Chains that it names.", default=(), to=("chains",))
    lat: float | None = _column("Latitude.", default=None, unit="degree", minimum=-90, maximum=90)
    lon: float | None = _column("Longitude.", default=None, unit="degree", minimum=-180, maximum=180)
    note: str | None = _note()
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """A co-operation across the Yangtze River Delta."""

    from_id: str = _column("One side.", to=("firms", "parks", "regions"))
    to_id: str = _column("The other side.", to=("firms", "parks", "regions"))
    kind: CooperationKind = _column("What sort of co-operation it is.")
    chain_id: str | None = _column("The chain that it serves.", default=None, to=("chains",))
    year: int | None = _year("Year in which it began.")
    note: str | None = _note()
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A figure that the plan wants reached."""

    id: str = _id()
    clause: str | None = _column("Clause of the plan.", default=None)
    indicator_zh: str = _column("Chinese name of the indicator.")
    indicator_en: str | None = _column("English name of the indicator.", default=None)
    comparator: Comparator = _column("How value and target are compared.")
    value: float = _column("The target, in the unit of the row.")
    unit: str | None = _column("Unit of the target.", default=None)
    year: int = _column("Year by whose end it is due.", minimum=1800, maximum=2100)
    subject_ids: tuple[str, ...] = _column(
        "What it is about.",
        default=(),
        to=("industries", "chains", "parks", "regions", "firms", "products", "segments"),
    )
    text_zh: str | None = _column("The words of the plan.", default=None)
    source_ids: tuple[str, ...] = _source_ids()
    confidence: Confidence = _confidence()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All fact tables of one edition; the names of the fields are those of the CSV files."""

    sources: tuple[Source, ...] = ()
    regions: tuple[Region, ...] = ()
    industries: tuple[Industry, ...] = ()
    chains: tuple[Chain, ...] = ()
    segments: tuple[Segment, ...] = ()
    products: tuple[Product, ...] = ()
    inputs: tuple[Input, ...] = ()
    market_shares: tuple[MarketShare, ...] = ()
    firms: tuple[Firm, ...] = ()
    supplies: tuple[Supply, ...] = ()
    sites: tuple[Site, ...] = ()
    observations: tuple[Observation, ...] = ()
    events: tuple[Event, ...] = ()
    supply_links: tuple[SupplyLink, ...] = ()
    leads: tuple[Lead, ...] = ()
    parks: tuple[Park, ...] = ()
    partnerships: tuple[Partnership, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A fact table: its name, record class, columns and key."""

    name: str
    record: type
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    def key_of(self, record: Any) -> tuple[Any, ...]:
        """The values that name a record; no two records of a table share them."""
        return tuple([getattr(record, name) for name in self.key])

    def key_text(self, record: Any) -> tuple[str, ...]:
        """The same as texts; empty where a value is not known."""
        return tuple("" if part is None else str(part) for part in self.key_of(record))


_KEYS: dict[str, tuple[str, ...]] = {
    "inputs": ("product_id", "input_id"),
    "market_shares": ("product_id", "region_id", "scope", "year"),
    "supplies": ("firm_id", "product_id"),
    "sites": ("firm_id", "place_id", "kind"),
    "supply_links": ("supplier_id", "customer_id", "product_id"),
    "leads": ("firm_id", "chain_id"),
    "partnerships": ("from_id", "to_id", "kind", "chain_id", "year", "note"),
    "observations": ("target_id", "as_of"),
}


def _read_column(spec: Field[Any], hint: Any) -> Column:
    optional = spec.default is not MISSING
    args = [a for a in get_args(hint) if a is not type(None)] if get_origin(hint) is not Literal else []
    if type(None) in get_args(hint):
        hint = args[0] if len(args) == 1 else hint
    many = get_origin(hint) is tuple
    if many:
        hint = get_args(hint)[0]
    choices = get_args(hint) if get_origin(hint) is Literal else ()
    metadata = dict(spec.metadata)
    if metadata["to"]:
        metadata["pattern"] = ID_PATTERN
    longest = (
        _LONGEST_ID if metadata["pattern"] == ID_PATTERN else _LONGEST_NAME if spec.name in _NAMES else _LONGEST_TEXT
    )
    return Column(
        name=spec.name,
        type=str if choices else hint,
        many=many,
        optional=optional,
        choices=choices,
        longest=longest,
        **metadata,
    )


@cache
def tables() -> dict[str, Table]:
    """The fact tables by name, in the order of the fields of `Facts`."""
    found = {}
    for name, hint in get_type_hints(Facts).items():
        record = get_args(hint)[0]
        hints = get_type_hints(record)
        columns = tuple(_read_column(spec, hints[spec.name]) for spec in fields(record))
        found[name] = Table(name, record, columns, _KEYS.get(name, ("id",)))
    return found

"""Editions: canonical CSV, ids, layers and archives, with what people really write into cells."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import zipfile
from dataclasses import fields, replace
from typing import Any

import made_facts
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.edition import Layer, edition_of, from_csv, merge, pack, read_summary, to_csv, unpack
from graph.errors import BadArchive
from graph.model import Column, Facts, Firm, Source, Table, tables

# Any text but lone surrogates, which no encoding can hold; the odd ones more often than chance would have them.
TEXT = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('\r\n\t"\\,;\0\u2028\ufeff=链𠮷'), min_size=1)
ITEM = TEXT.filter(lambda text: ";" not in text)


def cells(column: Column) -> st.SearchStrategy[Any]:
    """Values of a column; ranges and patterns are not the archive's business."""
    one: st.SearchStrategy[Any]
    if column.type is bool:
        return st.booleans()
    if column.type is int:
        one = st.integers()
    elif column.type is float:
        one = st.floats(allow_nan=False, allow_infinity=False)
    else:
        one = ITEM if column.many else TEXT
    if column.many:
        return st.lists(one, unique=True, max_size=3).map(tuple)
    return st.none() | one if column.optional else one


def records(table: Table) -> st.SearchStrategy[Any]:
    return st.builds(table.record, **{column.name: cells(column) for column in table.columns})


@st.composite
def a_table_with_rows(draw: st.DrawFn) -> tuple[Table, list[Any]]:
    table = draw(st.sampled_from(list(tables().values())))
    return table, draw(st.lists(records(table), max_size=4, unique_by=table.key_of))


@settings(max_examples=200, deadline=None)
@given(a_table_with_rows())
def test_canonical_csv_gives_the_records_back(case: tuple[Table, list[Any]]) -> None:
    table, rows = case
    text = to_csv(table, rows)
    back = from_csv(table, text.encode().decode())
    assert len(back) == len(rows)
    assert set(back) == set(rows)
    assert to_csv(table, back) == text
    assert to_csv(table, reversed(rows)) == text


@settings(max_examples=50, deadline=None)
@given(a_table_with_rows())
def test_archives_give_the_facts_back(case: tuple[Table, list[Any]]) -> None:
    table, rows = case
    edition = edition_of([Layer("一层", Facts(**{table.name: tuple(rows)}))])
    back = unpack(pack(edition), "here")
    assert back.facts == edition.facts
    assert back.summary == edition.summary
    assert edition_of(back.layers).id == edition.id


def test_csv_of_a_table_is_written_as_documented() -> None:
    rows = [Source(id="b", title='two\r\nlines, "quoted"', year=2020), Source(id="a", title="一\r二")]
    assert to_csv(tables()["sources"], rows) == (
        'id,title,publisher,year,url,kind\na,"一\r二",,,,\nb,"two\r\nlines, ""quoted""",,2020,,\n'
    )


@pytest.mark.parametrize("text", made_facts.odd_texts(), ids=lambda text: ascii(text[:20]))
def test_odd_texts_survive_the_archive_byte_for_byte(text: str) -> None:
    edition = made_facts.edition(made_facts.named(text))
    back = unpack(pack(edition), "here")
    assert back.facts.firms[0].name_zh.encode() == text.encode()


def test_rows_are_ordered_by_key_and_not_by_their_first_column() -> None:
    """The key of supplies is firm and product; ids are compared as text."""
    facts = made_facts.many(3, 40)
    keys = [(row.firm_id, row.product_id) for row in made_facts.edition(facts).facts.supplies]
    assert keys == sorted(keys)


def test_the_id_is_that_of_the_design_document() -> None:
    """First 12 hex digits of the SHA-256 over name, newline and canonical CSV of each table."""
    facts = made_facts.full()
    text = "".join(f"{name}.csv\n{to_csv(table, getattr(facts, name))}" for name, table in tables().items())
    assert made_facts.edition(facts).id == hashlib.sha256(text.encode()).hexdigest()[:12]


def test_the_id_depends_neither_on_order_nor_on_layer_names() -> None:
    facts = made_facts.full()
    turned = Facts(**{name: tuple(reversed(getattr(facts, name))) for name in tables()})
    halves = [replace(facts, firms=facts.firms[:1]), Facts(firms=facts.firms[1:])]
    assert made_facts.edition(facts).id == made_facts.edition(turned, "another").id
    assert made_facts.edition(facts).id == edition_of([Layer("a", halves[0]), Layer("b", halves[1])]).id


def test_the_id_changes_with_any_cell() -> None:
    facts = made_facts.full()
    seen = {made_facts.edition(facts).id}
    expected = 1
    for name in tables():
        first, *others = getattr(facts, name)
        for column in fields(first):
            value = getattr(first, column.name)
            other: Any
            if isinstance(value, bool):
                other = not value
            elif isinstance(value, tuple):
                other = (*value, "more")
            else:
                other = value + 1 if isinstance(value, int | float) else f"{value}."
            changed = replace(facts, **{name: (replace(first, **{column.name: other}), *others)})
            seen.add(made_facts.edition(changed).id)
            expected += 1
    assert len(seen) == expected > 150


def test_the_id_tells_rows_of_one_table_from_those_of_another() -> None:
    """An empty cell is not an empty list of another column, and a comma in a cell no new cell."""
    one, other = made_facts.named("a,b"), made_facts.named("a")
    assert made_facts.edition(one).id != made_facts.edition(other).id
    split = replace(other, firms=(replace(other.firms[0], short_zh="b"),))
    assert made_facts.edition(one).id != made_facts.edition(split).id


def firm(name: str, sources: tuple[str, ...] = ("s-1",), key: str = "firm") -> Firm:
    return Firm(id=key, name_zh=name, economy_id="cn", source_ids=sources, confidence="low")


def test_the_later_layer_wins_row_by_row_and_the_sources_of_both_stay() -> None:
    below = Facts(firms=(firm("下", ("s-1", "s-2")), firm("留", key="kept")))
    above = Facts(firms=(firm("上", ("s-3", "s-1")), firm("新", key="new")))
    merged = {row.id: row for row in merge([Layer("a", below), Layer("b", above)]).firms}
    assert merged["firm"].name_zh == "上"
    assert merged["firm"].source_ids == ("s-3", "s-1", "s-2")
    assert (merged["kept"].name_zh, merged["new"].name_zh) == ("留", "新")


def test_a_row_wins_whole_and_empty_cells_of_it_stay_empty() -> None:
    below = Facts(firms=(replace(firm("下"), name_en="Lower", founded=1990),))
    merged = merge([Layer("a", below), Layer("b", Facts(firms=(firm("上"),)))]).firms[0]
    assert (merged.name_en, merged.founded) == (None, None)


def test_three_layers_keep_the_sources_of_all() -> None:
    layers = [Layer(name, Facts(firms=(firm(name, (source,)),))) for name, source in ("ax", "by", "cz")]
    assert merge(layers).firms[0].source_ids == ("z", "y", "x")


def test_rows_of_another_key_stand_beside_one_another() -> None:
    facts = made_facts.full()
    other = replace(facts.market_shares[0], year=2024)
    merged = merge([Layer("a", facts), Layer("b", Facts(market_shares=(other,)))])
    assert len(merged.market_shares) == 2


@pytest.mark.parametrize("count", [1, 2, 3])
def test_layers_come_back_one_by_one(count: int) -> None:
    facts = made_facts.full()
    layers = [Layer("底", facts), *(Layer(f"层 {n}", made_facts.named(f"名{n}")) for n in range(count - 1))]
    edition = edition_of(layers)
    back = unpack(pack(edition), "here")
    assert [layer.name for layer in back.layers] == [layer.name for layer in layers]
    assert [made_facts.edition(layer.facts).id for layer in back.layers] == [
        made_facts.edition(layer.facts).id for layer in layers
    ]
    assert back.facts == edition.facts
    assert edition_of(back.layers).id == edition.id == back.id


def test_no_layers_are_the_empty_edition() -> None:
    edition = edition_of([])
    assert edition.facts == Facts()
    assert set(edition.summary.rows.values()) == {0}
    assert unpack(pack(edition), "here") == edition


def test_the_summary_alone_says_the_same_as_the_archive() -> None:
    edition = made_facts.edition(made_facts.full())
    assert read_summary(pack(edition), "here") == edition.summary
    assert edition.summary.rows["firms"] == 2


def packed() -> bytes:
    return pack(edition_of([Layer("a", made_facts.full()), Layer("b", made_facts.named("乙"))]))


def rewritten(data: bytes, change: dict[str, bytes | None]) -> bytes:
    """An archive with some of its files replaced, or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = change.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


PACKED = packed()
HEAD = json.loads(zipfile.ZipFile(io.BytesIO(PACKED)).read("edition.json"))

DAMAGES: dict[str, dict[str, bytes | None]] = {
    "no head": {"edition.json": None},
    "head is no JSON": {"edition.json": b"{"},
    "head is a list": {"edition.json": b"[]"},
    "head without a key": {"edition.json": b'{"format": 1}'},
    "head is not UTF-8": {"edition.json": b"\xff\xfe{"},
    "another format": {"edition.json": json.dumps(HEAD | {"format": 2}).encode()},
    "more layers than there are": {"edition.json": json.dumps(HEAD | {"layers": ["a", "b", "c"]}).encode()},
    "a table is missing": {"facts/firms.csv": None},
    "a table of a layer is missing": {"layers/1/firms.csv": None},
    "a table is empty": {"facts/firms.csv": b""},
    "a table has other columns": {"facts/firms.csv": b"id,name\n"},
    "a row is short": {"facts/leads.csv": b"firm_id,chain_id,note,source_ids,confidence\na,b\n"},
    "a number is none": {"facts/sources.csv": b"id,title,publisher,year,url,kind\na,b,,soon,,\n"},
    "a table is not UTF-8": {"facts/sources.csv": b"id,title,publisher,year,url,kind\na,\xff,,,,\n"},
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_archives_are_told(damage: str) -> None:
    with pytest.raises(BadArchive, match=r"edition here cannot be read: .+ Load the facts again"):
        unpack(rewritten(PACKED, DAMAGES[damage]), "here")


@pytest.mark.parametrize("damage", [name for name in DAMAGES if name.startswith("head") or name == "no head"])
def test_a_damaged_head_is_told_by_the_summary_too(damage: str) -> None:
    with pytest.raises(BadArchive):
        read_summary(rewritten(PACKED, DAMAGES[damage]), "here")


@pytest.mark.parametrize("data", [b"", b"PK", b"nothing of the kind", PACKED[:-100], PACKED[100:]])
def test_what_is_no_archive_is_told(data: bytes) -> None:
    for read in (unpack, read_summary):
        with pytest.raises(BadArchive):
            read(data, "here")


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_flipped_bit_is_harmless_or_told(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(PACKED) * 8 - 1))
    flipped = bytearray(PACKED)
    flipped[at // 8] ^= 1 << at % 8
    for read in (unpack, read_summary):
        with contextlib.suppress(BadArchive):
            assert read(bytes(flipped), "here") == read(PACKED, "here")

"""Every promise of `graph.store.Store`, held against each store; accidents and queries have files of their own."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import made_facts
import pytest

from graph import arcadedb_store, cypher, neo4j_store, schema
from graph.edition import Edition, Layer, edition_of
from graph.errors import BadInput, EditionChanged, LiantuError, NotFound, NothingLoaded, StoreAway, StoreRefused
from graph.model import Facts, Firm
from graph.schema import edge_rows, node_rows
from graph.store import Credentials, Store, open_store

pytestmark = pytest.mark.usefixtures("plans_kept")


def load(store: Store, facts: Facts, layer: str = "made") -> Edition:
    """Make the facts the current edition."""
    edition = made_facts.edition(facts, layer)
    store.write(edition, replaces=store.current())
    return edition


def nodes_read_back(store: Store) -> dict[str, dict[str, dict[str, Any]]]:
    """Properties of every node by label and id, read by Cypher that both stores know."""
    found: dict[str, dict[str, dict[str, Any]]] = {batch.label: {} for batch in node_rows(Facts())}
    mine = "MATCH (n) WHERE NOT n:LiantuEdition AND NOT n:LiantuLock RETURN labels(n) AS labels, properties(n) AS p"
    for labels, properties in store.query(mine).rows:
        (label,) = set(labels) - {"Liantu"}
        if store.name == "neo4j":
            assert properties.pop("liantu_id") == f"{label.lower()}:{properties['id']}"
        assert properties["id"] not in found[label], "an id twice"
        found[label][properties["id"]] = properties
    return found


def frozen(properties: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted((k, tuple(v) if isinstance(v, list) else v) for k, v in properties.items()))


def edges_read_back(store: Store) -> Counter[Any]:
    """Every edge as type, ends and properties, with how often it stands there."""
    found: Counter[Any] = Counter()
    answer = store.query(
        "MATCH (s)-[r]->(e) "
        "RETURN type(r) AS t, labels(s) AS sl, s.id AS s, labels(e) AS el, e.id AS e, properties(r) AS p"
    )
    for type_, start_labels, start, end_labels, end, properties in answer.rows:
        (start_label,), (end_label,) = set(start_labels) - {"Liantu"}, set(end_labels) - {"Liantu"}
        found[type_, start_label, start, end_label, end, frozen(properties)] += 1
    return found


def edges_expected(facts: Facts) -> Counter[Any]:
    return Counter(
        (batch.type, batch.start_label, start, batch.end_label, end, frozen(properties))
        for batch in edge_rows(facts)
        for start, end, properties in zip(batch.starts, batch.ends, batch.properties, strict=True)
    )


def holds(store: Store, facts: Facts) -> None:
    """The graph is the facts, no more, no less."""
    expected = {batch.label: {row["id"]: row for row in batch.rows} for batch in node_rows(facts)}
    assert nodes_read_back(store) == expected
    assert edges_read_back(store) == edges_expected(facts)


def test_the_graph_is_the_facts_node_by_node_and_edge_by_edge(store: Store) -> None:
    facts = made_facts.full()
    edition = load(store, facts)
    assert store.current() == edition.id
    holds(store, edition.facts)


def test_the_same_facts_again_make_no_new_edition(store: Store) -> None:
    facts = made_facts.full()
    first = load(store, facts)
    again = load(store, Facts(**{name: tuple(reversed(getattr(facts, name))) for name in first.summary.rows}))
    assert again.id == first.id == store.current()
    assert [summary.id for summary in store.editions()] == [first.id]
    holds(store, first.facts)


def test_the_same_facts_under_other_layer_names_are_noted_without_a_new_edition(store: Store) -> None:
    facts = made_facts.full()
    load(store, facts, "before")
    edition = load(store, facts, "after")
    assert store.editions()[0].layers == store.edition().summary.layers == ("after",)
    assert [summary.id for summary in store.editions()] == [edition.id]


def test_a_graph_of_another_schema_is_made_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The edition stays; only what the program makes of it is another, down to labels and types that are gone."""
    facts = made_facts.full()
    others = tuple(replace(kind, label="Company") if kind.label == "Firm" else kind for kind in schema.NODES)
    edges = tuple(replace(kind, type="GUIDES") if kind.type == "LEADS" else kind for kind in schema.EDGES)
    with monkeypatch.context() as then:
        for module in (schema, cypher, arcadedb_store, neo4j_store):
            then.setattr(module, "NODES", others, raising=False)
        then.setattr(schema, "EDGES", edges)
        then.setattr(schema, "_LABELS", {kind.table: kind.label for kind in others})
        edition = load(store, facts)
        assert store.holds(edition)
        assert store.query("MATCH (:Company)-[r:GUIDES]->(:Chain) RETURN count(r) AS n").rows == ((1,),)
    assert not store.holds(edition)
    load(store, facts)
    assert store.holds(edition)
    holds(store, edition.facts)
    assert [summary.id for summary in store.editions()] == [edition.id]


def test_what_the_new_facts_do_not_hold_is_gone(store: Store) -> None:
    facts = made_facts.full()
    load(store, facts)
    smaller = replace(
        facts,
        firms=(replace(facts.firms[0], name_en=None, aliases=(), founded=1), facts.firms[1]),
        products=facts.products[:1],
        inputs=(), supplies=(), sites=(), events=(), leads=(), partnerships=(), targets=(), observations=(),
        parks=facts.parks[:1],
    )  # fmt: skip
    edition = load(store, smaller)
    holds(store, edition.facts)
    back = load(store, facts)
    holds(store, back.facts)


def test_the_empty_edition_can_be_loaded(store: Store) -> None:
    load(store, made_facts.full())
    edition = load(store, Facts())
    holds(store, Facts())
    assert store.current() == edition.id


def test_odd_texts_survive_graph_and_archive(store: Store) -> None:
    """In names, in lists, in properties of edges, and in parameters on the way back."""
    texts = [text if len(text) < 10_000 else "长" * 2_000 for text in made_facts.odd_texts()]
    long = "长" * 200_000
    base = made_facts.full()
    firms = tuple(
        Firm(id=f"odd-{n}", name_zh=text, aliases=tuple(dict.fromkeys([text.replace(";", ","), "b"])),
             website=long, economy_id="cn", source_ids=("s-1",), confidence="low") for n, text in enumerate(texts)
    )  # fmt: skip
    supplies = tuple(replace(base.supplies[0], firm_id=firm.id, note=firm.name_zh) for firm in firms)
    edition = load(store, replace(base, firms=base.firms + firms, supplies=supplies))
    holds(store, edition.facts)
    named = {firm.id: firm.name_zh.encode() for firm in store.edition().facts.firms}
    for n, text in enumerate(texts):
        assert named[f"odd-{n}"] == text.encode()
        rows = store.query("MATCH (f:Firm) WHERE f.name_zh = $name RETURN f.id, f.name_zh", {"name": text}).rows
        assert rows == ((f"odd-{n}", text),), ascii(text[:40])
        edge = "MATCH (f:Firm)-[r:SUPPLIES]->(:Product) WHERE r.note = $note RETURN f.id"
        assert store.query(edge, {"note": text}).rows == ((f"odd-{n}",),), ascii(text[:40])


def test_a_name_too_long_for_an_index_is_refused_and_named(store: Store) -> None:
    """Over 100,000 characters no store can index it; nothing of the load is left."""
    former = load(store, made_facts.named("名"))
    with pytest.raises(StoreRefused, match=r"too (big|large)"):
        load(store, made_facts.named("长" * 200_000))
    assert [summary.id for summary in store.editions()] == [former.id]
    holds(store, former.facts)


def test_batches_are_loaded_whole(store: Store) -> None:
    """Over, at and under the size of a batch: 10,001 firms, 20,000 supplies."""
    told: list[tuple[str, int, int]] = []
    edition = made_facts.edition(made_facts.many(10_001, 20_000))
    store.write(edition, replaces=None, progress=lambda *step: told.append(step))
    firms = store.query("MATCH (f:Firm) RETURN count(f) AS n, count(DISTINCT f.name_zh) AS names")
    assert firms.rows == ((10_001, 10_001),)
    supplies = store.query("MATCH (:Firm)-[r:SUPPLIES]->(p:Product) RETURN p.id AS id, count(r) AS n ORDER BY id")
    assert supplies.rows == (("p-0", 10_001), ("p-1", 9_999))
    assert store.query("MATCH (:Firm)-[r:STATED_IN]->(:Source) RETURN count(r) AS n").rows == ((10_001,),)
    for stage in ("nodes", "edges"):
        steps = [(done, total) for name, done, total in told if name == stage]
        assert steps == sorted(steps)
        assert steps[-1][0] == steps[-1][1], "progress ends at the total"
    assert store.edition().facts == edition.facts


def test_editions_are_kept_and_listed_newest_first(store: Store) -> None:
    made = []
    for year in (2023, 2025, 2024):
        edition = made_facts.edition(made_facts.named(f"企业 {year}"))
        edition = replace(edition, summary=replace(edition.summary, created_at=f"{year}-01-01T00:00:00+00:00"))
        store.write(edition, replaces=store.current())
        made.append(edition)
    listed = store.editions()
    assert [summary.created_at[:4] for summary in listed] == ["2025", "2024", "2023"]
    assert sorted(listed, key=lambda summary: summary.created_at) == [made[0].summary, made[2].summary, made[1].summary]
    for edition in made:
        assert store.edition(edition.id) == edition
    assert store.current() == made[-1].id
    assert store.edition() == made[-1]


def test_an_edition_of_several_layers_comes_back_with_them(store: Store) -> None:
    edition = edition_of([Layer("底", made_facts.full()), Layer("上", made_facts.named("上层"))])
    store.write(edition, replaces=None)
    assert [(layer.name, made_facts.edition(layer.facts).id) for layer in store.edition().layers] == [
        (layer.name, made_facts.edition(layer.facts).id) for layer in edition.layers
    ]
    assert store.editions()[0].layers == ("底", "上")


def test_an_old_edition_can_be_made_current_again(store: Store) -> None:
    old = load(store, made_facts.full())
    load(store, made_facts.named("新"))
    store.write(store.edition(old.id), replaces=store.current())
    assert store.current() == old.id
    assert len(store.editions()) == 2
    holds(store, old.facts)


def test_old_editions_are_forgotten_but_never_the_current_one(store: Store) -> None:
    made = []
    for year in range(2020, 2025):
        edition = made_facts.edition(made_facts.named(f"企业 {year}"))
        edition = replace(edition, summary=replace(edition.summary, created_at=f"{year}-01-01T00:00:00+00:00"))
        store.write(edition, replaces=store.current())
        made.append(edition)
    store.write(made[0], replaces=made[-1].id)
    assert store.prune(5) == ()
    assert store.prune(2) == (made[2].id, made[1].id)
    assert [summary.id for summary in store.editions()] == [made[4].id, made[3].id, made[0].id]
    assert store.current() == made[0].id
    holds(store, made[0].facts)
    with pytest.raises(NotFound):
        store.edition(made[1].id)
    with pytest.raises(BadInput, match="1 or more"):
        store.prune(0)
    store.write(made[3], replaces=made[0].id)
    holds(store, made[3].facts)
    assert store.prune(1) == (made[0].id,)
    assert {summary.id for summary in store.editions()} == {made[4].id, made[3].id}


def test_an_empty_store_says_so(store: Store) -> None:
    assert store.current() is None
    assert store.editions() == ()
    with pytest.raises(NothingLoaded, match="liantu load"):
        store.edition()


def test_editions_that_are_not_there(store: Store) -> None:
    edition = load(store, made_facts.named("名"))
    for name in ("000000000000", "nothing", "../editions/x", f"../editions/{edition.id}", "a/b", "中文", "a\0b", " "):
        with pytest.raises(NotFound) as caught:
            store.edition(name)
        assert (caught.value.kind, caught.value.name) == ("edition", name)
    assert store.edition("") == edition, "no name is the current one"


def test_a_load_over_an_edition_that_was_replaced_is_told(store: Store) -> None:
    first = load(store, made_facts.named("一"))
    second = load(store, made_facts.named("二"))
    third = made_facts.edition(made_facts.named("三"))
    for wrong in (first.id, None):
        with pytest.raises(EditionChanged) as caught:
            store.write(third, replaces=wrong)
        assert (caught.value.expected, caught.value.found) == (wrong, second.id)
    assert store.current() == second.id
    assert {summary.id for summary in store.editions()} == {first.id, second.id}
    holds(store, second.facts)


def test_a_store_that_is_open_takes_up_the_new_edition(store: Store, neo4j_credentials: Credentials) -> None:
    reader = open_store(store.url, neo4j_credentials)
    try:
        with pytest.raises(NothingLoaded):
            reader.edition()
        for name in ("一", "二", "三", "四"):
            edition = load(store, made_facts.named(name))
            assert reader.current() == edition.id
            assert reader.query("MATCH (f:Firm) RETURN f.name_zh AS name").rows == ((name,),)
            assert reader.edition() == edition
    finally:
        reader.close()


def test_an_error_of_the_caller_in_the_middle_leaves_the_former_edition(store: Store) -> None:
    former = load(store, made_facts.named("前"))
    other = made_facts.edition(made_facts.full())

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "edges":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write(other, replaces=former.id, progress=stop)
    assert store.current() == former.id
    assert [summary.id for summary in store.editions()] == [former.id]
    holds(store, former.facts)
    store.write(other, replaces=former.id)
    holds(store, other.facts)


@pytest.mark.parametrize("url", ["", "arcadedb:", "mysql://here", "neo4j:here", "var/liantu", "http://here:7474"])
def test_urls_that_name_no_store_are_refused(url: str) -> None:
    with pytest.raises(BadInput, match="arcadedb:PATH, neo4j://host or bolt://host"):
        open_store(url)


@pytest.mark.parametrize("url", ["bolt://127.0.0.1:1", "neo4j://127.0.0.1:1", "bolt://[", "bolt://host:port"])
def test_a_dead_address_is_told_with_what_to_do(url: str) -> None:
    with pytest.raises(StoreAway, match=r"is away: .+ Check the address and that the store runs") as caught:
        found = open_store(url, Credentials("neo4j", "secret-of-ours"))
        try:
            found.current()
        finally:
            found.close()
    assert url in str(caught.value)
    assert "secret-of-ours" not in str(caught.value)
    assert isinstance(caught.value, LiantuError)


def test_a_wrong_password_is_told(neo4j_url: str) -> None:
    found = open_store(neo4j_url, Credentials("neo4j", "not-this-one"))
    try:
        with pytest.raises(StoreAway, match=r"refuses the name or the password. Set LIANTU_NEO4J_USER") as caught:
            found.current()
        assert "not-this-one" not in str(caught.value)
    finally:
        found.close()

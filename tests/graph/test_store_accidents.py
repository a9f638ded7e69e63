"""What may go wrong during a load: a process that dies, two loads at once, readers beside a load, a full disk."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import made_facts
import pytest
from other_process import CREDENTIALS, Loader

from api.cli import main
from graph import arcadedb_store, neo4j_store
from graph.edition import Edition
from graph.errors import BadArchive, LoadInProgress, NotFound, NothingLoaded, StoreAway, StoreRefused
from graph.store import Store, open_store

pytestmark = pytest.mark.usefixtures("plans_kept")


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command reads it from the environment."""
    monkeypatch.setenv("LIANTU_NEO4J_PASSWORD", CREDENTIALS.password)


def load(store: Store, name: str) -> Edition:
    edition = made_facts.edition(made_facts.named(name))
    store.write(edition, replaces=store.current())
    return edition


def serves(store: Store, edition: Edition, name: str) -> None:
    """The edition is current in graph and archive, and the only one that is."""
    assert store.current() == edition.id
    assert store.query("MATCH (f:Firm) RETURN f.name_zh AS name").rows == ((name,),)
    edges = store.query("MATCH (:Firm)-[r:OF_ECONOMY]->(:Region) RETURN count(r) AS n").rows
    assert edges == ((1,),)
    assert store.edition() == edition


def leftovers(store: Store) -> list[str]:
    """Files of the embedded store that belong to no edition."""
    if store.name == "neo4j":
        return []
    root = Path(store.url.partition(":")[2])
    kept = {summary.id for summary in store.editions()}
    graphs = [path.name for path in (root / "graphs").iterdir() if path.name.partition("-")[0] not in kept]
    return graphs + [str(path) for path in root.rglob("*.part")]


def test_a_load_that_is_killed_leaves_the_former_edition(store: Store) -> None:
    former = load(store, "前")
    with Loader(store.url, "full", replaces=former.id, stop_at="edges") as loader:
        loader.wait_for("edges")
        serves(store, former, "前")
        loader.kill()
    serves(store, former, "前")
    assert [summary.id for summary in store.editions()] == [former.id]
    fresh = open_store(store.url, CREDENTIALS)
    serves(fresh, former, "前")
    fresh.close()
    after = load(store, "后")
    serves(store, after, "后")
    assert leftovers(store) == []


def test_a_first_load_that_is_killed_leaves_an_empty_store(store: Store) -> None:
    with Loader(store.url, "full", replaces=None, stop_at="nodes") as loader:
        loader.wait_for("nodes")
        loader.kill()
    assert store.current() is None
    assert store.editions() == ()
    with pytest.raises(NothingLoaded):
        store.edition()
    serves(store, load(store, "一"), "一")
    assert leftovers(store) == []


def test_of_two_loads_at_once_one_waits_and_is_told(store: Store) -> None:
    """Both were laid over the same edition; the second finds that it was replaced, and changes nothing."""
    former = load(store, "前")
    with (
        Loader(store.url, "甲", replaces=former.id, stop_at="edges") as first,
        Loader(store.url, "乙", replaces=former.id, stop_at="start") as second,
    ):
        first.wait_for("edges")
        second.wait_for("start")
        second.go_on()
        time.sleep(1)
        assert second.process.poll() is None, "it waits"
        serves(store, former, "前")
        first.go_on()
        winner = made_facts.edition(made_facts.named("甲"))
        assert first.end() == f"done {winner.id}"
        assert second.end().startswith("EditionChanged: ")
    serves(store, store.edition(winner.id), "甲")
    assert {summary.id for summary in store.editions()} == {former.id, winner.id}
    assert leftovers(store) == []


def test_two_loads_into_an_empty_store_end_in_one_whole_edition(store: Store) -> None:
    with (
        Loader(store.url, "甲", replaces=None, stop_at="start") as first,
        Loader(store.url, "乙", replaces=None, stop_at="start") as second,
    ):
        for loader in (first, second):
            loader.wait_for("start")
        for loader in (first, second):
            loader.go_on()
        said = sorted([first.end(), second.end()])
    assert said[0].startswith("EditionChanged: "), said
    assert said[1].startswith("done "), said
    current = store.edition()
    assert said[1] == f"done {current.id}"
    serves(store, current, current.facts.firms[0].name_zh)


def test_a_load_does_not_wait_for_ever(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (arcadedb_store, neo4j_store):
        monkeypatch.setattr(module, "LOCK_TIMEOUT_S", 1.0)
    former = load(store, "前")
    with Loader(store.url, "甲", replaces=former.id, stop_at="edges") as loader:
        loader.wait_for("edges")
        started = time.monotonic()
        with pytest.raises(LoadInProgress, match="Run the load again when it has ended"):
            store.write(made_facts.edition(made_facts.named("乙")), replaces=former.id)
        assert 1 <= time.monotonic() - started < 15
        loader.go_on()
        assert loader.end().startswith("done ")
    serves(store, store.edition(), "甲")


def test_a_reader_sees_the_new_edition_of_another_process(store: Store) -> None:
    """The former one until the load has ended, the new one from then on, without being opened anew."""
    former = load(store, "前")
    with Loader(store.url, "后", replaces=former.id, stop_at="nodes,edges,end") as loader:
        for stage in ("nodes", "edges"):
            loader.wait_for(stage)
            serves(store, former, "前")
            loader.go_on()
        loader.wait_for("end")
        edition = made_facts.edition(made_facts.named("后"))
        assert store.current() == edition.id
        serves(store, store.edition(edition.id), "后")
        loader.go_on()


def test_a_store_can_be_read_while_many_editions_come(store: Store) -> None:
    """A reader that never rests beside loads of another process: old graphs go, but not from under it."""
    load(store, "0")
    current, seen = store.current(), set()
    for number in range(1, 4):
        with Loader(store.url, str(number), replaces=current) as loader:
            while loader.process.poll() is None:
                seen.add(store.query("MATCH (f:Firm) RETURN f.name_zh AS name").rows)
            current = loader.end().partition(" ")[2]
    assert seen <= {((str(number),),) for number in range(4)}
    serves(store, store.edition(), "3")
    if store.name == "arcadedb":
        assert len(list((Path(store.url.partition(":")[2]) / "graphs").iterdir())) == 2


def test_a_file_that_may_not_grow_leaves_the_former_edition(tmp_path: Path) -> None:
    """As on a full disk: the engine cannot write on."""
    store = open_store(f"arcadedb:{tmp_path / 'store'}")
    former = load(store, "前")
    with Loader(store.url, "full", replaces=former.id, most_bytes=100_000) as loader:
        said = loader.end()
    assert said.startswith("StoreRefused: Nothing was loaded into arcadedb:"), said
    assert "no room" in said
    assert "The former edition stands." in said
    serves(store, former, "前")
    assert [summary.id for summary in store.editions()] == [former.id]
    assert leftovers(store) == []
    serves(store, load(store, "后"), "后")
    store.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Call it with kilobytes for a folder that has no room for more; it can be made larger in the same way."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def sized(kilobytes: int) -> Path:
        options = f"size={kilobytes}k,{'remount' if folder.is_mount() else 'rw'}"
        ran = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True)
        if ran.returncode:
            pytest.skip("this user may not mount a small disk")
        return folder

    yield sized
    if folder.is_mount():
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.skipif(not shutil.which("mount"), reason="there is no mount command")
@pytest.mark.parametrize("spare_kilobytes", [100, 5_000, 8_000, 11_000, 12_000, 13_000])
def test_a_full_disk_leaves_the_former_edition(small_disk: Callable[[int], Path], spare_kilobytes: int) -> None:
    """Full at the first byte, or in the middle; the engine writes in the background and must not lose pages there."""
    folder = small_disk(64_000)
    store = open_store(f"arcadedb:{folder / 'store'}")
    former = load(store, "前")
    used = shutil.disk_usage(folder).used // 1024
    small_disk(used + spare_kilobytes)
    more = made_facts.edition(made_facts.many(3_000, 8_000))
    try:
        store.write(more, replaces=former.id)
        assert spare_kilobytes > 10_000, "it cannot fit"
    except StoreRefused as error:
        assert "there is no room; make some and load again. The former edition stands" in str(error)
    if store.current() == former.id:
        serves(store, former, "前")
        assert [summary.id for summary in store.editions()] == [former.id]
        assert shutil.disk_usage(folder).used // 1024 <= used + 100
        assert leftovers(store) == []
        small_disk(64_000)
        store.write(more, replaces=former.id)
    assert store.query("MATCH (f:Firm)-[r]->() RETURN count(r.confidence) AS n").rows == ((11_000,),)
    store.close()


@pytest.mark.parametrize("what", ["a file", "below a file"])
def test_a_path_that_cannot_be_a_store_is_told(tmp_path: Path, what: str) -> None:
    (tmp_path / "file").write_text("mine")
    path = tmp_path / "file" if what == "a file" else tmp_path / "file" / "store"
    store = open_store(f"arcadedb:{path}")
    assert store.current() is None
    with pytest.raises(StoreRefused, match="Nothing was loaded"):
        load(store, "名")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_graph_that_is_gone_or_damaged_is_told(tmp_path: Path) -> None:
    store = open_store(f"arcadedb:{tmp_path / 'store'}")
    edition = load(store, "名")
    store.close()
    (graph,) = (tmp_path / "store" / "graphs").iterdir()
    shutil.rmtree(graph)
    with pytest.raises(StoreAway, match=edition.id):
        store.query("RETURN 1 AS one")
    assert store.edition() == edition, "the measures go on"
    assert not store.holds(edition)
    store.write(edition, replaces=edition.id)
    assert store.holds(edition)
    serves(store, edition, "名")
    serves(store, load(store, "后"), "后")
    store.close()


def test_a_damaged_archive_is_named_and_the_others_are_listed(
    store: Store, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = load(store, "一"), load(store, "二")
    if store.name == "neo4j":
        run = request.getfixturevalue("neo4j_run")
        run("MATCH (n:LiantuEdition {id: $id}) SET n.rows = '{', n.archive = null", id=first.id)
    else:
        (Path(store.url.partition(":")[2]) / "editions" / f"{first.id}.zip").write_bytes(b"PK\x03\x04 not a ZIP file")
    whole, bad = store.editions()
    assert whole == second.summary
    assert (bad.id, bad.created_at, bad.layers, bad.rows) == (first.id, "", (), {})
    assert bad.damage
    with pytest.raises(BadArchive, match=first.id):
        store.edition(first.id)
    with pytest.raises(NotFound, match=first.id):
        store.edition("000000000000")
    serves(store, second, "二")
    assert main(["editions", "--store", store.url]) == 1
    said = capsys.readouterr().out
    assert bad.damage[:20] in said
    assert second.id in said


def test_what_others_keep_beside_the_graphs_is_left_alone(tmp_path: Path) -> None:
    store = open_store(f"arcadedb:{tmp_path / 'store'}")
    load(store, "前")
    graphs = tmp_path / "store" / "graphs"
    (graphs / "笔记").mkdir()
    (graphs / ".DS_Store").write_text("mine")
    (graphs / "0123456789ab").mkdir()  # a graph without an archive is what a load has left that died
    for name in ("中", "后", "末"):
        serves(store, load(store, name), name)
    assert {"笔记", ".DS_Store"} < {path.name for path in graphs.iterdir()}
    assert len(list(graphs.iterdir())) == 4
    store.close()

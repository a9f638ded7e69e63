"""What all tests share: the shipped facts, both stores, and what may be missing on a machine.

LIANTU_TEST_NEO4J            bolt URL of a Neo4j server for tests; ITS DATABASE IS EMPTIED. Without it those tests skip.
LIANTU_TEST_NEO4J_PASSWORD   its password, `liantu-local` by default; the user is `neo4j`
LIANTU_REQUIRE               comma list of `neo4j`, `browser`: what has to be there, so that a skip becomes a failure
LIANTU_SHARED                the shared material, by default `../shared` beside the repository

A Neo4j Community server has one database. Tests that change it ask for `store`, which hands it over empty; those that
read the shipped facts ask for `neo4j_store` or `shipped_store`, which load them again if a test before has changed it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from graph.edition import Edition
from graph.store import Credentials, Store, open_store
from ingest.pipeline import lay

REPOSITORY = Path(__file__).resolve().parent.parent
STORES = ["arcadedb", pytest.param("neo4j", marks=pytest.mark.neo4j)]

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Absent = Callable[[str, str], NoReturn]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what tells why the rest would fail, and mark what needs a server."""
    items.sort(key=lambda item: item.path.name != "test_metadata.py")
    for item in items:
        if "neo4j_url" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.neo4j)


@pytest.fixture(scope="session")
def absent() -> Absent:
    """Call it with what is missing (`neo4j`, `browser`) and the way out: skips, or fails where it is required."""
    required = os.environ.get("LIANTU_REQUIRE", "").replace(" ", "").split(",")

    def skip_or_fail(what: str, reason: str) -> NoReturn:
        if what in required:
            pytest.fail(f"LIANTU_REQUIRE names {what}, but {reason}", pytrace=False)
        pytest.skip(reason)

    return skip_or_fail


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The fact tables that ship."""
    return REPOSITORY / "data"


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """Made chains and answer keys, which do not ship."""
    folder = Path(os.environ.get("LIANTU_SHARED") or REPOSITORY.parent / "shared").resolve()
    if not folder.is_dir():
        pytest.skip(f"there is no folder {folder}; name the shared material by LIANTU_SHARED")
    return folder


@pytest.fixture(scope="session")
def chainkg(shared_folder: Path) -> Path:
    """The files of ChainKnowledgeGraph, which no one may ship."""
    folder = shared_folder / "data" / "chainknowledgegraph"
    if not folder.is_dir():
        pytest.skip(f"there is no folder {folder}")
    return folder


@pytest.fixture(scope="session")
def shipped_edition(data_folder: Path) -> Edition:
    """The edition that the shipped facts come to, whatever is refused of them."""
    edition, report = lay(data_folder, "data")
    assert edition is not None, report.of("fatal")
    return edition


@pytest.fixture(scope="session")
def arcadedb_store(tmp_path_factory: pytest.TempPathFactory, shipped_edition: Edition) -> Iterator[Store]:
    """An embedded store with the shipped facts; not to be changed."""
    store = open_store(f"arcadedb:{tmp_path_factory.mktemp('shipped') / 'store'}")
    store.write(shipped_edition, replaces=None)
    yield store
    store.close()


@pytest.fixture(scope="session")
def neo4j_credentials() -> Credentials:
    """User and password of the Neo4j server for tests."""
    return Credentials("neo4j", os.environ.get("LIANTU_TEST_NEO4J_PASSWORD") or "liantu-local")


@pytest.fixture(scope="session")
def neo4j_url(absent: Absent, neo4j_credentials: Credentials) -> str:
    """The Neo4j server for tests; it answers."""
    url = os.environ.get("LIANTU_TEST_NEO4J")
    if not url:
        absent("neo4j", "LIANTU_TEST_NEO4J names no Neo4j server; see scripts/neo4j")
    server = open_store(url, neo4j_credentials)
    try:
        server.current()
    except Exception as error:
        absent("neo4j", f"the Neo4j server of LIANTU_TEST_NEO4J does not answer: {error}")
    finally:
        server.close()
    return url


@pytest.fixture(scope="session")
def empty_neo4j(neo4j_url: str, neo4j_credentials: Credentials) -> Callable[[], None]:
    """Call it to take everything out of the Neo4j database, whosever it is."""
    import neo4j

    def empty() -> None:
        auth = (neo4j_credentials.user, neo4j_credentials.password)
        with neo4j.GraphDatabase.driver(neo4j_url, auth=auth) as driver, driver.session() as session:
            session.run("MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()

    return empty


@pytest.fixture
def neo4j_store(
    neo4j_url: str, neo4j_credentials: Credentials, empty_neo4j: Callable[[], None], shipped_edition: Edition
) -> Iterator[Store]:
    """The Neo4j database with the shipped facts; not to be changed."""
    store = open_store(neo4j_url, neo4j_credentials)
    if store.current() != shipped_edition.id:
        empty_neo4j()
        store.write(shipped_edition, replaces=None)
    yield store
    store.close()


@pytest.fixture(params=STORES)
def shipped_store(request: pytest.FixtureRequest) -> Store:
    """Each store with the shipped facts; not to be changed."""
    return request.getfixturevalue(f"{request.param}_store")


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each store, new and empty, for a test that changes it."""
    if request.param == "neo4j":
        url: str = request.getfixturevalue("neo4j_url")
        request.getfixturevalue("empty_neo4j")()
    else:
        url = f"arcadedb:{tmp_path / 'store'}"
    found = open_store(url, request.getfixturevalue("neo4j_credentials"))
    yield found
    found.close()


@pytest.fixture(scope="session")
def browser(absent: Absent) -> Iterator[Any]:
    """A real Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        absent("browser", "no Chromium is installed (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield found
        found.close()

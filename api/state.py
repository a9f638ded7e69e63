"""What a running server holds: the store, and the networks of the editions that are asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from graph import cypher
from graph.edition import Summary
from graph.errors import BadInput, LiantuError, NothingLoaded
from graph.schema import NODES
from graph.store import Store, trusted
from queries.back_test import back_test
from queries.editions import former_of, past_of
from queries.kept import Kept
from queries.neighbours import graph_of
from queries.network import Network
from queries.overview import overview
from queries.panorama import panorama
from queries.search import index as search_index
from queries.structural_warnings import Past
from queries.targets import today
from queries.warnings import warnings_on

if TYPE_CHECKING:
    from starlette.requests import Request

    from api.workers import Workers

_T = TypeVar("_T")

_FRESH_S = 0.5  # how long a look at the current edition holds
_SUMMARIES_FRESH_S = 2.0
_NETWORKS_KEPT = 3
_PASTS_KEPT = 16


class State:
    """The store and the networks built from it; safe to use from several threads."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._networks = Kept[str, Network](_NETWORKS_KEPT)
        self._pasts = Kept[tuple[str, str | None], Past](_PASTS_KEPT)
        self._current: tuple[str | None, float] = (None, float("-inf"))
        self._summaries: tuple[tuple[Summary, ...], float] = ((), float("-inf"))
        self._counts: tuple[str, Mapping[str, int]] = ("", {})

    def fresh_current(self) -> str | None:
        """The current edition if it was looked up a moment ago, without asking the store; else `None`."""
        found, at = self._current
        return found if time.monotonic() - at < _FRESH_S else None

    def look_again(self) -> None:
        """Forget what was remembered of the store, after a load for instance."""
        self._current = (None, float("-inf"))
        self._summaries = ((), float("-inf"))

    def current(self) -> str:
        """The id of the current edition.

        Raises:
            NothingLoaded: The store is empty.
            StoreAway: The store cannot be reached.
        """
        return self.fresh_current() or self._look()

    def _look(self) -> str:
        found = self.store.current()
        if found is None:
            raise NothingLoaded(self.store.url)
        self._current = (found, time.monotonic())
        return found

    def of_graph(self, ask: Callable[[Store], _T]) -> tuple[_T, str]:
        """An answer of the graph, and the edition that it is of; asked again where a load came between.

        Raises:
            NothingLoaded: The store is empty.
            StoreAway: The store cannot be reached.
        """
        edition = self._look()
        while True:
            answer = ask(self.store)
            before, edition = edition, self._look()
            if edition == before:
                return answer, edition

    def network(self, edition: str | None = None) -> Network:
        """The network of an edition, of the current one without an id.

        Raises:
            NotFound: There is no such edition.
            StoreAway: The store cannot be reached.
        """
        wanted = edition or self.current()
        return self._networks.get(wanted, lambda: Network(self.store.edition(wanted).facts, wanted))

    def fresh_summaries(self) -> tuple[Summary, ...] | None:
        """The editions that are kept if they were looked up a moment ago, without asking the store; else `None`."""
        found, at = self._summaries
        return found if time.monotonic() - at < _SUMMARIES_FRESH_S else None

    def former(self, edition: str) -> str | None:
        """The id of the edition that was loaded before another, among those that are kept; `None` without one."""
        found = self.fresh_summaries()
        if found is None:
            try:
                found = self.store.editions()
            except LiantuError:
                return None  # whoever asks for the edition itself is told
            self._summaries = found, time.monotonic()
        return former_of(found, edition)

    def past(self, edition: str) -> Past:
        """When an edition was loaded, and the gap kinds of the one before it.

        Raises:
            NotFound: There is no such edition.
            StoreAway: The store cannot be reached.
        """
        key = edition, self.former(edition)  # the former one may be pruned
        return self._pasts.get(key, lambda: past_of(self.store, edition))

    def warm(self) -> None:
        """Prepare what the first visitors ask for."""
        try:
            network = self.network()
        except LiantuError:
            return  # whoever asks is told
        overview(network)  # the first page, then the others in the order in which they are likely to be asked for
        warnings_on(network, today(), self.past(network.edition))
        for chain in network.chain_rows:
            panorama(network, chain)
        back_test(network)
        graph_of(network)
        search_index(network)

    def counts(self) -> Mapping[str, int]:
        """Number of nodes by label, as the graph of the current edition holds them."""
        edition = self.current()
        if self._counts[0] != edition:
            found = {
                kind.label: int(self.store.query(trusted(cypher.count_nodes(kind.label))).rows[0][0]) for kind in NODES
            }
            self._counts = (edition, found)
        return self._counts[1]


def state_of(request: Request) -> State:
    """The state of the server that answers a request."""
    found: State = request.app.state.liantu
    return found


def past_of_request(request: Request, network: Network) -> Past:
    """When the edition of a network was loaded, and what came before it."""
    return state_of(request).past(network.edition)


def workers_of(request: Request) -> Workers:
    """The processes beside the server for what takes long."""
    found: Workers = request.app.state.workers
    return found


def network_of(request: Request, edition: str | None = None) -> Network:
    """The network that a request asks for.

    Raises:
        NotFound: There is no such edition, or nothing is loaded.
        StoreAway: The store cannot be reached.
    """
    return state_of(request).network(edition or request.scope.get("liantu.edition"))


def of_graph(request: Request, ask: Callable[[Store], _T]) -> tuple[_T, str]:
    """An answer of the graph to a request, and the edition that it is of.

    The request is of that edition from then on: what is kept is kept under it, also where it came during a request
    that began with the one before.

    Raises:
        BadInput: The request names an edition that the graph does not hold.
        NothingLoaded: The store is empty.
        StoreAway: The store cannot be reached.
    """
    wanted = request.query_params.get("edition")
    answer, edition = state_of(request).of_graph(ask)
    if wanted and wanted != edition:
        allowed = f"{edition}, which the graph holds; measures and lists can be asked of older editions, Cypher cannot"
        raise BadInput("edition", wanted, allowed)
    request.scope["liantu.edition"] = edition
    return answer, edition

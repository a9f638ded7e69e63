"""What the editions of a store say of one another: which came before, and what its gaps were."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from graph.edition import Summary
from graph.errors import BadArchive, NotFound
from graph.store import Store
from queries.editions_diff import GapKinds, gap_kinds
from queries.network import Network
from queries.structural_warnings import Past
from queries.targets import SHANGHAI


def former_of(summaries: Iterable[Summary], edition: str) -> str | None:
    """The id of the edition that was loaded before another; of the oldest, and of one that is not kept, `None`."""
    ids = [summary.id for summary in sorted(summaries, key=lambda item: (item.created_at, item.id))]
    at = ids.index(edition) if edition in ids else 0
    return ids[at - 1] if at else None


def _kinds(store: Store, edition: str | None) -> GapKinds | None:
    """The gap kinds of an edition; `None` where there is none, or its archive cannot be read any more."""
    if edition is None:
        return None
    try:
        return gap_kinds(Network(store.edition(edition).facts, edition))
    except (NotFound, BadArchive):
        return None


def past_of(store: Store, edition: str) -> Past:
    """When an edition was loaded, as a day in Shanghai, and the gap kinds of the one before it.

    Raises:
        StoreAway: The store cannot be reached.
    """
    summaries = store.editions()
    loaded = next((summary.created_at for summary in summaries if summary.id == edition), None)
    day = datetime.fromisoformat(loaded).astimezone(SHANGHAI).date().isoformat() if loaded else None
    return Past(day, _kinds(store, former_of(summaries, edition)))

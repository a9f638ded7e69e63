"""The co-operations across the delta 长三角合作 as rows."""

from __future__ import annotations

from dataclasses import dataclass

from queries.network import Network, derived
from queries.refs import Ref, end_ref


@dataclass(frozen=True, slots=True)
class PartnershipRow:
    """A co-operation across the delta 长三角合作."""

    a: Ref
    b: Ref
    kind: str
    chain_id: str | None
    year: int | None
    note: str | None
    source_ids: tuple[str, ...]
    confidence: str


@derived
def partnership_rows(network: Network) -> tuple[PartnershipRow, ...]:
    """Every co-operation, the newest first, then by ends."""
    rows = sorted(
        network.facts.partnerships,
        key=lambda row: (-(row.year or 0), row.from_id, row.to_id, row.kind, row.chain_id or "", row.note or ""),
    )
    return tuple(
        PartnershipRow(
            end_ref(network, row.from_id),
            end_ref(network, row.to_id),
            row.kind,
            row.chain_id,
            row.year,
            row.note,
            row.source_ids,
            row.confidence,
        )
        for row in rows
    )

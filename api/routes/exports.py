"""The facts and the graph of an edition as files to take away."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

from fastapi import Request
from starlette.responses import Response

from api.answers import EditionParam
from api.routers import json_router
from api.state import network_of, state_of

router = json_router("exports")

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".graphml": "application/graphml+xml",
    ".cypher": "text/plain; charset=utf-8",
}


def _zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _download(name: str, data: bytes, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=kind, headers=headers)


@router.get("/exports/{as_}")
def exports(
    request: Request, as_: str, chain: str | None = None, region: str = "shanghai", edition: EditionParam = None
) -> Response:
    """An edition as `csv`, `jsonl`, `xlsx` (each can be loaded again), `graphml`, `cypher`, `neo4j-admin`, or `html`.

    Several files come as one ZIP file; `chain` and `region` are for `html`, a page that needs no server.
    """
    from viz.export import export

    network = network_of(request, edition)
    found = list(export(state_of(request).store.edition(network.edition), network, as_, region=region, chain=chain))
    if len(found) == 1:
        name, data = found[0]
        kind = _TYPES.get("." + name.rsplit(".", 1)[-1], "application/octet-stream")
        return _download(name if name.startswith("liantu") else f"liantu-{name}", data, kind)
    return _download(f"liantu-{network.edition}-{as_}.zip", _zip(found), "application/zip")

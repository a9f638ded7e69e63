"""The editions of a store: listed, compared, brought back, forgotten, written to files."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.cli.arguments import DONE, FINDINGS, Command, add_edition, opened
from api.cli.output import print_page, print_rows, progress_shown, say


def add(command: Command) -> None:
    """Declare the commands."""
    command("editions", _editions, "List the editions that are kept, the newest first.")
    restore = command("restore", _restore, "Make a former edition the current one again.")
    restore.add_argument("edition", help="id of an edition that is kept")
    prune = command("prune", _prune, "Forget old editions for good; the current one always stays.")
    prune.add_argument("--keep", type=int, required=True, help="number of the newest editions that stay")
    diff = command("diff", _diff, "List what changed from one edition to another.")
    diff.add_argument("former", help="id of the edition before")
    diff.add_argument("latter", help="id of the edition after")
    diff.add_argument("--part", choices=("facts", "gaps"), default="facts", help="what to list (facts)")
    diff.add_argument("--limit", type=int, default=100, help="most items (100)")
    diff.add_argument("--offset", type=int, default=0, help="items to leave out first")
    export = command("export", _export, "Write the facts or the graph of an edition to files.")
    export.add_argument("--as", dest="as_", required=True, metavar="FORMAT", help="csv, jsonl, xlsx, graphml, html, …")
    export.add_argument("--output", "-o", type=Path, default=Path("export"), help="folder to write to (export)")
    export.add_argument("--chain", help="for html: id of a chain (all, a page each)")
    export.add_argument("--region", default="shanghai", help="for html: where coverage is asked (shanghai)")
    add_edition(export)


def _editions(args: argparse.Namespace) -> int:
    with opened(args) as store:
        current = store.current()
        rows = [
            {
                "id": summary.id,
                "current": summary.id == current,
                "created_at": summary.created_at,
                "layers": list(summary.layers) if args.format == "json" else ";".join(summary.layers),
                "rows": sum(summary.rows.values()),
                "damage": summary.damage,
            }
            for summary in store.editions()
        ]
    columns = ("id", "current", "created_at", "layers", "rows", "damage")
    print_rows(args, rows, {"total": len(rows), "edition": current}, columns)
    return FINDINGS if any(row["damage"] for row in rows) else DONE


def _restore(args: argparse.Namespace) -> int:
    with opened(args) as store:
        edition, current = store.edition(args.edition), store.current()
        if edition.id == current:
            say(f"{store.url} holds edition {current} already.")
            return DONE
        with progress_shown() as progress:
            store.write(edition, replaces=current, progress=progress)
        say(f"{store.url} holds edition {edition.id} again; {current} is kept.")
    return DONE


def _prune(args: argparse.Namespace) -> int:
    with opened(args) as store:
        gone = store.prune(args.keep)
        say(f"{store.url}: {len(gone)} editions forgotten, {len(store.editions())} kept.")
    print_rows(args, [{"id": name} for name in gone], {"total": len(gone)}, ("id",))
    return DONE


def _diff(args: argparse.Namespace) -> int:
    from queries.editions_diff import editions_diff
    from queries.network import Network

    with opened(args) as store:
        former, latter = store.edition(args.former), store.edition(args.latter)
    found = editions_diff(Network(former.facts, former.id), Network(latter.facts, latter.id))
    rows: Sequence[Any] = found.facts if args.part == "facts" else found.gaps
    page = {
        "edition": latter.id,
        "former": former.id,
        "part": args.part,
        "tables": found.tables,
        "radii": found.radii,
    }
    of_facts = ("table", "key", "change", "columns")
    of_gaps = ("radius", "change", "product_id", "name_zh", "before", "after")
    print_page(args, rows, of_facts if args.part == "facts" else of_gaps, **page)
    return DONE


def _export(args: argparse.Namespace) -> int:
    from queries.network import Network
    from viz.export import export

    with opened(args) as store:
        edition = store.edition(args.edition)
    network = Network(edition.facts, edition.id)
    count = 0
    for name, data in export(edition, network, args.as_, region=args.region, chain=args.chain):
        path = args.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        count += 1
    say(f"Wrote {count} files of edition {edition.id} to {args.output}.")
    return DONE

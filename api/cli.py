"""The command `liantu`; see `liantu --help`.

Heavy things are imported when a command needs them, so that help comes at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from graph.store import Progress, Store
    from ingest.report import Report
    from queries.network import Network

DONE, FINDINGS, WRONG_USE, AWAY = 0, 1, 2, 3
_SHOWN = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code: 0 done, 1 findings, 2 wrong use, 3 the store is away."""
    args = _parser().parse_args(arguments)
    from graph.errors import LiantuError, NothingLoaded, StoreAway

    try:
        return int(args.run(args))
    except (StoreAway, NothingLoaded) as error:
        print(f"liantu: {error}", file=sys.stderr)
        return AWAY
    except LiantuError as error:
        print(f"liantu: {error}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="liantu",
        description="链图: knowledge graph of Shanghai's industrial chains.",
        epilog="Exit codes: 0 done, 1 findings, 2 wrong use, 3 the store is away.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        made.add_argument("--store", metavar="URL", help="arcadedb:PATH, neo4j://host or bolt://host")
        made.add_argument("--format", choices=("table", "json", "csv"), default="table", help="how to print (table)")
        return made

    _add_loading(command)
    _add_asking(command)
    return parser


_Command = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def _add_loading(command: _Command) -> None:
    load = command("load", _load, "Load a folder of fact tables over the current edition.")
    load.add_argument("folder", nargs="?", type=Path, help="the fact tables (those that ship with the project)")
    _add_form(load)
    load.add_argument("--layer", help="name of the layer (the name of the folder)")
    load.add_argument("--replace", action="store_true", help="drop the other layers")
    load.add_argument("--into-shared", action="store_true", help="load beside nodes of others in a Neo4j database")
    check = command("check", _check, "Report what is wrong with a folder of fact tables; load nothing.")
    check.add_argument("folder", nargs="?", type=Path, help="the fact tables (those that ship with the project)")
    for made in (load, check):
        made.add_argument("--lang", choices=("en", "zh"), default="en", help="language of the findings (en)")
    _add_form(check)
    command("editions", _editions, "List the editions that are kept, the newest first.")
    restore = command("restore", _restore, "Make a former edition the current one again.")
    restore.add_argument("edition", help="id of an edition that is kept")
    prune = command("prune", _prune, "Forget old editions for good; the current one always stays.")
    prune.add_argument("--keep", type=int, required=True, help="number of the newest editions that stay")
    serve = command("serve", _serve, "Serve the browser and the HTTP API.")
    serve.add_argument("--host", help="address to serve at (127.0.0.1)")
    serve.add_argument("--port", type=int, help="port to serve at (8000)")


def _add_asking(command: _Command) -> None:
    query = command("query", _query, "Run a question of the Cypher catalogue; without a name list them.")
    query.add_argument("name", nargs="?", help="name of the question")
    query.add_argument("parameters", nargs="*", metavar="key=value", help="its parameters")
    gaps = command("gaps", _gaps, "List the gaps of a region, the greatest first.")
    gaps.add_argument("--region", default="shanghai", help="radius, region id or park id (shanghai)")
    gaps.add_argument("--chain", help="id of a chain (all)")
    gaps.add_argument("--segment", help="id of a segment")
    gaps.add_argument("--kind", default="", help="chokepoint, missing, fragile; several by commas")
    gaps.add_argument("--evidence", default="", help="A, B, C; several by commas")
    gaps.add_argument("--five-bases", default="", help="places among the five bases; several by commas")
    gaps.add_argument("--min-score", type=float, help="least score, 0 to 100")
    gaps.add_argument(
        "--sort", default="score", help="score, criticality, availability, blocks …; -score the other way"
    )
    gaps.add_argument("--floor", default="small-batch", help="least capability that carries a chain (small-batch)")
    gaps.add_argument("--unknown", default="open", help="open or closed: products without a known supplier (open)")
    _add_paging(gaps, 100)
    for name, text in (("upstream", "List what a product needs."), ("downstream", "List what needs a product.")):
        closure = command(name, _closure, text)
        closure.set_defaults(direction=name)
        closure.add_argument("product", help="id of a product")
        closure.add_argument("--depth", type=int, help="greatest number of steps (no bound)")
        closure.add_argument("--region", default="shanghai", help="where coverage is asked (shanghai)")
        closure.add_argument(
            "--floor", default="small-batch", help="least capability that carries a chain (small-batch)"
        )
        closure.add_argument("--unknown", default="open", help="open or closed (open)")
        _add_paging(closure, 1000)
    ways = command("paths", _paths, "List the shortest ways by which a product needs another.")
    ways.add_argument("start", metavar="from", help="id of the product that needs")
    ways.add_argument("end", metavar="to", help="id of the product that is needed, upstream of it")
    _add_paging(ways, 100)
    disrupt = command("disrupt", _disrupt, "Take things away: what stops, and why.")
    disrupt.add_argument("elements", nargs="+", metavar="ELEMENT", help="kind:id (economy:us, firm:asml) or a bare id")
    disrupt.add_argument("--floor", default="small-batch", help="least capability that carries a chain (small-batch)")
    disrupt.add_argument("--unknown", default="open", help="open or closed (open)")
    disrupt.add_argument("--edition", help="id of an edition (the current one)")
    targets = command("targets", _targets, "List the targets of the plan and what was reached.")
    targets.add_argument("--on", help="a day, YYYY-MM-DD (today in Shanghai)")
    targets.add_argument("--edition", help="id of an edition (the current one)")
    warned = command("warnings", _warnings, "List the warnings of a day, the gravest first.")
    warned.add_argument("--on", help="a day, YYYY-MM-DD (today in Shanghai)")
    warned.add_argument("--level", default="", help="red, orange, yellow, blue; several by commas")
    warned.add_argument("--rule", default="", help="event, single-point, concentration …; several by commas")
    warned.add_argument("--chain", help="id of a chain (all)")
    _add_paging(warned, 100)
    diff = command("diff", _diff, "List what changed from one edition to another.")
    diff.add_argument("former", help="id of the edition before")
    diff.add_argument("latter", help="id of the edition after")
    diff.add_argument("--part", choices=("facts", "gaps"), default="facts", help="what to list (facts)")
    diff.add_argument("--limit", type=int, default=100, help="most items (100)")
    diff.add_argument("--offset", type=int, default=0, help="items to leave out first")
    cuts = command("cut-sets", _cut_sets, "List the smallest sets whose loss stops a product.")
    cuts.add_argument("product", help="id of a product")
    cuts.add_argument("--kind", default="economy", help="economy, city, park, firm or product (economy)")
    cuts.add_argument("--order", type=int, default=2, help="most elements of a set (2)")
    cuts.add_argument("--floor", default="small-batch", help="least capability that carries a chain (small-batch)")
    cuts.add_argument("--unknown", default="open", help="open or closed (open)")
    cuts.add_argument("--edition", help="id of an edition (the current one)")
    fill = command("candidates", _candidates, "List who could come to make a product in a region, and why.")
    fill.add_argument("product", help="id of a product")
    fill.add_argument("--region", default="shanghai", help="radius, region id or park id (shanghai)")
    _add_paging(fill, 100)
    esri = command("esri", _esri, "Of each firm the share of all sales that is lost when it fails.")
    esri.add_argument("sales", type=Path, metavar="SALES.csv", help="columns from, to, weight")
    esri.add_argument("firms", type=Path, metavar="FIRMS.csv", help="columns id, sector")
    esri.add_argument(
        "essential", type=Path, metavar="ESSENTIAL.csv", help="columns supplier_sector, buyer_sector, value 2, 1 or 0"
    )
    esri.add_argument("--eps", type=float, default=1e-6, help="steps stop when no firm loses more in one (1e-6)")
    esri.add_argument("--no-substitution", action="store_true", help="nobody replaces a small part of a sector")
    command("shell", _shell, "Cypher at a prompt, or from what is piped in; it only reads.")
    export = command("export", _export, "Write the facts or the graph of an edition to files.")
    export.add_argument("--as", dest="as_", required=True, metavar="FORMAT", help="csv, jsonl, xlsx, graphml, html, …")
    export.add_argument("--output", "-o", type=Path, default=Path("export"), help="folder to write to (export)")
    export.add_argument("--chain", help="for html: id of a chain (all, a page each)")
    export.add_argument("--region", default="shanghai", help="for html: where coverage is asked (shanghai)")
    export.add_argument("--edition", help="id of an edition (the current one)")


def _add_form(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as", dest="form", default="facts", choices=("facts", "chainkg"),
        help="what the folder holds: fact tables, or ChainKnowledgeGraph in JSON lines (facts)",
    )  # fmt: skip


def _add_paging(parser: argparse.ArgumentParser, limit: int) -> None:
    parser.add_argument("--limit", type=int, default=limit, help=f"most items ({limit})")
    parser.add_argument("--offset", type=int, default=0, help="items to leave out first")
    parser.add_argument("--edition", help="id of an edition (the current one)")


# -- the store ---------------------------------------------------------------------------------------------------------


@contextmanager
def _store(args: argparse.Namespace) -> Iterator[Store]:
    from api.settings import Settings
    from graph.store import open_store

    settings = Settings()
    store = open_store(
        args.store or settings.store, settings.credentials(), into_shared=getattr(args, "into_shared", False)
    )
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _network(args: argparse.Namespace) -> Iterator[Network]:
    from queries.network import Network

    with _store(args) as store:
        edition = store.edition(args.edition)
        yield Network(edition.facts, edition.id)


# -- printing ----------------------------------------------------------------------------------------------------------


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _print_rows(args: argparse.Namespace, rows: Sequence[Any], page: dict[str, Any], columns: Sequence[str]) -> None:
    """Rows as a table of some columns, as CSV of all, or as the JSON that HTTP gives."""
    if args.format == "json":
        _print_json({"items": rows, **page})
        return
    from queries.lists import flat

    lines = [flat(row) if is_dataclass(row) else row for row in rows]
    if args.format == "csv":
        names = list(dict.fromkeys(name for line in lines for name in line))
        _print_csv(names, [[line.get(name) for name in names] for line in lines])
    else:
        _print_table(columns, [[line.get(name) for name in columns] for line in lines])


def _print_page(args: argparse.Namespace, rows: Sequence[Any], columns: Sequence[str], **page: Any) -> None:
    """As much of a list as is asked for, with the number of all its rows."""
    _print_rows(args, rows[args.offset : args.offset + args.limit], {"total": len(rows), **page}, columns)


def _print_json(body: Any) -> None:
    """The bytes that HTTP gives; on a terminal indented for the eye."""
    import orjson

    option = orjson.OPT_INDENT_2 if sys.stdout.isatty() else None
    sys.stdout.write(orjson.dumps(body, option=option).decode() + "\n")


def _print_csv(columns: Sequence[str], cells: Sequence[Sequence[Any]]) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(cells)


def _print_table(columns: Sequence[str], cells: Sequence[Sequence[Any]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in cells:
        table.add_row(
            *(Text("" if cell is None else f"{cell:.3f}" if isinstance(cell, float) else str(cell)) for cell in row)
        )
    Console(width=None if sys.stdout.isatty() else 240).print(table)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on a terminal, a line a stage elsewhere."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: _say(f"{stage}: {total}") if done == total else None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    shown = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*shown, console=Console(stderr=True)) as bar:
        tasks: dict[str, Any] = {}

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done)

        yield tell


# -- commands ----------------------------------------------------------------------------------------------------------


def _print_report(args: argparse.Namespace, report: Report) -> None:
    from api.findings import report_body
    from ingest.chinese import SEVERITY, sentence

    zh = args.lang == "zh"
    if args.format != "table":
        body = report_body(report)
        _print_rows(args, body.pop("items"), body, ())
        return
    every = f"liantu check {report.folder}{'' if args.form == 'facts' else f' --as {args.form}'} --format csv"
    for finding in report.findings[:_SHOWN]:
        place = (
            f"{finding.table or finding.value}, row {finding.row}" if finding.row else finding.table or finding.value
        )
        if zh:
            place = place.replace(", row ", " 表第 ") + (" 行" if finding.row else "")
            print(f"{SEVERITY[finding.severity]}　{place}：{sentence(finding)}[{finding.code}]")
        else:
            print(f"{finding.severity:8} {place}: {finding.message} [{finding.code}]")
    if zh:
        _print_sums_zh(report, len(report.findings))
        return
    if len(report.findings) > _SHOWN:
        print(f"… and {len(report.findings) - _SHOWN} more; all of them: {every}")
    for name, encoding in report.encodings.items():
        print(f"{name} was read as {encoding}.")
    print(
        f"{report.folder}: {sum(report.read.values())} rows read, {report.refused_rows} refused, "
        f"{len(report.of('warning'))} warnings."
    )


def _print_sums_zh(report: Report, findings: int) -> None:
    if findings > _SHOWN:
        print(f"……另有 {findings - _SHOWN} 条；全部列出：liantu check {report.folder} --lang zh --format csv")
    for name, encoding in report.encodings.items():
        print(f"{name} 按 {encoding} 编码读取。")
    read, warnings = sum(report.read.values()), len(report.of("warning"))
    print(f"{report.folder}：共读 {read} 行，未采用 {report.refused_rows} 行，提醒 {warnings} 条。")


def _folder(args: argparse.Namespace) -> Path:
    from api.settings import shipped_data

    return args.folder or shipped_data()


def _check(args: argparse.Namespace) -> int:
    from ingest.pipeline import check_folder

    report = check_folder(_folder(args), args.form)
    _print_report(args, report)
    return FINDINGS if report.fatal or report.refused_rows else DONE


def _load(args: argparse.Namespace) -> int:
    import time

    from ingest.pipeline import load

    started = time.monotonic()
    with _store(args) as store:
        with _progress() as progress:
            loaded = load(
                store, _folder(args), layer=args.layer, replace=args.replace, form=args.form, progress=progress
            )
        report = loaded.report
        if report.findings and (args.folder or report.fatal or report.refused_rows or args.format != "table"):
            _print_report(args, report)
        took = f"{time.monotonic() - started:.1f} s"
        if loaded.edition is None:
            _say(f"Nothing was loaded into {store.url}; mend what the report names and load again.")
        elif loaded.changed:
            rows = sum(loaded.edition.summary.rows.values())
            _say(f"Loaded edition {loaded.edition.id} ({rows} rows) into {store.url} in {took}.")
        elif loaded.rebuilt:
            _say(f"Made the graph of edition {loaded.edition.id} in {store.url} anew; the facts are the same ({took}).")
        else:
            _say(f"{store.url} holds edition {loaded.edition.id} already; the facts did not change ({took}).")
    return FINDINGS if report.fatal or report.refused_rows else DONE


def _editions(args: argparse.Namespace) -> int:
    with _store(args) as store:
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
    _print_rows(args, rows, {"total": len(rows), "edition": current}, columns)
    return FINDINGS if any(row["damage"] for row in rows) else DONE


def _prune(args: argparse.Namespace) -> int:
    with _store(args) as store:
        gone = store.prune(args.keep)
        _say(f"{store.url}: {len(gone)} editions forgotten, {len(store.editions())} kept.")
    _print_rows(args, [{"id": name} for name in gone], {"total": len(gone)}, ("id",))
    return DONE


def _serve(args: argparse.Namespace) -> int:
    import gc

    gc.disable()  # what is made at the start stays; the server enables it
    from api.server import serve
    from api.settings import Settings

    settings = Settings()
    host, port = args.host or settings.host, args.port or settings.port
    with _store(args) as store:
        edition = store.current()
        _say(f"链图 liantu: http://{host}:{port} ({store.url}, edition {edition or 'none yet: run liantu load'})")
        serve(store, settings, host, port)
    return DONE


def _query(args: argparse.Namespace) -> int:
    from graph.errors import BadInput
    from queries import catalogue

    if args.name is None:
        found = catalogue.questions().values()
        rows = [{"name": q.name, "title_zh": q.title_zh, "title_en": q.title_en} for q in found]
        _print_rows(args, rows, {"total": len(rows)}, ("name", "title_zh", "title_en"))
        return DONE
    texts = {}
    for item in args.parameters:
        name, sign, value = item.partition("=")
        if not sign:
            raise BadInput("parameter", item, "key=value")
        texts[name] = value
    question = catalogue.get(args.name)
    with _store(args) as store:
        answer = catalogue.run(store, args.name, texts)
        edition = store.current()
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    if args.format != "json":
        rows = [{k: ";".join(map(str, v)) if isinstance(v, list) else v for k, v in row.items()} for row in rows]
    page = {"total": len(rows), "truncated": answer.truncated, "columns": question.columns, "edition": edition}
    _print_rows(args, rows, page, answer.columns)
    return DONE


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _gaps(args: argparse.Namespace) -> int:
    from queries.lists import GapFilter, filtered, gap_rows, missing_evidence_rows

    wanted = GapFilter(
        kinds=_words(args.kind),
        evidence=_words(args.evidence),
        five_bases=_words(args.five_bases),
        segment=args.segment,
        min_score=args.min_score,
        sort=args.sort,
    )
    with _network(args) as network:
        rows = filtered(network, gap_rows(network, args.region, args.chain, args.floor, args.unknown), wanted)
        page = {
            "edition": network.edition,
            "region": network.region_name(args.region),
            "missing_evidence": missing_evidence_rows(network, args.region, args.chain),
        }
    columns = ("product_id", "name_zh", "kind", "status", "gap_score", "criticality", "blocks", "evidence", "reason_zh")
    _print_page(args, rows, columns, **page)
    return DONE


def _closure(args: argparse.Namespace) -> int:
    from queries.lists import dependency_rows

    with _network(args) as network:
        rows = dependency_rows(network, args.product, args.direction, args.depth, args.region, args.floor, args.unknown)
        edition = network.edition
    columns = ("product_id", "name_zh", "depth", "slot", "required", "dominates", "status")
    _print_page(args, rows, columns, edition=edition)
    return DONE


def _paths(args: argparse.Namespace) -> int:
    from queries.paths import paths

    with _network(args) as network:
        found, edition = paths(network, args.start, args.end, args.limit, args.offset), network.edition
    page = {"total": found.total, "edition": edition, "from": args.start, "to": args.end}
    page |= {"depth": found.depth, "depth_back": found.depth_back}
    if args.format != "table":
        _print_rows(args, found.items, page, ())
        return DONE
    rows = [{"depth": path.depth, "path": " ← ".join(map(str, path.steps))} for path in found.items]
    _print_rows(args, rows, page, ("depth", "path"))
    if not found.items:
        way = f"; {args.end} needs {args.start} instead" if found.depth_back else ""
        _say(f"{args.start} does not need {args.end}{way}.")
    return DONE


def _disrupt(args: argparse.Namespace) -> int:
    from queries.disruption import disruption
    from queries.scenario import scenario

    with _network(args) as network:
        answer = disruption(network, scenario(network, args.elements), args.floor, args.unknown)
    if args.format == "json":
        _print_json(answer)
        return DONE
    rows = [
        {
            "product_id": item.product_id,
            "name_zh": item.name_zh,
            "final": item.final,
            "round": item.reason[0].round,
            "reason": " ← ".join(step.product_id for step in item.reason),
            "cause": item.reason[-1].cause,
        }
        for item in answer.blocked
    ]
    _print_rows(args, rows, {}, ("product_id", "name_zh", "final", "round", "reason", "cause"))
    _say(
        f"{answer.scenario}: {len(answer.rows_gone)} supplies rows gone, {len(rows)} products stop, "
        f"{len(answer.finals_hit)} of {answer.finals} finals among them; {len(answer.levels)} below full supply."
    )
    return DONE


def _day(args: argparse.Namespace) -> date:
    from datetime import date

    from graph.errors import BadInput
    from queries.targets import today

    try:
        return date.fromisoformat(args.on) if args.on else today()
    except ValueError:
        raise BadInput("on", args.on, "a day as YYYY-MM-DD") from None


def _warnings(args: argparse.Namespace) -> int:
    from queries.editions import past_of
    from queries.network import Network
    from queries.warnings import WarningFilter, counts, warnings_on, warnings_where

    day = _day(args)
    with _store(args) as store:
        edition = store.edition(args.edition)
        past = past_of(store, edition.id)
    network = Network(edition.facts, edition.id)
    rows = warnings_on(network, day, past)
    found = warnings_where(network, rows, WarningFilter(_words(args.level), _words(args.rule), args.chain))
    columns = ("level", "id", "title_zh", "reason_zh", "since", "evidence")
    _print_page(args, found, columns, edition=edition.id, on=day.isoformat(), counts=counts(rows))
    return DONE


def _diff(args: argparse.Namespace) -> int:
    from queries.editions_diff import editions_diff
    from queries.network import Network

    with _store(args) as store:
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
    _print_page(args, rows, of_facts if args.part == "facts" else of_gaps, **page)
    return DONE


def _restore(args: argparse.Namespace) -> int:
    with _store(args) as store:
        edition, current = store.edition(args.edition), store.current()
        if edition.id == current:
            _say(f"{store.url} holds edition {current} already.")
            return DONE
        with _progress() as progress:
            store.write(edition, replaces=current, progress=progress)
        _say(f"{store.url} holds edition {edition.id} again; {current} is kept.")
    return DONE


def _targets(args: argparse.Namespace) -> int:
    from queries.targets import targets

    day = _day(args)
    with _network(args) as network:
        rows, edition = targets(network, day), network.edition
    page = {"total": len(rows), "edition": edition, "on": day.isoformat()}
    _print_rows(args, rows, page, ("id", "indicator_zh", "comparator", "value", "unit", "year", "status", "progress"))
    return DONE


def _cut_sets(args: argparse.Namespace) -> int:
    from queries.cut_sets import cut_sets

    with _network(args) as network:
        answer = cut_sets(network, args.product, args.kind, args.order, args.floor, args.unknown)
    if args.format == "json":
        _print_json(answer)
        return DONE
    rows = [{"order": len(cut), "elements": ";".join(cut)} for cut in answer.sets]
    _print_rows(args, rows, {}, ("order", "elements"))
    if not answer.in_baseline:
        _say(f"{args.product} cannot be made as it is, so it has no cut sets.")
    if not answer.complete:
        _say(f"The search ended after {answer.budget_s:g} s; sets of more elements may be missing.")
    return DONE


def _candidates(args: argparse.Namespace) -> int:
    from queries.back_test import back_test
    from queries.candidates import candidates

    with _network(args) as network:
        found, test = candidates(network, args.product, args.region), back_test(network)
    about = ("edition", "product_id", "region", "status", "here", "groups", "nearest", "cities")
    page = {name: getattr(found, name) for name in about} | {"back_test": test}
    columns = ("rank", "group", "firm_id", "name_zh", "evidence", "reason_zh")
    _print_page(args, found.items, columns, **page)
    if args.format == "table":
        ours, plain = test.candidates, test.plain
        _say(
            f"How good is this? {test.questions} times a known producer in the delta was hidden: the firm came back "
            f"first in {ours.at_1:.0%}, among the first ten in {ours.at_10:.0%}; by number of products alone in "
            f"{plain.at_1:.0%} and {plain.at_10:.0%}."
        )
    return DONE


def _lines(path: Path) -> list[str]:
    from graph.errors import BadInput

    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return list(file)
    except OSError as error:
        raise BadInput("file", str(path), f"a file that can be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}, byte {error.start}", "not UTF-8", "a CSV file in UTF-8") from None


def _esri(args: argparse.Namespace) -> int:
    from api.jobs import risk_answer
    from graph.errors import BadInput
    from queries.sales import read_sales
    from queries.systemic_risk import systemic_risk

    files = {"edges": args.sales, "firms": args.firms, "essentiality": args.essential}
    try:
        sales = read_sales(**{table: _lines(path) for table, path in files.items()})
    except BadInput as error:
        table = next((table for table in files if error.name.startswith(table)), None)
        if table is None:
            raise
        raise BadInput(str(files[table]) + error.name.removeprefix(table), error.value, error.allowed) from None
    found = risk_answer(systemic_risk(sales, args.eps, substitution=not args.no_substitution))
    page = {name: value for name, value in found.items() if name != "items"}
    _print_rows(args, found["items"], page, ("id", "esri", "esri_down", "esri_up"))
    return DONE


def _shell(args: argparse.Namespace) -> int:
    from api import shell

    with _store(args) as store:
        return WRONG_USE if shell.run(store, args.format) else DONE


def _export(args: argparse.Namespace) -> int:
    from queries.network import Network
    from viz.export import export

    with _store(args) as store:
        edition = store.edition(args.edition)
    network = Network(edition.facts, edition.id)
    count = 0
    for name, data in export(edition, network, args.as_, region=args.region, chain=args.chain):
        path = args.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        count += 1
    _say(f"Wrote {count} files of edition {edition.id} to {args.output}.")
    return DONE


if __name__ == "__main__":
    sys.exit(main())

"""`liantu load` and `liantu check`: fact tables in, and a report of what is wrong with them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.arguments import DONE, FINDINGS, Command, opened
from api.cli.output import print_rows, progress_shown, say

if TYPE_CHECKING:
    from ingest.report import Report

_SHOWN = 20


def add(command: Command) -> None:
    """Declare the commands."""
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


def _add_form(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as", dest="form", default="facts", choices=("facts", "chainkg"),
        help="what the folder holds: fact tables, or ChainKnowledgeGraph in JSON lines (facts)",
    )  # fmt: skip


def _print_report(args: argparse.Namespace, report: Report) -> None:
    from api.findings import report_body
    from ingest.chinese import SEVERITY, sentence

    zh = args.lang == "zh"
    if args.format != "table":
        body = report_body(report)
        print_rows(args, body.pop("items"), body, ())
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
    with opened(args) as store:
        with progress_shown() as progress:
            loaded = load(
                store, _folder(args), layer=args.layer, replace=args.replace, form=args.form, progress=progress
            )
        report = loaded.report
        if report.findings and (args.folder or report.fatal or report.refused_rows or args.format != "table"):
            _print_report(args, report)
        took = f"{time.monotonic() - started:.1f} s"
        if loaded.edition is None:
            say(f"Nothing was loaded into {store.url}; mend what the report names and load again.")
        elif loaded.changed:
            rows = sum(loaded.edition.summary.rows.values())
            say(f"Loaded edition {loaded.edition.id} ({rows} rows) into {store.url} in {took}.")
        elif loaded.rebuilt:
            say(f"Made the graph of edition {loaded.edition.id} in {store.url} anew; the facts are the same ({took}).")
        else:
            say(f"{store.url} holds edition {loaded.edition.id} already; the facts did not change ({took}).")
    return FINDINGS if report.fatal or report.refused_rows else DONE

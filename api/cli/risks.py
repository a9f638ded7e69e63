"""Questions of what may be lost: disruptions, cut sets, systemic risk, warnings and targets of a day."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.arguments import DONE, Command, add_edition, add_paging, add_reading, network_of, opened, words
from api.cli.output import print_json, print_page, print_rows, say

if TYPE_CHECKING:
    from datetime import date


def add(command: Command) -> None:
    """Declare the commands."""
    disrupt = command("disrupt", _disrupt, "Take things away: what stops, and why.")
    disrupt.add_argument("elements", nargs="+", metavar="ELEMENT", help="kind:id (economy:us, firm:asml) or a bare id")
    add_reading(disrupt)
    add_edition(disrupt)
    targets = command("targets", _targets, "List the targets of the plan and what was reached.")
    targets.add_argument("--on", help="a day, YYYY-MM-DD (today in Shanghai)")
    add_edition(targets)
    warned = command("warnings", _warnings, "List the warnings of a day, the gravest first.")
    warned.add_argument("--on", help="a day, YYYY-MM-DD (today in Shanghai)")
    warned.add_argument("--level", default="", help="red, orange, yellow, blue; several by commas")
    warned.add_argument("--rule", default="", help="event, single-point, concentration …; several by commas")
    warned.add_argument("--chain", help="id of a chain (all)")
    add_paging(warned, 100)
    cuts = command("cut-sets", _cut_sets, "List the smallest sets whose loss stops a product.")
    cuts.add_argument("product", help="id of a product")
    cuts.add_argument("--kind", default="economy", help="economy, city, park, firm or product (economy)")
    cuts.add_argument("--order", type=int, default=2, help="most elements of a set (2)")
    add_reading(cuts)
    add_edition(cuts)
    esri = command("esri", _esri, "Of each firm the share of all sales that is lost when it fails.")
    esri.add_argument("sales", type=Path, metavar="SALES.csv", help="columns from, to, weight")
    esri.add_argument("firms", type=Path, metavar="FIRMS.csv", help="columns id, sector")
    esri.add_argument(
        "essential", type=Path, metavar="ESSENTIAL.csv", help="columns supplier_sector, buyer_sector, value 2, 1 or 0"
    )
    esri.add_argument("--eps", type=float, default=1e-6, help="steps stop when no firm loses more in one (1e-6)")
    esri.add_argument("--no-substitution", action="store_true", help="nobody replaces a small part of a sector")


def _disrupt(args: argparse.Namespace) -> int:
    from queries.disruption import disruption
    from queries.scenario import scenario

    with network_of(args) as network:
        answer = disruption(network, scenario(network, args.elements), args.floor, args.unknown)
    if args.format == "json":
        print_json(answer)
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
    print_rows(args, rows, {}, ("product_id", "name_zh", "final", "round", "reason", "cause"))
    say(
        f"{answer.scenario}: {len(answer.rows_gone)} supplies rows gone, {len(rows)} products stop, "
        f"{len(answer.finals_hit)} of {answer.finals} finals among them; {len(answer.levels)} below full supply."
    )
    return DONE


def _cut_sets(args: argparse.Namespace) -> int:
    from queries.cut_sets import cut_sets

    with network_of(args) as network:
        answer = cut_sets(network, args.product, args.kind, args.order, args.floor, args.unknown)
    if args.format == "json":
        print_json(answer)
        return DONE
    rows = [{"order": len(cut), "elements": ";".join(cut)} for cut in answer.sets]
    print_rows(args, rows, {}, ("order", "elements"))
    if not answer.in_baseline:
        say(f"{args.product} cannot be made as it is, so it has no cut sets.")
    if not answer.complete:
        say(f"The search ended after {answer.budget_s:g} s; sets of more elements may be missing.")
    return DONE


def _day(args: argparse.Namespace) -> date:
    from datetime import date

    from graph.errors import BadInput
    from queries.targets import today

    try:
        return date.fromisoformat(args.on) if args.on else today()
    except ValueError:
        raise BadInput("on", args.on, "a day as YYYY-MM-DD") from None


def _targets(args: argparse.Namespace) -> int:
    from queries.targets import targets

    day = _day(args)
    with network_of(args) as network:
        rows, edition = targets(network, day), network.edition
    page = {"total": len(rows), "edition": edition, "on": day.isoformat()}
    print_rows(args, rows, page, ("id", "indicator_zh", "comparator", "value", "unit", "year", "status", "progress"))
    return DONE


def _warnings(args: argparse.Namespace) -> int:
    from queries.editions import past_of
    from queries.network import Network
    from queries.warnings import WarningFilter, counts, warnings_on, warnings_where

    day = _day(args)
    with opened(args) as store:
        edition = store.edition(args.edition)
        past = past_of(store, edition.id)
    network = Network(edition.facts, edition.id)
    rows = warnings_on(network, day, past)
    found = warnings_where(network, rows, WarningFilter(words(args.level), words(args.rule), args.chain))
    columns = ("level", "id", "title_zh", "reason_zh", "since", "evidence")
    print_page(args, found, columns, edition=edition.id, on=day.isoformat(), counts=counts(rows))
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
    print_rows(args, found["items"], page, ("id", "esri", "esri_down", "esri_up"))
    return DONE

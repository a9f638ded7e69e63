"""Questions of the chains: gaps, what needs what, and who could fill a gap."""

from __future__ import annotations

import argparse

from api.cli.arguments import DONE, Command, add_paging, add_reading, network_of, words
from api.cli.output import print_page, print_rows, say


def add(command: Command) -> None:
    """Declare the commands."""
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
    add_reading(gaps)
    add_paging(gaps, 100)
    for name, text in (("upstream", "List what a product needs."), ("downstream", "List what needs a product.")):
        closure = command(name, _closure, text)
        closure.set_defaults(direction=name)
        closure.add_argument("product", help="id of a product")
        closure.add_argument("--depth", type=int, help="greatest number of steps (no bound)")
        closure.add_argument("--region", default="shanghai", help="where coverage is asked (shanghai)")
        add_reading(closure)
        add_paging(closure, 1000)
    ways = command("paths", _paths, "List the shortest ways by which a product needs another.")
    ways.add_argument("start", metavar="from", help="id of the product that needs")
    ways.add_argument("end", metavar="to", help="id of the product that is needed, upstream of it")
    add_paging(ways, 100)
    fill = command("candidates", _candidates, "List who could come to make a product in a region, and why.")
    fill.add_argument("product", help="id of a product")
    fill.add_argument("--region", default="shanghai", help="radius, region id or park id (shanghai)")
    add_paging(fill, 100)


def _gaps(args: argparse.Namespace) -> int:
    from queries.gap_rows import GapFilter, filtered, gap_rows, missing_evidence_rows

    wanted = GapFilter(
        kinds=words(args.kind),
        evidence=words(args.evidence),
        five_bases=words(args.five_bases),
        segment=args.segment,
        min_score=args.min_score,
        sort=args.sort,
    )
    with network_of(args) as network:
        rows = filtered(network, gap_rows(network, args.region, args.chain, args.floor, args.unknown), wanted)
        page = {
            "edition": network.edition,
            "region": network.region_name(args.region),
            "missing_evidence": missing_evidence_rows(network, args.region, args.chain),
        }
    columns = ("product_id", "name_zh", "kind", "status", "gap_score", "criticality", "blocks", "evidence", "reason_zh")
    print_page(args, rows, columns, **page)
    return DONE


def _closure(args: argparse.Namespace) -> int:
    from queries.dependency_rows import dependency_rows

    with network_of(args) as network:
        rows = dependency_rows(network, args.product, args.direction, args.depth, args.region, args.floor, args.unknown)
        edition = network.edition
    columns = ("product_id", "name_zh", "depth", "slot", "required", "dominates", "status")
    print_page(args, rows, columns, edition=edition)
    return DONE


def _paths(args: argparse.Namespace) -> int:
    from queries.paths import paths

    with network_of(args) as network:
        found, edition = paths(network, args.start, args.end, args.limit, args.offset), network.edition
    page = {"total": found.total, "edition": edition, "from": args.start, "to": args.end}
    page |= {"depth": found.depth, "depth_back": found.depth_back}
    if args.format != "table":
        print_rows(args, found.items, page, ())
        return DONE
    rows = [{"depth": path.depth, "path": " ← ".join(map(str, path.steps))} for path in found.items]
    print_rows(args, rows, page, ("depth", "path"))
    if not found.items:
        way = f"; {args.end} needs {args.start} instead" if found.depth_back else ""
        say(f"{args.start} does not need {args.end}{way}.")
    return DONE


def _candidates(args: argparse.Namespace) -> int:
    from queries.back_test import back_test
    from queries.candidates import candidates

    with network_of(args) as network:
        found, test = candidates(network, args.product, args.region), back_test(network)
    about = ("edition", "product_id", "region", "status", "here", "groups", "nearest", "cities")
    page = {name: getattr(found, name) for name in about} | {"back_test": test}
    columns = ("rank", "group", "firm_id", "name_zh", "evidence", "reason_zh")
    print_page(args, found.items, columns, **page)
    if args.format == "table":
        ours, plain = test.candidates, test.plain
        say(
            f"How good is this? {test.questions} times a known producer in the delta was hidden: the firm came back "
            f"first in {ours.at_1:.0%}, among the first ten in {ours.at_10:.0%}; by number of products alone in "
            f"{plain.at_1:.0%} and {plain.at_10:.0%}."
        )
    return DONE

"""The reason of a candidate in one sentence: what the firm makes now, where, and how near that is to what is wanted."""

from __future__ import annotations

from dataclasses import dataclass

from queries.names import CAPABILITY, Language, name_of, place_name, region_label, short_name, word
from queries.network import Network

_NAMED = 2


@dataclass(frozen=True, slots=True)
class Case:
    """What speaks for a candidate, by indices; the fields are those of `queries.candidates.Candidate`."""

    group: str
    product: int
    region: str
    rows: tuple[int, ...]
    capability: str | None
    near: tuple[int, ...]
    proximity: float | None
    together: int
    city: int | None
    density: float | None


def _products(network: Network, products: tuple[int, ...], language: Language) -> str:
    names = [short_name(network.product_rows[at], language) for at in products[:_NAMED]]
    text = ("、" if language == "zh" else " and ").join(names)
    if len(products) <= _NAMED:
        return text
    return f"{text}等{len(products)}项" if language == "zh" else f"{text} and {len(products) - _NAMED} more"


def _kinds(network: Network, case: Case, language: Language) -> str:
    """The products of the rows where they are other ones than the product that is wanted: kinds of it."""
    made = dict.fromkeys(int(network.row_product[row]) for row in case.rows)
    return "" if case.product in made else _products(network, tuple(made), language)


def _places(network: Network, case: Case, language: Language) -> str:
    names = dict.fromkeys(
        place_name(network, placing.place, language) for row in case.rows for placing in network.placings[row]
    )
    return _few(list(names), language)


def _few(places: list[str], language: Language) -> str:
    text = ("、" if language == "zh" else " and ").join(places[:_NAMED])
    if len(places) <= _NAMED:
        return text
    more = len(places) - _NAMED
    return f"{text}等{len(places)}地" if language == "zh" else f"{text} and {more} more place{'s' if more > 1 else ''}"


def _abroad(network: Network, case: Case, language: Language) -> str:
    """The places with the economies that they lie in."""
    regions = network.facts.regions
    names: dict[str, None] = {}
    for placing in (placing for row in case.rows for placing in network.placings[row]):
        economy = next(
            at for at in range(len(regions)) if network.inside[placing.place, at] and regions[at].level == "economy"
        )
        land, place = name_of(regions[economy], language), place_name(network, placing.place, language)
        names[land if land == place else f"{land}{place}" if language == "zh" else f"{place}, {land}"] = None
    return _few(list(names), language)


def reason_zh(network: Network, case: Case) -> str:
    """The reason in Chinese."""
    wanted, kind = short_name(network.product_rows[case.product], "zh"), _kinds(network, case, "zh")
    made, here = f"{wanted}的一种（{kind}）" if kind else wanted, region_label(network, case.region, "zh")
    if case.group == "lesser-here":
        return f"在{here}已能做{made}，处于{word(CAPABILITY, case.capability or '', 'zh')}阶段，尚未量产。"
    if case.group == "related-here":
        first = short_name(network.product_rows[case.near[0]], "zh")
        return (
            f"在{here}量产{_products(network, case.near, 'zh')}；{first}与{wanted}常在同地量产"
            f"（{case.together}个地区兼有，邻近度{case.proximity:.2f}）。"
        )
    if case.group == "delta-city" and case.city is not None:
        density = "" if case.density is None else f"（当地相关产品密度{case.density:.2f}）"
        return f"在{place_name(network, case.city, 'zh')}量产{made}，同处长三角{density}。"
    return f"在{_abroad(network, case, 'zh') if case.group == 'abroad' else _places(network, case, 'zh')}量产{made}。"


def reason_en(network: Network, case: Case) -> str:
    """The reason in English."""
    wanted, kind = short_name(network.product_rows[case.product], "en"), _kinds(network, case, "en")
    made, here = f"a kind of {wanted} ({kind})" if kind else wanted, region_label(network, case.region, "en")
    if case.group == "lesser-here":
        return (
            f"Makes {made} in {here}, but not yet in mass production: {word(CAPABILITY, case.capability or '', 'en')}."
        )
    if case.group == "related-here":
        first = short_name(network.product_rows[case.near[0]], "en")
        regions = "region makes" if case.together == 1 else "regions make"
        return (
            f"In mass production of {_products(network, case.near, 'en')} in {here}; {first} and {wanted} are often "
            f"made in the same places ({case.together} {regions} both, proximity {case.proximity:.2f})."
        )
    if case.group == "delta-city" and case.city is not None:
        density = "" if case.density is None else f" (density of related products there {case.density:.2f})"
        return f"In mass production of {made} in {place_name(network, case.city, 'en')}, in the delta{density}."
    places = _abroad(network, case, "en") if case.group == "abroad" else _places(network, case, "en")
    return f"In mass production of {made} in {places}."

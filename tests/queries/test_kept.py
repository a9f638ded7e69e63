"""What is derived from a network is computed once, also where many ask at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from graph.model import Facts
from queries.network import Network, derived

ASKING = 6


def together(ask: Callable[[], int]) -> list[int | Exception]:
    """What as many threads get that ask at one moment."""
    ready = threading.Barrier(ASKING)

    def one(_: int) -> int | Exception:
        ready.wait()
        try:
            return ask()
        except ValueError as error:
            return error

    with ThreadPoolExecutor(ASKING) as threads:
        return list(threads.map(one, range(ASKING)))


def test_who_asks_meanwhile_waits_for_the_one_who_computes() -> None:
    computed: list[int] = []

    @derived
    def slow(network: Network, number: int) -> int:
        computed.append(number)
        time.sleep(0.2)
        return number + len(network.products)

    network = Network(Facts())
    assert together(lambda: slow(network, 7)) == [7] * ASKING
    assert computed == [7]
    assert slow(network, 8) == 8
    assert computed == [7, 8]


def test_a_failure_is_for_each_who_asks_and_is_not_kept() -> None:
    failing = True

    @derived
    def fragile(network: Network) -> int:
        time.sleep(0.02)
        if failing:
            raise ValueError
        return len(network.firms)

    network = Network(Facts())
    assert all(isinstance(found, ValueError) for found in together(lambda: fragile(network)))
    failing = False
    assert fragile(network) == 0


def test_a_measure_that_asks_for_itself_with_less_comes_to_an_end() -> None:
    @derived
    def sum_to(network: Network, number: int) -> int:
        return 0 if number == 0 else number + sum_to(network, number - 1)

    @derived
    def endless(network: Network) -> int:
        return endless(network) + 1

    assert sum_to(Network(Facts()), 50) == 1275
    with pytest.raises(RecursionError):
        endless(Network(Facts()))

"""The inventory protocol in every order of events: right as it is, and wrong without any one of its guards."""

from functools import cache

import pytest

from tests.models.explorer import Model, Report, S, explore
from tests.models.inventory import Inventory
from tests.models.inventory_world import Fault, Guards, Job, Kind, Scenario
from tests.models.overview import Overview

# One worker for all, since the walks are shared.
pytestmark = pytest.mark.xdist_group("models of the inventory")

A, B = Job("A"), Job("B")
TWIN, OTHER_TWIN = Job("A", offer="a"), Job("A'", offer="a")
RELEASE, SALE = Job("R", Kind.RELEASE), Job("S", Kind.SELL)
ALL = frozenset(Fault)
DYING = frozenset({Fault.CRASH, Fault.LOST_PUSH, Fault.LOST_ANSWER, Fault.NO_TRANSACTION})

WORLDS = {
    "nothing fails": Scenario((A, B, RELEASE, SALE), capacity=3, held=2, rounds=2, exact=True),
    "nothing fails, the gate is cold": Scenario((A, B, RELEASE), capacity=2, held=1, cold=True, exact=True),
    "twins of one accept, the gate is cold": Scenario((TWIN, OTHER_TWIN, B), cold=True),
    "processes die, messages get lost": Scenario((A, B, RELEASE), capacity=2, held=1, faults=DYING, exact=True),
    "Redis fails as well": Scenario((A, B, RELEASE), capacity=2, held=1, faults=ALL - {Fault.STALE, Fault.RESTORE}),
    "twins while anything fails": Scenario((TWIN, OTHER_TWIN), faults=ALL - {Fault.RESTORE}),
    "Redis comes back with an older file": Scenario(
        (A, B, RELEASE), capacity=2, held=1, faults=frozenset({Fault.STALE, Fault.TOKEN_ENDS, Fault.CRASH})
    ),
    "PostgreSQL is restored, while anything fails": Scenario((A, RELEASE), capacity=2, held=1, faults=ALL),
}
# States and transitions: a change of the protocol or of its model shows here.
SIZES = {
    "nothing fails": (12506, 40305),
    "nothing fails, the gate is cold": (2202, 6397),
    "twins of one accept, the gate is cold": (2469, 7604),
    "processes die, messages get lost": (1899, 9210),
    "Redis fails as well": (46447, 395875),
    "twins while anything fails": (5048, 37621),
    "Redis comes back with an older file": (30878, 192114),
    "PostgreSQL is restored, while anything fails": (16938, 126846),
}


@cache
def walked(name: str) -> Report:
    return explore(Inventory(WORLDS[name]))


def assert_caught(model: Model[S], promise: str, trace: list[str]) -> None:
    report = explore(model)
    assert (report.promise, list(report.trace)) == (promise, trace)


@pytest.mark.parametrize("name", WORLDS)
def test_no_order_of_events_oversells_or_leaves_the_gate_wrong(name: str) -> None:
    report = walked(name)

    assert (report.promise, report.trace) == ("", ())
    assert (report.states, report.transitions) == SIZES[name]


def test_the_worlds_show_what_they_are_about() -> None:
    storm, restored = walked("Redis fails as well").steps, walked("PostgreSQL is restored, while anything fails").steps

    assert {"A is turned away at the gate", "B is refused by the ledger", "R tells the gate in vain"} <= storm
    assert {"A was committed", "A was rolled back", "A's token ends", "Redis comes back empty"} <= storm
    assert {"PostgreSQL is restored", "Redis comes back with its file", "the reconciler tells the gate"} <= restored
    assert "A finds its twin's token" in walked("twins while anything fails").steps


def test_without_its_condition_the_ledger_oversells_as_soon_as_the_gate_is_away() -> None:
    without = Inventory(Scenario((A, B), faults=ALL - {Fault.STALE, Fault.RESTORE}), Guards(arbiter=False))

    trace = [
        "A passes the gate",
        "A changes the ledger's row",
        "A commits",
        "B finds the gate away",
        "B changes the ledger's row",
        "B commits",
    ]
    assert_caught(without, "oversold", trace)


def test_without_its_condition_the_ledger_oversells_when_a_token_ends_before_its_slow_attempt() -> None:
    without = Inventory(Scenario((A, B), faults=frozenset({Fault.TOKEN_ENDS})), Guards(arbiter=False))

    trace = [
        "A passes the gate",
        "A changes the ledger's row",
        "A commits",
        "A's token ends",
        "B passes the gate",
        "B changes the ledger's row",
        "B commits",
    ]
    assert_caught(without, "oversold", trace)


def test_a_push_that_compares_no_versions_leaves_the_gate_wrong_though_nothing_failed() -> None:
    without = Inventory(Scenario((A, RELEASE), capacity=2, held=1, rounds=0), Guards(versions=False))

    trace = [
        "A passes the gate",
        "A changes the ledger's row",
        "A commits",
        "R changes the ledger's row",
        "R commits",
        "R tells the gate",
        "A tells the gate",
    ]
    assert_caught(without, "the gate is wrong though nothing failed", trace)


def test_a_reconciler_that_reads_the_ledger_first_takes_an_accept_for_a_restore() -> None:
    without = Inventory(Scenario((A,)), Guards(gate_first=False))

    trace = [
        "A passes the gate",
        "A changes the ledger's row",
        "the reconciler reads the ledger",
        "A commits",
        "A tells the gate",
        "the reconciler reads the gate",
    ]
    assert_caught(without, "the gate is forced back though the ledger never went back", trace)


def test_a_token_given_back_while_its_commit_is_unknown_lets_one_too_many_through_the_gate() -> None:
    without = Inventory(Scenario((A, B), faults=DYING, exact=True), Guards(token_kept=False))

    trace = [
        "A passes the gate",
        "A changes the ledger's row",
        "A sends its commit and hears nothing",
        "A gives its token back",
        "A was committed",
        "B passes the gate",
    ]
    assert_caught(without, "the gate let one too many through", trace)


def test_a_token_given_back_costs_a_transaction_and_no_seat_since_the_ledger_refuses() -> None:
    report = explore(Inventory(Scenario((A, B), faults=DYING), Guards(token_kept=False)))

    assert report.promise == ""
    assert "B is refused by the ledger" in report.steps


def test_a_release_by_get_and_set_is_a_figure_that_no_reconciler_by_version_would_find() -> None:
    guards = Guards(release_by_push=False, levels_compared=False)

    trace = [
        "A passes the gate",
        "A changes the ledger's row",
        "A commits",
        "A tells the gate",
        "R changes the ledger's row",
        "R commits",
        "R reads what the gate has",
        "R writes one more",
    ]
    calm = Inventory(Scenario((A, RELEASE), capacity=2, held=1), guards)
    assert_caught(calm, "the gate is wrong though nothing failed", trace)


def test_a_cold_gate_filled_without_a_version_forgets_who_came_meanwhile() -> None:
    without = Inventory(Scenario((A, B), cold=True, exact=True), Guards(fill_by_version=False))

    trace = [
        "A finds the gate cold",
        "A reads the ledger for the gate",
        "B finds the gate cold",
        "A fills the gate",
        "A passes the gate",
        "A changes the ledger's row",
        "B reads the ledger for the gate",
        "A commits",
        "A tells the gate",
        "B fills the gate",
        "B passes the gate",
    ]
    assert_caught(without, "the gate let one too many through", trace)


def test_a_reconciler_that_compares_versions_alone_misses_a_restored_ledger_that_has_caught_up() -> None:
    world = Scenario((A, RELEASE), capacity=2, held=1, faults=frozenset({Fault.RESTORE}))

    trace = [
        "A passes the gate",
        "A changes the ledger's row",
        "A commits",
        "A tells the gate",
        "PostgreSQL is restored",
        "R changes the ledger's row",
        "R commits",
        "R tells the gate",
    ]
    assert_caught(Inventory(world, Guards(levels_compared=False)), "the gate stays wrong", trace)


def test_a_twin_that_comes_too_late_may_open_the_gate_for_the_length_of_a_push() -> None:
    """No broken promise, since the ledger refuses B; it is why the gate is called exact only where no twins are."""
    trace = [
        "A passes the gate",
        "A' finds its twin's token",
        "A' changes the ledger's row",
        "A' commits",
        "A finds the offer taken",
        "A gives its token back",
        "B passes the gate",
    ]
    assert_caught(Inventory(Scenario((TWIN, OTHER_TWIN, B), exact=True)), "the gate let one too many through", trace)


def test_decr_then_insert_as_the_overview_draws_it_oversells_though_nothing_fails() -> None:
    trace = [
        "A finds no key",
        "A counts the orders",
        "B finds no key",
        "A SETs the key",
        "A DECRs and has a seat",
        "B counts the orders",
        "A INSERTs its order",
        "B SETs the key",
        "B DECRs and has a seat",
        "B INSERTs its order",
    ]
    assert_caught(Overview(), "oversold", trace)


def test_decr_then_insert_loses_a_seat_for_good_when_a_process_dies_between_them() -> None:
    trace = ["A finds the key", "A DECRs and has a seat", "A dies", "B dies"]

    assert_caught(Overview(cold=False, crashes=True), "a seat is lost for good", trace)
    assert explore(Overview(cold=False)).promise == ""

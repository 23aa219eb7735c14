"""The projections on a database of their own, and consumers that are killed again and again."""

import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from altis.insight.routing import analytics_database
from altis.store.kafka import EventProducer
from altis.store.relay import as_message
from tests.insight.projections.apart import Apart, two_databases
from tests.insight.projections.events import bought
from tests.payments.simulators import wait_until
from tests.store.brokers import broker_in

pytestmark = [pytest.mark.xdist_group("apart"), pytest.mark.timeout(240)]
_DEFAULT = {
    "HOST": "a",
    "PORT": 1,
    "NAME": "altis",
    "ENGINE": "e",
    "OPTIONS": {"pool": {"timeout": 5}, "options": "-c"},
}
_FIGURES = "SELECT coalesce(sum(orders), 0), coalesce(sum(amount_minor), 0) FROM insight_dailysales"
_OWN_TABLES = {model._meta.db_table for model in apps.get_app_config("insight").get_models()}


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    """Migrated."""
    with two_databases(tmp_path_factory.mktemp("apart") / "consumers.log") as databases:
        databases.manage("migrate", "-v0")
        databases.manage("migrate", "-v0", "--database", "analytics")
        yield databases


def test_the_other_database_has_exactly_the_tables_of_the_projections(apart: Apart) -> None:
    assert apart.tables(apart.figures) == _OWN_TABLES | {"django_migrations"}
    assert apart.tables(apart.sales) & _OWN_TABLES == set()
    assert "store_outboxevent" in apart.tables(apart.sales)


@pytest.mark.django_db
def test_on_one_database_the_ordinary_migration_makes_them_all() -> None:
    assert set(connection.introspection.table_names()) >= _OWN_TABLES


def test_the_alias_keeps_the_defaults_and_has_a_small_pool_of_its_own() -> None:
    same = analytics_database(_DEFAULT, {})
    other = analytics_database(_DEFAULT, {"HOST": "b", "PORT": 1, "NAME": "x", "OPTIONS": {"sslmode": "require"}})

    assert same == {
        **_DEFAULT,
        "OPTIONS": {"options": "-c", "pool": {"timeout": 5, "min_size": 0, "max_size": 4}},
        "TEST": {"MIRROR": "default"},
        "APART": False,
    }
    assert (other["HOST"], other["APART"], other["ENGINE"]) == ("b", True, "e")
    assert other["OPTIONS"] == {**same["OPTIONS"], "sslmode": "require"}


def test_consumers_that_are_killed_count_everything_once(apart: Apart, settings: Any, tmp_path: Path) -> None:
    with broker_in(tmp_path / "broker") as settings.KAFKA_BOOTSTRAP_SERVERS:
        survivor, victim = apart.consumer(), apart.consumer()
        for _ in range(3):
            before = _sold(apart)
            _sell(apart, 250)
            wait_until(partial(_more_than, apart, before), 60)
            victim.kill()
            victim.wait()
            victim = apart.consumer()
        wait_until(partial(_more_than, apart, 749), 60)
        survivor.send_signal(signal.SIGTERM)

        assert survivor.wait(timeout=10) == 0

    assert apart.ask(apart.figures, _FIGURES) == [(750, 750 * 29_000)]
    assert apart.ask(apart.figures, "SELECT count(*) FROM insight_seenevent") == [(3_000,)]
    assert apart.ask(apart.figures, "SELECT count(*) FROM insight_straymessage") == [(0,)]


def _sell(apart: Apart, orders: int) -> None:
    """Half of them are nowhere but in the topic."""
    told = [event for _ in range(orders) for event in bought()]
    apart.keep(told[: len(told) // 2])
    receipts = EventProducer().publish([as_message(one.row()) for one in told])
    assert {receipt.outcome for receipt in receipts} == {"sent"}


def _more_than(apart: Apart, orders: int) -> bool:
    return _sold(apart) > orders


def _sold(apart: Apart) -> int:
    [(orders, _)] = apart.ask(apart.figures, _FIGURES)
    return int(orders)

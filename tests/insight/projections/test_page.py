"""What docs/analytics.md says of tables, events, metrics and files is so."""

import re

from django.apps import apps
from django.core.management import get_commands
from prometheus_client import REGISTRY

from altis.insight.models import Checkpoint
from altis.insight.projections.changes import _RULES
from tests.docs.pages import ROOT, rows, text
from tests.insight.projections.events import FIGURES

PAGE = "docs/analytics.md"
_CODE = re.compile(r"`([^`\n]+)`")


def test_every_table_of_figures_is_told_and_every_named_table_exists() -> None:
    told = [row[0].strip("`") for row in rows(PAGE, "Table")]
    tables = {model._meta.db_table for model in apps.get_app_config("insight").get_models()}

    assert set(told) == {model._meta.db_table for model in FIGURES} - {"insight_refundedpayment"}
    assert {name for name in _CODE.findall(text(PAGE)) if name.startswith("insight_")} <= tables
    assert Checkpoint._meta.db_table in tables


def test_every_event_that_changes_figures_is_told() -> None:
    told = " ".join(row[3] for row in rows(PAGE, "Table"))

    for kind in _RULES:
        family = kind.rpartition(".")[0]
        assert f"`{kind}`" in told or f"`{family}.*`" in told, kind


def test_every_metric_command_and_file_exists() -> None:
    metrics = {f"{metric.name}_total" if metric.type == "counter" else metric.name for metric in REGISTRY.collect()}

    assert {row[0].strip("`") for row in rows(PAGE, "Metric")} <= metrics
    assert {row[0].strip("`").split()[1] for row in rows(PAGE, "Command")} <= set(get_commands())
    assert [name for name in _CODE.findall(text(PAGE)) if "/" in name and not (ROOT / name).exists()] == []

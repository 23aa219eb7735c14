"""What the page says is checked is what is checked."""

import json

from altis.insight.invariants import INVARIANTS, numbered
from altis.insight.services.report import Finding
from tests.docs.pages import fences, rows

PAGE = "docs/reliability.md"


def test_the_table_of_invariants_is_the_one_that_is_asked() -> None:
    assert list(rows(PAGE, "Invariant")) == [[each.number, each.title, each.kind.value] for each in INVARIANTS]


def test_the_example_of_a_report_has_the_shape_of_one() -> None:
    [example] = [json.loads(block) for block in fences(PAGE, "json")]

    [shown] = example["invariants"]
    [invariant] = numbered(shown["number"])
    assert Finding(invariant, 1, shown["ids"], shown["seconds"]).as_json() == shown

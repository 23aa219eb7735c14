"""The page about the models says what the models say."""

import ast
from collections.abc import Iterator

from tests.docs.pages import rows, text
from tests.models import test_inventory, test_payment

PAGE = "docs/models.md"


def test_the_page_has_the_size_of_every_world() -> None:
    told = {name: (_number(states), _number(transitions)) for name, states, transitions in rows(PAGE, "World")}

    assert told == test_inventory.SIZES | test_payment.SIZES
    assert f"{round(sum(states for states, _ in told.values()), -3):,} states" in text(PAGE)


def test_the_page_has_every_trace_that_is_tested_and_no_other() -> None:
    told = {tuple(trace.split(" · ")) for _, _, trace in rows(PAGE, "Guard off")}
    prose = " ".join(text(PAGE).split())

    tested = set(_traces("test_inventory")) | set(_traces("test_payment"))
    assert told <= tested
    assert [trace for trace in tested - told if f"*{' · '.join(trace)}*" not in prose] == []


def _number(cell: str) -> int:
    return int(cell.replace(",", ""))


def _traces(module: str) -> Iterator[tuple[str, ...]]:
    """What the tests assign to `trace`."""
    for node in ast.walk(ast.parse(text(f"tests/models/{module}.py"))):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "trace":
            yield tuple(ast.literal_eval(node.value))

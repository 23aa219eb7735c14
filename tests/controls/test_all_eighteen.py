"""The list in docs/controls.md, the planted bugs and their clean counterparts are the same eighteen."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import rows

EIGHTEEN = [f"N{number}" for number in range(1, 19)]


def _marked(name: str) -> Iterator[tuple[str, str]]:
    """Number and test of everything in this folder that carries the mark, whatever part of it runs now."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                calls = [mark for mark in node.decorator_list if isinstance(mark, ast.Call)]
                for call in calls:
                    if ast.unparse(call.func) == f"pytest.mark.{name}":
                        yield ast.literal_eval(call.args[0]), f"{path.name}::{node.name}"


def _number(control: str) -> int:
    return int(control[1:])


@pytest.mark.parametrize("mark", ["control", "guarded"])
def test_each_of_the_eighteen_is_planted_once_and_once_left_out(mark: str) -> None:
    assert sorted((number for number, _ in _marked(mark)), key=_number) == EIGHTEEN


def test_the_page_lists_every_control_in_order_with_the_file_that_plants_it() -> None:
    listed = [(row[0], row[-1].strip("`")) for row in rows("docs/controls.md", "#")]

    planted = {number: test.partition("::")[0] for number, test in _marked("control")}
    assert listed == [(number, planted[number]) for number in EIGHTEEN]

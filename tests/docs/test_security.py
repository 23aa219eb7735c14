"""The page on security names tests that exist, for every row that claims something, and leaves no row out."""

import ast
import re
from collections import Counter
from functools import cache

import pytest

from tests.docs.pages import ROOT, rows, text

PAGE = "docs/security.md"
# `file::test` or `file::Class::test`, below tests/; whatever else has a `::` is no name of a test.
_NAMED = re.compile(r"`([^`\s]*::[^`]*)`")
_STEP = re.compile(r"`make (check|fuzz|audit|sbom)`")
_STATES = {"met", "partly", "not applicable", "left to the operator"}
# How many sections the chapters V1 to V17 of ASVS 5.0 have.
_SECTIONS = (5, 4, 7, 4, 4, 8, 6, 4, 2, 7, 7, 3, 4, 3, 4, 5, 3)
_SAQ_A = [
    *("2.2.2", "3.1.1", "3.2.1", "6.3.1", "6.3.3", "6.4.3", "8.2.1", "8.2.2", "8.2.5", "8.3.1", "8.3.5", "8.3.6"),
    *("8.3.7", "8.3.9", "9.4.1–9.4.6", "11.3.2", "11.6.1", "12.8.1–12.8.5", "12.10.1"),
]


@cache
def _tests_of(file: str) -> frozenset[str]:
    """The tests that a file below tests/ defines, those of a class as `Class::test`; none when there is no file."""
    path = ROOT / "tests" / file
    if not path.is_file():
        return frozenset()
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {f"{prefix}{each.name}" for each in inside if isinstance(each, ast.FunctionDef)}
    return frozenset(name for name in found if name.rpartition("::")[2].startswith("test_"))


def _unknown(page: str) -> list[str]:
    """What a text names as a test, and is none."""
    named = [name.partition("::") for name in _NAMED.findall(page)]
    return ["::".join((file, test)) for file, _, test in named if test not in _tests_of(file)]


def _is_shown(cell: str) -> bool:
    """Whether a cell names a test, or a step of `make`."""
    return bool(_NAMED.search(cell) or _STEP.search(cell))


def _ids(heading: str) -> list[str]:
    return [row[0].split(" ")[0] for row in rows(PAGE, heading)]


def _measured(heading: str) -> list[tuple[str, str, str]]:
    """Name, state and tests of each row of a table whose second column is a state."""
    return [(row[0], row[1], row[-1]) for row in rows(PAGE, heading)]


def test_every_test_that_the_page_names_exists() -> None:
    assert len(_NAMED.findall(text(PAGE))) > 150
    assert _unknown(text(PAGE)) == []


@pytest.mark.parametrize(
    "doctored",
    [
        "`accounts/test_tokens.py::test_nobody_ever_wrote_this`",
        "`accounts/test_tokns.py::test_garbage_is_refused`",
        "`accounts/test_tokens.py::signed`",
        "`accounts/test_tokens.py::TestTheDatabase::test_garbage_is_refused`",
        "`accounts/test_tokens.py::`",
    ],
)
def test_a_name_that_is_wrong_would_be_found(doctored: str) -> None:
    right = "`accounts/test_tokens.py::test_garbage_is_refused`"
    inside = "`api/test_errors.py::TestTheDatabase::test_a_value_it_cannot_hold_is_422`"

    assert _unknown(f"| a | b | {right}, {doctored}, {inside} |") == [doctored.strip("`")]


def test_no_row_is_left_out() -> None:
    sections = [f"V{chapter}.{number + 1}" for chapter, many in enumerate(_SECTIONS, 1) for number in range(many)]

    assert _ids("Risk") == [f"API{number}:2023" for number in range(1, 11)]
    assert _ids("Section") == sections
    assert _ids("Practice") == [f"3.{number}" for number in range(1, 13)]
    assert _ids("Requirement") == _SAQ_A


@pytest.mark.parametrize("heading", ["Risk", "Practice"])
def test_every_risk_and_practice_names_a_test(heading: str) -> None:
    assert [row[0] for row in rows(PAGE, heading) if not _NAMED.search(row[-1])] == []


@pytest.mark.parametrize("heading", ["Section", "Requirement"])
def test_what_is_claimed_names_a_test_and_what_is_not_names_none(heading: str) -> None:
    measured = _measured(heading)

    assert {state for _, state, _ in measured} == _STATES
    wrong = [name for name, state, tests in measured if _is_shown(tests) != (state in {"met", "partly"})]
    assert wrong == []


def test_what_is_met_in_part_says_what_is_missing() -> None:
    said = [(row[0], row[2]) for row in rows(PAGE, "Section") if row[1] == "partly"]

    words = re.compile(r"\d+\.\d+\.\d+[:,]|\bno\b|operator")
    assert [name for name, what in said if not words.search(what)] == []


def test_the_numbers_of_requirements_are_of_their_section() -> None:
    for row in rows(PAGE, "Section"):
        numbers = re.findall(r"\b(\d+\.\d+)\.\d+\b", row[2])
        assert set(numbers) <= {row[0].split(" ")[0].removeprefix("V")}, row[0]


def test_the_sum_of_the_sections_is_right() -> None:
    states = Counter(state for _, state, _ in _measured("Section"))

    told = re.search(
        r"Of (\d+) sections (\d+) are met, (\d+) partly, (\d+) is\s+left to the operator, and (\d+) are not applicable",
        text(PAGE),
    )
    assert told is not None
    order = ("met", "partly", "left to the operator", "not applicable")
    assert [int(number) for number in told.groups()] == [states.total(), *(states[state] for state in order)]


def test_the_cost_of_passwords_is_the_one_that_is_told() -> None:
    # Read, not imported: tests hash at a lower cost.
    source = text("altis/accounts/hashers.py")
    cost = {name: int(value) for name, value in re.findall(r"^    (\w+) = ([\d_]+)$", source, re.MULTILINE)}

    told = re.search(r"Argon2id with (\d+) MiB and (\d+) passes", text(PAGE))
    assert told is not None
    assert cost == {"memory_cost": int(told[1]) * 1024, "time_cost": int(told[2]), "parallelism": 1}


@pytest.mark.parametrize("page", ["README.md", "SECURITY.md"])
def test_who_reads_the_first_pages_finds_it(page: str) -> None:
    assert f"]({PAGE})" in text(page)

"""No cell that leaves is a formula, and what comes back is what left."""

import pytest

from altis.shared.cells import as_written, harmless


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("＝1", "'＝1"),
        ("-5.00", "-5.00"),
        ("+44", "+44"),
        (-5, "-5"),
        (None, ""),
        ("Bag = big", "Bag = big"),
        ("", ""),
    ],
)
def test_what_could_be_a_formula_becomes_text(value: object, cell: str) -> None:
    assert harmless(value) == cell


@pytest.mark.parametrize("text", ["=1+1", "-2+3", "'quoted'", "plain", "", "-5"])
def test_what_was_written_comes_back(text: str) -> None:
    assert as_written(harmless(text)) == text

"""A lifecycle is a table: what it allows, what it ends in, and how it is drawn."""

import pytest

from altis.shared.lifecycle import IllegalMove, Lifecycle

DOOR: Lifecycle[str] = Lifecycle({"OPEN": ("SHUT",), "SHUT": ("OPEN", "WALLED"), "WALLED": ()}, start="OPEN")


@pytest.mark.parametrize(("status", "to"), [(None, "OPEN"), ("OPEN", "SHUT"), ("SHUT", "OPEN"), ("SHUT", "WALLED")])
def test_a_move_in_the_table_passes(status: str | None, to: str) -> None:
    DOOR.check(status, to)


@pytest.mark.parametrize(
    ("status", "to"), [(None, "SHUT"), ("OPEN", "WALLED"), ("OPEN", "OPEN"), ("WALLED", "OPEN"), ("SHUT", "GONE")]
)
def test_any_other_move_is_refused_by_name(status: str | None, to: str) -> None:
    with pytest.raises(IllegalMove, match=f"no move from {status} to {to}") as refusal:
        DOOR.check(status, to)

    assert refusal.value.code == "illegal_move"


def test_only_a_status_that_nothing_follows_is_final() -> None:
    assert [DOOR.is_final(status) for status in ("OPEN", "SHUT", "WALLED")] == [False, False, True]


def test_the_drawing_is_made_from_the_table() -> None:
    assert list(DOOR.edges()) == [(None, "OPEN"), ("OPEN", "SHUT"), ("SHUT", "OPEN"), ("SHUT", "WALLED")]
    assert DOOR.mermaid().splitlines() == [
        "stateDiagram-v2",
        "    [*] --> OPEN",
        "    OPEN --> SHUT",
        "    SHUT --> OPEN",
        "    SHUT --> WALLED",
        "    WALLED --> [*]",
    ]

"""`manage.py seed_flights` and what it says."""

import io

import pytest
from django.core.management import CommandError, call_command

from catalog.management.progress import progress
from catalog.models import Flight


def run(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("seed_flights", "--start", "2026-12-01", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.django_db
def test_a_second_run_says_that_everything_was_there() -> None:
    first, second = run("--days", "2", "--routes", "3"), run("--days", "2", "--routes", "3")

    assert first[-1] == ("schedules +3, flights +6, inventories +20; 0 of 6 flights from 2026-12-01 were already there")
    assert second[0] == "airports +0, aircraft +0, products +0, bundles +0"
    assert second[-1] == ("schedules +0, flights +0, inventories +0; 6 of 6 flights from 2026-12-01 were already there")
    assert Flight.objects.count() == 6


@pytest.mark.parametrize(
    "arguments", [("--days", "0"), ("--routes", "-1"), ("--routes", "many"), ("--start", "tomorrow")]
)
def test_nonsense_is_refused(arguments: tuple[str, str]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)


@pytest.mark.django_db
def test_too_few_routes_are_refused_in_words() -> None:
    with pytest.raises(CommandError, match="There can be 2 to 9900 routes"):
        run("--routes", "1")

    assert not Flight.objects.exists()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_plain_lines_where_nobody_watches() -> None:
    out: list[str] = []

    class Pipe:
        def write(self, msg: str) -> None:
            out.append(msg)

        def isatty(self) -> bool:
            return False

    with progress(Pipe(), title="flights", total=10) as advance:
        for _ in range(10):
            advance(1)

    assert out == [f"flights {done} of 10" for done in (2, 4, 6, 8, 10)]


def test_progress_is_a_bar_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(Terminal(), title="flights", total=10) as advance:
        advance(10)

    assert "10/10" in capsys.readouterr().out

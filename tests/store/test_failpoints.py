"""Failpoints: what they do where they are armed, that they do nothing elsewhere, and that each has one place."""

import ast
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from altis.store import clock_offset, failpoints
from altis.store.failpoints import POINTS, FailpointHit, failpoint
from tests.payments.simulators import wait_until

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("altis", "catalog", "offers", "orders", "payments")
POINT = "accept.after_gate"
Arm = Callable[[Mapping[str, Any]], None]


@pytest.fixture
def file(tmp_path: Path, settings: Any) -> Path:
    """The file that arms; nothing is in it yet."""
    settings.ALTIS_FAILPOINTS_FILE = str(tmp_path / "failpoints.json")
    return tmp_path / "failpoints.json"


@pytest.fixture
def arm(file: Path) -> Arm:
    """`arm({"do": "raise"})`: the point does that from now on, and no other point does anything."""

    def write(order: Mapping[str, Any]) -> None:
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps({"seed": 7, "points": {POINT: order}}), encoding="utf-8")
        fresh.replace(file)

    return write


def strikes(file: Path) -> list[str]:
    log = file.with_name(f"{file.name}.struck")
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def hits(times: int) -> list[bool]:
    return [_hit() for _ in range(times)]


def _hit() -> bool:
    try:
        failpoint(POINT)
    except FailpointHit:
        return True
    return False


def test_without_a_file_nothing_happens(settings: Any) -> None:
    assert settings.ALTIS_FAILPOINTS_FILE == ""

    failpoint(POINT)


def test_a_file_that_is_not_there_or_not_json_arms_nothing(file: Path) -> None:
    failpoint(POINT)
    file.write_text('{"points": {', encoding="utf-8")
    failpoint(POINT)

    assert strikes(file) == []


def test_a_name_that_is_no_point_is_a_mistake_of_ours(arm: Arm) -> None:
    arm({"do": "raise"})

    with pytest.raises(RuntimeError, match=r"accept\.nowhere is no failpoint"):
        failpoint("accept.nowhere")


def test_raise_is_an_outage_and_is_written_down(arm: Arm, file: Path) -> None:
    arm({"do": "raise"})

    with pytest.raises(FailpointHit):
        failpoint(POINT)
    failpoint("accept.before_gate")

    assert strikes(file) == [f"{POINT} raise {os.getpid()}"]


def test_the_file_is_read_again_when_it_changes(arm: Arm, file: Path) -> None:
    arm({"do": "raise"})
    before = hits(1)
    file.write_text("{}", encoding="utf-8")
    between = hits(1)
    arm({"do": "raise"})

    assert (before, between, hits(1)) == ([True], [False], [True])


def test_a_point_strikes_no_more_often_than_it_may(arm: Arm, file: Path) -> None:
    arm({"do": "raise", "most": 2})

    assert hits(4) == [True, True, False, False]
    assert len(strikes(file)) == 2


def test_chance_is_kept(arm: Arm) -> None:
    arm({"do": "raise", "chance": 0.25})
    some = sum(hits(400))
    arm({"do": "raise", "chance": 0})

    assert (60 <= some <= 140, sum(hits(50))) == (True, 0)


def test_sleep_takes_its_seconds(arm: Arm) -> None:
    arm({"do": "sleep", "seconds": 0.2})
    began = time.monotonic()

    failpoint(POINT)

    assert 0.2 <= time.monotonic() - began < 2


def test_a_hang_ends_with_its_seconds(arm: Arm) -> None:
    arm({"do": "hang", "seconds": 0.2})
    began = time.monotonic()

    failpoint(POINT)

    assert 0.2 <= time.monotonic() - began < 2


def test_a_hang_ends_when_it_is_disarmed(arm: Arm, file: Path) -> None:
    arm({"do": "hang"})
    sleeper = threading.Thread(target=failpoint, args=(POINT,), daemon=True)
    sleeper.start()
    wait_until(lambda: strikes(file))
    hung = sleeper.is_alive()
    file.write_text("{}", encoding="utf-8")
    sleeper.join(5)

    assert (hung, sleeper.is_alive()) == (True, False)


def test_kill9_leaves_no_last_word(arm: Arm, file: Path) -> None:
    arm({"do": "kill9"})
    script = (
        f"from altis.store.failpoints import failpoint\ntry:\n    failpoint('{POINT}')\nfinally:\n    print('alive')"
    )

    died = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "altis.settings", "ALTIS_FAILPOINTS_FILE": str(file)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (died.returncode, died.stdout) == (-signal.SIGKILL, ""), died.stderr
    assert strikes(file)[0].startswith(f"{POINT} kill9 ")


def test_production_refuses_to_be_armed(tmp_path: Path) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "altis.devstack.production", "check"],
        cwd=ROOT,
        env={**os.environ, "ALTIS_FAILPOINTS_FILE": str(tmp_path / "failpoints.json")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert refused.returncode != 0
    assert "ALTIS_FAILPOINTS_FILE is for tests: production refuses it" in refused.stderr


def test_production_has_one_clock(settings: Any) -> None:
    settings.PRODUCTION = True

    with pytest.raises(RuntimeError, match="one clock"):
        clock_offset.install()


def test_every_point_has_one_place_in_the_product() -> None:
    places = [name for path in _sources() for name in _placed(ast.parse(path.read_text(encoding="utf-8")))]

    assert sorted(places) == sorted(POINTS)


def _sources() -> Iterator[Path]:
    own = Path(failpoints.__file__)
    return (path for app in PRODUCT for path in sorted((ROOT / app).rglob("*.py")) if path != own)


def _placed(tree: ast.AST) -> Iterator[str]:
    """The names given to `failpoint(…)`, at once or as somebody's argument `point`."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        given = [keyword.value for keyword in call.keywords if keyword.arg == "point"]
        if isinstance(call.func, ast.Name) and call.func.id == "failpoint":
            given += call.args
        for argument in given:
            if isinstance(argument, ast.Constant):
                yield str(argument.value)
            else:
                assert isinstance(argument, ast.Name), ast.unparse(call)
                assert argument.id == "point", ast.unparse(call)

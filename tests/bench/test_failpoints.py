"""The rig's side of the failpoints' file."""

from pathlib import Path

import pytest
from pytest_django import Settings

from altis.store.failpoints import FailpointHit, failpoint
from bench.torture.failpoints import Failpoints

_POINT = "accept.after_gate"


@pytest.fixture
def failpoints(tmp_path: Path, settings: Settings) -> Failpoints:
    """Watched by this process."""
    made = Failpoints(tmp_path / "failpoints.json", seed=1)
    settings.ALTIS_FAILPOINTS_FILE = str(made.file)
    return made


def test_armed_point_strikes_until_it_is_disarmed(failpoints: Failpoints) -> None:
    failpoint(_POINT)
    failpoints.arm({_POINT: {"do": "raise"}})

    with pytest.raises(FailpointHit):
        failpoint(_POINT)
    failpoints.disarm()

    failpoint(_POINT)
    assert [(point, do) for point, do, _ in failpoints.struck()] == [(_POINT, "raise")]


def test_most_counts_from_the_arming(failpoints: Failpoints) -> None:
    for _ in range(2):
        failpoints.arm({_POINT: {"do": "raise", "most": 1}})
        with pytest.raises(FailpointHit):
            failpoint(_POINT)
        failpoint(_POINT)

    assert len(failpoints.struck()) == 2

"""Scenes are found by their form, chosen by name, and one that breaks down is one that failed."""

from typing import Any, cast

import pytest

from bench.torture.playing import play_all
from bench.torture.rig import Rig
from bench.torture.scenes import SceneResult, UnknownScene, chosen, scenes


class _Stage:
    healed = 0

    def heal(self) -> None:
        """Counts."""
        self.healed += 1


def _good(rig: Any) -> SceneResult:
    return SceneResult(name="good", passed=True, figures={"seconds": 1})


def _bad(rig: Any) -> SceneResult:
    raise RuntimeError("no such cabin")


def test_every_scene_is_known_by_its_module_and_its_name() -> None:
    assert "contention.last_seat" in scenes()
    assert not [name for name in scenes() if "._" in name]


def test_scenes_are_chosen_one_by_one_by_module_or_all() -> None:
    assert list(chosen("contention.last_seat")) == ["contention.last_seat"]
    assert set(chosen("contention")) == {name for name in scenes() if name.startswith("contention.")}
    assert chosen("all") == scenes()


def test_an_unknown_scene_is_refused_with_the_list_of_those_that_there_are() -> None:
    with pytest.raises(UnknownScene, match=r"no scene contention\.first_seat; there are .*contention\.last_seat"):
        chosen("contention.first_seat")


def test_a_scene_that_breaks_down_has_failed_and_the_next_is_played_on_a_healed_rig() -> None:
    stage, said = _Stage(), list[str]()

    results = play_all(cast("Rig", stage), {"a.bad": _bad, "a.good": _good}, say=said.append)

    assert [(result.name, result.passed) for result in results] == [("a.bad", False), ("good", True)]
    assert "no such cabin" in results[0].notes[0]
    assert stage.healed == 2
    assert said[1::2] == ["scene a.bad FAILED: {}", "scene a.good passed: {'seconds': 1}"]

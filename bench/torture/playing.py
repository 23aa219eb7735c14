"""Plays scenes one after the other; one that fails to play is a scene that failed, and the next has a healed rig."""

import traceback
from collections.abc import Callable, Mapping

from altis.devstack.errors import StopRequested
from bench.torture.rig import Rig
from bench.torture.scenes import Scene, SceneResult

_LAST_LINES = 3


def play_all(rig: Rig, scenes: Mapping[str, Scene], *, say: Callable[[str], None]) -> list[SceneResult]:
    """The results in their order; raises StopRequested."""
    results: list[SceneResult] = []
    for name, scene in scenes.items():
        say(f"scene {name} ...")
        results.append(_play(rig, name, scene))
        say(f"scene {name} {'passed' if results[-1].passed else 'FAILED'}: {results[-1].figures}")
    return results


def _play(rig: Rig, name: str, scene: Scene) -> SceneResult:
    try:
        return scene(rig)
    except StopRequested:
        raise
    except Exception:
        lines = traceback.format_exc().strip().splitlines()
        return SceneResult(name=name, passed=False, notes=[" ".join(lines[-_LAST_LINES:])])
    finally:
        rig.heal()

"""Scenes: one fault or one crowd each, staged on a rig that runs, with figures to show.

A scene is a public function of a module in this folder that takes the rig and says that it returns a SceneResult. It
leaves the rig healed. Its name on the command line is `module.function`, and `module` means all of a module's.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Scene = Callable[[Any], "SceneResult"]


class UnknownScene(Exception):
    """No scene has this name; the text lists those that there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneResult:
    """What came of a scene. `figures` go into the report as they are; `notes` say what was not as it should be."""

    name: str
    passed: bool
    figures: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def scenes() -> dict[str, Scene]:
    """Every scene by its name, in the order of modules and of functions in them."""
    return {f"{module}.{scene.__name__}": scene for module in _modules() for scene in _scenes_of(module)}


def chosen(words: str) -> dict[str, Scene]:
    """The scenes of a comma-separated list, or of `all`; raises UnknownScene."""
    known = scenes()
    picked: dict[str, Scene] = {}
    for word in words.split(","):
        found = {name: scene for name, scene in known.items() if word in {"all", name} or name.startswith(f"{word}.")}
        if not found:
            raise UnknownScene(f"no scene {word}; there are {', '.join(known)}")
        picked |= found
    return picked


def _modules() -> list[str]:
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def _scenes_of(name: str) -> Iterator[Scene]:
    module = importlib.import_module(f"{__name__}.{name}")
    for function in vars(module).values():
        if inspect.isfunction(function) and function.__module__ == module.__name__:
            returned = inspect.get_annotations(function, eval_str=False).get("return")
            if returned in (SceneResult, "SceneResult") and not function.__name__.startswith("_"):
                yield function

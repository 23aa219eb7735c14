"""One cell, from the operation that is struck to the books at rest. Each assertion is a promise of the engine."""

import json

from catalog.models import Inventory
from tests.crash.checks import contradictions, contradictions_at_rest
from tests.crash.forks import SIGKILL, Child
from tests.crash.matrix import Point
from tests.crash.scenes import Scene
from tests.crash.stage import Stage
from tests.crash.worker import Said
from tests.payments.simulators import wait_until


def play(stage: Stage, point: Point, action: str, *, sabotage: str = "") -> None:
    """The whole cell; fails with the promise that was broken."""
    scene = point.scene(stage)
    child = strike(scene, point, action, sabotage)
    assert contradictions() == []
    assert scene.state() == (point.mended if action == "raise" and point.mended else point.left)
    others_go_on(scene)
    if point.locks:
        stage.wait_until_locks_are_gone()
    assert scene.retry() == point.again
    stage.repair()
    scene.insist()
    if action == "hang":
        wakes_up_late(scene, child, point.wakes)
    assert contradictions() == []
    sell_out(stage)
    stage.repair()
    assert contradictions_at_rest() == []
    assert scene.state() == scene.done
    assert len(scene.replies()) <= 1, "two answers under one key"


def strike(scene: Scene, point: Point, action: str, sabotage: str) -> Child:
    """The operation, up to the point; its caller has learnt what there is to learn."""
    child = scene.stage.start(scene.do, scene.args, point=point.name, action=action, sabotage=sabotage)
    if action == "kill9":
        assert child.died_of() == SIGKILL
    elif action == "raise":
        hears(scene, child, point.fails)
    else:
        wait_until(scene.stage.struck, 60)
        assert child.is_silent()
    assert scene.stage.struck() == [f"{point.name} {action}"]
    return child


def hears(scene: Scene, child: Child, expected: Said) -> None:
    """The child says this; a refusal is a problem document."""
    outcome = child.answer()
    assert outcome.said == expected, outcome.body.decode()
    if isinstance(outcome.said, int) and outcome.said >= 400:
        assert (outcome.type, json.loads(outcome.body)["status"]) == ("application/problem+json", outcome.said)
    scene.heard.append(outcome)


def others_go_on(scene: Scene) -> None:
    """Another customer buys a seat on the same flight, though somebody may hang with the ledger's row in hand."""
    outcome = scene.stage.other_buys()
    assert outcome.said == 201, f"the others are kept waiting: {outcome.body.decode()}"


def wakes_up_late(scene: Scene, child: Child, expected: Said) -> None:
    """After all the others have gone on without it."""
    assert child.is_silent()
    scene.stage.release()
    hears(scene, child, expected)


def sell_out(stage: Stage) -> None:
    """The door sells exactly what the ledger has left."""
    left = Inventory.objects.filter(product=None).order_by("pk")[0].available
    replies = [stage.other_buys().said for _ in range(left + 1)]
    assert replies == [201] * left + [409]

"""Every failpoint, and each of the three ways to get no answer: killed, failed, asleep for too long.

Whatever dies wherever: the books balance at once; who tries again under the same key succeeds once; within two minutes
the product has mended the rest by itself, so that gate, ledger, books and gateway agree; who wakes late does no harm.
"""

import pytest
from django.test import override_settings

from altis.store.failpoints import POINTS
from tests.crash.checks import contradictions, contradictions_at_rest, tokens_grow_old
from tests.crash.matrix import ACTIONS, MATRIX, Point
from tests.crash.paying import Pay
from tests.crash.play import play, wakes_up_late
from tests.crash.scenes import Accept
from tests.crash.stage import Stage
from tests.payments.simulators import wait_until

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
# What is taken away, where something dies, and how the matrix notices.
CONTROLS = (
    (
        "give_the_token_back_after_the_commit",
        "accept.after_commit",
        "raise",
        r"the gate promises (2 of 1|40 of 39) units",
    ),
    ("announce_after_the_commit", "sweep.after_commit", "kill9", "I10 Each move"),
    ("seal_nothing", "accept.after_settle", "kill9", "I33 A kept answer"),
    ("refund_under_a_new_key_each_time", "refund.after_call", "kill9", "I18 Every capture"),
    ("never_throw_out", "accept.after_ledger", "hang", "the others are kept waiting"),
)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("point", MATRIX, ids=lambda point: point.name)
def test_crash_matrix(stage: Stage, point: Point, action: str) -> None:
    play(stage, point, action)


@pytest.mark.parametrize(("sabotage", "point", "action", "noticed"), CONTROLS, ids=[row[0] for row in CONTROLS])
def test_without_a_safeguard_the_matrix_fails(
    stage: Stage, sabotage: str, point: str, action: str, noticed: str
) -> None:
    """Negative controls."""
    cell = next(row for row in MATRIX if row.name == point)

    with pytest.raises(AssertionError, match=noticed):
        play(stage, cell, action, sabotage=sabotage)


@pytest.mark.parametrize("point", ["accept.before_gate", "accept.after_gate"])
def test_who_sleeps_until_others_have_the_seats_is_refused(stage: Stage, point: str) -> None:
    scene = Accept(stage)
    child = stage.start(scene.do, scene.args, point=point, action="hang")
    wait_until(stage.struck, 60)
    tokens_grow_old()
    sold = [stage.other_buys().said for _ in range(scene.seats)]

    wakes_up_late(scene, child, 409)

    assert (sold, scene.state(), contradictions()) == ([201, 201], "", [])
    stage.repair()
    assert contradictions_at_rest() == []


@pytest.mark.parametrize("point", ["pay.after_lockin", "pay.before_confirm"])
def test_who_sleeps_until_the_hold_has_ended_is_not_charged(stage: Stage, point: str) -> None:
    with override_settings(ALTIS_ORDER_HOLD_SECONDS=60):
        scene = Pay(stage)
    child = stage.start(scene.do, scene.args, point=point, action="hang")
    wait_until(stage.struck, 60)
    stage.repair()
    sold = [stage.other_buys().said for _ in range(scene.seats)]

    wakes_up_late(scene, child, 402)

    assert (sold, scene.state(), contradictions()) == ([201, 201], "EXPIRED DECLINED", [])
    stage.repair()
    assert contradictions_at_rest() == []


def test_the_matrix_has_every_point_once() -> None:
    assert sorted(point.name for point in MATRIX) == sorted(POINTS)

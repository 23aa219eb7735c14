"""The engine's Redis: every way of being away is one error, and scripts survive a flush."""

from pathlib import Path

import pytest
from redis.exceptions import ResponseError

from altis.shared.errors import Unavailable
from altis.store.redis import StoreDown, client, reaching_redis, script
from tests.store.away import redis_nowhere

pytestmark = pytest.mark.django_db


def test_a_redis_that_is_away_is_one_error_with_a_time_to_try_again() -> None:
    nobody = redis_nowhere()

    with pytest.raises(StoreDown) as refusal, reaching_redis():
        nobody.get("x")

    assert (refusal.value.retry_after, isinstance(refusal.value, Unavailable)) == (1, True)


@pytest.mark.parametrize("error", [ResponseError("OOM command not allowed"), ConnectionResetError(), TimeoutError()])
def test_so_is_one_that_refuses_or_hangs_up(error: Exception) -> None:
    with pytest.raises(StoreDown), reaching_redis():
        raise error


def test_a_bug_is_not_taken_for_an_outage() -> None:
    with pytest.raises(KeyError), reaching_redis():
        raise KeyError


def test_a_script_survives_the_loss_of_the_script_cache(tmp_path: Path) -> None:
    path = tmp_path / "add.lua"
    path.write_text("return redis.call('INCRBY', KEYS[1], ARGV[1])", encoding="utf-8")
    run = script(path)

    first = run(keys=["n"], args=[2], client=client())
    client().script_flush()
    second = run(keys=["n"], args=[3], client=client())

    assert (first, second) == (2, 5)

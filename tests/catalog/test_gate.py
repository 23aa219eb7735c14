"""The gate's two scripts and its other operations, exactly."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from altis.store.redis import StoreDown
from altis.store.redis import client as redis_client
from catalog import inventory
from catalog.inventory import Answer, Gate, Level
from tests.store.away import redis_nowhere

pytestmark = pytest.mark.django_db
SEATS = 7


def _fields() -> dict[bytes, bytes]:
    return cast("dict[bytes, bytes]", redis_client().hgetall("inv:{7}"))


def _open(available: int, version: int = 1) -> None:
    inventory.push([Level(SEATS, available, version)])


def test_a_cold_gate_says_so_and_writes_nothing() -> None:
    assert inventory.hold(SEATS, token="a", units=1) == Answer.COLD

    assert _fields() == {}


def test_attempts_in_flight_count_until_too_few_are_left() -> None:
    _open(3)

    asked = [("a", 2), ("b", 2), ("c", 1), ("d", 1)]
    told = [inventory.hold(SEATS, token=token, units=units) for token, units in asked]

    assert told == [Answer.HELD, Answer.NO, Answer.HELD, Answer.NO]
    assert set(_fields()) == {b"base", b"ver", b"t:a", b"t:c"}
    assert _fields()[b"t:a"].startswith(b"2|")


def test_a_twin_is_told_so_even_when_nothing_is_left_and_counts_once() -> None:
    _open(2)
    inventory.hold(SEATS, token="a", units=2)
    before = _fields()

    assert inventory.hold(SEATS, token="a", units=2) == Answer.TWIN

    assert _fields() == before
    assert inventory.hold(SEATS, token="b", units=1) == Answer.NO


def test_an_expired_token_no_longer_counts(settings: Any) -> None:
    _open(2)
    settings.ALTIS_GATE_TOKEN_SECONDS = 0
    inventory.hold(SEATS, token="late", units=2)
    settings.ALTIS_GATE_TOKEN_SECONDS = 10

    assert inventory.hold(SEATS, token="b", units=2) == Answer.HELD

    assert set(_fields()) == {b"base", b"ver", b"t:b"}


def test_ones_own_expired_token_is_no_twin(settings: Any) -> None:
    _open(2)
    settings.ALTIS_GATE_TOKEN_SECONDS = 0
    inventory.hold(SEATS, token="a", units=2)

    assert inventory.hold(SEATS, token="a", units=2) == Answer.HELD


def test_a_token_lives_as_long_as_the_setting_says() -> None:
    _open(2)
    seconds, _ = redis_client().time()

    inventory.hold(SEATS, token="a", units=1)

    deadline = int(_fields()[b"t:a"].split(b"|")[1])
    assert 9_000 <= deadline - seconds * 1_000 <= 12_000


@pytest.mark.parametrize(
    ("version", "force", "news", "stands"),
    [(4, False, 0, (b"5", b"5")), (5, False, 0, (b"5", b"5")), (6, False, 1, (b"9", b"6")), (4, True, 1, (b"9", b"4"))],
)
def test_the_higher_version_stands_unless_forced(
    version: int, force: bool, news: int, stands: tuple[bytes, bytes]
) -> None:
    _open(5, version=5)

    assert inventory.push([Level(SEATS, 9, version)], force=force) == news

    assert (_fields()[b"base"], _fields()[b"ver"]) == stands


def test_versions_are_compared_as_numbers() -> None:
    _open(5, version=9)

    assert inventory.push([Level(SEATS, 4, 10)]) == 1

    assert inventory.read([SEATS]) == {SEATS: 4}


def test_a_push_takes_its_token_away_whether_or_not_it_is_news() -> None:
    _open(5, version=5)
    inventory.hold(SEATS, token="a", units=1)
    inventory.hold(SEATS, token="b", units=1)

    inventory.push([Level(SEATS, 9, 1)], token="a")

    assert set(_fields()) == {b"base", b"ver", b"t:b"}
    assert inventory.read([SEATS]) == {SEATS: 5}


def test_giving_back_takes_one_token_away() -> None:
    _open(2)
    inventory.hold(SEATS, token="a", units=1)
    inventory.hold(SEATS, token="b", units=1)

    inventory.give_back([SEATS, 99], token="a")

    assert set(_fields()) == {b"base", b"ver", b"t:b"}
    assert inventory.hold(SEATS, token="c", units=1) == Answer.HELD


def test_what_is_read_is_never_negative_and_none_where_cold() -> None:
    inventory.push([Level(1, 4, 1), Level(2, -3, 8)])

    assert inventory.read([1, 2, 3]) == {1: 4, 2: 0, 3: None}
    assert inventory.levels([1, 2, 3]) == {1: Gate(4, 1), 2: Gate(-3, 8), 3: None}


UNREADABLE = [{"ver": "5"}, {"base": "4"}, {"base": "?", "ver": "5"}, {"base": "4", "ver": ""}]


@pytest.mark.parametrize("fields", UNREADABLE)
def test_figures_that_cannot_be_read_are_told_apart_from_a_cold_gate_and_replaced(fields: dict[str, str]) -> None:
    redis_client().hset("inv:{7}", mapping=dict[Any, Any](fields))

    base, ver = (int(text) if (text := fields.get(name, "")).isdecimal() else None for name in ("base", "ver"))
    assert inventory.read([SEATS]) == {SEATS: base}
    assert inventory.levels([SEATS]) == inventory.gates([SEATS]) == {SEATS: Gate(base, ver)}
    assert inventory.push([Level(SEATS, 3, 2)]) == 1
    assert _fields() == {b"base": b"3", b"ver": b"2"}


def test_a_base_that_cannot_be_read_is_none_and_such_a_token_holds_nothing() -> None:
    redis_client().hset("inv:{7}", mapping={"base": "?", "ver": 5})
    assert inventory.hold(SEATS, token="a", units=1) == Answer.COLD
    redis_client().hset("inv:{7}", mapping={"base": 1, "t:b": "many"})

    assert inventory.hold(SEATS, token="a", units=1) == Answer.HELD

    assert set(_fields()) == {b"base", b"ver", b"t:a"}


def test_shares_go_round_all_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = set(range(1, 201))
    inventory.push([Level(id, 1, 1) for id in ids])
    monkeypatch.setattr(inventory, "_SCAN", 1)

    first = set(inventory.next_ids(30))
    seen = first.union(*(inventory.next_ids(30) for _ in range(60)))

    assert 0 < len(first) < 200
    assert seen == ids == set(inventory.known_ids())


def test_the_run_id_is_remembered_as_long_as_the_data_are() -> None:
    run_id = inventory.server_run_id()

    assert (len(run_id), inventory.remember_run_id(run_id), inventory.remember_run_id("x")) == (40, None, run_id)
    redis_client().flushdb()

    assert inventory.remember_run_id(run_id) is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda: inventory.hold(SEATS, token="a", units=1),
        lambda: inventory.push([Level(SEATS, 1, 1)]),
        lambda: inventory.give_back([SEATS], token="a"),
        lambda: inventory.read([SEATS]),
        lambda: inventory.levels([SEATS]),
        inventory.server_run_id,
        lambda: inventory.remember_run_id("x"),
    ],
)
def test_without_redis_every_question_has_the_same_answer(
    ask: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory, "client", redis_nowhere)

    with pytest.raises(StoreDown):
        ask()

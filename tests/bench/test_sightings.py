"""What was seen of the topics, held against the outbox: each lie is found, and what a broker forgot is no lie."""

from bench.torture.sightings import Findings, Message, Row, Sightings

TOPIC = "altis.orders"


def _seen(*arrivals: str, sightings: Sightings | None = None) -> Sightings:
    """`a1 b1 a2`: arrivals in one partition from offset 0 on."""
    seen = sightings or Sightings()
    seen.begin_again()
    for offset, name in enumerate(arrivals):
        seen.take(Message(TOPIC, 0, offset, name[0], int(name[1:]), f"evt_{name}"))
    return seen


def _rows(*names: str) -> list[Row]:
    return [Row(position, TOPIC, name[0], int(name[1:]), f"evt_{name}") for position, name in enumerate(names, start=1)]


def _violations(seen: Sightings, *names: str) -> list[str]:
    return seen.judge(_rows(*names)).violations


def test_events_in_order_with_repetitions_break_nothing() -> None:
    seen = _seen("a1", "b1", "a2", "a1", "a2", "b1", "a3")

    assert seen.judge(_rows("a1", "a2", "b1", "a3")) == Findings()
    assert seen.figures() == {"events": 4, "streams": 2, "duplicates": 3, "lost logs": 0}


def test_a_later_event_before_an_earlier_one_is_found() -> None:
    assert _violations(_seen("a1", "a3", "a2"), "a1", "a2", "a3") == [f"{TOPIC} a: arrived in the order [1, 3, 2]"]


def test_an_event_that_never_arrived_is_found_in_the_middle_and_at_the_end() -> None:
    seen = _seen("a1", "a3", "b1")

    assert set(_violations(seen, "a1", "a2", "a3", "b1", "b2", "c1")) == {
        f"{TOPIC} a: never arrived: [2]",
        f"{TOPIC} b: never arrived: [2]",
        f"{TOPIC} c: never arrived: [1]",
    }


def test_an_event_that_nobody_wrote_or_with_another_number_is_found() -> None:
    seen = _seen("a1", "a2")

    assert _violations(seen, "a1") == [f"{TOPIC} a: evt_a2 arrived as #2, the outbox: None"]


def test_the_same_log_read_again_is_no_repetition() -> None:
    seen = _seen("a1", "a2")
    _seen("a1", "a2", "a3", sightings=seen)
    seen.read_to_the_end()

    assert seen.judge(_rows("a1", "a2", "a3")) == Findings()
    assert seen.duplicates == 0


def test_what_a_broker_forgot_before_it_was_read_is_lost_with_it_and_no_violation() -> None:
    seen = _seen("a1", "b1")
    _seen("a4", "a5", sightings=seen)
    seen.read_to_the_end()

    assert seen.judge(_rows("a1", "b1", "a2", "b2", "a3", "a4", "a5")) == Findings(lost_with_broker=3)


def test_what_a_broker_forgot_of_a_log_that_nobody_had_read_yet_is_lost_with_it() -> None:
    seen = _seen()
    seen.interrupt()
    _seen("a2", "b1", "b3", sightings=seen)

    assert seen.judge(_rows("a1", "c1", "a2", "b1", "b2", "b3")) == Findings(
        [f"{TOPIC} b: never arrived: [2]"], lost_with_broker=2
    )
    assert _violations(_seen("a2", "b1"), "a1", "a2", "b1") == [f"{TOPIC} a: never arrived: [1]"]


def test_a_log_that_came_back_empty_and_stayed_so_is_noticed_at_the_end() -> None:
    seen = _seen("a1")
    _seen(sightings=seen)

    assert _violations(seen, "a1", "a2") == [f"{TOPIC} a: never arrived: [2]"]
    seen.read_to_the_end()
    assert seen.judge(_rows("a1", "a2")) == Findings(lost_with_broker=1)


def test_a_gap_within_one_life_of_the_log_is_not_excused_by_a_loss_at_another_time() -> None:
    seen = _seen("a1")
    _seen("a2", "a4", sightings=seen)

    assert _violations(seen, "a1", "a2", "a3", "a4") == [f"{TOPIC} a: never arrived: [3]"]


def test_an_order_across_two_lives_is_one_order() -> None:
    seen = _seen("a1", "a3")
    _seen("a2", sightings=seen)

    assert _violations(seen, "a1", "a2", "a3") == [f"{TOPIC} a: arrived in the order [1, 3, 2]"]


def test_rows_older_than_the_reader_need_not_have_arrived() -> None:
    seen = _seen("a2", "b1")

    assert seen.judge(_rows("a1", "b1", "a2")).violations == [f"{TOPIC} a: never arrived: [1]"]
    assert seen.judge(_rows("a1", "b1", "a2"), since=1) == Findings()

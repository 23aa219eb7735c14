"""The proxy of the torture rig: honest until told otherwise, and honest again after healing."""

import time
from collections.abc import Iterator

import pytest

from altis.devstack.ports import free_port
from bench.torture.proxy import Proxy, ProxyLoop
from tests.bench.lines import Echo, ask, calling
from tests.devstack.stacks import until

_STARTUP = b"\x00\x00\x00\x08\x00\x03\x00\x00"
_COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
_SELECT = b"Q\x00\x00\x00\x0dSELECT 1\x00"


@pytest.fixture
def loop() -> Iterator[ProxyLoop]:
    """A thread that is gone afterwards."""
    made = ProxyLoop()
    yield made
    made.stop()


@pytest.fixture
def echo() -> Iterator[Echo]:
    """The far end."""
    made = Echo()
    yield made
    made.close()


@pytest.fixture
def proxy(echo: Echo, loop: ProxyLoop) -> Iterator[Proxy]:
    """Between the two."""
    made = Proxy("postgres", loop, free_port(), follows_commits=True)
    made.upstream = echo.address
    yield made
    loop.stop()


def test_passes_bytes_both_ways_and_counts_connections(proxy: Proxy) -> None:
    with calling(proxy.port) as one, calling(proxy.port) as other:
        answers = [ask(one, b"one"), ask(other, b"other"), ask(one, b"again")]

    assert answers == [b"ONE", b"OTHER", b"AGAIN"]
    assert proxy.counts["connections"] == 2


def test_many_bytes_arrive_whole_and_in_order(proxy: Proxy) -> None:
    sent, got = bytes(range(97, 123)) * 100_000, b""

    with calling(proxy.port) as line:
        for start in range(0, len(sent), 50_000):
            line.sendall(sent[start : start + 50_000])
            while len(got) < start + 50_000:
                got += line.recv(65536)

    assert got == sent.upper()


def test_closed_connection_is_closed_at_the_other_end_and_forgotten(proxy: Proxy, echo: Echo) -> None:
    with calling(proxy.port) as line:
        ask(line, b"hello")

    assert until(lambda: not proxy.links)


def test_delay_is_added_in_each_direction_and_keeps_order(proxy: Proxy) -> None:
    with calling(proxy.port) as line:
        ask(line, b"warm")
        proxy.delay(0.1)
        began, got = time.monotonic(), b""
        line.sendall(b"ab")
        line.sendall(b"cd")
        while len(got) < 4:
            got += line.recv(65536)

    assert got == b"ABCD"
    assert 0.2 <= time.monotonic() - began < 2


def test_what_a_blackhole_has_swallowed_arrives_after_healing(proxy: Proxy, echo: Echo) -> None:
    with calling(proxy.port) as line:
        ask(line, b"before")
        proxy.blackhole()
        assert until(lambda: proxy.modes.holding)
        line.settimeout(0.2)
        with pytest.raises(TimeoutError):
            ask(line, b"lost")

        with calling(proxy.port) as late:
            late.sendall(b"late")
            proxy.heal()
            late_answer = late.recv(65536)
        line.settimeout(5)

        assert line.recv(65536) == b"LOST"
        assert late_answer == b"LATE"


def test_cut_resets_present_connections_and_lets_new_ones_through(proxy: Proxy) -> None:
    with calling(proxy.port) as line:
        ask(line, b"before")
        proxy.cut()
        with pytest.raises(ConnectionResetError):
            line.recv(1)

    with calling(proxy.port) as line:
        assert ask(line, b"after") == b"AFTER"
    assert proxy.counts["cut"] == 1


def test_refusing_resets_new_connections_until_it_is_healed(proxy: Proxy) -> None:
    proxy.refuse()
    with pytest.raises(ConnectionResetError), calling(proxy.port) as line:
        line.recv(1)

    proxy.heal()

    with calling(proxy.port) as line:
        assert ask(line, b"after") == b"AFTER"


def test_half_close_ends_the_answers_but_not_the_questions(proxy: Proxy, echo: Echo) -> None:
    with calling(proxy.port) as line:
        ask(line, b"before")
        proxy.half_close()

        assert line.recv(65536) == b""
        line.sendall(b"still heard")
        assert until(lambda: b"still heard" in echo.read)


def test_lost_answer_means_the_request_was_heard(proxy: Proxy, echo: Echo) -> None:
    proxy.lose_answers(1)

    with calling(proxy.port) as line, pytest.raises(ConnectionResetError):
        ask(line, b"charge")

    assert echo.read == [b"charge"]
    assert proxy.counts["answers_lost"] == 1
    with calling(proxy.port) as line:
        assert ask(line, b"next") == b"NEXT"


def test_spoilt_answer_replaces_what_the_server_said(proxy: Proxy, echo: Echo) -> None:
    proxy.lose_answers(1, b"garbage")

    with calling(proxy.port) as line:
        answer = ask(line, b"charge")
        end = line.recv(65536)

    assert (answer, end, echo.read) == (b"garbage", b"", [b"charge"])


def test_client_never_hears_of_a_commit_that_arrived(proxy: Proxy, echo: Echo) -> None:
    with calling(proxy.port) as line:
        ask(line, _STARTUP)
        ask(line, _SELECT)
        proxy.lose_commits(1)
        with pytest.raises(ConnectionResetError):
            ask(line, _COMMIT)

    assert until(lambda: _COMMIT in echo.read)
    assert until(lambda: proxy.counts["commits_delivered_answer_lost"] == 1 and not proxy.links)


def test_commit_that_is_cut_off_never_arrives(proxy: Proxy, echo: Echo) -> None:
    with calling(proxy.port) as line:
        ask(line, _STARTUP)
        proxy.lose_commits(1, deliver=False)
        assert ask(line, _SELECT) == _SELECT.upper()
        with pytest.raises(ConnectionResetError):
            ask(line, _COMMIT)

    assert until(lambda: not proxy.links)
    assert _COMMIT not in echo.read
    assert proxy.counts["commits_lost"] == 1


def test_unreachable_upstream_is_a_reset(loop: ProxyLoop) -> None:
    nobody = Proxy("nobody", loop, free_port())
    nobody.upstream = ("127.0.0.1", free_port())

    with pytest.raises(ConnectionResetError), calling(nobody.port) as line:
        line.recv(1)

    assert nobody.counts["unreachable"] == 1

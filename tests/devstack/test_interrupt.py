"""Stop signals."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from altis.devstack.errors import StopRequested
from altis.devstack.interrupt import Interrupt


@pytest.fixture(autouse=True)
def _handlers_restored() -> Iterator[None]:
    kept = {signum: signal.getsignal(signum) for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for signum, handler in kept.items():
        signal.signal(signum, handler)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_a_pause_at_once(signum: signal.Signals) -> None:
    interrupt = Interrupt()
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    interrupt.install()
    os.kill(os.getpid(), signum)

    started = time.monotonic()
    with pytest.raises(StopRequested, match=signum.name):
        interrupt.pause(30)

    assert time.monotonic() - started < 1


def test_second_signal_changes_nothing() -> None:
    interrupt = Interrupt()
    interrupt.install()

    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)

    assert interrupt.signal_name == "SIGTERM"


def test_hangup_ignored_by_nohup_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interrupt = Interrupt()

    interrupt.install()
    os.kill(os.getpid(), signal.SIGHUP)

    interrupt.check()
    assert interrupt.signal_name is None


def test_end_of_make_is_a_wish_to_stop() -> None:
    with subprocess.Popen(["/bin/sleep", "60"]) as stranger:
        interrupt = Interrupt(make_pid=stranger.pid)  # not our parent, as after its death

        with pytest.raises(StopRequested, match="the end of make"):
            interrupt.check()

        stranger.kill()

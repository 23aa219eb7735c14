"""Processes that may be killed: forked, one per operation, from a server that has Django loaded."""

import multiprocessing
import signal

from tests.crash import worker
from tests.crash.worker import Job, Outcome

_PATIENCE = 60.0  # for a busy machine: nothing waits so long when all is well
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.crash.worker"])


class Child:
    """A process of its own that does one job."""

    def __init__(self, job: Job) -> None:
        self._pipe, there = _forks.Pipe(duplex=False)
        self._process = _forks.Process(target=worker.run, args=(job, there), daemon=True)
        self._process.start()
        there.close()

    def answer(self) -> Outcome:
        """What it told, once it has."""
        assert self._pipe.poll(_PATIENCE), "the child says nothing"
        told: Outcome = self._pipe.recv()
        return told

    def is_silent(self, seconds: float = 0.05) -> bool:
        """Whether it lives and its caller still waits, after so many seconds more."""
        return not self._pipe.poll(seconds) and self._process.is_alive()

    def died_of(self) -> int:
        """The number of the signal that ended it, without a word; 0 when it ended by itself."""
        self._process.join(_PATIENCE)
        assert self._process.exitcode is not None, "the child lives on"
        return -self._process.exitcode

    def finish(self) -> None:
        """Gone, whatever it was doing."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join(_PATIENCE)
        self._process.close()
        self._pipe.close()


SIGKILL = int(signal.SIGKILL)

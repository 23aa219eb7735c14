"""`make demo`: the tour on the stack that runs here already, or on one of its own."""

import dataclasses
import os
import subprocess
import sys
from collections.abc import Mapping

from altis.devstack import ports
from altis.devstack.config import PROJECT, Config
from altis.devstack.errors import StackError, StopRequested
from altis.devstack.interrupt import Interrupt
from altis.devstack.log import say
from altis.devstack.state import running_port
from altis.devstack.up import Stack, run_stack


def run_demo(config: Config, interrupt: Interrupt, environ: Mapping[str, str] = os.environ) -> int:
    """Buy a trip; 0 when every reply was as promised."""
    if port := running_port(config.state_dir):
        say("demo", f"using the stack that runs on port {port}")
        return _run_alone(dataclasses.replace(config, port=port), interrupt)
    if not ports.is_free(config.port):
        config = dataclasses.replace(config, port=ports.free_port())
        say("demo", f"the usual port is taken: using {config.port}")
    codes: list[int] = []

    def use(stack: Stack) -> None:
        tour = _tour(config)
        try:
            stack.watch(lambda: tour.poll() is not None)
        finally:
            tour.terminate()
            codes.append(tour.wait())

    failed = run_stack(config, interrupt, environ, use)
    return failed or (codes[0] if codes else 1)


def _run_alone(config: Config, interrupt: Interrupt) -> int:
    tour = _tour(config)
    try:
        while tour.poll() is None:
            interrupt.pause(0.05)
    except StopRequested as reason:
        say("demo", f"stopping ({reason})")
    finally:
        tour.terminate()
    return tour.wait()


def _tour(config: Config) -> subprocess.Popen[bytes]:
    """The tour as a process of its own, so that this one keeps watching the stack meanwhile."""
    certificate = config.certificate
    url = config.url if certificate else f"http://{ports.LOOPBACK}:{config.port}"
    environment = {**os.environ, **(certificate.trust() if certificate else {})}
    words = ["manage.py", "demo", "--url", url]
    try:
        return subprocess.Popen([sys.executable, *words], cwd=PROJECT, env=environment)
    except OSError as error:
        raise StackError(f"the tour does not start: {error}") from error

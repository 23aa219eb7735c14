"""A stack of services as a process of its own, to be killed in every way: `python -m tests.devstack.runner STATE`."""

import sys
from pathlib import Path

from altis.devstack.config import ServerSettings
from altis.devstack.errors import StackError, StopRequested
from altis.devstack.interrupt import Interrupt
from altis.devstack.log import say, write_line
from altis.devstack.stack import Services
from altis.devstack.state import open_state


def main(state: Path, only: list[str]) -> int:
    """Start, say `ready`, watch until a signal comes, stop."""
    interrupt = Interrupt()
    interrupt.install()
    services = Services(open_state(state), ServerSettings(shared_buffers="16MB"), interrupt)
    try:
        services.take(8080)
        services.start(only=only)
        services.ready = True
        services.record()
        write_line("ready")
        services.supervisor.watch()
    except StopRequested:
        return 0
    except StackError as problem:
        say("stack", f"error: {problem}")
        return 1
    finally:
        services.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))

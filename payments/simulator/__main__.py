"""Run the simulator: ``python -m payments.simulator --host 127.0.0.1 --port 8090 --ledger gateway.sqlite3``."""

import argparse
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from payments.simulator import workers
from payments.simulator.bank import Bank
from payments.simulator.config import ConfigError, from_environment
from payments.simulator.ledger import Ledger
from payments.simulator.outbox import Outbox
from payments.simulator.server import Office, Server

LOG = logging.getLogger("payments.simulator")
STOP_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM or SIGINT; 0 after a clean stop, 2 when a setting is missing or wrong."""
    options = _parse(arguments)
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(name)s %(message)s")
    try:
        config = from_environment(os.environ)
    except ConfigError as error:
        LOG.error("%s", error)
        return 2
    # Blocked in every thread and collected below. A handler would need the main thread awake to run, and a signal
    # that arrives just before that thread falls asleep does not wake it: 9 of 500 stops hung that way.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    bell = workers.Bell()
    ledger = Ledger(options.ledger)
    office = Office(config, ledger, Bank(ledger, config, bell.ring), bell)
    server = Server((options.host, options.port), office)
    threads = workers.start(office.bank, Outbox(ledger, config.faults), config, bell)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    host, port = server.server_address[:2]
    LOG.info("listening on http://%s:%s with ledger %s", host, port, options.ledger)
    signal.sigwait(STOP_SIGNALS)
    bell.stop()
    server.shutdown()
    server.server_close()
    for thread in threads:
        thread.join(timeout=0.2)  # one in the middle of a delivery is left behind; its event is sent again
    ledger.close()
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="payments.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("ALTIS_SIMULATOR_PORT") or 8090))
    ledger = os.environ.get("ALTIS_SIMULATOR_LEDGER") or ".altis/gateway/ledger.sqlite3"
    parser.add_argument("--ledger", type=Path, default=Path(ledger))
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

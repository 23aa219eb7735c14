"""One process of customers: registers them, says that it is ready, and lets them shop until SIGTERM."""

import argparse
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from random import Random

from bench.torture.customers.caller import Caller
from bench.torture.customers.shopper import Shopper
from bench.torture.customers.visits import thin_out, visit
from bench.torture.history import Writer
from bench.torture.market import Market, read_market

_LONGEST_REST = 0.02


def main() -> int:
    """Shop; 0 when every customer came home without a fault of their own."""
    given = _arguments()
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group: the parent decides
    threading.excepthook = lambda fault: _give_up(fault.exc_value)
    market, writer = read_market(given.market), Writer(given.history)
    shoppers = [_shopper(given, number, writer, stopping) for number in range(given.customers)]
    for shopper in shoppers:
        shopper.caller.register()
    if given.number == 0:
        thin_out(shoppers[0], market.prey)
    given.history.with_suffix(".ready").touch()
    threads = [threading.Thread(target=_shop, args=(shopper, market)) for shopper in shoppers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    # Asked twice to come home, one would die of the second time on the way out: the interpreter takes our handler away.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return 0


def _shopper(given: argparse.Namespace, number: int, writer: Writer, stopping: threading.Event) -> Shopper:
    rng = Random(f"{given.seed}/{given.number}/{number}")  # nosec B311 # repeatable on purpose
    name = f"c{given.number}-{number:02d}"
    return Shopper(Caller(given.url, name=name, writer=writer, rng=rng, stopping=stopping), rng)


def _shop(me: Shopper, market: Market) -> None:
    while not me.caller.rest(me.rng.uniform(0, _LONGEST_REST)):
        visit(me, market)
    me.caller.close()


def _give_up(error: BaseException | None) -> None:
    """A fault of the customers' own program must not pass for a quiet run."""
    traceback.print_exception(error)
    sys.stderr.flush()
    os._exit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.torture.customers", description="Concurrent customers.")
    parser.add_argument("--url", required=True)
    parser.add_argument("--market", type=Path, required=True)
    parser.add_argument("--history", type=Path, required=True)
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--customers", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

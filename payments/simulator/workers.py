"""The simulator's background threads: late captures, and webhooks until they are answered with 2xx."""

import hmac
import http.client
import logging
import threading
import time
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from payments.simulator.bank import Bank
from payments.simulator.config import Config
from payments.simulator.outbox import Outbox

LOG = logging.getLogger(__name__)
SENDERS: Final = 2
DELIVERY_TIMEOUT_SECONDS: Final = 10.0
ERROR_PAUSE_SECONDS: Final = 1.0


class Bell:
    """Wakes idle threads; it counts its rings, so that one between a look and a wait is not lost."""

    def __init__(self) -> None:
        """A bell that was never rung."""
        self._condition = threading.Condition()
        self.rings = 0
        self.stopped = False

    def ring(self) -> None:
        """Wake everybody who waits: there is work."""
        with self._condition:
            self.rings += 1
            self._condition.notify_all()

    def stop(self) -> None:
        """Wake everybody for the last time."""
        with self._condition:
            self.stopped = True
            self._condition.notify_all()

    def wait(self, heard: int, seconds: float) -> None:
        """Sleep until a ring after number ``heard``, the stop, or the end of the time."""
        with self._condition:
            self._condition.wait_for(lambda: self.stopped or self.rings != heard, seconds)

    def wait_for_stop(self, seconds: float) -> None:
        """Sleep whatever rings, unless the simulator stops."""
        with self._condition:
            self._condition.wait_for(lambda: self.stopped, seconds)


def start(bank: Bank, outbox: Outbox, config: Config, bell: Bell) -> list[threading.Thread]:
    """Start the capturing thread and, when there is a receiver, the senders. They end when the bell stops."""
    steps: list[Callable[[], float]] = [bank.capture_due]
    if config.webhook_url:
        outbox.resume()
        steps += [lambda: _deliver_one(outbox, config)] * SENDERS
    threads = [threading.Thread(target=_repeat, args=(step, bell), daemon=True) for step in steps]
    for thread in threads:
        thread.start()
    return threads


def sign(body: bytes, secret: str, at: int) -> str:
    """The Altis-Signature header; written out here again, so that each side checks the other."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, "sha256").hexdigest()
    return f"t={at},v1={digest}"


def _repeat(step: Callable[[], float], bell: Bell) -> None:
    """Call the step until the bell stops; it answers how many seconds it has nothing to do."""
    while not bell.stopped:
        heard = bell.rings
        try:
            pause = step()
        except Exception as error:
            if bell.stopped:
                return  # the ledger was closed under a delivery; the event is sent again after the next start
            # A full disc, say, must not end the thread that will try again.
            LOG.error("%s: %s", type(error).__name__, error)
            pause = ERROR_PAUSE_SECONDS
        if pause > 0:
            bell.wait(heard, pause)


def _deliver_one(outbox: Outbox, config: Config) -> float:
    event = outbox.claim()
    if event is None:
        return outbox.seconds_to_next()
    delivered = all([_post(config, event.body) for _ in range(config.faults.copies)])
    outbox.settle(event, delivered=delivered)
    return 0.0


def _post(config: Config, body: bytes) -> bool:
    """One attempt with a fresh signature; True when the receiver said 2xx. Redirects are not followed."""
    url = urlsplit(config.webhook_url)
    opener = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = opener(url.hostname or "", url.port, timeout=DELIVERY_TIMEOUT_SECONDS)
    headers = {
        "Content-Type": "application/json",
        "Altis-Signature": sign(body, config.webhook_secret, int(time.time())),
    }
    try:
        connection.request("POST", url.path + (f"?{url.query}" if url.query else ""), body, headers)
        return connection.getresponse().status in range(200, 300)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()

"""`python -m bench.speed.generator PORT FILE`: requests of a file in an open or a closed loop; figures as JSON.

In an open loop each request has its time beforehand, by a Poisson process, and its latency counts from that time: a
server that stands still is not spared the requests that would have come meanwhile. Waiting is exact and costs nothing:
a client that spins takes one of the cores from those that it measures.
"""

import argparse
import random
import select
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import orjson

from bench.speed.figures import outcome_of
from bench.speed.flows import FLOWS, Flow, replay
from bench.speed.wire import cut_reply, read_requests

_CHUNK = 65_536
_GIVE_UP_SECONDS = 10.0
_SUCCESS = range(200, 300)


class Connection:
    """One kept-alive connection, and what it waits for."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.steps: Flow | None = None
        self.due = 0.0
        self._open()

    def send(self, request: bytes, due: float) -> None:
        """Send one request, whose latency counts from `due`. A request always fits into the socket's buffer."""
        self.due = due
        self.socket.sendall(request)

    def receive(self) -> tuple[int, bytes] | None:
        """A whole reply, or None; raises ConnectionError when the other end has gone."""
        data = self.socket.recv(_CHUNK)
        if not data:
            raise ConnectionError
        self._received += data
        return cut_reply(self._received)

    def renew(self) -> None:
        """Connect anew."""
        self.socket.close()
        self._open()

    def _open(self) -> None:
        self._received = bytearray()
        self.socket = socket.create_connection(("127.0.0.1", self._port), timeout=_GIVE_UP_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Driver:
    """All connections of one run. `rate` is that of an open loop, in requests a second; None is a closed loop."""

    def __init__(
        self, port: int, requests: Iterator[bytes], *, connections: int, flow: str, rate: float | None
    ) -> None:
        self._requests, self._flow, self._rate = requests, FLOWS.get(flow, replay), rate
        self._poll = select.epoll()
        self._by_fd: dict[int, Connection] = {}
        self._idle: deque[Connection] = deque()
        for _ in range(connections):
            self._add(Connection(port))
        self._chance = random.Random(1)  # nosec B311 # the same arrivals in every run
        self.latencies: list[float] = []
        self.errors, self.exhausted = 0, False

    def run(self, seconds: float) -> float:
        """Drive for so long, wait for what is on its way, hang up; returns the seconds that it took."""
        try:
            return self._drive(seconds)
        finally:
            self._poll.close()
            for connection in self._by_fd.values():
                connection.socket.close()

    def _drive(self, seconds: float) -> float:
        began = time.perf_counter()
        ends, next_due = began + seconds, began
        waiting: deque[float] = deque()  # due times that found no free connection
        while True:
            now = time.perf_counter()
            if self._rate:
                while next_due <= now and next_due < ends:
                    waiting.append(next_due)
                    next_due += self._chance.expovariate(self._rate)
                while waiting and self._idle and not self.exhausted:
                    self._begin(self._idle.popleft(), waiting.popleft())
            elif now < ends:
                while self._idle and not self.exhausted:
                    self._begin(self._idle.popleft(), time.perf_counter())
            busy = len(self._by_fd) - len(self._idle)
            over = now >= ends or self.exhausted
            if over and (busy == 0 or now > ends + _GIVE_UP_SECONDS):
                self.errors += busy + len(waiting)
                return max(now, ends) - began if not self.exhausted else now - began
            self._wait(next_due if self._rate and not over else now + 1.0)

    def _wait(self, until: float) -> None:
        # select() takes microseconds, epoll_wait only milliseconds: so we sleep in the one, on the other.
        if select.select([self._poll], [], [], max(0.0, until - time.perf_counter()))[0]:
            for fd, _ in self._poll.poll(0):
                self._answered(self._by_fd[fd])

    def _begin(self, connection: Connection, due: float) -> None:
        connection.steps = self._flow(self._requests)
        try:
            request = next(connection.steps)
        except StopIteration:
            self.exhausted = True
            self._idle.append(connection)
            return
        self._send(connection, request, due)

    def _send(self, connection: Connection, request: bytes, due: float) -> None:
        try:
            connection.send(request, due)
        except OSError:
            self._broken(connection)

    def _answered(self, connection: Connection) -> None:
        try:
            reply = connection.receive()
        except OSError:
            self._broken(connection)
            return
        if reply is None or connection.steps is None:
            return
        status, body = reply
        try:
            request = connection.steps.send((status, body))
        except StopIteration:
            self.latencies.append(time.perf_counter() - connection.due)
            self.errors += status not in _SUCCESS
        except LookupError:  # a flow that cannot go on: its reply was a refusal, or empty
            self.errors += 1
        else:
            self._send(connection, request, connection.due)
            return
        self._free(connection)

    def _broken(self, connection: Connection) -> None:
        self.errors += 1
        self._by_fd.pop(connection.socket.fileno(), None)
        connection.renew()
        self._add(connection)

    def _free(self, connection: Connection) -> None:
        connection.steps = None
        self._idle.append(connection)

    def _add(self, connection: Connection) -> None:
        self._by_fd[connection.socket.fileno()] = connection
        self._poll.register(connection.socket, select.EPOLLIN)
        self._free(connection)


def again_and_again(requests: list[bytes]) -> Iterator[bytes]:
    """The same requests for ever."""
    while True:
        yield from requests


def main(words: list[str]) -> int:
    """Drive and write the figures; 1 when the requests ran out."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed.generator")
    parser.add_argument("port", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rate", type=float, default=None)
    parser.add_argument("--flow", choices=sorted(FLOWS), default="")
    parser.add_argument("--once", action="store_true")
    given = parser.parse_args(words)
    requests = list(read_requests(given.file))
    source = iter(requests) if given.once else again_and_again(requests)
    driver = Driver(given.port, source, connections=given.connections, flow=given.flow, rate=given.rate)
    seconds = driver.run(given.seconds)
    if driver.exhausted:
        print(f"too few requests were prepared: {len(requests)} lasted {seconds:.2f} s", file=sys.stderr)
        return 1
    print(orjson.dumps(asdict(outcome_of(driver.latencies, seconds=seconds, errors=driver.errors))).decode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""A Redis server of a test's own: what the test does to it, no other test meets."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import ConnectionError as NoConnection

from altis.devstack import binaries


@contextmanager
def own_store(folder: Path) -> Iterator[tuple[Redis, str]]:
    """A client of the server, and the server's URL; it evicts nothing, as the engine's."""
    program = binaries.program(binaries.VALKEY, account=None, copies=folder)
    socket = f"/tmp/altis-{os.getpid()}.sock"  # nosec B108 # a path of 108 characters at most
    options = ["--port", "0", "--unixsocket", socket, "--save", "", "--dir", str(folder)]
    with subprocess.Popen([program, *options, "--maxmemory-policy", "noeviction"], stdout=subprocess.DEVNULL) as server:
        client = Redis(unix_socket_path=socket)
        deadline = time.monotonic() + 10
        while True:
            try:
                client.ping()
                break
            except (NoConnection, OSError):
                assert time.monotonic() < deadline
                time.sleep(0.02)
        yield client, f"unix://{socket}"
        client.close()
        server.terminate()

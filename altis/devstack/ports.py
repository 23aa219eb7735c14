"""Free loopback ports, chosen below the range that the kernel hands to outgoing connections."""

import errno
import os
import random
import socket
from pathlib import Path

from altis.devstack.errors import PortTaken, StackError

LOOPBACK = "127.0.0.1"
WILDCARD = "0.0.0.0"  # nosec B104 # to compare with
_LOWEST = 20_000
_ATTEMPTS = 200


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen there now. Old connections in TIME_WAIT do not count."""
    return _listen_error(port, host) == 0


def free_port(preferred: int | None = None) -> int:
    """A free port on 127.0.0.1, `preferred` if that one is; raises StackError when none is found."""
    if preferred and is_free(preferred):
        return preferred
    highest = max(_ephemeral_start() - 1, _LOWEST + 1000)
    for _ in range(_ATTEMPTS):
        # A port of the ephemeral range could become some client's own end while its server restarts.
        port = random.SystemRandom().randint(_LOWEST, highest)
        if is_free(port):
            return port
    raise StackError(f"no free port on {LOOPBACK} between {_LOWEST} and {highest}")


def reserve(port: int, host: str) -> socket.socket:
    """Hold `port` until the API takes it over: bound with SO_REUSEPORT, never listening.

    Raises PortTaken when someone listens there, also on the IPv6 side of `localhost`.
    """
    for each in [host, "::1"] if host in {LOOPBACK, "localhost", WILDCARD} else [host]:
        error = _listen_error(port, each)
        if error == errno.EADDRINUSE:
            raise PortTaken(f"port {port} is taken on {each}: stop what listens there, or choose another with PORT=")
        if error:
            raise PortTaken(f"port {port} on {each} cannot be used: {os.strerror(error)}")
    holder = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        holder.bind((host, port))
    except OSError as error:
        holder.close()
        raise PortTaken(f"port {port} on {host} cannot be used: {error.strerror}") from error
    return holder


def _listen_error(port: int, host: str) -> int:
    """The errno of trying to listen there, 0 when it works. No IPv6 on this host: nobody listens there either."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as error:
        missing = family == socket.AF_INET6 and error.errno in {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}
        return 0 if missing else error.errno or errno.EADDRINUSE
    return 0


def _ephemeral_start() -> int:
    try:
        return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 32_768

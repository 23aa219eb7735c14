"""Ports: free ones are found, taken ones are refused."""

import socket

import pytest

from altis.devstack import ports
from altis.devstack.errors import PortTaken


def _listener(port: int = 0, *, share: bool = False) -> socket.socket:
    listener = socket.socket()
    if share:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((ports.LOOPBACK, port))
    listener.listen()
    return listener


def test_preferred_port_is_kept_while_it_is_free() -> None:
    port = ports.free_port()

    assert ports.free_port(port) == port
    with _listener(port):
        assert ports.free_port(port) != port


def test_free_ports_lie_below_those_of_outgoing_connections() -> None:
    assert all(20_000 <= ports.free_port() < 32_768 for _ in range(20))


def test_taken_port_is_refused_by_name() -> None:
    with _listener() as listener, pytest.raises(PortTaken, match=str(listener.getsockname()[1])):
        ports.reserve(listener.getsockname()[1], ports.LOOPBACK)


def test_port_taken_on_the_other_loopback_is_refused() -> None:
    with socket.socket(socket.AF_INET6) as listener:
        try:
            listener.bind(("::1", 0))
        except OSError as error:
            pytest.skip(f"no IPv6 loopback here: {error}")
        listener.listen()

        with pytest.raises(PortTaken, match="taken on ::1"):
            ports.reserve(listener.getsockname()[1], ports.LOOPBACK)


def test_reserved_port_is_taken_for_others_and_open_to_the_server() -> None:
    port = ports.free_port()

    with ports.reserve(port, ports.LOOPBACK):
        assert ports.is_free(port) is False
        with _listener(port, share=True), socket.create_connection((ports.LOOPBACK, port), timeout=1):
            pass

    assert ports.is_free(port) is True

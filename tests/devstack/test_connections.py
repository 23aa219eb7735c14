"""Connections of a process, seen from outside."""

import socket
import subprocess
import sys

from altis.devstack.connections import is_connected

_SCRIPT = """
import socket, sys
connection = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
print("connected", flush=True)
sys.stdin.read()
"""


def test_process_is_connected_while_it_holds_a_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        words = [sys.executable, "-c", _SCRIPT, str(server.getsockname()[1])]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            child.stdout.readline()

            assert is_connected(child.pid) is True

            child.kill()

    assert is_connected(child.pid) is False


def test_process_without_connections_is_not_connected() -> None:
    with subprocess.Popen(["/bin/sleep", "60"]) as child:
        assert is_connected(child.pid) is False

        child.kill()

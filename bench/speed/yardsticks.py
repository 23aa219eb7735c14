"""Starts the yardsticks beside the API, on the same application server."""

import http.client
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from altis.devstack import ports
from altis.devstack.api_server import server_words
from altis.devstack.unit import Plan
from bench.speed.ground import Ground

_LOOPBACK = ports.LOOPBACK
_INTERFACE = "--interface"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A server of ours to be measured: its port."""

    name: str
    port: int


def interface_of(words: list[str]) -> str:
    """What the API's own server speaks with its application: `rsgi`, `wsgi`."""
    return words[words.index(_INTERFACE) + 1]


def hello_words(port: int, workers: int, *, environ: Mapping[str, str]) -> list[str]:
    """The API's own command line under these variables, with eleven bytes in the place of the product."""
    words = server_words(_LOOPBACK, port, workers, None, environ=environ)
    interface = "asgi" if interface_of(words).startswith("asgi") else interface_of(words)
    return [*words[:-1], f"bench.yardsticks.hello:{interface}"]


def django_words(port: int, workers: int) -> list[str]:
    """The same application server as Django projects use it: WSGI, one thread for each worker."""
    options = [_INTERFACE, "wsgi", "--host", _LOOPBACK, "--port", str(port), "--workers", str(workers)]
    options += ["--blocking-threads", "1", "--no-ws", "--log-level", "warning"]
    return ["-m", "altis.devstack.serve", *options, "bench.yardsticks.wsgi:application"]


def start(ground: Ground, name: str, *, workers: int, django: bool) -> Yardstick:
    """Start one and wait for its answer."""
    port = ports.free_port()
    words = django_words(port, workers) if django else hello_words(port, workers, environ=ground.environment)
    extra: Mapping[str, str] = {"DJANGO_SETTINGS_MODULE": "bench.yardsticks.settings"} if django else {}
    plan = Plan(
        name=name,
        command=partial(ground.python, words, log=name, extra=extra),
        is_ready=lambda _pid: _answers(port, "/view"),
        stop_round=1,
        ready_seconds=60,
        first_lives=2,
    )
    ground.bring_up(name, plan)
    return Yardstick(name, port)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(_LOOPBACK, port, timeout=3)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()

"""`python -m altis.devstack.api_server`: the API behind granian, in clear or with TLS; `--check` asks whether it lives.

Hosts and ports are arguments; ALTIS_TLS_CERTIFICATE and ALTIS_TLS_KEY come from the environment.
"""

import argparse
import http.client
import os
import sys
from collections.abc import Mapping

from altis.devstack import ports
from altis.devstack.config import PROJECT
from altis.devstack.errors import StackError
from altis.devstack.tls import Certificate, certificate_from

_PROBE_SECONDS = 3.0
_THREADS, _MOST_WORKERS = "4", 4
_TRUE = ("true", "on", "ok", "y", "yes", "1")  # as the settings read it


def server_words(
    host: str, port: int, workers: int, certificate: Certificate | None, *, environ: Mapping[str, str] = os.environ
) -> list[str]:
    """What follows `python` on the command line of the server; `environ` is that of the server."""
    options = ["--host", host, "--port", str(port), "--workers", str(workers), "--no-ws"]
    # Without respawning, one killed worker ends the whole server.
    options += ["--respawn-failed-workers", "--workers-kill-timeout", "2", "--log-level", "warning"]
    options += certificate.options() if certificate else []
    server = ["-m", "altis.devstack.serve", *options]
    if has_lane(environ):
        return [*server, "--interface", "rsgi", "--loop", "uvloop", "altis.rsgi:application"]
    threads = environ.get("ALTIS_API_THREADS") or _THREADS
    return [*server, "--interface", "wsgi", "--blocking-threads", threads, "altis.wsgi:application"]


def has_lane(environ: Mapping[str, str]) -> bool:
    """Whether the server speaks RSGI, for the short lane; else WSGI, which is all that Django needs."""
    return environ.get("ALTIS_LANE", "on").strip().lower() in _TRUE


def workers_of(environ: Mapping[str, str]) -> int:
    """How many processes: what the variable says, else one per core, four at most (docs/decisions/0014)."""
    said = environ.get("ALTIS_API_WORKERS", "").strip()
    return int(said) if said.isdecimal() and int(said) > 0 else min(_MOST_WORKERS, os.cpu_count() or 1)


def answers(host: str, port: int, path: str, certificate: Certificate | None, *, named: str = "") -> bool:
    """Whether a GET of `path` is 200; `named` is the host that the request names, when it shall be another."""
    connection = (
        http.client.HTTPSConnection(host, port, timeout=_PROBE_SECONDS, context=certificate.client_context())
        if certificate
        else http.client.HTTPConnection(host, port, timeout=_PROBE_SECONDS)
    )
    try:
        connection.request("GET", path, headers={"Host": named} if named else {})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def allowed_host(environ: Mapping[str, str] = os.environ) -> str:
    """A host name that the API takes, for probes that come by an address; empty when it takes any."""
    first = environ.get("ALTIS_ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
    return "" if first == "*" else first


def main(words: list[str]) -> int:
    """Become the server; or, with --check, 0 when it answers and 1 when it does not."""
    parser = argparse.ArgumentParser(prog="python -m altis.devstack.api_server")
    parser.add_argument("--host", default=ports.LOOPBACK)
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--workers", type=int, default=workers_of(os.environ))
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args(words)
    try:
        certificate = certificate_from(os.environ, PROJECT)
    except StackError as problem:
        print(problem, file=sys.stderr)  # noqa: T201  (a program's own error output)
        return 1
    if not given.check:
        os.environ["ALTIS_API_WORKERS"] = str(given.workers)  # each has its share of a limit when Redis is away
        os.execv(sys.executable, [sys.executable, *server_words(given.host, given.port, given.workers, certificate)])
    return 0 if answers(given.host, given.port, "/healthz", certificate, named=allowed_host()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

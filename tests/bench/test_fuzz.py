"""The fuzzing fails when it should: on a server error, an undocumented status, a wrong shape, or a warning."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from altis.devstack.config import PROJECT
from bench.fuzz.run import CONFIGURATION, command

_SHAPE = {"type": "object", "required": ["seats"], "properties": {"seats": {"type": "integer"}}}
_DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "A tiny one", "version": "1"},
    "paths": {
        "/seats": {
            "get": {
                "operationId": "receive_payment_webhook",  # which the settings name
                "parameters": [{"name": "rows", "in": "query", "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "OK", "content": {"application/json": {"schema": _SHAPE}}}},
            }
        }
    },
}
_RIGHT = {"seats": 3}


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def _serving(status: str, body: object) -> Iterator[str]:
    """An API with one operation, which always answers the same."""

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        told = _DOCUMENT if environ["PATH_INFO"] == "/openapi.json" else body
        start_response("200 OK" if told is _DOCUMENT else status, [("Content-Type", "application/json")])
        return [json.dumps(told).encode()]

    with make_server("127.0.0.1", 0, application, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/openapi.json"
        server.shutdown()
        thread.join()


def _fuzz(url: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """With the settings of `make fuzz`, except for the hooks, which want a whole Altis."""
    configuration = folder / "schemathesis.toml"
    kept = [line for line in CONFIGURATION.read_text().splitlines() if not line.startswith("hooks")]
    configuration.write_text("\n".join(kept))
    words = command(url, seed=1, examples=3, phases=("fuzzing",), configuration=configuration)
    return subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=100, check=False)


def test_api_that_keeps_its_word_passes(tmp_path: Path) -> None:
    with _serving("200 OK", _RIGHT) as url:
        done = _fuzz(url, tmp_path)

    assert done.returncode == 0, done.stdout
    assert "No issues found" in done.stdout


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        ("500 Internal Server Error", _RIGHT, "Server error"),
        ("201 Created", _RIGHT, "Undocumented"),
        ("200 OK", {"seats": "three"}, "Response violates schema"),
        ("401 Unauthorized", _RIGHT, "Authentication failed"),
    ],
)
def test_api_that_breaks_its_word_fails(status: str, body: object, told: str, tmp_path: Path) -> None:
    with _serving(status, body) as url:
        done = _fuzz(url, tmp_path)

    assert done.returncode == 1
    assert told in done.stdout

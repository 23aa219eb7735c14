"""A customer who hears nothing asks again under the same key, and writes every request down."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

import pytest

from bench.torture.customers.caller import Caller, Wish
from bench.torture.history import Call, Writer, read

_PROBLEM = "application/problem+json"
Answer = tuple[int, str, bytes] | None


class Door:
    """Answers what it is told, in order; None hangs up."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.heard: list[tuple[str, bytes]] = []
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:  # noqa: N802 (the name that http.server calls)
                content = self.rfile.read(int(self.headers["Content-Length"]))
                door.heard.append((self.headers["Idempotency-Key"], content))
                answer = door.answers.pop(0)
                if answer is None:
                    self.close_connection = True
                    return
                status, media, body = answer
                self.send_response(status)
                self.send_header("Content-Type", media)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Silence."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.server.shutdown()
    door.server.server_close()


def _ask(door: Door, folder: Path, *, tries: int = 12) -> tuple[str, list[Call]]:
    writer = Writer(folder / "history.jsonl")
    caller = Caller(door.url, name="c0", writer=writer, rng=Random(1), stopping=threading.Event())
    reply = caller.do(Wish(op="cancel", path="/v1/orders/ord_1/cancel", body={}, key="k1", order="ord_1"), tries=tries)
    caller.close()
    writer.close()
    return reply.outcome, read([folder / "history.jsonl"])


def test_an_unknown_outcome_is_asked_for_again_under_the_same_key_and_body(door: Door, tmp_path: Path) -> None:
    busy = (409, _PROBLEM, b'{"code": "idempotency_in_progress"}')
    away = (503, _PROBLEM, b'{"code": "unavailable"}')
    door.answers = [away, None, busy, (200, "application/json", b'{"status": "CANCELLED"}')]

    outcome, calls = _ask(door, tmp_path)

    assert outcome == "ok"
    assert door.heard == [("k1", b"{}")] * 4
    assert [(call.status, call.code, call.outcome) for call in calls] == [
        (503, "unavailable", "unknown"),
        (0, "", "unknown"),
        (409, "idempotency_in_progress", "unknown"),
        (200, "", "ok"),
    ]
    assert (calls[1].error, calls[3].state) == ("RemoteProtocolError", "CANCELLED")
    assert len({(call.key, call.body, call.order) for call in calls}) == 1


def test_a_refusal_is_taken_for_an_answer(door: Door, tmp_path: Path) -> None:
    door.answers = [(409, _PROBLEM, b'{"code": "order_not_cancellable"}')]

    outcome, calls = _ask(door, tmp_path)

    assert outcome == "fail"
    assert len(calls) == 1


def test_what_stays_unknown_is_left_unknown(door: Door, tmp_path: Path) -> None:
    door.answers = [None, None]

    outcome, calls = _ask(door, tmp_path, tries=2)

    assert outcome == "unknown"
    assert [call.outcome for call in calls] == ["unknown", "unknown"]


def test_a_page_instead_of_json_is_written_down_as_what_it_is(door: Door, tmp_path: Path) -> None:
    door.answers = [(502, "text/html; charset=utf-8", b"<h1>Bad gateway</h1>")]

    _, calls = _ask(door, tmp_path, tries=1)

    assert (calls[0].status, calls[0].media, calls[0].code) == (502, "text/html", "")

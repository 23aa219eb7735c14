"""An API that says what a test tells it to, over real HTTP."""

import contextlib
import io
import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import zxingcpp
from PIL import Image

_MONEY = {"amount": "610.00", "currency": "USD"}
_SEGMENT = {"carrier": "AL", "flight_number": "100", "departing_at": "2026-12-22T10:30:00Z"}
_SLICES = [{"origin": "LHR", "destination": "JFK", "segments": [_SEGMENT]}]
PAYLOAD = "M1EXAMPLE/ADA         EK7QW2M LHRJFKAL 0100 356Y          100"
OFFER = {
    "id": "off_1",
    "rank": 1,
    "score": "0.7312",
    "bundle_name": "Comfort Bundle",
    "slices": _SLICES,
    "items": [{"quantity": 2, "name": "Economy seat", "total": _MONEY}],
    "total": _MONEY,
}
ORDER = {
    "id": "ord_1",
    "reference": "K7QW2M",
    "status": "PROPOSED",
    "total": _MONEY,
    "expires_at": "2026-11-22T15:00:00Z",
}
DOCUMENT = {
    "id": "doc_1",
    "passenger_id": "pax_1",
    "type": "boarding_document",
    "barcode": {"format": "aztec", "payload": PAYLOAD},
}
MOVES = [
    {"from": "PROPOSED", "to": "PAYMENT_PENDING", "at": "2026-11-22T14:30:02Z", "actor": "user", "reason": None},
    {"from": None, "to": "PROPOSED", "at": "2026-11-22T14:30:01Z", "actor": "user", "reason": "accepted"},
]

Reply = tuple[int, Any]


def barcode_png() -> bytes:
    """PAYLOAD as the product draws it."""
    symbol = zxingcpp.create_barcode(PAYLOAD, zxingcpp.BarcodeFormat.Aztec)
    image = Image.fromarray(symbol.to_image(scale=4))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def purchase() -> dict[str, Reply]:
    """The replies to a purchase that goes well."""
    return {
        "POST /v1/auth/guest": (201, {"access": "guest", "kind": "guest"}),
        "POST /v1/offers/search": (200, {"search_id": "sch_1", "offers": [OFFER], "reason": None}),
        "POST /v1/auth/register": (201, {"access": "user", "kind": "user"}),
        "POST /v1/offers/off_1/accept": (201, ORDER),
        "POST /v1/orders/ord_1/pay": (202, {**ORDER, "status": "PAYMENT_PENDING"}),
        "GET /v1/orders/ord_1": (200, {**ORDER, "status": "FULFILLED"}),
        "GET /v1/orders/ord_1/history": (200, {"data": MOVES, "next": None}),
        "GET /v1/orders/ord_1/documents": (200, {"data": [DOCUMENT], "next": None}),
        "GET /v1/documents/doc_1/barcode.png": (200, barcode_png()),
    }


@contextlib.contextmanager
def serving(replies: Mapping[str, Reply]) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """The URL of a server with these replies, and the list of what it is asked."""
    asked: list[tuple[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked.append((f"{self.command} {self.path}", json.loads(body) if body else None))
            status, content = replies[f"{self.command} {self.path}"]
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = _answer  # noqa: N815 - the base class looks for these names

        def log_message(self, format: str, *args: Any) -> None:
            """Not on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""One caller of the API, and what came back."""

from collections import Counter
from typing import Any

import httpx

Json = dict[str, Any]


class Client:
    """Counts every reply by its status, or its code when it is a refusal."""

    def __init__(self, url: str, replies: Counter[str]) -> None:
        self._http = httpx.Client(base_url=url, timeout=30)
        self._replies = replies

    def log_in(self, access: str) -> None:
        """Everything from now on carries this token."""
        self._http.headers["Authorization"] = f"Bearer {access}"

    def get(self, path: str, **kwargs: Any) -> httpx.Response:
        """GET."""
        return self.call("GET", path, **kwargs)

    def post(self, path: str, body: Json | None = None, **kwargs: Any) -> httpx.Response:
        """POST with JSON."""
        return self.call("POST", path, **({"json": body} if body is not None else {}), **kwargs)

    def call(self, method: str, path: str, **kwargs: Any) -> httpx.Response:
        """Any request."""
        reply = self._http.request(method, path, **kwargs)
        told = reply.json().get("code", "") if "problem+json" in reply.headers.get("content-type", "") else ""
        self._replies[f"{reply.status_code} {told}".strip()] += 1
        return reply

    def close(self) -> None:
        """Hang up."""
        self._http.close()

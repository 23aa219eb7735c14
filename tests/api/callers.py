"""A client that speaks JSON, or anything else, with a token; and the one shape that refusals have."""

from typing import Any

from django.test import Client


class Caller:
    """A client with a token. `post` sends a dict as JSON, or bytes as they are."""

    def __init__(self, token: str | None, subject: str = "") -> None:
        self.subject = subject
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = Client(headers=headers, raise_request_exception=False)

    def get(self, path: str, **headers: str) -> Any:
        return self._client.get(path, headers=_names(headers))

    def post(self, path: str, body: Any = None, *, content_type: str = "application/json", **headers: str) -> Any:
        data = b"" if body is None else body
        return self._client.generic("POST", path, data, content_type=content_type, headers=_names(headers))

    def send(self, method: str, path: str, **headers: str) -> Any:
        return self._client.generic(method, path, headers=_names(headers))


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def assert_problem(reply: Any, status: int, code: str) -> dict[str, Any]:
    """The reply is this refusal, in the one shape that refusals have; returns the document."""
    assert (reply.status_code, reply["Content-Type"]) == (status, "application/problem+json"), reply.content
    document = reply.json()
    assert document["code"] == code, document
    assert document["status"] == status
    assert document["request_id"] == reply["X-Request-ID"]
    assert set(document) - {"errors"} == {"type", "title", "status", "detail", "code", "request_id"}
    return dict(document)

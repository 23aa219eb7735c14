"""HTTP clients that speak JSON with a token, and the one way to assert a refusal."""

from typing import Any

from django.test import Client

from altis.accounts.models import User
from altis.accounts.tokens import issue_for, issue_guest

PASSENGER = {"given_name": "TEST", "family_name": "PASSENGER", "born_on": "1990-12-10"}
CONTACT = {"email": "passenger@example.com", "phone": "+442079460018"}


class ApiClient:
    """A client with a bearer token; bodies are dicts, keyword arguments are headers (`Idempotency_Key="k"`)."""

    def __init__(self, token: str | None = None, user: User | None = None) -> None:
        self.user = user
        self._client = Client(headers={"Authorization": f"Bearer {token}"} if token else {})

    def get(self, path: str, **headers: str) -> Any:
        return self._client.get(path, headers=_names(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._client.post(path, body or {}, content_type="application/json", headers=_names(headers))

    def accept(self, offer: dict[str, Any], *, passengers: int = 1, **headers: str) -> Any:
        """Accept an offer for so many adults."""
        body = {"passengers": [PASSENGER] * passengers, "contact": CONTACT}
        return self.post(f"/v1/offers/{offer['id']}/accept", body, **headers)

    def pay(self, order_id: str, token: str = "tok_visa", **headers: str) -> Any:
        return self.post(f"/v1/orders/{order_id}/pay", {"payment_method": {"token": token}}, **headers)


def user_client(user: User) -> ApiClient:
    """A client with a user's token."""
    return ApiClient(issue_for(user).access, user)


def guest_client() -> ApiClient:
    """A client with a guest's token."""
    return ApiClient(issue_guest().access)


def assert_problem(reply: Any, status: int, code: str) -> dict[str, Any]:
    """The reply is this refusal, in the one shape that refusals have; returns the document."""
    assert (reply.status_code, reply["Content-Type"]) == (status, "application/problem+json"), reply.content
    document: dict[str, Any] = reply.json()
    assert document["code"] == code, document
    assert document["status"] == status
    return document


def _names(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}

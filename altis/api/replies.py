"""A finished reply as bytes: what the idempotency rows keep and give again."""

from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse

from altis.api.rendering import JSON, PROBLEM


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and body, and where the thing made stands; refusals are problem documents."""

    status: int
    body: bytes
    location: str = ""

    def response(self, *, replayed: bool = False) -> HttpResponse:
        """The HTTP form, marked when it is not the first time that it is given."""
        content_type = PROBLEM if self.status >= HTTPStatus.BAD_REQUEST else JSON
        response = HttpResponse(self.body, status=self.status, content_type=content_type)
        if replayed:
            response["Idempotent-Replay"] = "true"
        if self.location:
            response["Location"] = self.location
        return response


class Replay(Exception):
    """Carries a finished reply past the view to the exception handler; not an error, so it has no kind."""

    def __init__(self, reply: Reply, *, first: bool = False) -> None:
        super().__init__(reply.status)
        self.reply = reply
        self.first = first

    def response(self) -> HttpResponse:
        """The reply, marked as a replay unless this is the first time."""
        return self.reply.response(replayed=not self.first)

"""RFC 9457 problem documents: which kind has which status, and the document's one shape."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from django.http import HttpResponse

from altis.api.rendering import PROBLEM, to_json
from altis.api.replies import Reply
from altis.shared import errors
from altis.shared.errors import AltisError, Fault

STATUSES: Mapping[type[AltisError], int] = {
    errors.Malformed: 400,
    errors.Unauthenticated: 401,
    errors.Declined: 402,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Gone: 410,
    errors.Invalid: 422,
    errors.TooMany: 429,
    errors.Unavailable: 503,
}
CHALLENGE = 'Bearer error="invalid_token"'
_MOST_FAULTS = 20


def status_of(kind: type[AltisError]) -> int:
    """The HTTP status of an error class, by the nearest kind among its bases."""
    return next((STATUSES[base] for base in kind.__mro__ if base in STATUSES), 500)


def code_of(error: AltisError) -> str:
    """The document's code: that of the faults when they agree, `validation_failed` when they do not."""
    codes = {fault.code for fault in error.faults}
    if not codes:
        return error.code
    return codes.pop() if len(codes) == 1 else errors.Invalid.code


def document(status: int, code: str, detail: str, faults: Sequence[Fault] = ()) -> dict[str, Any]:
    """The problem's members. `request_id` is that of the request being served."""
    members: dict[str, Any] = {
        "type": f"/v1/docs#{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": structlog.contextvars.get_contextvars().get("request_id", ""),
    }
    if faults:
        members["errors"] = [
            {"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in faults[:_MOST_FAULTS]
        ]
    return members


def problem(
    status: int, code: str, detail: str, *, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """A refusal as `application/problem+json`."""
    body = to_json(document(status, code, detail, faults))
    return HttpResponse(body, status=status, content_type=PROBLEM, headers=dict(headers or {}))


def refusal(error: AltisError) -> Reply:
    """The same refusal as `problem_of`, ready to be stored."""
    status = status_of(type(error))
    return Reply(status, to_json(document(status, code_of(error), error.detail, error.faults)))


def problem_of(error: AltisError) -> HttpResponse:
    """The reply to a domain error: status by kind, `Retry-After` where it helps, the challenge with a 401."""
    reply = refusal(error)
    response = reply.response()
    retry_after = error.retry_after or (1 if reply.status == HTTPStatus.SERVICE_UNAVAILABLE else None)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    if reply.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = CHALLENGE
    return response

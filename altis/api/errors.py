"""The exception handler: from a kind of error, ours or a library's, to one problem document."""

from collections.abc import Callable
from typing import Any

import psycopg
import structlog
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from psycopg.errors import LockNotAvailable
from redis.exceptions import RedisError
from rest_framework import exceptions as drf

from altis.api.faults import faults_of
from altis.api.problems import problem, problem_of
from altis.api.replies import Replay
from altis.shared.errors import (
    AltisError,
    Conflict,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    Unauthenticated,
    Unavailable,
)

log = structlog.get_logger(__name__)
# What the stores may raise: the database by Django's names or, past Django, by its driver's; and Redis.
STORE_ERRORS = (OperationalError, InterfaceError, psycopg.OperationalError, DataError, RedisError)


class Busy(Conflict):
    """A row is locked by somebody else for longer than we wait."""

    code = "busy"
    message = "Somebody else is changing this at the moment. Try again."


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The reply to an exception of a view; None for a bug, which the outermost guard logs and answers with 500."""
    if isinstance(error, Replay):
        return error.response()
    if isinstance(error, AltisError):
        return problem_of(error)
    for kinds, answer in _ANSWERS:
        if isinstance(error, kinds):
            return answer(error)
    return None


def refusal_of(error: Exception) -> AltisError:
    """The refusal that a caller is told, of an error that is one already or one of STORE_ERRORS."""
    if isinstance(error, AltisError):
        return error
    if isinstance(error, DataError):
        return Invalid()
    if isinstance(error, RedisError):
        log.warning("redis unavailable", error=type(error).__name__)
        return Unavailable(retry_after=1)
    if isinstance(error.__cause__, LockNotAvailable):
        return Busy(retry_after=1)
    log.warning("database unavailable", error=type(error.__cause__ or error).__name__)
    return Unavailable(retry_after=1)


def payload_too_large(_: Exception | None = None) -> HttpResponse:
    """413, from the guard, the parser or Django."""
    return problem(413, "payload_too_large", "The body is larger than this operation takes.")


def _not_allowed(error: Any) -> HttpResponse:
    return problem(405, "method_not_allowed", "This path does not take that method.")


def _not_acceptable(_: Exception) -> HttpResponse:
    return problem(406, "not_acceptable", "Replies are application/json.")


def unsupported_media_type(_: Exception | None = None) -> HttpResponse:
    """415, from the guard or the parser."""
    return problem(415, "unsupported_media_type", "Send application/json in UTF-8.")


def _invalid(error: Any) -> HttpResponse:
    return problem_of(Invalid(faults=faults_of(error.detail)))


def _other_drf(error: Any) -> HttpResponse:
    return problem(error.status_code, "malformed_request", "The request cannot be served.")


def _store(error: Exception) -> HttpResponse:
    return problem_of(refusal_of(error))


def _as(kind: Callable[[], AltisError]) -> Callable[[Exception], HttpResponse]:
    return lambda _: problem_of(kind())


# The first that fits answers, so what is more special comes first.
_ANSWERS: tuple[tuple[tuple[type[Exception], ...], Callable[[Exception], HttpResponse]], ...] = (
    ((RequestDataTooBig,), payload_too_large),
    ((drf.MethodNotAllowed,), _not_allowed),
    ((drf.NotAcceptable,), _not_acceptable),
    ((drf.UnsupportedMediaType,), unsupported_media_type),
    ((drf.ValidationError,), _invalid),
    ((drf.NotAuthenticated, drf.AuthenticationFailed), _as(Unauthenticated)),
    ((drf.PermissionDenied, PermissionDenied), _as(Forbidden)),
    ((drf.NotFound, Http404), _as(NotFound)),
    ((drf.ParseError, UnreadablePostError, RawPostDataException, SuspiciousOperation), _as(Malformed)),
    ((drf.APIException,), _other_drf),
    (STORE_ERRORS, _store),
)

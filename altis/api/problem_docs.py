"""Problem responses in the OpenAPI document: per operation, the codes that it may answer with."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from altis.api.cards import CardNumberRefused
from altis.api.claim_rows import InvalidKey
from altis.api.errors import Busy
from altis.api.problems import document, status_of
from altis.api.rendering import PROBLEM
from altis.shared import errors
from altis.shared.errors import AltisError
from altis.store.claims import InProgress, KeyReused


class ProblemErrorOut(serializers.Serializer[Any]):
    """One invalid value."""

    pointer = serializers.CharField(help_text="JSON pointer (RFC 6901) to the value")
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemOut(serializers.Serializer[Any]):
    """A refusal, by RFC 9457. `code` is stable and for programs."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField()
    request_id = serializers.CharField()
    errors = ProblemErrorOut(many=True, required=False)  # type: ignore[assignment]  # also the name of a property that an output never has


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a code and its sentence."""

    status: int
    code: str
    detail: str

    @classmethod
    def of(cls, kind: type[AltisError]) -> "Answer":
        """The answer to an error class."""
        return cls(status_of(kind), kind.code, kind.message)


ALWAYS = (
    Answer.of(errors.Malformed),
    Answer(406, "not_acceptable", "Replies are application/json."),
    Answer(413, "payload_too_large", "The body is larger than this operation takes."),
    Answer(414, "uri_too_long", "The URL is longer than 8 KB."),
    Answer(431, "headers_too_large", "The headers are larger than 16 KB."),
    Answer.of(errors.Unavailable),
    Answer.of(CardNumberRefused),
)
WITH_BODY = (Answer(415, "unsupported_media_type", "Send application/json in UTF-8."),)
WITH_KEY = (Answer.of(InvalidKey), Answer.of(InProgress), Answer.of(KeyReused), Answer.of(Busy))
# What any field may be refused for; a 422 carries the code of its entries when they agree.
WITH_FIELDS = tuple(
    Answer(422, code, "The request breaks a rule.")
    for code in (
        "validation_failed",
        "required",
        "unknown_field",
        "invalid_type",
        "too_short",
        "too_long",
        "not_one_of",
        "out_of_range",
        "invalid_characters",
        "invalid_date",
        "invalid_instant",
        "invalid_id",
    )
)
WITH_QUERY = (Answer(422, "repeated_parameter", "This parameter may stand once."),)


def of_fields(serializer: serializers.BaseSerializer[Any]) -> list[Answer]:
    """What the fields of a request, however deep, may be refused for by rules of their own."""
    codes: set[str] = set()
    waiting: list[Any] = [serializer]
    while waiting:
        field = waiting.pop()
        waiting.extend(getattr(field, "fields", {}).values())
        waiting.extend(child for child in (getattr(field, "child", None),) if child is not None)
        own = [kind for kind in type(field).__mro__ if not kind.__module__.startswith("rest_framework")]
        codes |= {code for kind in own for code in vars(kind).get("default_error_messages", ())}
    return [Answer(422, code, "The request breaks a rule.") for code in sorted(codes)]


def responses(answers: Iterable[Answer], reference: Mapping[str, Any]) -> dict[str, Any]:
    """OpenAPI response objects by status, each listing its codes; `reference` points to the Problem schema."""
    by_status: dict[int, dict[str, Answer]] = defaultdict(dict)
    for answer in answers:
        by_status[answer.status].setdefault(answer.code, answer)
    return {str(status): _response(by_status[status], reference) for status in sorted(by_status)}


def _response(answers: Mapping[str, Answer], reference: Mapping[str, Any]) -> dict[str, Any]:
    first = next(iter(answers.values()))
    schema = {
        "allOf": [dict(reference), {"type": "object", "properties": {"code": {"enum": sorted(answers)}}}],
    }
    # One example a status: the codes differ, the shape does not.
    example = {**document(first.status, first.code, first.detail), "request_id": "req_01kb3v5w8rj2m4n6p7q9s0t1v2"}
    reply: dict[str, Any] = {
        "description": ", ".join(f"`{code}`" for code in answers),
        "content": {PROBLEM: {"schema": schema, "example": example}},
    }
    if first.status in (429, 503):
        reply["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds"}}
    return reply

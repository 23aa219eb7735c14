"""The OpenAPI document: what a view declares with `@operation`, and what follows from its class."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers

from altis.api import problem_docs
from altis.api.auth import UserTokenRequired
from altis.api.cards import CardNumberRefused
from altis.api.fields import UNSAFE, IdField, StrictCharField
from altis.api.problem_docs import Answer, ProblemOut
from altis.api.serializers import StrictSerializer
from altis.api.views import ApiView
from altis.shared.errors import AltisError, NotFound, TooMany, Unauthenticated

F = TypeVar("F", bound=Callable[..., Any])
_IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    # Blanks around the value of a header are none of it (RFC 9110).
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?$"},
    OpenApiParameter.HEADER,
    description="The same key and body give the first reply again, byte for byte, with `Idempotent-Replay: true`.",
)
_BEARER = ResolvedComponent(  # type: ignore[no-untyped-call]  # spectacular's own has no types
    name="bearer",
    type=ResolvedComponent.SECURITY_SCHEMA,
    object="bearer",
    schema={"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
)
# What StrictCharField takes: no unsafe characters, and not only blanks.
_TEXT = f"^[^{UNSAFE}]*$"
_TEXT_NOT_BLANK = rf"^[^{UNSAFE}]*[^\s{UNSAFE}][^{UNSAFE}]*$"
_LIMIT_HEADERS = {
    "RateLimit-Limit": "Requests at once",
    "RateLimit-Remaining": "Requests left now",
    "RateLimit-Reset": "Seconds until all of them are back",
}


def operation(  # noqa: PLR0913  (keyword-only data: one argument per fact of the contract)
    *,
    id: str,
    summary: str,
    tags: list[str],
    response: Any,
    example: Any = None,
    request: type[StrictSerializer] | None = None,
    query: type[StrictSerializer] | None = None,
    status: int = 200,
    request_example: dict[str, Any] | None = None,
    problems: Sequence[type[AltisError]] = (),
    idempotent: bool = False,
    links: Mapping[str, Mapping[str, str]] | None = None,
    description: str = "",
) -> Callable[[F], F]:
    """Declare one method of an ApiView.

    `response` is a serializer class, None for an empty body, or `{status: serializer class}`, and `example` a body or
    `{status: body}`. `problems` are the errors of its service; those of token, limits, parsing and validation follow
    from the view and are added. `links` say what can be called next: by operation id, its parameters as runtime
    expressions such as `$response.body#/id`; they hold for every reply of success.
    """
    parameters: list[Any] = [query] if query else []
    if idempotent:
        parameters.append(_IDEMPOTENCY_KEY)
    extend = extend_schema(
        operation_id=id,
        summary=summary,
        description=description or summary,
        tags=tags,
        request=request,
        responses=response if isinstance(response, Mapping) else {status: response},
        parameters=parameters,
        examples=_examples(example, status, request_example),
    )

    def declare(method: F) -> F:
        method.altis_answers = _own_answers(request, query, problems, idempotent)  # type: ignore[attr-defined]  # read by AltisSchema below
        method.altis_links = links or {}  # type: ignore[attr-defined]  # as above
        return extend(method)

    return declare


def _examples(example: Any, status: int, request_example: dict[str, Any] | None) -> list[OpenApiExample]:
    by_status = example if isinstance(example, Mapping) and status in example else {status: example}
    replies = [
        OpenApiExample(f"reply {code}", value=value, response_only=True, status_codes=[str(code)])
        for code, value in by_status.items()
        if value is not None
    ]
    asked = [] if request_example is None else [OpenApiExample("request", value=request_example, request_only=True)]
    return [*replies, *asked]


def page_of(item: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    """The serializer of a list: `{"data": [...], "next": "<cursor or null>"}`."""
    name = item.__name__.removesuffix("Out")
    following = serializers.CharField(allow_null=True, help_text="Cursor for `after`; null on the last page")
    return inline_serializer(f"{name}PageOut", {"data": item(many=True), "next": following})


class AltisSchema(AutoSchema):
    """Adds to every operation its problem responses, its security and the headers of its limits."""

    view: ApiView  # type: ignore[override]  # every operation of the document is an ApiView

    def get_auth(self) -> list[dict[str, list[str]]]:
        """A bearer token, unless the view is public."""
        if self.view.public:
            return []
        self.registry.register_on_missing(_BEARER)
        return [{_BEARER.name: []}]

    def get_serializer_name(self, serializer: serializers.Serializer[Any], direction: str) -> str:
        """The class's name without the `In` or `Out` that tells our own classes apart."""
        return type(serializer).__name__.removesuffix("Out").removesuffix("In")

    def _map_basic_serializer(self, serializer: Any, direction: str) -> Any:
        schema = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]  # spectacular's own
        if direction == "request":
            schema["additionalProperties"] = False
        return schema

    def _map_serializer_field(self, field: Any, direction: str, bypass_extensions: bool = False) -> Any:
        schema = super()._map_serializer_field(field, direction, bypass_extensions)  # type: ignore[no-untyped-call]  # as above
        if isinstance(schema, dict):
            # Only for the hook that names enums, which our settings leave out.
            schema.pop("x-spec-enum-id", None)
        if isinstance(field, IdField):
            schema["pattern"] = f"^{field.prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$"
        if isinstance(field, serializers.ListSerializer):
            bounds = {"minItems": getattr(field, "min_length", None), "maxItems": getattr(field, "max_length", None)}
            schema.update({name: bound for name, bound in bounds.items() if bound})
        return schema

    def _insert_field_validators(self, field: Any, schema: dict[str, Any]) -> None:
        super()._insert_field_validators(field, schema)  # type: ignore[no-untyped-call]  # as above
        if isinstance(field, StrictCharField):
            # Only now: beside a pattern, spectacular would make "" an alternative, though this one allows it.
            schema.setdefault("pattern", _TEXT if field.allow_blank else _TEXT_NOT_BLANK)

    def _get_request_body(self, direction: Literal["request", "response"] = "request") -> Any:
        body = super()._get_request_body(direction)  # type: ignore[no-untyped-call]  # spectacular's own
        if body and any(content["schema"].get("required") for content in body["content"].values()):
            body["required"] = True  # spectacular knows it of serializers, not of schemas that are written out
        return body

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status, body in bodies.items():
            body["description"] = body["description"] or HTTPStatus(int(status)).phrase
            if self._limited():
                body.setdefault("headers", {}).update(_limit_headers())
            if links := self._links():
                body["links"] = links
        reference = self.resolve_serializer(ProblemOut, "response").ref
        return {**bodies, **problem_docs.responses(self._answers(), reference)}

    def _answers(self) -> list[Answer]:
        method = getattr(self.view, self.method.lower())
        answers = [*problem_docs.ALWAYS, *getattr(method, "altis_answers", ())]
        if not self.view.public:
            answers.append(Answer.of(Unauthenticated))
        if self.view.needs_user:
            answers.append(Answer.of(UserTokenRequired))
        if "{" in self.path:
            answers.append(Answer.of(NotFound))
        if self._limited():
            answers.append(Answer.of(TooMany))
        return [*answers, Answer.of(CardNumberRefused)]

    def _links(self) -> dict[str, Any]:
        links = getattr(getattr(self.view, self.method.lower()), "altis_links", {})
        return {target: {"operationId": target, "parameters": dict(given)} for target, given in links.items()}

    def _limited(self) -> bool:
        return bool(self.view.rate_class)


def _own_answers(
    request: type[StrictSerializer] | None,
    query: type[StrictSerializer] | None,
    problems: Sequence[type[AltisError]],
    idempotent: bool,
) -> list[Answer]:
    answers = [Answer.of(kind) for kind in problems]
    if request:
        answers += problem_docs.WITH_BODY
    for fields in filter(None, (request, query)):
        answers += [*problem_docs.WITH_FIELDS, *problem_docs.of_fields(fields())]
    if query:
        answers += problem_docs.WITH_QUERY
    if idempotent:
        answers += problem_docs.WITH_KEY
    return answers


def _limit_headers() -> dict[str, Any]:
    return {name: {"schema": {"type": "integer"}, "description": text} for name, text in _LIMIT_HEADERS.items()}

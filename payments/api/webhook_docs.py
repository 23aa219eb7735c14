"""The webhook in the OpenAPI document: a signed body that is read as bytes, so no serializer describes it."""

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

_NAME = {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,64}$"}
_EVENT = {
    "type": "object",
    "required": ["id", "type", "data"],
    "properties": {
        "id": _NAME,
        "type": {**_NAME, "examples": ["payment.captured", "payment.failed"]},
        "created_at": {"type": "string", "format": "date-time"},
        "data": {
            "type": "object",
            "required": ["payment_id", "amount", "currency"],
            "properties": {
                "payment_id": _NAME,
                "amount": {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,3})?$"},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                "retryable": {"type": "boolean", "description": "A failure that another attempt may mend"},
            },
        },
    },
}
_EXAMPLE = {
    "id": "evt_01kdbzxp0aw1x2y3z4a5b6c7d8",
    "type": "payment.captured",
    "created_at": "2026-11-22T12:01:00.000Z",
    "data": {"payment_id": "pay_01kdbzxp0aw1x2y3z4a5b6c7d8", "amount": "200.00", "currency": "USD"},
}

webhook_docs = extend_schema(
    request={"application/json": _EVENT},
    parameters=[
        OpenApiParameter("gateway", str, OpenApiParameter.PATH, enum=["simulator"]),
        OpenApiParameter(
            "Altis-Signature",
            str,
            OpenApiParameter.HEADER,
            required=True,
            description='`t=<unix>,v1=<hex HMAC-SHA256 of "<t>.<raw body>">`, at most 300 s old.',
        ),
    ],
    examples=[
        OpenApiExample("request", value=_EXAMPLE, request_only=True),
        OpenApiExample("reply", value={"outcome": "applied"}, response_only=True, status_codes=["200"]),
    ],
)

"""The served OpenAPI document, as what replies are held against."""

from functools import cache
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are no dependency of ours
import orjson

from altis.api.docs import document


@cache
def _served() -> dict[str, Any]:
    whole: dict[str, Any] = orjson.loads(document())
    return whole


def assert_as_served(reply: Any, method: str, path: str) -> Any:
    """The reply's body has exactly the shape that the document promises for its status; returns the body."""
    responses = _served()["paths"][path][method]["responses"]
    body = reply.json()
    [content] = responses[str(reply.status_code)]["content"].values()
    jsonschema.validate(body, {**content["schema"], "components": _served()["components"]})
    return body

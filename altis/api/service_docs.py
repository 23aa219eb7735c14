"""Probes, metrics and the document itself in the OpenAPI document: plain Django views, so described by hand."""

from typing import Any

# In the order of a purchase: readers see the groups as they stand here.
_TAGS = ("Authentication", "Catalog", "Offers", "Orders", "Payments", "Operations")
_READY = {
    "type": "object",
    "required": ["status", "checks"],
    "properties": {
        "status": {"enum": ["ok", "degraded", "unavailable"]},
        "checks": {
            "type": "object",
            "additionalProperties": {"enum": ["ok", "degraded", "down", "missing", "unknown"]},
        },
    },
}
_CHECKS = {"postgresql": "ok", "migrations": "ok", "redis": "ok", "kafka": "ok"}
_DOWN = {"status": "unavailable", "checks": {**_CHECKS, "postgresql": "down", "migrations": "unknown"}}


def add_service_paths(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Post-processing hook of drf-spectacular: operations that no ApiView stands behind, and the order of groups."""
    status = {"type": "object", "required": ["status"], "properties": {"status": {"const": "ok"}}}
    text = {"type": "string"}
    result["paths"] |= {
        "/healthz": _get("healthz", "The process is up", _body(status, {"status": "ok"})),
        "/readyz": _get(
            "readyz",
            "The process can serve: PostgreSQL answers and is migrated",
            _body(_READY, {"status": "ok", "checks": _CHECKS}),
            unready=_body(_READY, _DOWN),
        ),
        "/metrics": _get(
            "metrics", "Prometheus metrics", _body(text, "altis_offer_generation_seconds_count 1.0\n", "text/plain")
        ),
        "/v1/openapi.json": _get("openapi", "This document", _body({"type": "object"}, {"openapi": "3.1.0"})),
        "/v1/docs": _get("docs", "This document to browse", _body(text, "<!DOCTYPE html>", "text/html")),
    }
    result["tags"] = [{"name": name} for name in _TAGS]
    return result


def _get(id: str, summary: str, content: dict[str, Any], *, unready: dict[str, Any] | None = None) -> dict[str, Any]:
    responses = {"200": {"description": "OK", "content": content}}
    if unready is not None:
        responses["503"] = {"description": "Service Unavailable", "content": unready}
    return {
        "get": {
            "operationId": id,
            "summary": summary,
            "description": summary,
            "tags": ["Operations"],
            "responses": responses,
        }
    }


def _body(schema: dict[str, Any], example: Any, content_type: str = "application/json") -> dict[str, Any]:
    return {content_type: {"schema": schema, "example": example}}

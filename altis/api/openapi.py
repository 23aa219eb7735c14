"""How the OpenAPI document is made: the settings of drf-spectacular."""

from typing import Any, Final

SETTINGS: Final[dict[str, Any]] = {
    "TITLE": "Altis Engine",
    "DESCRIPTION": "Offers and orders for airlines: search, accept, pay, fly.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Without the usual hook for enumerations, which stay inside their own fields: many are called `type` or `status`.
    "POSTPROCESSING_HOOKS": ["altis.api.service_docs.add_service_paths"],
}

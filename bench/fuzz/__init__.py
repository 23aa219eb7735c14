"""Schemathesis against the served OpenAPI document of a whole stack."""

"""The OpenAPI document and its page: complete, strict, and from nobody else's server."""

import re

import jsonschema  # type: ignore[import-untyped]  # its stubs are no dependency of ours
import orjson
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

from altis.api.docs import document
from tests.api.callers import Caller, assert_problem


@pytest.fixture(autouse=True)
def _fresh() -> None:
    document.cache_clear()


def test_the_document_is_valid_and_without_warnings() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", "/dev/null")


def test_the_document_is_served_to_everybody(anyone: Caller) -> None:
    reply = anyone.get("/v1/openapi.json")

    served = orjson.loads(reply.content)
    assert (reply.status_code, reply["Content-Type"], served["openapi"]) == (200, "application/json", "3.1.0")
    assert served["components"]["securitySchemes"] == {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    }


def test_an_operation_says_what_it_may_answer() -> None:
    operation = orjson.loads(document())["paths"]["/v1/effects"]["post"]

    codes = {
        status: response["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]["code"]["enum"]
        for status, response in operation["responses"].items()
        if status != "201"
    }
    assert set(codes) == {"400", "401", "406", "409", "413", "414", "415", "422", "429", "431", "503"}
    assert codes["400"] == ["invalid_idempotency_key", "malformed_request"]
    assert codes["409"] == ["busy", "idempotency_in_progress"]
    assert "idempotency_key_reused" in codes["422"]
    assert operation["security"] == [{"bearer": []}]
    assert [parameter["name"] for parameter in operation["parameters"]] == ["Idempotency-Key"]


def test_views_bring_their_own_refusals() -> None:
    paths = orjson.loads(document())["paths"]

    assert set(paths["/v1/own/{own_id}"]["get"]["responses"]) >= {"401", "403", "404"}
    assert set(paths["/v1/events"]["get"]["responses"]).isdisjoint({"401", "403", "404", "415"})
    assert "security" not in paths["/v1/events"]["get"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/v1/openapi.json", "/v1/docs"])
def test_the_operations_outside_the_api_are_described_with_an_example(anyone: Caller, path: str) -> None:
    described = orjson.loads(document())["paths"][path]["get"]["responses"]["200"]["content"]

    [(content_type, content)] = described.items()
    assert anyone.get(path)["Content-Type"].startswith(content_type)
    jsonschema.validate(content["example"], content["schema"])


def test_requests_are_strict_in_the_document_too() -> None:
    request = orjson.loads(document())["components"]["schemas"]["EchoRequest"]

    assert request["additionalProperties"] is False
    assert request["properties"]["parts"]["maxItems"] == 2
    assert re.fullmatch(request["properties"]["product_id"]["pattern"], "prd_01kb3v5w8rj2m4n6p7q9s0t1v2")


def test_text_has_its_characters_in_the_document() -> None:
    schemas = orjson.loads(document())["components"]["schemas"]

    pattern = re.compile(schemas["EchoRequest"]["properties"]["name"]["pattern"])
    assert [bool(pattern.search(text)) for text in ("Ada", " Ada ", "a\tb", "\x7f", " ", "")] == [
        True,
        True,
        *[False] * 4,
    ]


def test_idempotency_key_in_the_document_has_no_blank_at_its_ends() -> None:
    [parameter] = orjson.loads(document())["paths"]["/v1/effects"]["post"]["parameters"]

    pattern = re.compile(parameter["schema"]["pattern"])
    assert [bool(pattern.search(text)) for text in ("k", "a key", " ", "k ", " k", "")] == [True, True, *[False] * 4]


def test_a_refusal_is_as_the_document_says(anyone: Caller) -> None:
    refused = assert_problem(anyone.get("/v1/own/x"), 401, "invalid_token")

    whole = orjson.loads(document())
    said = whole["paths"]["/v1/own/{own_id}"]["get"]["responses"]["401"]["content"]["application/problem+json"]
    jsonschema.validate(refused, {**said["schema"], "components": whole["components"]})


@pytest.mark.parametrize("path", ["/v1/docs", "/v1/docs/start.js", "/v1/docs/page.css"])
def test_the_page_names_no_other_server(anyone: Caller, path: str) -> None:
    reply = anyone.get(path)

    assert reply.status_code == 200
    assert not re.search(rb"(https?:)?//[a-z]", reply.content)


def test_the_page_has_no_inline_script_and_a_row_for_every_code(anyone: Caller) -> None:
    reply = anyone.get("/v1/docs")

    assert re.search(r"script-src 'nonce-[^' ]+'(;|$)", reply["Content-Security-Policy"])
    scripts = re.findall(rb"<script([^>]*)>([^<]*)</script>", reply.content)
    assert [(b"src=" in attributes, body) for attributes, body in scripts] == [(True, b""), (True, b"")]
    for code in ("idempotency_key_reused", "not_found", "rate_limited"):
        assert f'<tr id="{code}">'.encode() in reply.content


def test_what_the_page_loads_is_there(anyone: Caller) -> None:
    loaded = re.findall(r'(?:src|href)="/static/([^"]+)"', anyone.get("/v1/docs").content.decode())

    assert len(loaded) == 3
    assert all(finders.find(name) for name in loaded)


def test_the_page_cannot_be_posted_to(anyone: Caller) -> None:
    for path in ("/v1/docs", "/v1/openapi.json"):
        reply = anyone.post(path)
        assert_problem(reply, 405, "method_not_allowed")
        assert reply["Allow"] == "GET, HEAD"

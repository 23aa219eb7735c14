"""Whom to tell of a weakness."""

import re

import pytest
from django.test import override_settings

from tests.api.callers import Caller

PATH = "/.well-known/security.txt"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("contact", "uri"),
    [
        ("security@altis.example", "mailto:security@altis.example"),
        ("https://altis.example/report", "https://altis.example/report"),
    ],
)
def test_the_contact_is_told_with_an_end(anyone: Caller, contact: str, uri: str) -> None:
    with override_settings(ALTIS_SECURITY_CONTACT=contact):
        reply = anyone.get(PATH)

    assert (reply.status_code, reply["Content-Type"]) == (200, "text/plain; charset=utf-8")
    lines = reply.content.decode().splitlines()
    assert lines[0] == f"Contact: {uri}"
    assert re.fullmatch(r"Expires: 20\d\d-\d\d-\d\dT00:00:00Z", lines[1])


@pytest.mark.django_db
def test_without_a_contact_there_is_no_file(anyone: Caller) -> None:
    assert anyone.get(PATH).status_code == 404

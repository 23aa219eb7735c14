"""What a deployment is told about its e-mail."""

from collections.abc import Mapping

import pytest
from pytest_django import Settings

from altis.accounts.checks import mail_reaches_people

_SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, ["accounts.W001"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}, ["accounts.W001"]),
        ({"ALTIS_PUBLIC_URL": "http://shop.example"}, ["accounts.W002"]),
        ({"ALTIS_PUBLIC_URL": "", "EMAIL_BACKEND": _SMTP}, ["accounts.W002"]),
    ],
)
def test_deployment_is_warned_of_e_mail_that_reaches_nobody(
    changes: Mapping[str, str], told: list[str], settings: Settings
) -> None:
    settings.EMAIL_BACKEND, settings.ALTIS_PUBLIC_URL = _SMTP, "https://shop.example"
    for name, value in changes.items():
        setattr(settings, name, value)

    assert [warning.id for warning in mail_reaches_people()] == told

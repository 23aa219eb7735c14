"""Key rings: what is taken, and what ends the start."""

import base64

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from altis.privacy.keyring import newest, parse_key, parse_ring

OLD, NEW = b"o" * 32, b"\xff" * 32


def encoded(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode()


def test_first_key_is_the_newest() -> None:
    keys = parse_ring("RING", f"k2:{encoded(NEW)}, k1:{encoded(OLD)}")

    assert list(keys.items()) == [("k2", NEW), ("k1", OLD)]
    assert newest(keys) == ("k2", NEW)


@pytest.mark.parametrize("spelling", [encoded(NEW), encoded(NEW).rstrip("="), base64.b64encode(NEW).decode()])
def test_every_spelling_of_base64_gives_the_same_key(spelling: str) -> None:
    assert parse_key("KEY", spelling) == NEW


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        encoded(NEW),
        f":{encoded(NEW)}",
        f"k 1:{encoded(NEW)}",
        f"{'k' * 33}:{encoded(NEW)}",
        f"k1:{encoded(b'short' * 6)}",
        "k1:",
        "k1:not base64 at all, and certainly not a key!",
        f"k1:{encoded(NEW)},k1:{encoded(OLD)}",
        f"k1:{encoded(NEW)},k2:{encoded(NEW)}",
    ],
)
def test_unsafe_ring_is_refused_and_named_without_its_keys(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="THE_RING") as refusal:
        parse_ring("THE_RING", text)

    assert encoded(NEW) not in str(refusal.value)


@pytest.mark.parametrize("app", ["privacy", "accounts"])
@pytest.mark.parametrize("value", ["", "k1:c2hvcnQ"])
def test_start_is_refused_without_a_key(app: str, value: str, settings: Settings) -> None:
    name = {"privacy": "ALTIS_KEK_RING", "accounts": "ALTIS_SIGNING_KEYS"}[app]
    setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured, match=name):
        apps.get_app_config(app).ready()


def test_start_is_refused_with_a_wrapping_key_that_aes_cannot_take(settings: Settings) -> None:
    settings.ALTIS_KEK_RING = f"k1:{encoded(b'x' * 33)}"

    with pytest.raises(ImproperlyConfigured, match="ALTIS_KEK_RING"):
        apps.get_app_config("privacy").ready()


def test_start_is_refused_without_a_blind_index_key(settings: Settings) -> None:
    settings.ALTIS_BLIND_INDEX_KEY = ""

    with pytest.raises(ImproperlyConfigured, match="ALTIS_BLIND_INDEX_KEY"):
        apps.get_app_config("privacy").ready()

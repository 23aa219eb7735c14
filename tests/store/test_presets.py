"""A preset is worked out once, and anew when a setting changes."""

import pytest
from django.conf import settings as present
from pytest_django import Settings

from altis.store.presets import Preset


def test_it_is_worked_out_once_until_a_setting_changes(settings: Settings) -> None:
    asked: list[int] = []
    preset = Preset(lambda: asked.append(1) or present.ALTIS_OFFER_TTL_SECONDS)  # type: ignore[func-returns-value]  # nothing is false

    settings.ALTIS_OFFER_TTL_SECONDS = 11
    first = [preset(), preset(), preset()]
    settings.ALTIS_OFFER_TTL_SECONDS = 12

    assert (first, preset(), len(asked)) == ([11, 11, 11], 12, 2)


def test_what_cannot_be_worked_out_is_said_each_time(settings: Settings) -> None:
    preset = Preset(lambda: 1 // present.ALTIS_OFFER_TTL_SECONDS)
    settings.ALTIS_OFFER_TTL_SECONDS = 0

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            preset()
    settings.ALTIS_OFFER_TTL_SECONDS = 1

    assert preset() == 1

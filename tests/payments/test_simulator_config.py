"""The simulator's settings: what is read, and the variable that a refusal names."""

import pytest

from payments.simulator.config import Config, ConfigError, Faults, from_environment

REQUIRED = {"ALTIS_SIMULATOR_API_KEY": "key"}
TELLING = {**REQUIRED, "ALTIS_SIMULATOR_WEBHOOK_URL": "http://127.0.0.1:1/hook", "ALTIS_WEBHOOK_SECRETS": "new, old"}


def test_the_defaults_are_those_of_the_contract() -> None:
    assert from_environment(REQUIRED) == Config(
        api_key="key", webhook_url="", webhook_secret="", pending_seconds=3.0, latency_seconds=0.02, faults=Faults()
    )


def test_the_newest_secret_signs() -> None:
    assert from_environment(TELLING).webhook_secret == "new"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALTIS_SIMULATOR_API_KEY", " "),
        ("ALTIS_WEBHOOK_SECRETS", ""),
        ("ALTIS_SIMULATOR_WEBHOOK_URL", "127.0.0.1:8080/hook"),
        ("ALTIS_SIMULATOR_PENDING_SECONDS", "soon"),
        ("ALTIS_SIMULATOR_WITHHOLD_SECONDS", "-1"),
        ("ALTIS_SIMULATOR_LATENCY_MS", "nan"),
        ("ALTIS_SIMULATOR_WEBHOOK_COPIES", "inf"),
    ],
)
def test_a_bad_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        from_environment({**TELLING, name: value})

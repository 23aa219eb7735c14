"""The stack's configuration."""

from pathlib import Path

import pytest

from altis.devstack.config import PROJECT, from_environment
from altis.devstack.errors import StackError


def test_defaults_suit_one_laptop() -> None:
    config = from_environment({})

    assert config.state_dir == PROJECT / ".altis"
    assert (config.port, config.bind_host) == (8080, "127.0.0.1")
    assert config.servers.kafka_max_memory == 1024**3
    assert config.given_urls == {}


def test_given_urls_stand_for_their_service_one_by_one() -> None:
    config = from_environment({"REDIS_URL": "redis://elsewhere/0", "DATABASE_URL": ""})

    assert config.given_urls == {"REDIS_URL": "redis://elsewhere/0"}


def test_absolute_state_folder_is_taken_as_it_is() -> None:
    assert from_environment({"ALTIS_STATE_DIR": "/somewhere/else"}).state_dir == Path("/somewhere/else")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("ALTIS_API_WORKERS", "-1"),
        ("ALTIS_PG_SHARED_BUFFERS", "much"),
        ("ALTIS_REDIS_MAXMEMORY", "0"),
        ("ALTIS_KAFKA_MAX_MEMORY", "1tb"),
    ],
)
def test_unusable_value_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(StackError, match=name):
        from_environment({name: value})

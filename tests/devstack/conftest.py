"""Fixtures of the devstack tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devstack.stacks import state_folder


@pytest.fixture
def state() -> Iterator[Path]:
    """Where a stack may keep its state; does not exist yet."""
    with state_folder() as path:
        yield path

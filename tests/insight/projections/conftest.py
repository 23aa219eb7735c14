"""Fixtures of the projections' tests."""

from tests.store.conftest import restored_signals

__all__ = ["restored_signals"]

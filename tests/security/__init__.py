"""Tests of what must never happen."""

"""Tests of the checker: every invariant has something planted that it must find."""

"""Tests of the load and torture scripts."""

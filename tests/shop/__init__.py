"""Tests of the pages for visitors."""

"""Tests of searches in memory."""

"""Tests of personal data at rest."""

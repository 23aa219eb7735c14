"""Faults under load, and a judge: `python -m bench.torture`."""

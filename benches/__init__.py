"""Measurements, each beside its own limit, both taken in the same run. See benches/harness.py."""

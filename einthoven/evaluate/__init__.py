"""Benchmarks: how well answers and measurements hold against what experts said, with intervals."""

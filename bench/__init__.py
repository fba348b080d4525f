"""Benchmarks: `make bench` prints tables (ARGS="--full" also with a million cases)."""

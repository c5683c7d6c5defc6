"""Measurements: `make bench` prints them all as Markdown tables. See docs/benchmarks.md."""

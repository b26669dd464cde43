"""Receipts and other engines over the same real passages: `python -m tests.benchmarks`."""

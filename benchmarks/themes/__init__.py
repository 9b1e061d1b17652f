"""Benchmarks of the themes: what README.md tells, measured."""

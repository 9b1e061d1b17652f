"""Readers of real exports, and the outcome of every record."""

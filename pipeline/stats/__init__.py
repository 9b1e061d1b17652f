"""Statistics behind every number: pure functions over arrays."""

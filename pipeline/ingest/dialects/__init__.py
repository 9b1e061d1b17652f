"""One file per export format: how it is recognised, what its columns hold, and its traps."""

"""Everything that turns public data into the shipped weights. Needs the extra `train`."""

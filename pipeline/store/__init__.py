"""The two DuckDB files: one written by the job, one read by everyone else."""

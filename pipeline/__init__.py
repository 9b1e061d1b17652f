"""The batch job: from real exports to one published DuckDB file."""

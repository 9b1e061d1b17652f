"""The commands of the batch job."""

"""The report's pictures: Altair charts made from rows of the published file."""

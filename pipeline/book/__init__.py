"""The theme book: themes with ids that stay, edits that last, and what is new."""

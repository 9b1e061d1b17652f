"""The emotional journey curve and the pain points, from tagged segments."""

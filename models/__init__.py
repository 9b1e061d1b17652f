"""Machine-learning models: texts in, arrays out. Opens no database and no network."""

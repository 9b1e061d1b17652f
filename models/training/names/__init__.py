"""How the finder of names and places learned: made-up names in real and in written sentences."""

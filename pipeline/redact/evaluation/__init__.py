"""How much personal data leaves the text, and how much else goes with it."""

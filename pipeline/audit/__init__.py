"""The audit: people read a random part of what the model has read, and the numbers are set right by it."""

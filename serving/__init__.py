"""How an officer uses it."""

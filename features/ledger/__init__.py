"""The records a municipality hands over, and what of them was known on a day."""

"""What is kept: the store, the journal, who is there."""

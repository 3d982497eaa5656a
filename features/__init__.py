"""What the office knew about a case on a day."""

"""What we expect of a case: code only, no stored files, no clock, no network."""

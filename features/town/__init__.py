"""A made-up municipality whose truth is known; it may use the ledger alone."""

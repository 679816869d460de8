"""One page, one decision."""

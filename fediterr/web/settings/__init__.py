"""Pages on which people set what is theirs."""

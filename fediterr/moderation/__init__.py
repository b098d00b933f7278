"""Keeping the house safe: reports, blocked and allowed domains, the journal of decisions."""

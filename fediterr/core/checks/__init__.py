"""Proving a server: its settings, its machine, its public address, and the work that goes on behind it."""

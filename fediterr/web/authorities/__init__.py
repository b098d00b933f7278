"""Pages of the authorities of here, for those who act for them: agents, journal, settings, claims."""

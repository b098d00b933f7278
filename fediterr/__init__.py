"""fediterr: each territory runs its own light server, and they federate."""

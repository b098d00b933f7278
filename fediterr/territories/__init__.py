"""The directory of local authorities: who is who, who is like whom, and who speaks for them on the network."""

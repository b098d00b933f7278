"""The pages of communities: finding one, founding one, what is said in it, who is in it, its rules, its summary."""

"""Who is here, and who is elsewhere: accounts, sign-in, roles, access tokens."""

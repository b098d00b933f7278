"""The door for applications: the client API of Mastodon."""

"""The door for other servers: ActivityPub, WebFinger, NodeInfo."""

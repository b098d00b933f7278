"""Live updates: what happens, told at once to the applications that listen, by WebSocket or server-sent events."""

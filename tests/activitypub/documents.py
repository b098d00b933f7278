"""The plainest documents of each kind, for tests to change at will."""

from typing import Any

ALICE = "https://nantes.test/users/alice"
BOB = "https://brest.test/users/bob"
MALLORY = "https://evil.test/users/mallory"


def note(**more: Any) -> dict[str, Any]:
    return {
        "id": "https://nantes.test/notes/1",
        "type": "Note",
        "attributedTo": ALICE,
        "content": "<p>Bonjour</p>",
    } | more


def activity(**more: Any) -> dict[str, Any]:
    return {
        "id": "https://nantes.test/likes/1",
        "type": "Like",
        "actor": ALICE,
        "object": "https://brest.test/p/1",
    } | more


def person(**more: Any) -> dict[str, Any]:
    return {"id": ALICE, "type": "Person", "preferredUsername": "alice", "inbox": f"{ALICE}/inbox"} | more

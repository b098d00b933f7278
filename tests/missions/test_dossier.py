"""What people are given of what this server knows of them: every table is there, or left out on purpose."""

import sqlalchemy as sa

from fediterr.core import db
from fediterr.social import dossier
from tests.fediverse import Fediverse

# What belongs to somebody and is not copied from its table, and why.
LEFT_OUT = {
    "accounts": "actor.json",
    "posts": "outbox.json",
    "bookmarks": "bookmarks.json",
    "blocks": "blocked_accounts.csv",
    "mutes": "muted_accounts.csv",
    "hidden_domains": "blocked_domains.csv",
    "list_members": "lists.csv",
    "conversations": "conversations.json",
    "portraits": "the files themselves",
    "mentions": "what others say is theirs",
    "key_pairs": "a secret of the server",
    "actor_keys": "in actor.json",
    "second_factors": "a secret",
    "recovery_codes": "hashes of secrets",
    "one_time_words": "hashes of secrets",
    "grants": "a code that lasts ten minutes",
    "idempotency_keys": "what an application sent twice",
    "activities": "what is on its way is in the outbox",
    "earlier_follows": "a moment of the protocol",
    "departures": "shown on its own page",
    "communities": "of the account of a community, to which nobody signs in",
    "community_posts": "of the account of a community, to which nobody signs in",
}


def test_no_table_about_people_is_forgotten() -> None:
    """A new one gets its line in `dossier.PARTS`, or the reason why not above."""
    about_people = {
        table.name
        for table in db.Base.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.target_fullname in ("accounts.id", "users.id") and key.ondelete == "CASCADE"
    }
    shown = {part.table for part in dossier.PARTS.values()}
    assert about_people - shown - set(LEFT_OUT) == set()
    assert set(LEFT_OUT) - about_people - {"accounts"} == set()


def test_no_secret_is_shown(fediverse: Fediverse) -> None:
    alice = fediverse["brest.test"].register("alice")
    with alice.acting() as me:
        user = db.session.execute(sa.text("select password_hash from users")).scalar_one()
        for part in dossier.PARTS.values():
            table = db.Base.metadata.tables[part.table]
            assert not {name for name in part.columns if "hash" in name or "secret" in name or name not in table.c}
            assert user not in str(list(dossier.rows(part, me, None)))

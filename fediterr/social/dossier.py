"""What else this server knows of somebody: the tables that hold it, the columns that are theirs to read.

Named one by one, so that no secret (a hash, a key) and nothing about somebody else gets into an archive by accident; a
test finds the tables that are neither here nor among those left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from fediterr.accounts.models import Account, User
from fediterr.core import db
from fediterr.core.db import session

BATCH = 500


@dataclass(frozen=True)
class Part:
    """Rows of one table: whose they are is said by a column, or by that of the table they belong to."""

    table: str
    owner: str
    columns: tuple[str, ...]
    through: str = ""  # "filters.account_id": the table that `owner` points to, and its owner


PARTS = {
    "compte": Part(
        "users",
        "account_id",
        ("email", "role", "language", "preferences", "created_at", "confirmed_at", "approved_at", "disabled_at",
         "reason", "sign_up_ip"),
    ),
    "connexions": Part("visits", "user_id", ("day", "at", "ip")),
    "navigateurs-connectes": Part("web_sessions", "user_id", ("agent", "network", "created_at", "seen_at")),
    "cles-d-acces": Part("passkeys", "user_id", ("label", "created_at", "used_at")),
    "connexions-par-un-service": Part(
        "identities", "user_id", ("issuer", "subject", "email", "siret", "created_at", "last_used_at")
    ),
    "applications": Part(
        "tokens", "user_id", ("label", "application_id", "scopes", "created_at", "last_used_at", "revoked_at")
    ),
    "notifications-poussees": Part("push_subscriptions", "account_id", ("endpoint", "alerts", "policy", "created_at")),
    "collectivites": Part("speakers", "user_id", ("account_id", "office", "since")),
    "ce-qui-est-dit-de-la-collectivite": Part(
        "authorities", "account_id", ("siren", "insee_code", "kind", "website", "verified_by", "verified_at")
    ),
    "journal-de-la-collectivite": Part("acts", "account_id", ("agent", "action", "subject", "created_at")),
    "actes-au-nom-de-collectivites": Part("acts", "agent_id", ("account_id", "action", "subject", "created_at")),
    "demandes-de-representation": Part(
        "claims", "account_id", ("way", "name", "website", "words", "accepted", "reason", "created_at")
    ),
    "employeur": Part("employments", "account_id", ("employer_uri", "confirmed", "since")),
    "communautes": Part("community_members", "account_id", ("community_id", "rank", "standing", "words", "since")),
    "demandes-d-abonnement": Part("follows", "follower_id", ("target_id", "accepted", "created_at")),
    "notes-personnelles": Part("notes", "account_id", ("target_id", "comment")),
    "recommandations": Part("endorsements", "account_id", ("target_id", "created_at")),
    "mots-dieses-suivis": Part("followed_tags", "account_id", ("name", "created_at")),
    "mots-dieses-du-profil": Part("featured_tags", "account_id", ("name",)),
    "filtres": Part("filters", "account_id", ("id", "title", "contexts", "action", "ends_at", "created_at")),
    "filtres-mots": Part(
        "filter_rules", "filter_id", ("filter_id", "keyword", "whole_word", "post_id"), "filters.account_id"
    ),
    "listes": Part("lists", "account_id", ("title", "replies", "exclusive", "created_at")),
    "collections": Part("collections", "account_id", ("id", "name", "description", "tag", "created_at", "updated_at")),
    "collections-comptes": Part(
        "collection_items", "collection_id", ("collection_id", "account_id", "state", "created_at"),
        "collections.account_id",
    ),
    "present-dans-des-collections": Part("collection_items", "account_id", ("collection_id", "state", "created_at")),
    "votes": Part("votes", "account_id", ("poll_id", "option")),
    "mentions-utile": Part("likes", "account_id", ("post_id", "emoji", "created_at")),
    "messages-epingles": Part("pins", "account_id", ("post_id", "created_at")),
    "messages-programmes": Part("scheduled_posts", "account_id", ("due_at", "wishes", "created_at", "problem")),
    "messages-modifies": Part(
        "revisions", "post_id", ("post_id", "title", "warning", "content", "written_at"), "posts.author_id"
    ),
    "fils-masques": Part("muted_threads", "account_id", ("thread_id", "created_at")),
    "notifications": Part("notifications", "account_id", ("kind", "from_id", "post_id", "created_at")),
    "notifications-reglages": Part(
        "notification_policies",
        "account_id",
        ("for_not_following", "for_not_followers", "for_new_accounts", "for_private_mentions", "for_limited_accounts",
         "for_bots"),
    ),
    "notifications-demandes": Part("notification_requests", "account_id", ("from_id", "created_at", "updated_at")),
    "notifications-acceptees": Part("notification_permissions", "account_id", ("from_id", "created_at")),
    "suggestions-ecartees": Part("dismissed_suggestions", "account_id", ("target_id",)),
    "abonnements-rompus": Part(
        "severances", "account_id", ("kind", "target", "followers_count", "following_count", "created_at")
    ),
    "lectures": Part("markers", "account_id", ("timeline", "last_read_id", "updated_at")),
    "annonces-lues": Part("announcements_read", "account_id", ("announcement_id",)),
    "annonces-reactions": Part("announcement_reactions", "account_id", ("announcement_id", "name")),
    "invitations": Part("invitations", "account_id", ("max_uses", "uses", "expires_at", "created_at")),
    "signalements-envoyes": Part("reports", "reporter_id", ("target_id", "category", "comment", "created_at")),
    "decisions-a-mon-sujet": Part("decisions", "target_id", ("action", "reason", "created_at")),
    "contestations": Part("appeals", "account_id", ("text", "created_at", "accepted", "answer", "answered_at")),
    "brouillons": Part("saved_drafts", "account_id", ("typed", "updated_at")),
    "fichiers": Part(
        "media", "account_id", ("path", "name", "media_type", "size", "description", "post_id", "created_at")
    ),
    "imports": Part(
        "imports", "account_id", ("kind", "overwrite", "filename", "created_at", "confirmed_at", "finished_at")
    ),
    "archives": Part("exports", "account_id", ("asked_at", "finished_at", "size")),
}  # fmt: skip


def rows(part: Part, account: Account, user: User | None) -> Iterator[dict[str, Any]]:
    """The rows of a part, oldest first, read in batches; people and posts are named by their handles and addresses."""
    table = db.Base.metadata.tables[part.table]
    owner, ids = _owned(table, part)
    mine = {"accounts": account.id, "users": user.id if user else None}[ids]
    keys = list(table.primary_key)
    shown = [table.c[name] for name in part.columns]
    asked = sa.select(*keys, *shown).where(owner == mine).order_by(*keys).limit(BATCH)
    after: tuple[Any, ...] | None = None
    while True:
        later = asked if after is None else asked.where(sa.tuple_(*keys) > sa.tuple_(*map(sa.literal, after)))
        found = session.execute(later).all()
        names = _Names(table, part, [row[len(keys) :] for row in found])
        for row in found:
            yield {name: names.of(name, value) for name, value in zip(part.columns, row[len(keys) :], strict=True)}
        if len(found) < BATCH:
            return
        after = tuple(found[-1][: len(keys)])


def _owned(table: sa.Table, part: Part) -> tuple[Any, str]:
    """What says whose a row is, and whether that is an account or a user."""
    column = table.c[part.owner]
    if not part.through:
        return column, _points_to(column)
    name, owner = part.through.split(".")
    above = db.Base.metadata.tables[name]
    whose = sa.select(above.c[owner]).where(above.c.id == column).scalar_subquery()
    return whose, _points_to(above.c[owner])


def _points_to(column: sa.Column[Any]) -> str:
    return next((key.column.table.name for key in column.foreign_keys), "")


NAMED: dict[str, Callable[[Any], Any]] = {
    "accounts": lambda table: table.c.name + "@" + table.c.domain,
    "posts": lambda table: table.c.uri,
    "applications": lambda table: table.c.name,
}


class _Names:
    """What the numbers of people, posts and applications stand for, asked at once for a batch."""

    def __init__(self, table: sa.Table, part: Part, values: list[Any]) -> None:
        self._of: dict[str, dict[Any, Any]] = {}
        for place, name in enumerate(part.columns):
            other = _points_to(table.c[name])
            if other in NAMED:
                there = db.Base.metadata.tables[other]
                wanted = {row[place] for row in values} - {None}
                found = sa.select(there.c.id, NAMED[other](there)).where(there.c.id.in_(wanted))
                self._of[name] = dict(session.execute(found).all()) if wanted else {}

    def of(self, name: str, value: Any) -> Any:
        if name in self._of:
            return self._of[name].get(value)
        return value.isoformat() if isinstance(value, date | datetime) else value

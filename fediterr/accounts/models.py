"""Accounts of here and of elsewhere, and for those of here: keys, sign-in, applications and their tokens."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from fediterr.core import clock, words
from fediterr.core.db import Identified, Model


class Kind(StrEnum):
    """The type of an actor, in the words of ActivityStreams."""

    PERSON = "Person"
    ORGANIZATION = "Organization"
    GROUP = "Group"
    SERVICE = "Service"
    APPLICATION = "Application"


class Role(StrEnum):
    """What somebody may do here, least first.

    A guest is at home in another administration: they read, follow, like, answer, and publish nothing of their own.
    """

    GUEST = "guest"
    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"


STAFF = (Role.MODERATOR, Role.ADMIN)

_SUSPENDED = sa.text("suspended_at IS NOT NULL")
_WAITING = sa.text("approved_at IS NULL")


class Account(Identified, Model):
    """Somebody who publishes and follows: a person, an authority, a community, a service, here or elsewhere."""

    __tablename__ = "accounts"
    __table_args__ = (
        sa.Index("uq_accounts_handle", sa.text("lower(name)"), "domain", unique=True),
        sa.Index("ix_accounts_domain", "domain"),
        sa.Index("ix_accounts_moved_to_id", "moved_to_id"),
        sa.Index("ix_accounts_suspended", "id", sqlite_where=_SUSPENDED, postgresql_where=_SUSPENDED),
    )

    name: Mapped[str]
    domain: Mapped[str]  # of the handle; ours for accounts of here
    local: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[str] = mapped_column(default=Kind.PERSON)
    uri: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str]

    display_name: Mapped[str] = mapped_column(default="")
    sought: Mapped[str] = mapped_column(default="", server_default="")  # both names folded, a space before each word
    summary: Mapped[str] = mapped_column(default="")  # clean HTML
    summary_source: Mapped[str] = mapped_column(default="")  # as typed here
    fields: Mapped[list[Any]] = mapped_column(default=list)  # [{name, value (clean HTML), verified_at (ISO) | None}]
    emojis: Mapped[list[Any]] = mapped_column(default=list)  # [{shortcode, url}]
    icon_url: Mapped[str | None]
    icon_still_url: Mapped[str | None]  # of a picture that moves
    icon_description: Mapped[str] = mapped_column(default="")
    image_url: Mapped[str | None]
    image_still_url: Mapped[str | None]
    image_description: Mapped[str] = mapped_column(default="")
    language: Mapped[str | None]

    inbox: Mapped[str]
    shared_inbox: Mapped[str | None]
    outbox: Mapped[str | None]
    followers_uri: Mapped[str | None]
    following_uri: Mapped[str | None]
    featured_uri: Mapped[str | None]
    featured_tags_uri: Mapped[str | None]
    assertion_keys: Mapped[list[Any]] = mapped_column(default=list)  # [{id, multibase}]
    also_known_as: Mapped[list[Any]] = mapped_column(default=list)
    moved_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    moved_at: Mapped[datetime | None]

    locked: Mapped[bool] = mapped_column(default=False)  # approves its followers one by one
    discoverable: Mapped[bool] = mapped_column(default=True)
    indexable: Mapped[bool] = mapped_column(default=True)
    hide_collections: Mapped[bool] = mapped_column(default=False)  # whom it follows and who follows it: only how many
    show_media: Mapped[bool] = mapped_column(default=True)  # the tabs of a profile that its owner wants shown
    show_media_replies: Mapped[bool] = mapped_column(default=True)
    show_featured: Mapped[bool] = mapped_column(default=True)
    attribution_domains: Mapped[list[Any]] = mapped_column(default=list)  # whose pages may name it as their author
    memorial: Mapped[bool] = mapped_column(default=False)

    followers_count: Mapped[int] = mapped_column(default=0)
    following_count: Mapped[int] = mapped_column(default=0)
    posts_count: Mapped[int] = mapped_column(default=0)
    last_post_at: Mapped[datetime | None]

    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    fetched_at: Mapped[datetime | None]  # of elsewhere: when its document was last read
    suspended_at: Mapped[datetime | None]
    silenced_at: Mapped[datetime | None]  # heard by those only who follow them
    sensitized_at: Mapped[datetime | None]  # all their pictures are behind a veil

    moved_to: Mapped["Account | None"] = relationship(remote_side="Account.id")

    @validates("name", "display_name")
    def _seek(self, key: str, value: str) -> str:
        names = {"name": self.name, "display_name": self.display_name, key: value}
        self.sought = words.sought(names["name"] or "", names["display_name"] or "")
        return value

    @property
    def handle(self) -> str:
        """`name` for somebody of here, `name@domain` for somebody of elsewhere."""
        return self.name if self.local else f"{self.name}@{self.domain}"

    @property
    def full_handle(self) -> str:
        return f"{self.name}@{self.domain}"

    @property
    def shown_name(self) -> str:
        return self.display_name or self.name

    @property
    def active(self) -> bool:
        return self.suspended_at is None

    def __repr__(self) -> str:
        return f"<Account {self.full_handle}>"


class ActorKey(Model):
    """A public key that an actor lists: whoever signs with it is that actor."""

    __tablename__ = "actor_keys"

    id: Mapped[str] = mapped_column(primary_key=True)  # the key's own address, as `keyId` names it
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    pem: Mapped[str]

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class KeyPair(Model):
    """The private keys of an account of here, apart so that nobody loads them by accident."""

    __tablename__ = "key_pairs"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    rsa: Mapped[str]  # PKCS#8 PEM, signs HTTP requests
    ed25519: Mapped[str]  # PKCS#8 PEM, signs objects (FEP-8b32)


class Application(Identified, Model):
    """A program that people let act for them; of its secret only the hash is kept."""

    __tablename__ = "applications"

    client_id: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str]
    name: Mapped[str]
    website: Mapped[str | None]
    redirect_uris: Mapped[list[Any]] = mapped_column(default=list)
    scopes: Mapped[str]  # the most that a token of it may hold
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Invitation(Identified, Model):
    """The right to register here, passed on by its code."""

    __tablename__ = "invitations"

    code: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    max_uses: Mapped[int | None]
    uses: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    role: Mapped[str] = mapped_column(default=Role.MEMBER, server_default=Role.MEMBER.value)  # of those who come by it
    note: Mapped[str] = mapped_column(default="", server_default="")  # for those who look after invitations
    email: Mapped[str | None]  # where it was sent
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class WelcomedDomain(Model):
    """A domain of e-mail: whoever proves an address of it comes in without being read first."""

    __tablename__ = "welcomed_domains"

    domain: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))  # who wrote it
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class User(Identified, Model):
    """How somebody signs in to an account of here."""

    __tablename__ = "users"
    __table_args__ = (
        sa.Index("uq_users_email", sa.text("lower(email)"), unique=True),
        sa.Index("ix_users_confirmation_hash", "confirmation_hash", unique=True),
        sa.Index("ix_users_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str]
    password_hash: Mapped[str]
    role: Mapped[str] = mapped_column(default=Role.MEMBER)
    language: Mapped[str | None]
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)  # how posts begin, what is shown: of this person
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    confirmed_at: Mapped[datetime | None]  # when the address proved to be theirs
    confirmation_hash: Mapped[str | None]  # of the word in the last link that was sent to prove the address
    confirmation_sent_at: Mapped[datetime | None]

    approved_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")  # why they wish to come in, in their words
    sign_up_ip: Mapped[str | None]
    invitation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invitations.id", ondelete="SET NULL"))
    application_id: Mapped[int | None] = mapped_column(sa.ForeignKey("applications.id", ondelete="SET NULL"))

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)

    @property
    def may_sign_in(self) -> bool:
        return self.confirmed_at is not None and self.is_open and self.approved_at is not None

    @property
    def is_open(self) -> bool:
        """Neither closed by a moderator nor suspended."""
        return self.disabled_at is None and self.account.active


class Office(StrEnum):
    """What an agent may do for an authority, least first: read what it reads, write for it, manage it."""

    READ = "read"
    WRITE = "write"
    MANAGE = "manage"


class Speaker(Model):
    """An agent of an authority of here, to whose account nobody signs in."""

    __tablename__ = "speakers"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime] = mapped_column(default=clock.now)
    office: Mapped[str] = mapped_column(default=Office.WRITE, server_default=Office.WRITE.value)

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class Grant(Identified, Model):
    """What somebody allowed an application on the authorization page: a code, exchanged once for a token."""

    __tablename__ = "grants"

    hash: Mapped[str] = mapped_column(unique=True)
    application_id: Mapped[int] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    redirect_uri: Mapped[str]
    scopes: Mapped[str]
    code_challenge: Mapped[str | None]  # S256, the only method there is
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    used_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship(lazy="joined", innerjoin=True)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Token(Identified, Model):
    """An access token of an application; only its hash is kept. Without a user it speaks for the application alone.

    With an account it acts for that authority, as long as its user may write for it.
    """

    __tablename__ = "tokens"

    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    application_id: Mapped[int | None] = mapped_column(sa.ForeignKey("applications.id", ondelete="CASCADE"), index=True)
    grant_id: Mapped[int | None] = mapped_column(sa.ForeignKey("grants.id", ondelete="SET NULL"), index=True)
    hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[str]
    label: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_used_at: Mapped[datetime | None]  # written once an hour at most
    revoked_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship(lazy="joined")
    application: Mapped[Application | None] = relationship(lazy="joined")
    authority: Mapped[Account | None] = relationship()

    @property
    def account(self) -> Account | None:
        """In whose name it acts: an authority, or whose token it is."""
        return self.authority or (self.user.account if self.user else None)


class Identity(Identified, Model):
    """Somebody as a sign-in service knows them (OpenID Connect), and the user that they are here."""

    __tablename__ = "identities"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject"),)

    issuer: Mapped[str]
    subject: Mapped[str]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    founder: Mapped[bool] = mapped_column(default=False)  # the account was made by it: its SIRET decides on the role
    email: Mapped[str] = mapped_column(default="")  # as the service said when they last came
    siret: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Visit(Model):
    """A day on which somebody used this server, and from where."""

    __tablename__ = "visits"

    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    ip: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)  # the first time on that day


class SetupLink(Model):
    """The one-time right to create the first administrator; only its hash is kept."""

    __tablename__ = "setup_links"

    hash: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")  # what was typed so far

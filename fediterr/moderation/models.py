"""Which servers are welcome and who may register, what was reported, what was decided, what the server tells people."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fediterr.accounts.models import Account
from fediterr.core import clock, ids
from fediterr.core.db import Identified, Model
from fediterr.territories.models import Territory


class Severity(StrEnum):
    """What a block of a domain does to those who live there."""

    NOOP = "noop"  # nothing, but for the files and reports that it may refuse
    SILENCE = "silence"  # only those who follow them hear them
    SUSPEND = "suspend"  # we do not talk with them


class DomainRule(Model):
    """A domain with all below it, kept out or limited ("block") or let in ("allow")."""

    __tablename__ = "domain_rules"

    domain: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True, default=ids.new)  # under which applications know it
    kind: Mapped[str]
    severity: Mapped[str] = mapped_column(default=Severity.SUSPEND)
    reject_media: Mapped[bool] = mapped_column(default=False)
    reject_reports: Mapped[bool] = mapped_column(default=False)
    obfuscate: Mapped[bool] = mapped_column(default=False)  # its name is told in part only
    reason: Mapped[str] = mapped_column(default="")  # for moderators
    public_comment: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    @property
    def id(self) -> int:
        """Lists are paged by it."""
        return self.number


class Report(Identified, Model):
    __tablename__ = "reports"

    uri: Mapped[str] = mapped_column(unique=True)
    reporter_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    category: Mapped[str] = mapped_column(default="other")  # spam, legal, violation, other
    comment: Mapped[str] = mapped_column(default="")
    post_uris: Mapped[list[Any]] = mapped_column(default=list)
    copies: Mapped[list[Any]] = mapped_column(default=list)  # of these posts, as they read then (see `evidence`)
    rule_ids: Mapped[list[Any]] = mapped_column(default=list)
    forward: Mapped[bool] = mapped_column(default=False)
    forward_to: Mapped[list[Any]] = mapped_column(default=list)  # domains; none named: that of the reported account
    visitor_name: Mapped[str] = mapped_column(default="")  # who is not signed in: the server itself reports for them
    visitor_email: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    updated_at: Mapped[datetime | None]
    assigned_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))


class Decision(Identified, Model):
    """A line of the journal: who decided what about whom, and why."""

    __tablename__ = "decisions"

    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    action: Mapped[str]
    subject: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    target_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    report_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reports.id", ondelete="SET NULL"))
    copies: Mapped[list[Any]] = mapped_column(default=list)  # of the posts it is about, as they read then
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Appeal(Identified, Model):
    """Somebody contests what was decided about them: once, and answered once."""

    __tablename__ = "appeals"

    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decisions.id", ondelete="CASCADE"), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    accepted: Mapped[bool | None]  # None: nobody has answered yet
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))

    decision: Mapped[Decision] = relationship(lazy="joined", innerjoin=True)


# --- who acts for an authority -------------------------------------------------------------------------------------


class Act(Identified, Model):
    """A line of the journal of an authority: what an agent did in its name."""

    __tablename__ = "acts"
    __table_args__ = (sa.Index("ix_acts_account_id_id", "account_id", "id"),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    agent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    agent: Mapped[str]  # their handle, which outlives their account; empty: at the command line
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")  # a path or address of what it is about
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Way(StrEnum):
    """How somebody proves that they stand for a territory."""

    DOMAIN = "domain"  # its website points to the page of its account
    SIRET = "siret"  # the service that lets them in says where they work
    OPERATOR = "operator"  # an administrator decides


class Claim(Identified, Model):
    """An agent asks to open the account of a territory, and to manage it."""

    __tablename__ = "claims"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    territory_id: Mapped[int] = mapped_column(sa.ForeignKey("territories.id", ondelete="CASCADE"), index=True)
    way: Mapped[str]
    name: Mapped[str]  # of the account that would be opened: its page is what a website points to
    website: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    proved_at: Mapped[datetime | None]  # when the website pointed to that page
    checked_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")  # when the website was last looked at: not_there, no_answer
    accepted: Mapped[bool | None]  # None: nobody has decided yet
    reason: Mapped[str] = mapped_column(default="")
    authority_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    answered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True, foreign_keys=[account_id])
    territory: Mapped[Territory] = relationship(lazy="joined", innerjoin=True)


# --- who may register, from where ----------------------------------------------------------------------------------


class EmailDomainBlock(Identified, Model):
    """No account is made with an address of that domain, or below it."""

    __tablename__ = "email_domain_blocks"

    domain: Mapped[str] = mapped_column(unique=True)
    allow_with_approval: Mapped[bool] = mapped_column(default=False)  # a moderator may let somebody in all the same
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Attempt(Identified, Model):
    """Somebody tried to register with an address of a blocked domain."""

    __tablename__ = "attempts"

    block_id: Mapped[int] = mapped_column(sa.ForeignKey("email_domain_blocks.id", ondelete="CASCADE"), index=True)
    ip: Mapped[str]


class CanonicalEmailBlock(Identified, Model):
    """An address that makes no account again, however it is spelled; only its hash is kept."""

    __tablename__ = "canonical_email_blocks"

    hash: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class IpSeverity(StrEnum):
    """What is refused to an address."""

    APPROVAL = "sign_up_requires_approval"
    SIGN_UP = "sign_up_block"
    ACCESS = "no_access"


class IpBlock(Identified, Model):
    """An address or network from which not all is possible."""

    __tablename__ = "ip_blocks"

    ip: Mapped[str] = mapped_column(unique=True)  # a network: 192.0.2.7/32
    severity: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


# --- what the server tells people ----------------------------------------------------------------------------------


class Rule(Identified, Model):
    """One of the rules that people here agree to; one that was withdrawn stays with the reports that name it."""

    __tablename__ = "rules"

    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]
    hint: Mapped[str] = mapped_column(default="")
    translations: Mapped[dict[str, Any]] = mapped_column(default=dict)  # {language: {text, hint}}
    withdrawn_at: Mapped[datetime | None]


class Text(Identified, Model):
    """A text of the operator: extended_description, privacy_policy, terms_of_service."""

    __tablename__ = "texts"
    __table_args__ = (sa.UniqueConstraint("kind", "effective_on"),)

    kind: Mapped[str]
    content: Mapped[str]  # clean HTML
    effective_on: Mapped[date]
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)


class Announcement(Identified, Model):
    """Something that everybody here is told."""

    __tablename__ = "announcements"

    text: Mapped[str]  # as typed
    content: Mapped[str]  # clean HTML
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    all_day: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime] = mapped_column(default=clock.now)  # may lie ahead
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)


class AnnouncementRead(Model):
    """Somebody has read an announcement."""

    __tablename__ = "announcements_read"

    announcement_id: Mapped[int] = mapped_column(
        sa.ForeignKey("announcements.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class AnnouncementReaction(Identified, Model):
    """Somebody answers an announcement with an emoji."""

    __tablename__ = "announcement_reactions"
    __table_args__ = (sa.UniqueConstraint("announcement_id", "account_id", "name"),)

    announcement_id: Mapped[int] = mapped_column(sa.ForeignKey("announcements.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]  # an emoji, or the shortcode of one of here

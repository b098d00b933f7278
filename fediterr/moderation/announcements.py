"""What everybody here is told: published now or later, read, answered with emojis."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import clock, errors, facts, ids, site, text
from fediterr.core.db import insert_once, session
from fediterr.moderation import complaints, journal
from fediterr.moderation.models import Announcement, AnnouncementReaction, AnnouncementRead
from fediterr.social import emojis
from fediterr.social.models import Emoji

LENGTH = 5000
KINDS = 8  # different emojis under one announcement


@dataclass(frozen=True)
class AnnouncementPublished(facts.Fact):
    announcement_id: int


@dataclass(frozen=True)
class AnnouncementWithdrawn(facts.Fact):
    announcement_id: int


@dataclass(frozen=True)
class AnnouncementAnswered(facts.Fact):
    """Somebody put an emoji under it, or took theirs away."""

    announcement_id: int
    name: str


@dataclass(frozen=True)
class Reaction:
    """An emoji under an announcement: how many chose it, and whether the viewer did; `emoji` when it is one of here."""

    name: str
    count: int
    mine: bool
    emoji: Emoji | None


@dataclass
class Shown:
    """An announcement as somebody sees it."""

    announcement: Announcement
    read: bool
    reactions: list[Reaction] = field(default_factory=list)
    emojis: list[Emoji] = field(default_factory=list)
    mentions: list[Account] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


def publish(
    words: str,
    *,
    at: datetime | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    all_day: bool = False,
    actor: Account | None = None,
) -> Announcement:
    """Tell everybody here something, now or at a moment to come. It ends with what it announces."""
    if not words.strip():
        raise complaints.blank("Text")
    if len(words) > LENGTH:
        raise complaints.too_long("Text", LENGTH)
    if starts_at and ends_at and ends_at < starts_at:
        raise complaints.malformed("End")
    now = clock.now()
    named = _mentioned(words)
    links = {handle: text.MentionLink(account.url, account.name) for handle, account in named.items()}
    made = Announcement(
        id=ids.new(),
        text=words,
        content=text.compose(words, mentions=links, tag_url=site.tag_page),
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=all_day,
        published_at=max(at, now) if at else now,
        updated_at=now,
    )
    session.add(made)
    journal.write_down(actor, "publish_announcement", str(made.id), made.text)
    facts.tell(AnnouncementPublished(made.id))
    return made


def _mentioned(words: str) -> dict[str, Account]:
    named = {handle: accounts.by_handle(handle) for handle in text.find_mentions(words)}
    return {handle: account for handle, account in named.items() if account and account.active}


def withdraw(identifier: int, *, actor: Account | None = None) -> None:
    found = session.get(Announcement, identifier)
    if found is None:
        raise errors.NotFound("There is no such announcement.")
    session.delete(found)
    journal.write_down(actor, "withdraw_announcement", str(identifier), found.text)
    facts.tell(AnnouncementWithdrawn(identifier))


def every() -> list[Announcement]:
    """All of them, also those to come and those that are over."""
    return list(session.scalars(sa.select(Announcement).order_by(Announcement.published_at, Announcement.id)))


# --- as somebody sees them -----------------------------------------------------------------------------------------


def current(viewer: Account) -> list[Shown]:
    """What is announced now, in the order in which it begins."""
    now = clock.now()
    wanted = sa.select(Announcement).where(
        Announcement.published_at <= now, sa.or_(Announcement.ends_at.is_(None), Announcement.ends_at >= now)
    )
    begins = sa.func.coalesce(Announcement.starts_at, Announcement.published_at)
    return _shown(list(session.scalars(wanted.order_by(begins, Announcement.id))), viewer)


def _current(identifier: int) -> Announcement:
    found = session.get(Announcement, identifier)
    if found is None or found.published_at > clock.now():
        raise errors.NotFound("There is no such announcement.")
    return found


def _shown(listed: Sequence[Announcement], viewer: Account) -> list[Shown]:
    identifiers = [each.id for each in listed]
    mine = sa.and_(AnnouncementRead.account_id == viewer.id, AnnouncementRead.announcement_id.in_(identifiers))
    read = set(session.scalars(sa.select(AnnouncementRead.announcement_id).where(mine)))
    shown = {each.id: Shown(each, each.id in read) for each in listed}
    own = {each.shortcode: each for each in emojis.listed()} if listed else {}
    chosen = sa.func.count(AnnouncementReaction.id)
    counted = (
        sa.select(
            AnnouncementReaction.announcement_id,
            AnnouncementReaction.name,
            chosen,
            sa.func.sum(sa.case((AnnouncementReaction.account_id == viewer.id, 1), else_=0)),
        )
        .where(AnnouncementReaction.announcement_id.in_(identifiers))
        .group_by(AnnouncementReaction.announcement_id, AnnouncementReaction.name)
        .order_by(sa.func.min(AnnouncementReaction.id))
    )
    for identifier, name, count, by_viewer in session.execute(counted):
        shown[identifier].reactions.append(Reaction(name, count, bool(by_viewer), own.get(name)))
    for each in shown.values():
        each.emojis = [own[name] for name in sorted(set(emojis.WRITTEN.findall(each.announcement.text)) & set(own))]
        each.tags = text.find_tags(each.announcement.text)
        each.mentions = list(_mentioned(each.announcement.text).values())
    return list(shown.values())


def dismiss(identifier: int, viewer: Account) -> None:
    """Remember that somebody has read it."""
    found = _current(identifier)
    insert_once(AnnouncementRead, {"announcement_id": found.id, "account_id": viewer.id})


def react(identifier: int, viewer: Account, name: str) -> None:
    """Put an emoji under an announcement: any of Unicode, or one of here by its shortcode."""
    found = _current(identifier)
    if not (_is_emoji(name) or session.get(Emoji, name) is not None):
        raise errors.Invalid("Name is not a recognized emoji")
    kinds = sa.select(AnnouncementReaction.name).where(AnnouncementReaction.announcement_id == found.id).distinct()
    known = set(session.scalars(kinds))
    if name not in known and len(known) >= KINDS:
        raise errors.Invalid("Limit of different reactions reached")
    row = {"id": ids.new(), "announcement_id": found.id, "account_id": viewer.id, "name": name}
    insert_once(AnnouncementReaction, row)
    facts.tell(AnnouncementAnswered(found.id, name))


def unreact(identifier: int, viewer: Account, name: str) -> None:
    mine = sa.select(AnnouncementReaction).where(
        AnnouncementReaction.announcement_id == _current(identifier).id,
        AnnouncementReaction.account_id == viewer.id,
        AnnouncementReaction.name == name,
    )
    found = session.scalar(mine)
    if found is None:
        raise errors.NotFound("There is no such reaction.")
    session.delete(found)
    facts.tell(AnnouncementAnswered(identifier, name))


def _is_emoji(name: str) -> bool:
    """Whether this is one emoji: signs, with the joiners and selectors that make one picture of several."""
    if not 1 <= len(name) <= 16:
        return False
    joining = {"\u200d", "\ufe0e", "\ufe0f", "\u20e3"}
    signs = [each for each in name if each not in joining]
    if "\u20e3" in name:  # keycaps: a digit in a frame
        return all(each in "0123456789#*" for each in signs)
    return bool(signs) and all(
        unicodedata.category(each) in ("So", "Sk") or 0x1F000 <= ord(each) <= 0x1FBFF or ord(each) in (0x203C, 0x2049)
        for each in signs
    )

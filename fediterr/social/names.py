"""Finding people and hashtags by the beginning of their names, whatever the accents."""

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.core import text, words
from fediterr.core.db import session
from fediterr.social.models import Follow, Post, PostTag, Review, TagRuling, Visibility
from fediterr.social.models.trends import Subject
from fediterr.social.visibility import visible


def people(
    viewer: Account | None, named: str, limit: int, offset: int = 0, *, followed_only: bool = False
) -> list[Account]:
    """Accounts whose name, or a word of what they are called, begins so; exact names first, then those one follows.

    Who is silenced is found by those only who follow them.
    """
    handle = named.strip().removeprefix("@").lower()
    name, at, domain = handle.partition("@")
    begun = " ".join(word.form for word in words.read(name if at else handle))
    if not begun:
        return []
    wanted = sa.select(Account).where(
        Account.sought.contains(f" {begun}", autoescape=True),
        Account.suspended_at.is_(None),
        Account.kind != Kind.APPLICATION,
        ~accounts.awaited(),
    )
    if at:
        named_so = sa.func.lower(Account.name).startswith(name, autoescape=True)
        wanted = wanted.where(named_so, Account.domain.startswith(domain, autoescape=True))
    followed = sa.exists().where(
        Follow.follower_id == (viewer.id if viewer else None), Follow.target_id == Account.id, Follow.accepted
    )
    wanted = wanted.where(sa.or_(Account.silenced_at.is_(None), followed))
    if followed_only:
        wanted = wanted.where(followed)
    exact = sa.func.lower(Account.name) == name
    order = (exact.desc(), followed.desc(), Account.local.desc(), Account.followers_count.desc(), Account.id)
    return list(session.scalars(wanted.order_by(*order).offset(offset).limit(limit)))


def tags(begun: str, limit: int, offset: int = 0, *, reviewed: bool = False) -> list[str]:
    """Hashtags of public posts that begin so, as they are filed, in the order of the alphabet.

    `reviewed`: only the very one, and those that a moderator has let trend.
    """
    folded = text.fold_tag(begun)
    if not folded or not folded.replace("_", "a").isalnum():
        return []
    listed = (
        sa.select(PostTag.tag)
        .join(Post, Post.id == PostTag.post_id)
        .where(
            PostTag.tag.startswith(folded, autoescape=True),
            PostTag.tag.not_in(sa.select(TagRuling.folded).where(~TagRuling.listable)),
            Post.visibility == Visibility.PUBLIC,
            visible(None),
        )
        .distinct()
        .order_by(PostTag.tag)
    )
    if reviewed:
        let = sa.select(Review.subject).where(Review.kind == Subject.TAG, Review.allowed)
        listed = listed.where(sa.or_(PostTag.tag == folded, PostTag.tag.in_(let)))
    return list(session.scalars(listed.offset(offset).limit(limit)))

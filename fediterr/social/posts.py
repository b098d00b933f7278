"""Publish, edit, delete, boost, pin: what one does with posts."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import clock, errors, facts, ids, paging, site, text
from fediterr.core.db import insert_once, session
from fediterr.social import communities, emojis, media, placement, polls, quotes, rulings, threads, visibility
from fediterr.social.drafts import Draft
from fediterr.social.models import (
    Medium,
    Mention,
    Notification,
    Pin,
    Post,
    PostTag,
    Revision,
    Tombstone,
    Visibility,
)

PINS = 5
PINS_ELSEWHERE = 20


@dataclass(frozen=True)
class PostPublished(facts.Fact):
    post_id: int
    fresh: bool = True


@dataclass(frozen=True)
class PostEdited(facts.Fact):
    post_id: int


@dataclass(frozen=True)
class PostDeleted(facts.Fact):
    """The row is gone: what its readers must be told stands here."""

    post_id: int
    uri: str
    author_id: int
    visibility: str
    reader_ids: list[int]  # who was mentioned, answered, or had boosted or quoted it
    local: bool = False
    tags: list[str] = field(default_factory=list)
    community_ids: list[int] = field(default_factory=list)  # where it stood


@dataclass(frozen=True)
class PostBoosted(facts.Fact):
    boost_id: int


@dataclass(frozen=True)
class BoostUndone(facts.Fact):
    account_id: int
    uri: str
    boosted_id: int
    visibility: str
    boost_id: int = 0


@dataclass(frozen=True)
class PostPinned(facts.Fact):
    account_id: int
    post_id: int


@dataclass(frozen=True)
class PostUnpinned(facts.Fact):
    account_id: int
    post_id: int


# --- finding -------------------------------------------------------------------------------------------------------


def by_id(identifier: int) -> Post | None:
    """For reactions and wires, which say themselves who may see it; people go through `visibility.seen`."""
    return session.get(Post, identifier)


def get(identifier: int) -> Post:
    post = session.get(Post, identifier)
    if post is None:
        raise errors.NotFound("There is no such post.")
    return post


def was_public(uri: str) -> bool:
    """Whether a post of here with that id was deleted, and had been open to all."""
    return bool(session.scalar(sa.select(Tombstone.was_public).where(Tombstone.uri == uri, Tombstone.was_local)))


def by_uri(uri: str) -> Post | None:
    return session.scalar(sa.select(Post).where(Post.uri == uri))


def is_buried(uri: str, actor_uri: str) -> bool:
    """Whether this actor has already deleted or undone what goes by that id."""
    return session.get(Tombstone, (uri, actor_uri)) is not None


def bury(uri: str, actor_uri: str, *, was_local: bool = False, was_public: bool = False) -> None:
    """Remember that this actor deleted or undid that id, also when we never saw it."""
    insert_once(
        Tombstone,
        {
            "uri": uri,
            "actor_uri": actor_uri,
            "was_local": was_local,
            "was_public": was_public,
            "deleted_at": clock.now(),
        },
    )


# --- publishing ----------------------------------------------------------------------------------------------------


def compose(author: Account, words: str, draft: Draft) -> Draft:
    """Complete a draft with what was typed: HTML, and the mentions and hashtags found in it.

    Handles of accounts that this server does not know stay plain text; a door that wants them looks them up before.
    """
    if text.length(draft.warning + words) > site.settings().limits_post_characters:
        raise errors.Invalid(f"A post has at most {site.settings().limits_post_characters} characters.")
    if not words.strip() and not draft.uploads and draft.poll is None and draft.quoted is None:
        raise errors.Invalid("There is nothing to publish: write something first.")
    media.require_together(draft.uploads)
    named = {handle: accounts.by_handle(handle) for handle in text.find_mentions(words)}
    known = {handle: account for handle, account in named.items() if account and account.active}
    links = {handle: text.MentionLink(account.url, account.name) for handle, account in known.items()}
    answered = draft.in_reply_to.author if draft.in_reply_to else None
    silent = (answered,) if answered and answered.id != author.id and answered not in known.values() else ()
    content = text.compose(words, mentions=links, tag_url=site.tag_page)
    if draft.quoted:
        _require_told(author, draft.quoted, draft.visibility, known.values())
        content = text.refer(draft.quoted.url or draft.quoted.uri, words) + content
        if draft.quoted.visibility == Visibility.FOLLOWERS and draft.visibility != Visibility.DIRECT:
            draft = replace(draft, visibility=Visibility.FOLLOWERS)
    return replace(
        draft,
        content=content,
        source=words,
        mentions=tuple(dict.fromkeys(known.values())),
        silent_mentions=silent if draft.visibility == Visibility.DIRECT else (),
        tags=tuple(text.find_tags(words)),
        emojis=tuple(emojis.used_in(" ".join((draft.warning, words, *(draft.poll.options if draft.poll else ()))))),
        sensitive=draft.sensitive or bool(draft.warning),
        language=draft.language or author.language or site.settings().language,
    )


def _require_told(author: Account, quoted: Post, seen_by: str, told: Collection[Account]) -> None:
    """Nobody is quoted behind their back."""
    if seen_by == Visibility.DIRECT and quoted.author_id != author.id and quoted.author not in told:
        raise errors.Invalid("Whoever is quoted in a direct post is one of those whom it names.")


def publish(author: Account, draft: Draft) -> Post:
    """Publish a draft of here or of elsewhere; a post that is known already is only given back."""
    if draft.uri and (known := by_uri(draft.uri)):
        return known
    if author.local and draft.in_reply_to and not visibility.can_see(author, draft.in_reply_to):
        raise errors.NotFound("There is no such post to answer.")
    if author.local and accounts.is_guest(author):
        _require_discreet(draft)
    draft = placement.place(author, draft)
    if draft.quoted:
        quotes.require_quotable(author, draft.quoted)
    policy = quotes.policy_for(author, draft)
    identifier = ids.new(draft.published_at)
    parent = draft.in_reply_to
    post = Post(
        id=identifier,
        uri=draft.uri or site.post_uri(identifier),
        url=draft.url or (site.post_page(author.name, identifier) if author.local else None),
        author_id=author.id,
        author=author,
        local=author.local,
        kind=draft.kind,
        in_reply_to_id=parent.id if parent else None,
        in_reply_to_uri=parent.uri if parent else draft.in_reply_to_uri,
        in_reply_to_account_id=parent.author_id if parent else None,
        thread_id=(parent.thread_id or parent.id) if parent else identifier,
        published_at=draft.published_at or _moment_of(identifier),
        edited_at=draft.edited_at,
        quote_uri=draft.quoted.uri if draft.quoted else draft.quote_uri,
        quote_policy=dict(policy) if policy is not None else None,
        context_uri=draft.context_uri or (parent.context_uri if parent else None),
        application_id=draft.application_id,
    )
    _write(post, draft)
    session.add(post)
    session.flush()
    _attach(post, draft)
    if draft.community is not None:
        communities.file(post, draft.community)
    _count(post, +1)
    if post.quote_uri:
        quotes.attach(post, draft)
    if not author.local:
        _adopt_answers(post)
    if not draft.restored:
        facts.tell(PostPublished(post.id, draft.fresh))
    return post


def _require_discreet(draft: Draft) -> None:
    """A guest speaks with people here, not for the territory: they answer, and write to those whom they name."""
    if draft.in_reply_to is None and draft.visibility != Visibility.DIRECT:
        raise errors.Forbidden("Guests of this server answer and write to people, and publish nothing of their own.")


def _moment_of(identifier: int) -> datetime:
    """Dates and ids tell the same order, except after a clock was set back."""
    return min(ids.moment_of(identifier), clock.now())


def _write(post: Post, draft: Draft) -> None:
    post.title, post.summary, post.warning = draft.title, draft.summary, draft.warning
    post.content, post.source = draft.content, draft.source
    post.sensitive, post.language, post.visibility = draft.sensitive, draft.language, draft.visibility
    post.emojis, post.tags = list(draft.emojis), list(draft.tags)
    post.link, post.details = draft.link, draft.details


def _attach(post: Post, draft: Draft) -> None:
    """Mentions, hashtags, attachments and poll of a post, in as few statements as there are kinds of them."""
    rows = [{"post_id": post.id, "account_id": account.id, "silent": False} for account in draft.mentions]
    rows += [{"post_id": post.id, "account_id": account.id, "silent": True} for account in draft.silent_mentions]
    if rows:
        insert_once(Mention, rows)
    if folded := rulings.usable({text.fold_tag(tag) for tag in draft.tags}):
        insert_once(PostTag, [{"post_id": post.id, "tag": tag} for tag in sorted(folded)])
    for position, medium in enumerate(draft.media):
        session.add(
            Medium(
                account_id=post.author_id, post_id=post.id, position=position, kind=medium.kind,
                media_type=medium.media_type, remote_url=medium.url, description=medium.description,
                blurhash=medium.blurhash, width=medium.width, height=medium.height,
                focus=list(medium.focus) if medium.focus else None, size=medium.size, digest=medium.digest,
            )
        )  # fmt: skip
    for position, upload in enumerate(draft.uploads):
        if upload.account_id != post.author_id or upload.post_id not in (None, post.id) or upload.scheduled_id:
            raise errors.NotFound("There is no such file.")
        upload.post_id, upload.position = post.id, position
        if said := draft.captions.get(upload.id):
            media.describe(upload, said.description, said.focus)
    if draft.poll:
        polls.open_for(post, draft.poll)
    if draft.media or draft.uploads or draft.poll or rows:
        session.flush()
        session.expire(post, ["mentions", "media", "poll"])


def _count(post: Post, by: int) -> None:
    values: dict[str, object] = {"posts_count": Account.posts_count + by}
    if by > 0:
        values["last_post_at"] = post.published_at
    counted = sa.update(Account).where(Account.id == post.author_id).values(**values)
    # The author in memory keeps the number of before: reading each author anew for each post is what costs here.
    session.execute(counted.execution_options(synchronize_session=False))
    if post.in_reply_to_id:
        session.execute(
            sa.update(Post).where(Post.id == post.in_reply_to_id).values(replies_count=Post.replies_count + by)
        )


def _adopt_answers(post: Post) -> None:
    """Answers that arrived before what they answer find their place now."""
    waiting = sa.select(Post.id).where(
        Post.in_reply_to_uri == post.uri,
        Post.in_reply_to_id.is_(None),
        Post.thread_id != post.thread_id,  # the head of our own thread would make it a circle
    )
    orphans = list(session.scalars(waiting))
    if not orphans:
        return
    session.execute(sa.update(Post).where(Post.thread_id.in_(orphans)).values(thread_id=post.thread_id))
    threads.join(orphans, into=post.thread_id or post.id)
    session.execute(
        sa.update(Post)
        .where(Post.id.in_(orphans))
        .values(in_reply_to_id=post.id, in_reply_to_account_id=post.author_id, thread_id=post.thread_id)
    )
    post.replies_count = len(orphans)


# --- editing and deleting ------------------------------------------------------------------------------------------


def edit(post: Post, draft: Draft) -> None:
    """Change a post; how it read before is kept. Nothing happens when nothing changed."""
    if post.local and post.visibility == Visibility.COMMUNITY and (group := communities.community_of(post)):
        placement.require_among_members(group, draft.mentions)
    if post.local and draft.title is None:
        draft = replace(draft, title=post.title)
    quotes.revise(post, draft)
    new_policy = quotes.change_policy(post, draft.quote_policy)
    if _same(post, draft):
        if new_policy:
            facts.tell(quotes.QuotePolicyChanged(post.id))
        return
    session.add(
        Revision(
            post_id=post.id,
            title=post.title,
            warning=post.warning,
            content=post.content,
            sensitive=post.sensitive,
            media=[media.as_it_is(medium) for medium in post.media],
            poll_options=list(post.poll.options) if post.poll else [],
            written_at=post.edited_at or post.published_at,
        )
    )
    _write(post, replace(draft, visibility=post.visibility))
    post.edited_at = draft.edited_at or clock.now()
    for table in (Mention, PostTag):
        session.execute(sa.delete(table).where(table.post_id == post.id))
    if post.local:
        media.release(post, draft.uploads)
    else:
        session.execute(sa.delete(Medium).where(Medium.post_id == post.id))
    poll = post.poll
    session.expire(post, ["mentions", "media"])
    _attach(post, replace(draft, poll=None))
    if draft.poll and poll:
        if post.local and not polls.is_same(poll, draft.poll):
            polls.require_sane(draft.poll)
        polls.revise(poll, draft.poll)
    elif draft.poll:
        polls.open_for(post, draft.poll)
    elif poll and post.local:
        session.delete(poll)
    session.flush()
    session.expire(post, ["mentions", "media", "poll"])
    facts.tell(PostEdited(post.id))


def _same(post: Post, draft: Draft) -> bool:
    files = [(str(m.url), m.description) for m in draft.media] or [(str(m.path), m.description) for m in draft.uploads]
    return (
        (post.title, post.warning, post.content, post.sensitive, post.language, post.link, post.details)
        == (draft.title, draft.warning, draft.content, draft.sensitive, draft.language, draft.link, draft.details)
        and [(str(m.remote_url or m.path), m.description) for m in post.media] == files
        and not any(caption.changes(m) for m in draft.uploads if (caption := draft.captions.get(m.id)))
        and polls.is_same(post.poll, draft.poll)
    )


def revisions(post: Post) -> list[Revision]:
    """How a post read before each of its edits, oldest first."""
    return list(session.scalars(sa.select(Revision).where(Revision.post_id == post.id).order_by(Revision.id)))


def delete(post: Post, *, keep_files: bool = False) -> None:
    """Delete a post, its boosts, its notifications; its address answers "gone" from now on.

    Files that are kept wait a while for another post of their owner: what was taken back is often written anew.
    """
    if keep_files:
        media.release(post, ())
        session.flush()
        session.expire(post, ["media"])
    readers = {mention.account_id for mention in post.mentions}
    readers.update(session.scalars(sa.select(Post.author_id).where(Post.boost_of_id == post.id)))
    if post.in_reply_to_account_id:
        readers.add(post.in_reply_to_account_id)
    readers.update(account.id for account in quotes.authors_quoting(post))
    bury(post.uri, post.author.uri, was_local=post.local, was_public=post.is_public)
    _count(post, -1)
    quotes.forget(post)
    others = sorted(readers - {post.author_id})
    there = communities.that_hold(post)
    fact = PostDeleted(post.id, post.uri, post.author_id, post.visibility, others, post.local, list(post.tags), there)
    session.delete(post)
    session.flush()
    facts.tell(fact)


# --- boosting ------------------------------------------------------------------------------------------------------


def boost(
    account: Account,
    post: Post,
    *,
    uri: str | None = None,
    published_at: datetime | None = None,
    visibility_: str | None = None,
) -> Post:
    """Show a post to one's own followers; twice is once."""
    if post.boost_of_id:
        raise errors.Invalid("A boost cannot be boosted: boost the post itself.")
    if visibility_ == Visibility.DIRECT:
        raise errors.Invalid("A boost is public, unlisted or for one's followers.")
    passed_on = post.visibility == Visibility.COMMUNITY and communities.place_of(account, post) is not None
    if not passed_on and not visibility.can_see(account, post):
        raise errors.NotFound("There is no such post.")
    own = passed_on or (post.author_id == account.id and post.visibility == Visibility.FOLLOWERS)
    if not (post.is_public or own):
        raise errors.Forbidden("Only public posts can be boosted.")
    found = find_boost(account, post)
    if found:
        return found
    if account.local and accounts.is_guest(account):
        raise errors.Forbidden("Guests of this server relay nothing.")
    identifier = ids.new(published_at)
    made = Post(
        id=identifier,
        uri=uri or site.activity_uri(identifier),
        author_id=account.id,
        author=account,
        local=account.local,
        boost_of_id=post.id,
        boost_of=post,
        kind="Announce",
        visibility=Visibility.FOLLOWERS if own else visibility_ or Visibility.PUBLIC,
        published_at=published_at or _moment_of(identifier),
        thread_id=identifier,
    )
    session.add(made)
    session.flush()
    session.execute(sa.update(Post).where(Post.id == post.id).values(boosts_count=Post.boosts_count + 1))
    facts.tell(PostBoosted(made.id))
    return made


def find_boost(account: Account, post: Post) -> Post | None:
    return session.scalar(sa.select(Post).where(Post.author_id == account.id, Post.boost_of_id == post.id))


def boosted_among(account: Account, identifiers: list[int]) -> set[int]:
    """Which of these posts an account boosts, for a whole page at once."""
    wanted = sa.select(Post.boost_of_id).where(Post.author_id == account.id, Post.boost_of_id.in_(identifiers))
    return {found for found in session.scalars(wanted) if found is not None}


def boosts_of(post: Post, viewer: Account | None, page: paging.Page) -> list[Post]:
    """The boosts of a post that are open to all, as far as the viewer may see them, newest first."""
    shown = (visibility.visible(viewer), Post.visibility.in_((Visibility.PUBLIC, Visibility.UNLISTED)))
    listed = sa.select(Post).where(Post.boost_of_id == post.id, *shown)
    return paging.take(listed.options(joinedload(Post.author)), Post.id, page)


def unboost(boost_: Post) -> None:
    fact = BoostUndone(boost_.author_id, boost_.uri, boost_.boost_of_id or 0, boost_.visibility, boost_.id)
    session.execute(sa.update(Post).where(Post.id == boost_.boost_of_id).values(boosts_count=Post.boosts_count - 1))
    session.execute(
        sa.delete(Notification).where(
            Notification.kind == "reblog", Notification.from_id == boost_.author_id,
            Notification.post_id == boost_.boost_of_id,
        )
    )  # fmt: skip
    session.delete(boost_)
    session.flush()
    facts.tell(fact)


# --- the head of a profile -----------------------------------------------------------------------------------------


def pin(account: Account, post: Post) -> None:
    """Put one's own post at the head of the profile."""
    if post.boost_of_id:
        raise errors.Invalid("A boost cannot be pinned.")
    if post.author_id != account.id:
        raise errors.Forbidden("Only one's own posts can be pinned.")
    if post.visibility == Visibility.DIRECT:
        raise errors.Invalid("A direct post cannot be pinned.")
    if session.get(Pin, (account.id, post.id)):
        return
    most = PINS if account.local else PINS_ELSEWHERE
    if (session.scalar(sa.select(sa.func.count()).where(Pin.account_id == account.id)) or 0) >= most:
        raise errors.Invalid(f"At most {most} posts can be pinned.")
    session.add(Pin(account_id=account.id, post_id=post.id))
    session.flush()
    facts.tell(PostPinned(account.id, post.id))


def unpin(account: Account, post: Post) -> None:
    found = session.get(Pin, (account.id, post.id))
    if found:
        session.delete(found)
        session.flush()
        facts.tell(PostUnpinned(account.id, post.id))


def pinned_among(account: Account, identifiers: Collection[int]) -> set[int]:
    """Which of these posts an account has pinned, for a whole page at once."""
    return set(
        session.scalars(sa.select(Pin.post_id).where(Pin.account_id == account.id, Pin.post_id.in_(identifiers)))
    )


def pinned(account: Account, viewer: Account | None = None) -> list[Post]:
    """The pinned posts that the viewer may see, last pinned first."""
    return list(
        session.scalars(
            sa.select(Post)
            .join(Pin, Pin.post_id == Post.id)
            .where(Pin.account_id == account.id, sa.true() if viewer is account else visibility.visible(viewer))
            .order_by(Pin.created_at.desc(), Post.id.desc())
        )
    )

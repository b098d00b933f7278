"""Talks in private: threads of direct posts between the same people, kept for each of them who lives here."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from fediterr.accounts.models import Account
from fediterr.core import errors, facts, ids, paging, site
from fediterr.core.db import insert_once, session
from fediterr.social import blocks, notifications, policies, posts, timelines
from fediterr.social.models import Conversation, ConversationPost, Notification, Post, Visibility


@dataclass(frozen=True)
class ConversationChanged(facts.Fact):
    """Something new was said in a conversation of somebody here."""

    conversation_id: int
    account_id: int


# --- what follows from facts ---------------------------------------------------------------------------------------


def keep(fact: posts.PostPublished) -> None:
    """A new direct post joins the conversation of its author, and of whom it names unless they keep it away."""
    post = posts.by_id(fact.post_id)
    if post is None or not fact.fresh or post.visibility != Visibility.DIRECT:
        return
    if post.author.local:
        _add(post.author_id, post)
    for mention in post.mentions[: site.settings().limits_mentions_notified]:
        person = mention.account
        here = person.local and person.active and person.id != post.author_id
        if here and notifications.verdict(person, "mention", post.author, post) == policies.ACCEPT:
            _add(person.id, post)


def catch_up(fact: policies.NotificationsMerged) -> None:
    """Private words that were kept back and are heard now join their conversations."""
    told = sa.select(Post).join(Notification, Notification.post_id == Post.id)
    heard = told.where(
        Notification.account_id == fact.account_id,
        Notification.from_id.in_(fact.from_ids),
        Notification.kind == "mention",
        Post.visibility == Visibility.DIRECT,
    )
    for post in session.scalars(heard.order_by(Post.id)):
        _add(fact.account_id, post)


def forget_post(fact: posts.PostDeleted) -> None:
    """A deleted post leaves its conversations; one that was only that is over."""
    if fact.visibility != Visibility.DIRECT:
        return
    for conversation in session.scalars(sa.select(Conversation).where(Conversation.last_post_id == fact.post_id)):
        rest = sa.select(sa.func.max(ConversationPost.post_id))
        last = session.scalar(rest.where(ConversationPost.conversation_id == conversation.id))
        if last is None:
            session.delete(conversation)
        else:
            conversation.last_post_id = last
    session.flush()


def forget_blocked(fact: blocks.AccountBlocked) -> None:
    """Who blocks somebody no longer sees the conversations with them."""
    others = sa.literal(",") + Conversation.participants + ","
    with_them = sa.delete(Conversation).where(
        Conversation.account_id == fact.account_id, others.contains(f",{fact.target_id},")
    )
    session.execute(with_them.execution_options(synchronize_session=False))


def _add(account_id: int, post: Post) -> Conversation:
    people = {post.author_id, *(mention.account_id for mention in post.mentions)} - {account_id}
    key = {
        "account_id": account_id,
        "thread_id": post.thread_id or post.id,
        "participants": ",".join(str(identifier) for identifier in sorted(people)),
    }
    unread = post.author_id != account_id
    insert_once(Conversation, {"id": ids.new(), **key, "last_post_id": post.id, "unread": unread})
    found = session.scalars(sa.select(Conversation).filter_by(**key)).one()
    if insert_once(ConversationPost, {"conversation_id": found.id, "post_id": post.id}):
        found.last_post_id = max(found.last_post_id, post.id)
        found.unread = unread
        session.flush()
        facts.tell(ConversationChanged(found.id, account_id))
    return found


# --- what people do ------------------------------------------------------------------------------------------------


def listed(account: Account, page: paging.Page) -> list[Conversation]:
    """The conversations of an account, the last spoken in first; a page is bounded by ids of last posts."""
    mine = sa.select(Conversation).where(Conversation.account_id == account.id)
    return paging.take(mine, Conversation.last_post_id, page)


def get(account: Account, identifier: int) -> Conversation:
    """One conversation of an account; NotFound when it has none with that id."""
    found = session.get(Conversation, identifier)
    if found is None or found.account_id != account.id:
        raise errors.NotFound("There is no such conversation.")
    return found


def of_post(post: Post) -> Conversation:
    """The conversation of a direct post, for its author: where they find at once what they just said."""
    return _add(post.author_id, post)


def said(conversation: Conversation, page: paging.Page) -> list[Post]:
    """What was said in a conversation, as far as its owner may still see it, oldest first."""
    within = sa.select(ConversationPost.post_id).where(ConversationPost.conversation_id == conversation.id)
    identifiers = paging.take(within, ConversationPost.post_id, page)
    return timelines.whole(identifiers[::-1], session.get_one(Account, conversation.account_id))


def others(found: Sequence[Conversation]) -> dict[int, list[int]]:
    """With whom one talks, by the id of the conversation: ids of accounts, in order."""
    return {each.id: [int(person) for person in each.participants.split(",") if person] for each in found}


def mark(conversation: Conversation, *, unread: bool) -> None:
    conversation.unread = unread
    session.flush()


def remove(conversation: Conversation) -> None:
    """Put a conversation out of sight; its posts stay, and the next one begins it anew."""
    session.delete(conversation)
    session.flush()

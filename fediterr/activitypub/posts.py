"""Create, Update and Delete of posts; who hears of them, and who may fetch them."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import known, objects, outbox, proofs, vocabulary, votes
from fediterr.core import clock, errors, site
from fediterr.core.db import session
from fediterr.social import blocks, communities, former, polls, posts, quotes, visibility
from fediterr.social.models import CommunityMember, CommunityPost, Post, Standing, Visibility

BOOSTERS_TOLD = 20  # whose followers hear of the end of what they were shown


# --- from the wire -------------------------------------------------------------------------------------------------


def receive_create(activity: vocabulary.Activity, sender: Account) -> None:
    """A new post by its author; anything else is fetched where it comes from, never believed."""
    obj = _embedded(activity, sender)
    if obj is None:
        if activity.object and activity.object.id and _is_for_us([*activity.to, *activity.cc], sender):
            known.post(activity.object.id)
        return
    if obj.attributed_to != sender.uri:
        raise errors.Refused("Only its author may publish a post.")
    if obj.is_vote:
        votes.receive_vote(obj, sender)
    elif not posts.is_buried(obj.id, sender.uri) and _concerns_us(obj, activity, sender):
        post = posts.publish(sender, objects.as_draft(obj, sender))
        forward(activity, post)


def _embedded(activity: vocabulary.Activity, sender: Account) -> vocabulary.Object | None:
    """The object when it came with the activity, from its own server; None when it must be asked for there."""
    if activity.object is None:
        raise errors.Invalid(f"This {activity.type} does not say of what.")
    document = activity.object.document
    if document is None or "type" not in document or not vocabulary.same_origin(activity.object.id, sender.uri):
        return None
    return vocabulary.read_object(document, activity)


def _concerns_us(obj: vocabulary.Object, activity: vocabulary.Activity, sender: Account) -> bool:
    """Whether anybody here follows its author, is addressed by it, or follows whom it answers; else it is not kept."""
    answered = former.find(obj.in_reply_to) if obj.in_reply_to else None
    if answered is not None and (answered.local or known.is_followed(answered.author_id)):
        return True
    if answered is not None and (group := communities.community_of(answered)) and known.is_carried(group):
        return True
    addressed = [*obj.to, *obj.cc, *obj.audience, *activity.to, *activity.cc, *(each.href for each in obj.mentions)]
    return _is_for_us(addressed, sender)


def _is_for_us(addressed: list[str], sender: Account) -> bool:
    """Whether somebody here follows the sender, or is addressed and has not sent the sender away."""
    if known.is_followed(sender.id):
        return True
    here = [account for account in known.among([uri for uri in addressed if site.is_here(uri)]) if account.active]
    return any(blocks.find(account, sender) is None for account in here)


def receive_update(activity: vocabulary.Activity, sender: Account) -> None:
    """Only its author changes a post; a change that comes before the post itself is the post as it is now."""
    obj = _embedded(activity, sender)
    post = posts.by_uri((activity.object.id if activity.object else None) or "")
    if post is not None and post.author_id != sender.id:
        raise errors.Refused("Only its author may change a post.")
    if obj is not None and obj.attributed_to is None:
        obj = None  # a part of it: the whole is read at its own place
    if post is None:
        if obj is not None:
            receive_create(activity, sender)
    elif obj is None:
        known.ask_for("post", post.uri)
    else:
        revise(obj, post, said_at=activity.published)
        forward(activity, post, to_boosters=True)


def revise(obj: vocabulary.Object, post: Post, *, said_at: datetime | None = None) -> None:
    """Take over what the author's server says of a known post now; an older word never undoes a newer one.

    `said_at` is when it was said, for software that does not date its edits.
    """
    if obj.attributed_to != post.author.uri or obj.id != post.uri:
        raise errors.Refused("Only its author may change a post.")
    draft = objects.as_draft(obj, post.author)
    if draft.edited_at is None and said_at is not None and said_at > (draft.published_at or said_at):
        draft = replace(draft, edited_at=min(said_at, clock.now()))
    if draft.edited_at and post.edited_at and draft.edited_at < post.edited_at:
        return
    if post.poll and draft.poll:
        polls.revise(post.poll, draft.poll)
        if draft.edited_at is None and post.edited_at is not None:
            return  # new counts, told in the words of before the edit
    posts.edit(post, draft)


def receive_delete(activity: vocabulary.Activity, sender: Account) -> None:
    """Only its author deletes a post; one that we never saw must not come later."""
    uri = activity.object.id if activity.object else None
    if not uri or not vocabulary.same_origin(uri, sender.uri):
        raise errors.Refused("Only its author may delete a post.")
    post = posts.by_uri(uri)
    if post is None:
        posts.bury(uri, sender.uri)
    elif post.author_id != sender.id:
        raise errors.Refused("Only its author may delete a post.")
    elif post.boost_of_id:
        posts.unboost(post)
    else:
        forward(activity, post, to_boosters=True)
        posts.delete(post)


def forward(activity: vocabulary.Activity, post: Post, *, to_boosters: bool = False) -> None:
    """Pass what was said of a post on to the followers of whom it answers (ActivityPub 7.1.2), or of who boosted it.

    Only what carries its author's proof (FEP-8b32): nobody has to take our word for it.
    """
    if not post.is_public or proofs.verification_method(activity.document) is None:
        return
    answered = post.in_reply_to
    known_by = [answered.author] if answered is not None and answered.local and answered.is_public else []
    if to_boosters:
        boosts = sa.select(Post.author_id).where(Post.boost_of_id == post.id, Post.local)
        known_by += session.scalars(sa.select(Account).where(Account.id.in_(boosts)).limit(BOOSTERS_TOLD))
    for account in known_by:
        outbox.send(activity.document, account, followers=True, as_it_is=True, without=urlsplit(post.author.uri).netloc)


# --- sending -------------------------------------------------------------------------------------------------------


def send_create(fact: posts.PostPublished) -> None:
    post = posts.by_id(fact.post_id)
    if post is None or not post.local or not post.author.active:
        return
    outbox.send(
        objects.as_create(post),
        post.author,
        to=objects.readers(post),
        followers=objects.to_followers(post.visibility),
        digest=post.visibility == Visibility.FOLLOWERS,
    )


def send_update(fact: posts.PostEdited | polls.PollClosed | quotes.QuotePolicyChanged) -> None:
    post = posts.by_id(fact.post_id)
    if post is not None and post.local:
        tell_change(post)


def tell_change(post: Post) -> None:
    """Tell the readers of a post how it is now."""
    to, cc = objects.audience(post)
    uri, changed = f"{post.uri}#updates/{stamp()}", objects.as_object(post)
    document = outbox.wrap("Update", post.author, changed, uri=uri, to=to, cc=cc) | objects.for_community(changed)
    others = [*objects.readers(post), *votes.voters(post), *quotes.authors_quoting(post)]
    outbox.send(document, post.author, to=others, followers=objects.to_followers(post.visibility))


def stamp() -> int:
    """Tells one moment from another in the id of an activity."""
    return int(clock.now().timestamp() * 1000)


def send_delete(fact: posts.PostDeleted) -> None:
    author = accounts.get(fact.author_id)
    if not author.local:
        return
    told = list(session.scalars(sa.select(Account).where(Account.id.in_([*fact.reader_ids, *fact.community_ids]))))
    outbox.send(as_delete(fact, told), author, to=told, followers=objects.to_followers(fact.visibility))


def as_delete(fact: posts.PostDeleted, told: list[Account]) -> outbox.Document:
    """A post of here is gone."""
    author = accounts.get(fact.author_id)
    to = [vocabulary.PUBLIC] if fact.visibility in (Visibility.PUBLIC, Visibility.UNLISTED) else []
    there = [each.uri for each in told if each.id in fact.community_ids]
    cc = [author.followers_uri or "", *there]
    if not objects.to_followers(fact.visibility):
        cc = [each.uri for each in told]
    tombstone = {"id": fact.uri, "type": "Tombstone"}
    document = outbox.wrap("Delete", author, tombstone, uri=f"{fact.uri}#delete", to=to, cc=cc)
    return document | ({"audience": there[0]} if there else {})


def fill_thread(fact: posts.PostPublished) -> None:
    """When a new post answers one that we do not know, the thread is asked for."""
    post = posts.by_id(fact.post_id)
    if post and fact.fresh and not post.local and post.in_reply_to_uri and post.in_reply_to_id is None:
        known.ask_for("thread", post.uri)


def may_fetch(viewer: Account | None, identifier: int) -> Post:
    """A local post that this signer may see; NotFound whether hidden or not there, Gone when it was deleted.

    Servers fetch in their own name: one where a member of a private community lives may read what is written there.
    """
    post = session.scalar(
        sa.select(Post).where(Post.id == identifier, Post.local, visibility.visible(viewer), Post.boost_of_id.is_(None))
    )
    if post is None and viewer is not None:
        post = _for_members(viewer, identifier)
    if post is None:
        if posts.was_public(site.post_uri(identifier)):
            raise errors.Gone("This post was deleted.")
        raise errors.NotFound("There is no such post.")
    return post


def _for_members(viewer: Account, identifier: int) -> Post | None:
    there = sa.select(CommunityPost.community_id).where(
        CommunityPost.post_id == identifier, CommunityPost.removed_at.is_(None)
    )
    inside = sa.select(CommunityMember.account_id).where(CommunityMember.standing == Standing.IN)
    inside = inside.where(CommunityMember.community_id.in_(there))
    parts = urlsplit(viewer.uri)
    origin = f"{parts.scheme}://{parts.netloc}/"
    carried = sa.select(Account.id).where(Account.id.in_(sa.union_all(inside, there)), ~Account.local)
    carried = carried.where(Account.uri.startswith(origin, autoescape=True))
    wanted = sa.select(Post).where(Post.id == identifier, Post.local, Post.visibility == Visibility.COMMUNITY)
    author = sa.exists().where(Account.id == Post.author_id, Account.suspended_at.is_(None))
    return session.scalar(wanted.where(author, carried.exists())) if viewer.active else None

"""Like, emoji reaction, Announce, and their Undo."""

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import known, outbox, vocabulary
from fediterr.core import clock, errors, ids
from fediterr.social import likes, posts
from fediterr.social.models import Post, Visibility

# --- from the wire -------------------------------------------------------------------------------------------------


def receive_like(activity: vocabulary.Activity, sender: Account) -> None:
    """A like of a post that we know; of others we would not show it."""
    if posts.is_buried(activity.id, sender.uri):
        return
    post = posts.by_uri(_object_id(activity))
    if post is not None:
        emoji = activity.emoji.shortcode if activity.emoji else activity.content
        likes.like(sender, post, uri=activity.id, emoji=(emoji or "")[:100] or None)


def receive_announce(activity: vocabulary.Activity, sender: Account) -> None:
    """A boost; the post itself is always taken from its own server. A Group's Announce may wrap an activity."""
    if posts.is_buried(activity.id, sender.uri) or activity.object is None:
        return
    uri = _object_id(activity)
    if activity.object.type in vocabulary.ACTIVITY_TYPES and activity.object.document is not None:
        # Lemmy's communities announce whole activities (FEP-1b12); we show what was created.
        inner = vocabulary.read_activity(activity.object.document)
        if inner.type not in ("Create", "Announce") or inner.object is None or not inner.object.id:
            return
        uri = inner.object.id
    post = known.post(uri)
    seen_by = vocabulary.visibility(activity.to, activity.cc, sender.followers_uri)
    published = min(activity.published or clock.now(), clock.now())
    if post.author_id != sender.id and not post.is_public:
        raise errors.Refused("Only public posts can be boosted.")
    posts.boost(sender, post, uri=activity.id, published_at=published, visibility_=seen_by)


def receive_undo_like(activity: vocabulary.Activity, sender: Account) -> None:
    """By the like's own address, or by the post that it names."""
    _require_own(activity, sender)
    uri = _object_id(activity)
    posts.bury(uri, sender.uri)
    found = likes.by_uri(uri)
    if found is None and activity.object and activity.object.document:
        liked = posts.by_uri(vocabulary.one_id(activity.object.document.get("object")) or "")
        found = likes.find(sender, liked) if liked else None
    if found is not None and found.account_id == sender.id:
        likes.unlike(sender, posts.get(found.post_id))


def receive_undo_announce(activity: vocabulary.Activity, sender: Account) -> None:
    _require_own(activity, sender)
    uri = _object_id(activity)
    posts.bury(uri, sender.uri)
    found = posts.by_uri(uri)
    if found is None and activity.object and activity.object.document:
        boosted = posts.by_uri(vocabulary.one_id(activity.object.document.get("object")) or "")
        found = posts.find_boost(sender, boosted) if boosted else None
    if found is not None and found.author_id == sender.id and found.boost_of_id:
        posts.unboost(found)


def _require_own(activity: vocabulary.Activity, sender: Account) -> None:
    """One undoes only what one did: an embedded activity must name the same actor, a bare id the same server."""
    inner = activity.object
    if inner is None or not inner.id or not vocabulary.same_origin(inner.id, sender.uri):
        raise errors.Refused("One undoes only what one did.")
    said = vocabulary.one_id(inner.document.get("actor")) if inner.document else None
    if said is not None and said != sender.uri:
        raise errors.Refused("One undoes only what one did.")


def _object_id(activity: vocabulary.Activity) -> str:
    if activity.object is None or not activity.object.id:
        raise errors.Invalid(f"This {activity.type} names no object.")
    return activity.object.id


# --- sending -------------------------------------------------------------------------------------------------------


def send_like(fact: likes.PostLiked) -> None:
    account, post = accounts.get(fact.account_id), posts.by_id(fact.post_id)
    if account.local and post is not None and not post.local:
        document = outbox.wrap("Like", account, post.uri, uri=fact.uri, to=[post.author.uri])
        outbox.send(document, account, to=[post.author])


def send_undo_like(fact: likes.LikeUndone) -> None:
    account, post = accounts.get(fact.account_id), posts.by_id(fact.post_id)
    if account.local and post is not None and not post.local:
        like = outbox.wrap("Like", account, post.uri, uri=fact.uri)
        del like["@context"]
        document = outbox.wrap("Undo", account, like, uri=f"{fact.uri}#undo", to=[post.author.uri])
        outbox.send(document, account, to=[post.author])


def as_announce(boost: Post) -> outbox.Document:
    followers = boost.author.followers_uri or ""
    boosted = boost.boost_of
    assert boosted is not None
    to, cc = [vocabulary.PUBLIC], [followers, boosted.author.uri]
    if boost.visibility == Visibility.FOLLOWERS:
        to, cc = [followers], [boosted.author.uri]
    published = vocabulary.datetime_out(boost.published_at)
    return outbox.wrap("Announce", boost.author, boosted.uri, uri=boost.uri, to=to, cc=cc, published=published)


def send_announce(fact: posts.PostBoosted) -> None:
    boost = posts.by_id(fact.boost_id)
    if boost is not None and boost.local and boost.boost_of is not None:
        outbox.send(as_announce(boost), boost.author, to=[boost.boost_of.author], followers=True)


def send_undo_announce(fact: posts.BoostUndone) -> None:
    account, boosted = accounts.get(fact.account_id), posts.by_id(fact.boosted_id)
    if not account.local or boosted is None:
        return
    announce = outbox.wrap("Announce", account, boosted.uri, uri=fact.uri)
    del announce["@context"]
    followers = account.followers_uri or ""
    document = outbox.wrap(
        "Undo", account, announce, uri=f"{fact.uri}#undo/{ids.new()}", to=[vocabulary.PUBLIC], cc=[followers]
    )
    outbox.send(document, account, to=[boosted.author], followers=True)

"""Like, emoji reaction, Announce, and their Undo."""

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import known, outbox, vocabulary
from fediterr.core import clock, errors, ids
from fediterr.social import former, likes, posts
from fediterr.social.models import Post, Visibility

# --- from the wire -------------------------------------------------------------------------------------------------


def receive_like(activity: vocabulary.Activity, sender: Account) -> None:
    """A like of a post that we know; of others we would not show it."""
    if posts.is_buried(activity.id, sender.uri):
        return
    post = former.find(_object_id(activity).removesuffix("/activity"))
    if post is not None:
        emoji = activity.emoji.shortcode if activity.emoji else activity.content
        likes.like(sender, post, uri=activity.id, emoji=(emoji or "")[:100] or None)


def receive_announce(activity: vocabulary.Activity, sender: Account) -> None:
    """A boost; the post itself is always taken from its own server."""
    if posts.is_buried(activity.id, sender.uri) or activity.object is None:
        return
    uri = _object_id(activity)
    if activity.object.document is not None and activity.object.type in vocabulary.ACTIVITY_TYPES:
        announced = _announced(activity.object.document)
        if announced is None:
            return
        uri = announced
    if former.find(uri.removesuffix("/activity")) is None and not known.is_followed(sender.id):
        return  # nobody here would read it
    post = known.post(uri)
    seen_by = vocabulary.visibility(activity.to, activity.cc, sender.followers_uri)
    if not activity.to and not activity.cc:
        seen_by = "public"  # a boost that is addressed to nobody is meant for all
    published = min(activity.published or clock.now(), clock.now())
    posts.boost(sender, post, uri=activity.id, published_at=published, visibility_=seen_by)


def _announced(document: vocabulary.Document) -> str | None:
    """The post that is boosted by announcing an activity whole, as communities do (FEP-1b12, Lemmy, WordPress).

    The activity is somebody else's: of an Update or a Delete we only learn that it is time to look at the post again.
    """
    inner = vocabulary.read_activity(document)
    uri = inner.object.id if inner.object else None
    if uri is None:
        return None
    if inner.type in ("Update", "Delete") and (post := posts.by_uri(uri)) is not None and not post.local:
        known.ask_for("post", post.uri)
    return uri if inner.type in ("Create", "Announce") else None


def receive_undo_like(activity: vocabulary.Activity, sender: Account) -> None:
    """A like is taken back: by its own address, or by the post that it names.

    Lemmy makes up a new id for what it undoes.
    """
    uri, about = _undone(activity, sender)
    found = likes.by_uri(uri) if uri else None
    if found is None and (liked := former.find(about or "")):
        found = likes.find(sender, liked)
    if found is not None:
        likes.unlike(sender, posts.get(found.post_id))  # the sender's own like, or none


def receive_undo_announce(activity: vocabulary.Activity, sender: Account) -> None:
    """A boost is taken back: by its own address, or by the post that it names."""
    uri, about = _undone(activity, sender)
    found = posts.by_uri(uri) if uri else None
    if found is None and (boosted := former.find(about or "")):
        found = posts.find_boost(sender, boosted)
    if found is not None and found.author_id == sender.id and found.boost_of_id:
        posts.unboost(found)


def receive_undo(activity: vocabulary.Activity, sender: Account) -> None:
    """Of something that we do not know: it must not come later."""
    _undone(activity, sender)


def _undone(activity: vocabulary.Activity, sender: Account) -> tuple[str | None, str | None]:
    """The id of what is undone, remembered as such, and what that was about.

    One undoes only what one did: an embedded activity must name the same actor, a bare id the same server.
    """
    inner = activity.object
    if inner is None or not (inner.id or inner.document):
        raise errors.Invalid("An Undo says what it undoes.")
    said = vocabulary.one_id(inner.document.get("actor")) if inner.document else None
    own_id = inner.id is None or vocabulary.same_origin(inner.id, sender.uri)
    if not own_id or said not in (None, sender.uri) or (inner.id is None and said is None):
        raise errors.Refused("One undoes only what one did.")
    if inner.id:
        posts.bury(inner.id, sender.uri)
    return inner.id, vocabulary.one_id(inner.document.get("object")) if inner.document else None


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
    if boost is None or boost.boost_of is None or boost.boost_of.visibility == Visibility.COMMUNITY:
        return  # in a private community only the whole activity travels
    if boost.local:
        outbox.send(as_announce(boost), boost.author, to=[boost.boost_of.author], followers=True)


def send_undo_announce(fact: posts.BoostUndone) -> None:
    account, boosted = accounts.get(fact.account_id), posts.by_id(fact.boosted_id)
    if not account.local or boosted is None or boosted.visibility == Visibility.COMMUNITY:
        return
    announce = outbox.wrap("Announce", account, boosted.uri, uri=fact.uri)
    followers = account.followers_uri or ""
    document = outbox.wrap(
        "Undo", account, announce, uri=f"{fact.uri}#undo/{ids.new()}", to=[vocabulary.PUBLIC], cc=[followers]
    )
    outbox.send(document, account, to=[boosted.author], followers=True)

"""What communities of elsewhere announce (FEP-1b12): posts, whole activities of others, and what their moderators do.

An activity of somebody else is believed by that one's proof (FEP-8b32); of what carries none we only learn that it is
time to look where it was made. Of its own moderators, pins and locks a community speaks for itself, and of no other.
"""

from collections.abc import Callable
from typing import NamedTuple

from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import groups, interactions, known, objects, posts, proofs, vocabulary
from fediterr.core import clock, errors, keys, site
from fediterr.moderation import service as rules
from fediterr.social import communities, membership
from fediterr.social import posts as said
from fediterr.social.models import Post, Visibility


class Passed(NamedTuple):
    """An activity inside of the Announce of a community."""

    inside: vocabulary.Activity
    group: Account
    outer: vocabulary.Activity


def receive_announce(activity: vocabulary.Activity, sender: Account) -> None:
    """A boost; of a community, also what others did in it."""
    inner = activity.object
    whole = inner is not None and inner.document is not None and inner.type in vocabulary.ACTIVITY_TYPES
    if sender.kind != Kind.GROUP or inner is None:
        interactions.receive_announce(activity, sender)
    elif not known.is_followed(sender.id):
        return  # nobody here is in it
    elif not whole:
        interactions.receive_announce(activity, sender)
        _file(said.by_uri((inner.id or "").removesuffix("/activity")), sender)
    else:
        inside = vocabulary.read_activity(inner.document)
        if (handler := MEANT.get(inside.type)) is not None:  # nothing follows from a Dislike
            handler(Passed(inside, sender, activity))


def _file(post: Post | None, group: Account) -> None:
    """A post stands in a community that announces it, if it is open to all."""
    if post is not None and post.boost_of_id is None and post.is_public:
        communities.file(post, group)


# --- who says so ---------------------------------------------------------------------------------------------------


def proven(inside: vocabulary.Activity) -> Account | None:
    """Whose word an activity is by its proof; None when it has none that holds, or its author is not welcome."""
    method = proofs.verification_method(inside.document)
    own = vocabulary.same_origin(method, inside.actor) and vocabulary.same_origin(inside.id, inside.actor)
    if method is None or not own or site.is_here(inside.actor):
        return None
    if not rules.is_welcome(inside.actor.partition("://")[2].partition("/")[0]):
        return None
    actor = known.account(inside.actor)
    listed = {key["id"]: key["multibase"] for key in actor.assertion_keys}
    if method not in listed:
        raise known.Missing(actor.uri, "account", actor.fetched_at)  # it may have a new key
    try:
        proofs.verify(inside.document, keys.from_multibase(listed[method]))
    except (errors.Unauthorized, errors.Invalid):
        return None
    return actor if actor.active else None


# --- posts ---------------------------------------------------------------------------------------------------------


def _create(passed: Passed) -> None:
    """A post of somebody in the community: by its author's proof, or as its own server gives it."""
    uri = passed.inside.object.id if passed.inside.object else None
    if uri is None:
        return
    post = said.by_uri(uri)
    if post is None and (author := proven(passed.inside)) is not None:
        post = _publish(passed.inside, author, passed.group)
    elif post is None:
        post = known.post(uri)  # what is not open to all is not to be had so
    if post is None:
        return
    if post.visibility == Visibility.COMMUNITY:
        if communities.place_of(passed.group, post) is None:
            return
    else:
        _file(post, passed.group)
    if post.in_reply_to_uri is None:
        _boost(post, passed.group, passed.outer)
    groups.carry_on(post, passed.group, passed.inside.document)


def _publish(inside: vocabulary.Activity, author: Account, group: Account) -> Post | None:
    document = inside.object.document if inside.object else None
    if document is None or "type" not in document:
        return known.post(inside.object.id if inside.object else None)
    obj = vocabulary.read_object(document, inside)
    if obj.attributed_to != author.uri or not vocabulary.same_origin(obj.id, author.uri):
        raise errors.Refused("Only its author may publish a post.")
    if obj.is_vote or said.is_buried(obj.id, author.uri):
        return None
    return said.publish(author, objects.as_draft(obj, author, group=group))


def _boost(post: Post, group: Account, outer: vocabulary.Activity) -> None:
    seen_by = Visibility.FOLLOWERS if post.visibility == Visibility.COMMUNITY else Visibility.PUBLIC
    published = min(outer.published or clock.now(), clock.now())
    if not said.is_buried(outer.id, group.uri):
        said.boost(group, post, uri=outer.id, published_at=published, visibility_=seen_by)


def _update(passed: Passed) -> None:
    """A change of a post, or of the community itself, which is looked at in its own place."""
    uri = (passed.inside.object.id if passed.inside.object else None) or ""
    post = said.by_uri(uri)
    if uri == passed.group.uri:
        known.ask_for("account", passed.group.uri)
    if post is None or post.local:
        return
    if (author := proven(passed.inside)) is not None and author.id == post.author_id:
        posts.receive_update(passed.inside, author)
    else:
        known.ask_for("post", post.uri)


def _delete(passed: Passed) -> None:
    """A post is gone: by its author's word, or as its own server says. Of another, it is removed from the community."""
    post = said.by_uri((passed.inside.object.id if passed.inside.object else None) or "")
    if post is None:
        return
    if passed.inside.actor != post.author.uri:
        _remove(post, passed.group, now=True)
    elif (author := proven(passed.inside)) is not None:
        posts.receive_delete(passed.inside, author)
    elif not post.local:
        known.ask_for("post", post.uri)


def _remove(post: Post, group: Account, *, now: bool) -> None:
    communities.note_place(group, post, "removed", now=now)
    boost = said.find_boost(group, post)
    if now and boost is not None:
        said.unboost(boost)


def _like(passed: Passed) -> None:
    if (account := proven(passed.inside)) is not None:
        interactions.receive_like(passed.inside, account)


def _undo(passed: Passed) -> None:
    """A like is taken back by its own proof; what moderators did, by the community."""
    inner = passed.inside.object
    about = vocabulary.one_id(inner.document.get("object")) if inner is not None and inner.document else None
    post = said.by_uri(about or "")
    if inner is None or post is None:
        return
    if inner.type == "Lock":
        communities.note_place(passed.group, post, "locked", now=False)
    elif inner.type == "Delete":
        _remove(post, passed.group, now=False)
    elif inner.type in groups.REACTIONS and (account := proven(passed.inside)) is not None:
        interactions.receive_undo_like(passed.inside, account)


# --- what moderators do --------------------------------------------------------------------------------------------


def _lock(passed: Passed) -> None:
    post = said.by_uri((passed.inside.object.id if passed.inside.object else None) or "")
    if post is not None:
        communities.note_place(passed.group, post, "locked", now=True)


def _add(passed: Passed) -> None:
    _set_collection(passed.inside, passed.group, now=True)


def _take_out(passed: Passed) -> None:
    _set_collection(passed.inside, passed.group, now=False)


def _set_collection(inside: vocabulary.Activity, group: Account, *, now: bool) -> None:
    """A moderator, or a pinned post, of that very community; who moderates is read where it is listed."""
    target = inside.target.id if inside.target else None
    community = membership.of(group)
    if target is None:
        return
    if target == group.featured_uri:
        post = said.by_uri((inside.object.id if inside.object else None) or "")
        if post is not None:
            communities.note_place(group, post, "pinned", now=now)
    elif community is not None and target == community.moderators_uri:
        known.ask_for("moderators", group.uri)


MEANT: dict[str, Callable[[Passed], None]] = {
    "Create": _create,
    "Announce": _create,
    "Update": _update,
    "Delete": _delete,
    "Like": _like,
    "EmojiReact": _like,
    "Undo": _undo,
    "Lock": _lock,
    "Add": _add,
    "Remove": _take_out,
}

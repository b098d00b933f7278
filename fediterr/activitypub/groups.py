"""What communities of here pass on to their members (FEP-1b12), whoever did it, here or elsewhere.

They announce twice what begins a thread, as Lemmy does: the post, which everybody understands as a boost, and the whole
activity. Of answers, changes, likes and what moderators do, the activity alone. In a private community only the
activity travels, to members alone, with its author's proof (FEP-8b32): their servers need not ask for anything.
"""

from collections.abc import Iterable

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import known, objects, outbox, proofs, vocabulary
from fediterr.activitypub import posts as sent_posts
from fediterr.core import errors, ids, site
from fediterr.social import communities, follows, likes, membership, posts
from fediterr.social.models import Post, Standing, Visibility

PASSED_ON = frozenset({"Update", "Delete", "Like", "EmojiReact", "Undo"})
REACTIONS = frozenset({"Like", "EmojiReact"})


def announce(group: Account, activity: outbox.Document, *, private: bool, without: str = "") -> None:
    """Pass an activity on to all members of a community of here, and to the communities that carry it, too."""
    if private and proofs.verification_method(activity) is None:
        return  # nobody could believe it, and nobody may ask for it
    followers = group.followers_uri or ""
    to, cc = ([followers], []) if private else ([vocabulary.PUBLIC], [followers])
    document = outbox.wrap("Announce", group, activity, uri=site.activity_uri(ids.new()), to=to, cc=cc)
    outbox.send(document, group, followers=True, without=without)


# --- what others say -----------------------------------------------------------------------------------------------


def concerned(activity: vocabulary.Activity) -> list[Account]:
    """The communities of here that an activity concerns; to be asked before it is handled: a Delete leaves nothing."""
    post = _about(activity)
    found = accounts.many(set(communities.that_hold(post))).values() if post is not None else ()
    named = [uri for uri in (*activity.audience, *activity.cc, *activity.to) if site.is_here(uri)]
    if activity.target and activity.target.id:
        named += [uri for uri in (activity.target.id, activity.target.id.rpartition("/")[0]) if site.is_here(uri)]
    groups = {each.id: each for each in (*found, *known.among(named))}
    return [each for each in groups.values() if each.local and each.kind == Kind.GROUP and each.active]


def _about(activity: vocabulary.Activity) -> Post | None:
    """The post that an activity is about, at once or as what is undone."""
    inner = activity.object
    if inner is None:
        return None
    about = vocabulary.one_id(inner.document.get("object")) if activity.type == "Undo" and inner.document else inner.id
    return posts.by_uri(about) if about else None


def pass_on(activity: vocabulary.Activity, sender: Account, before: Iterable[Account]) -> None:
    """What somebody of elsewhere said is passed on by the communities of here that it concerns.

    `before`: those that it concerned before it was handled.
    """
    if activity.type == "Create":
        post = _about(activity)
        if post is not None and post.author_id == sender.id:
            relay(post, activity.document)
    elif activity.type in PASSED_ON:
        for group in before:
            if membership.standing(sender, group) != Standing.BANNED and _is_theirs(activity, sender, group):
                announce(group, activity.document, private=communities.is_private(group))


def _is_theirs(activity: vocabulary.Activity, sender: Account, group: Account) -> bool:
    """Whether it is the sender's own word of a post that stands there; of moderators, who hears it passes it on."""
    uri = activity.object.id if activity.object else None
    if activity.type == "Delete":
        return posts.is_buried(uri or "", sender.uri)
    post = _about(activity)
    if post is None or communities.place_of(group, post) is None:
        return False
    if activity.type == "Undo":
        return activity.object is not None and activity.object.type in REACTIONS
    return activity.type in REACTIONS or post.author_id == sender.id


def relay(post: Post, activity: outbox.Document) -> None:
    """A new post that stands in communities of here is boosted when it begins a thread, and its Create passed on."""
    for group in _of_here(communities.that_hold(post)):
        begins = post.in_reply_to_uri is None
        if communities.is_new_there(group, post) and (not begins or _boost(group, post)):
            announce(group, activity, private=post.visibility == Visibility.COMMUNITY)


def _boost(group: Account, post: Post) -> bool:
    try:
        posts.boost(group, post)
    except errors.Problem:
        return False  # not for those who read there
    return True


def _of_here(identifiers: Iterable[int]) -> list[Account]:
    return [each for each in accounts.many(set(identifiers)).values() if each.local and each.active]


# --- what people of here say ---------------------------------------------------------------------------------------


def relay_local(fact: posts.PostPublished) -> None:
    """What somebody of here publishes to a community of here."""
    post = posts.by_id(fact.post_id)
    if post is not None and post.local and communities.that_hold(post):
        relay(post, outbox.prove(objects.as_create(post), post.author))


def relay_edit(fact: posts.PostEdited) -> None:
    post = posts.by_id(fact.post_id)
    groups = _of_here(communities.that_hold(post)) if post is not None and post.local else []
    if post is not None and groups:
        to, cc = objects.audience(post)
        uri, changed = f"{post.uri}#updates/{sent_posts.stamp()}", objects.as_object(post)
        update = outbox.wrap("Update", post.author, changed, uri=uri, to=to, cc=cc) | objects.for_community(changed)
        for group in groups:
            announce(group, outbox.prove(update, post.author), private=post.visibility == Visibility.COMMUNITY)


def relay_delete(fact: posts.PostDeleted) -> None:
    author = accounts.get(fact.author_id)
    for group in _of_here(fact.community_ids) if author.local else []:
        document = outbox.prove(sent_posts.as_delete(fact, [group]), author)
        announce(group, document, private=fact.visibility == Visibility.COMMUNITY)


def relay_like(fact: likes.PostLiked) -> None:
    account, post = accounts.get(fact.account_id), posts.by_id(fact.post_id)
    if account.local and post is not None:
        like = outbox.wrap("Like", account, post.uri, uri=fact.uri)
        _tell_of_like(like, account, post)


def relay_undo_like(fact: likes.LikeUndone) -> None:
    account, post = accounts.get(fact.account_id), posts.by_id(fact.post_id)
    if account.local and post is not None:
        like = outbox.wrap("Like", account, post.uri, uri=fact.uri)
        _tell_of_like(outbox.wrap("Undo", account, like, uri=f"{fact.uri}#undo"), account, post)


def _tell_of_like(document: outbox.Document, account: Account, post: Post) -> None:
    """A community of here passes it on; one of elsewhere is told, and does the same."""
    for group in accounts.many(set(communities.that_hold(post))).values():
        said = document | {"audience": group.uri, "to": [group.uri]}
        if group.local:
            announce(group, outbox.prove(said, account), private=post.visibility == Visibility.COMMUNITY)
        elif group.id != post.author_id:
            outbox.send(said, account, to=[group])


# --- the same community carried by several servers (FEP-d36d) -------------------------------------------------------


def carry_on(post: Post, origin: Account, activity: outbox.Document) -> None:
    """What a community announces is announced by those of here that follow it, once, and never back to it."""
    if post.visibility != Visibility.PUBLIC:
        return
    for group in follows.local_followers(origin):
        if group.kind == Kind.GROUP and group.active and not communities.is_private(group):
            communities.file(post, group)
    relay(post, activity)

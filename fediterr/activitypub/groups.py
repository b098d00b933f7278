"""Communities (FEP-1b12): a Group of here passes on what its followers address to it, those of elsewhere to us.

It announces twice, as Lemmy does: the post, which everybody understands as a boost, and the whole activity.
"""

from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import known, objects, outbox, vocabulary
from fediterr.core import errors, ids, site
from fediterr.social import follows, posts
from fediterr.social.models import Post


def pass_on(activity: vocabulary.Activity, sender: Account) -> None:
    """What a follower of a local Group publishes to it is boosted by the Group to all its followers."""
    if activity.type != "Create" or activity.object is None or not activity.object.id:
        return
    document = activity.object.document or {}
    addressed = [
        *activity.to,
        *activity.cc,
        *activity.audience,
        *vocabulary.recipients(document.get("to")),
        *vocabulary.recipients(document.get("cc")),
        *vocabulary.recipients(document.get("audience")),
    ]
    here = [uri for uri in addressed if site.is_here(uri)]
    communities = [account for account in known.among(here) if account.local and account.kind == Kind.GROUP]
    post = posts.by_uri(activity.object.id) if communities else None
    for group in communities:
        relay(group, post, sender, activity.document)


def relay(group: Account, post: Post | None, sender: Account, activity: outbox.Document) -> None:
    follow = follows.find(sender, group)
    if post is None or follow is None or not follow.accepted or not group.active:
        return
    if posts.find_boost(group, post) is not None:
        return
    try:
        posts.boost(group, post)
    except errors.Problem:
        return  # not public: a community passes on only what anybody may read
    uri, readers = site.activity_uri(ids.new()), [group.followers_uri or ""]
    announce = outbox.wrap("Announce", group, activity, uri=uri, to=[vocabulary.PUBLIC], cc=readers)
    outbox.send(announce, group, followers=True)


def relay_local(fact: posts.PostPublished) -> None:
    """The same for what somebody of here publishes to a community of here."""
    post = posts.by_id(fact.post_id)
    if post is None or not post.local:
        return
    for mention in post.mentions:
        if mention.account.local and mention.account.kind == Kind.GROUP:
            relay(mention.account, post, post.author, objects.as_create(post))

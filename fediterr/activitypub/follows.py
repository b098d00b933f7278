"""Follow, Accept, Reject, and Undo of a Follow, on the wire."""

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import known, outbox, vocabulary
from fediterr.core import clock, errors
from fediterr.social import follows, posts
from fediterr.social.models import Follow


def as_follow(follower: Account, target: Account, uri: str) -> outbox.Document:
    return outbox.wrap("Follow", follower, target.uri, uri=uri, to=[target.uri])


# --- from the wire -------------------------------------------------------------------------------------------------


def receive_follow(activity: vocabulary.Activity, sender: Account) -> None:
    """Somebody elsewhere asks to follow somebody here."""
    target = known.account((activity.object.id if activity.object else None) or "")
    if not target.local or posts.is_buried(activity.id, sender.uri):
        return
    try:
        follows.ask(sender, target, uri=activity.id)
    except errors.Forbidden:
        document = outbox.wrap(
            "Reject", target, _bare(sender, target, activity.id), uri=f"{target.uri}#rejects/{_stamp()}"
        )
        outbox.send(document, target, to=[sender])


def receive_accept(activity: vocabulary.Activity, sender: Account) -> None:
    """Somebody elsewhere lets somebody here follow: only who was asked may say so."""
    follow = _asked_of(sender, activity)
    if follow is not None and not follow.accepted:
        follows.accept(follow)


def receive_reject(activity: vocabulary.Activity, sender: Account) -> None:
    follow = _asked_of(sender, activity)
    if follow is not None:
        follows.refuse(follow)


def _asked_of(sender: Account, activity: vocabulary.Activity) -> Follow | None:
    """The Follow of somebody here that this answers: by its id, or by who follows whom.

    Pleroma answers with the Follow's address alone, Mastodon with the Follow whole.
    """
    inner = activity.object
    if inner is None:
        return None
    follow = follows.by_uri(inner.id) if inner.id else None
    if follow is None and inner.document is not None:
        follower = accounts.by_uri(vocabulary.one_id(inner.document.get("actor")) or "")
        named = vocabulary.one_id(inner.document.get("object"))
        follow = follows.find(follower, sender) if follower and named == sender.uri else None
    elif follow is None and inner.id and (follower := accounts.by_uri(inner.id)):
        follow = follows.find(follower, sender)  # some answer with the follower's own id
    if follow is None or follow.target_id != sender.id or not follow.follower.local:
        return None
    return follow


def receive_undo_follow(activity: vocabulary.Activity, sender: Account) -> None:
    """Somebody elsewhere no longer follows, or no longer asks."""
    inner = activity.object
    if inner is None:
        raise errors.Invalid("An Undo says what it undoes.")
    said = vocabulary.one_id(inner.document.get("actor")) if inner.document else None
    if said not in (None, sender.uri):
        raise errors.Refused("One undoes only what one did.")
    follow = follows.by_uri(inner.id) if inner.id else None
    if follow is None and inner.document is not None:
        target = accounts.by_uri(vocabulary.one_id(inner.document.get("object")) or "")
        follow = follows.find(sender, target) if target else None
    if inner.id and vocabulary.same_origin(inner.id, sender.uri):
        posts.bury(inner.id, sender.uri)
    if follow is not None and follow.follower_id == sender.id:
        follows.leave(follow)


# --- sending -------------------------------------------------------------------------------------------------------


def _bare(follower: Account, target: Account, uri: str) -> outbox.Document:
    document = as_follow(follower, target, uri)
    del document["@context"]
    return document


def _stamp() -> int:
    return int(clock.now().timestamp() * 1000)


def send_follow(fact: follows.FollowAsked) -> None:
    follower, target = accounts.get(fact.follower_id), accounts.get(fact.target_id)
    if follower.local and not target.local:
        outbox.send(as_follow(follower, target, fact.uri), follower, to=[target])


def send_accept(fact: follows.FollowAccepted) -> None:
    follower, target = accounts.get(fact.follower_id), accounts.get(fact.target_id)
    if target.local and not follower.local:
        uri = f"{target.uri}#accepts/{follower.id}/{_stamp()}"
        document = outbox.wrap("Accept", target, _bare(follower, target, fact.uri), uri=uri, to=[follower.uri])
        outbox.send(document, target, to=[follower])


def send_reject(fact: follows.FollowRefused) -> None:
    follower, target = accounts.get(fact.follower_id), accounts.get(fact.target_id)
    if target.local and not follower.local:
        uri = f"{target.uri}#rejects/{follower.id}/{_stamp()}"
        document = outbox.wrap("Reject", target, _bare(follower, target, fact.uri), uri=uri, to=[follower.uri])
        outbox.send(document, target, to=[follower])


def send_undo(fact: follows.FollowEnded) -> None:
    follower, target = accounts.get(fact.follower_id), accounts.get(fact.target_id)
    if follower.local and not target.local:
        uri = f"{fact.uri}#undo"
        document = outbox.wrap("Undo", follower, _bare(follower, target, fact.uri), uri=uri, to=[target.uri])
        outbox.send(document, follower, to=[target])

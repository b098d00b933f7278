"""Follow, Accept, Reject, and Undo of a Follow, on the wire."""

from datetime import timedelta

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import outbox, vocabulary
from fediterr.activitypub.models import EarlierFollow
from fediterr.core import clock, errors, site
from fediterr.core.db import insert_once, session
from fediterr.social import follows, posts
from fediterr.social.models import Follow

ON_ITS_WAY = timedelta(hours=1)  # an activity that was sent may still come


def as_follow(follower: Account, target: Account, uri: str) -> outbox.Document:
    return outbox.wrap("Follow", follower, target.uri, uri=uri, to=[target.uri])


# --- from the wire -------------------------------------------------------------------------------------------------


def receive_follow(activity: vocabulary.Activity, sender: Account) -> None:
    """Somebody elsewhere asks to follow somebody here."""
    target = accounts.by_uri((activity.object.id if activity.object else None) or "")
    if target is None or not target.local or posts.is_buried(activity.id, sender.uri):
        return
    before = follows.find(sender, target)
    if before is not None and before.uri != activity.id:
        _remember_earlier(before)
    try:
        _require_followable(target)
        follows.ask(sender, target, uri=activity.id)
    except errors.Forbidden:
        uri = f"{target.uri}#rejects/{sender.id}/{_stamp()}"
        document = outbox.wrap("Reject", target, as_follow(sender, target, activity.id), uri=uri, to=[sender.uri])
        outbox.send(document, target, to=[sender])


def _require_followable(target: Account) -> None:
    if target.kind == Kind.APPLICATION:
        raise errors.Forbidden("The server itself is not followed.")


def receive_accept(activity: vocabulary.Activity, sender: Account) -> None:
    """Somebody elsewhere lets somebody here follow: only who was asked may say so."""
    follow = _asked_of(sender, activity)
    if follow is not None and not follow.accepted:
        follows.accept(follow)


def receive_reject(activity: vocabulary.Activity, sender: Account) -> None:
    """Somebody elsewhere does not let somebody here follow, or no longer."""
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
    if follow is None and inner.id and (follower := accounts.by_uri(inner.id)):
        follow = follows.find(follower, sender)  # some answer with the follower's own id
    elif follow is None and inner.document is not None and not (inner.id and site.is_here(inner.id)):
        # Under an id that is ours, only that very Follow is meant: one that is over is not answered by a late word.
        follower = accounts.by_uri(vocabulary.one_id(inner.document.get("actor")) or "")
        named = vocabulary.one_id(inner.document.get("object"))
        follow = follows.find(follower, sender) if follower and named == sender.uri else None
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
    if inner.id and vocabulary.same_origin(inner.id, sender.uri):
        posts.bury(inner.id, sender.uri)
    earlier = session.get(EarlierFollow, inner.id) if inner.id else None
    if earlier is not None and earlier.follower_id == sender.id:
        session.delete(earlier)
        return
    follow = follows.by_uri(inner.id) if inner.id else None
    if follow is None and inner.document is not None:
        follow = _meant(inner, sender)
    if follow is not None and follow.follower_id == sender.id and not _goes_on(follow):
        follows.leave(follow)


def find_asked(uri: str) -> Follow | EarlierFollow | None:
    """What is known under the id of a Follow."""
    return follows.by_uri(uri) or session.get(EarlierFollow, uri)


def _remember_earlier(follow: Follow) -> None:
    """Two Follows without an Undo between them: which came first where they were sent is not known yet."""
    session.execute(sa.delete(EarlierFollow).where(EarlierFollow.asked_at < clock.now() - ON_ITS_WAY))
    row = {"uri": follow.uri, "follower_id": follow.follower_id, "target_id": follow.target_id}
    insert_once(EarlierFollow, {**row, "asked_at": clock.now()})


def _goes_on(follow: Follow) -> bool:
    """Whether a follow whose latest asking was undone was asked for otherwise a moment ago, and so stays."""
    other = session.scalar(
        sa.select(EarlierFollow)
        .where(EarlierFollow.follower_id == follow.follower_id, EarlierFollow.target_id == follow.target_id)
        .where(EarlierFollow.asked_at > clock.now() - ON_ITS_WAY)
        .order_by(EarlierFollow.asked_at.desc())
        .limit(1)
    )
    if other is None:
        return False
    follow.uri = other.uri
    session.delete(other)
    return True


def _meant(inner: vocabulary.Ref, sender: Account) -> Follow | None:
    """The follow that an Undo means although it names it by an id that we never saw.

    Lemmy makes up a new id for the Follow that it undoes. Of others, an unknown id is rather that of an earlier Follow
    which is still on its way: a follow made just now stays.
    """
    target = accounts.by_uri(vocabulary.one_id(inner.document.get("object")) or "") if inner.document else None
    follow = follows.find(sender, target) if target else None
    if follow is None or target is None:
        return None
    certain = inner.id is None or target.kind == Kind.GROUP or clock.now() - follow.created_at > ON_ITS_WAY
    return follow if certain else None


# --- sending -------------------------------------------------------------------------------------------------------


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
        document = outbox.wrap("Accept", target, as_follow(follower, target, fact.uri), uri=uri, to=[follower.uri])
        outbox.send(document, target, to=[follower])


def send_reject(fact: follows.FollowRefused) -> None:
    follower, target = accounts.get(fact.follower_id), accounts.get(fact.target_id)
    if target.local and not follower.local:
        uri = f"{target.uri}#rejects/{follower.id}/{_stamp()}"
        document = outbox.wrap("Reject", target, as_follow(follower, target, fact.uri), uri=uri, to=[follower.uri])
        outbox.send(document, target, to=[follower], farewell=True)


def send_undo(fact: follows.FollowEnded) -> None:
    follower, target = accounts.get(fact.follower_id), accounts.get(fact.target_id)
    if follower.local and not target.local:
        uri = f"{fact.uri}#undo"
        document = outbox.wrap("Undo", follower, as_follow(follower, target, fact.uri), uri=uri, to=[target.uri])
        outbox.send(document, follower, to=[target], farewell=True)

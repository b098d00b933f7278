"""What the moderators of communities do, on the wire (FEP-1b12): Add and Remove, Lock, Block, Delete, and their Undo.

Those of elsewhere say it to a community of here, which looks at their rank, does it and announces it; those of here say
it to their community of elsewhere, and in one of here it is announced.
"""

from typing import Any

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.activitypub import actors, groups, known, moderation, objects, outbox, posts, resolver, vocabulary
from fediterr.core import db, errors, ids, site
from fediterr.social import communities, membership
from fediterr.social import posts as said
from fediterr.social.models import Post, Rank

MOST = 50  # moderators of a community that are looked up


def moderators_uri(group: Account) -> str | None:
    """Where a community lists who looks after it."""
    if group.local:
        return f"{group.uri}/moderators"
    community = membership.of(group)
    return community.moderators_uri if community else None


# --- from the wire -------------------------------------------------------------------------------------------------


def _group_of(activity: vocabulary.Activity) -> Account | None:
    """The community of here that a moderator speaks of: the target of what they do, or the audience."""
    target = activity.target.id if activity.target else None
    named = [uri for uri in (target, (target or "").rpartition("/")[0], *activity.audience, *activity.cc) if uri]
    found = known.among([uri for uri in named if site.is_here(uri)])
    return next((each for each in found if each.local and each.kind == Kind.GROUP and each.active), None)


def _pass_on(group: Account, activity: vocabulary.Activity) -> None:
    groups.announce(group, activity.document, private=communities.is_private(group))


def _post(activity: vocabulary.Activity) -> Post:
    post = said.by_uri((activity.object.id if activity.object else None) or "")
    if post is None:
        raise errors.Refused("There is no such post in this community.")
    return post


def receive_add(activity: vocabulary.Activity, sender: Account) -> None:
    """A moderator, or something at the head of a community; of anybody else, their own featured posts."""
    if not _receive_listed(activity, sender, now=True):
        actors.receive_add(activity, sender)


def receive_remove(activity: vocabulary.Activity, sender: Account) -> None:
    """A moderator less, or a post no longer at the head of a community; of anybody else, their own featured posts."""
    if not _receive_listed(activity, sender, now=False):
        actors.receive_remove(activity, sender)


def _receive_listed(activity: vocabulary.Activity, sender: Account, *, now: bool) -> bool:
    group, target = _group_of(activity), activity.target.id if activity.target else None
    if group is None or target not in (group.featured_uri, moderators_uri(group)):
        return False
    if target == group.featured_uri:
        (communities.pin if now else communities.unpin)(sender, group, _post(activity))
    else:
        person = known.account(activity.object.id if activity.object else None)
        communities.set_rank(sender, group, person, Rank.MODERATOR if now else Rank.MEMBER)
    _pass_on(group, activity)
    return True


def receive_lock(activity: vocabulary.Activity, sender: Account) -> None:
    """A thread is closed by a moderator of the community that it stands in."""
    if (group := _group_of(activity)) is not None:
        communities.lock(sender, group, _post(activity), activity.content or "")
        _pass_on(group, activity)


def receive_delete(activity: vocabulary.Activity, sender: Account) -> None:
    """A moderator removes what somebody else wrote; anybody deletes what is theirs."""
    group, post = _group_of(activity), said.by_uri((activity.object.id if activity.object else None) or "")
    if group is None or post is None or post.author_id == sender.id:
        posts.receive_delete(activity, sender)
        return
    communities.remove_post(sender, group, post, activity.content or "")
    _pass_on(group, activity)


def receive_block(activity: vocabulary.Activity, sender: Account) -> None:
    """A moderator sends somebody away from a community; anybody keeps others away from themselves."""
    if activity.target is None:
        moderation.receive_block(activity, sender)
        return
    group = _group_of(activity)
    if group is None:
        return  # from a community of elsewhere, which says so itself by a Reject
    person = known.account(activity.object.id if activity.object else None)
    communities.send_away(sender, group, person, activity.content or "")
    _pass_on(group, activity)


def receive_undo_lock(activity: vocabulary.Activity, sender: Account) -> None:
    """A moderator opens a thread again."""
    _undo(activity, sender)


def receive_undo_delete(activity: vocabulary.Activity, sender: Account) -> None:
    """Something removed is shown again; what its own author deleted is gone for good."""
    _undo(activity, sender)


def receive_undo_block(activity: vocabulary.Activity, sender: Account) -> None:
    """A moderator lets somebody back; of anybody else, somebody is kept away no longer."""
    if not _undo(activity, sender):
        moderation.receive_undo_block(activity, sender)


def _undo(activity: vocabulary.Activity, sender: Account) -> bool:
    """What a moderator of a community of here takes back; whether it was anything of that kind."""
    inner = activity.object
    if inner is None or inner.document is None or inner.document.get("actor") != sender.uri:
        return False
    undone = vocabulary.read_activity(inner.document)
    group = _group_of(undone)
    if group is None or (undone.type == "Block" and undone.target is None):
        return False
    if undone.type == "Block":
        communities.let_back(sender, group, known.account(undone.object.id if undone.object else None))
    elif undone.type == "Lock":
        communities.unlock(sender, group, _post(undone))
    else:
        communities.restore_post(sender, group, _post(undone))
    _pass_on(group, activity)
    return True


def read(uri: str) -> None:
    """Ask a community of elsewhere who looks after it."""
    group = accounts.by_uri(uri)
    address = moderators_uri(group) if group is not None and not group.local else None
    if group is None or address is None:
        return
    listed = resolver.fetch_collection(address)
    named = [resolver.account(item.id).id for item in listed.items[:MOST] if item.id]
    with db.transaction():
        communities.note_moderators(accounts.get(group.id), [accounts.get(each) for each in named])


# --- sending -------------------------------------------------------------------------------------------------------


def send_rank(fact: communities.RankChanged) -> None:
    group, person = accounts.get(fact.community_id), accounts.get(fact.account_id)
    if fact.before == Rank.MEMBER:
        _say("Add", fact.by_id, group, person.uri, target=moderators_uri(group))
    elif fact.rank == Rank.MEMBER:
        _say("Remove", fact.by_id, group, person.uri, target=moderators_uri(group))


def send_place(fact: communities.PlaceChanged) -> None:
    """Something was pinned, locked or removed, or no longer is."""
    group, post = accounts.get(fact.community_id), said.by_id(fact.post_id)
    if post is None:
        return
    if fact.what == "removed" and fact.now and (boost := said.find_boost(group, post)) is not None:
        said.unboost(boost)
    if fact.what == "pinned" and fact.now:
        _say("Add", fact.by_id, group, post.uri, target=group.featured_uri)
    elif fact.what == "pinned":
        _say("Remove", fact.by_id, group, post.uri, target=group.featured_uri)
    elif fact.what == "locked":
        _say("Lock", fact.by_id, group, post.uri, undo=not fact.now, summary=fact.words)
    else:
        _say("Delete", fact.by_id, group, post.uri, undo=not fact.now, summary=fact.words)


def send_block(fact: communities.MemberSentAway) -> None:
    group, person = accounts.get(fact.community_id), accounts.get(fact.account_id)
    _say("Block", fact.by_id, group, person.uri, target=group.uri, told=person, summary=fact.words)


def send_undo_block(fact: communities.MemberLetBack) -> None:
    group, person = accounts.get(fact.community_id), accounts.get(fact.account_id)
    _say("Block", fact.by_id, group, person.uri, target=group.uri, told=person, undo=True)


def _say(
    kind: str,
    by_id: int,
    group: Account,
    about: str,
    *,
    undo: bool = False,
    told: Account | None = None,
    **more: Any,
) -> None:
    """What a moderator of here did in a community: told to all its members, or to the one of elsewhere."""
    by = accounts.get(by_id)
    if not by.local:
        return  # theirs was passed on as it came
    private = communities.is_private(group)
    around = {"to": [group.uri] if private else [vocabulary.PUBLIC], "cc": [group.uri], "audience": group.uri}
    document = outbox.wrap(kind, by, about, uri=site.activity_uri(ids.new())) | around
    document |= {name: value for name, value in more.items() if value}
    if undo:
        document = outbox.wrap("Undo", by, document, uri=f"{document['id']}#undo") | around
    if not group.local:
        outbox.send(document, by, to=[group])
        return
    groups.announce(group, outbox.prove(document, by), private=private)
    if told is not None:
        outbox.send(document, by, to=[told])  # who was sent away hears of it, though no member any more


def as_collection(group: Account) -> objects.Document:
    """Who looks after a community of here."""
    items = [each.account.uri for each in communities.moderators(group)]
    address = moderators_uri(group) or ""
    return {"id": address, "type": "OrderedCollection", "totalItems": len(items), "orderedItems": items}

"""Accounts on the wire: their documents, Update, Delete, Move, Add and Remove of what they feature."""

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, ActorKey, Kind
from fediterr.activitypub import authorities, known, objects, outbox, vocabulary
from fediterr.core import clock, errors, filetypes, site, text
from fediterr.core.db import session
from fediterr.moderation import service as moderation
from fediterr.social import communities, departures, membership, posts

Document = dict[str, Any]
CAPABILITIES = (
    ("RFC-9421: HTTP Message Signatures", "https://datatracker.ietf.org/doc/html/rfc9421"),
    ("FEP-8b32: Object Integrity Proofs", "https://w3id.org/fep/8b32"),
)


# --- to the wire ---------------------------------------------------------------------------------------------------


def as_actor(account: Account) -> Document:
    """The actor document of an account of here."""
    key = accounts.public_key(account)
    document: Document = {
        "id": account.uri,
        "type": account.kind,
        "preferredUsername": account.name,
        "name": account.shown_name,
        "summary": account.summary,
        "url": account.url,
        "webfinger": account.full_handle,
        "inbox": account.inbox,
        "outbox": account.outbox,
        "endpoints": {"sharedInbox": account.shared_inbox},
        "published": vocabulary.datetime_out(account.created_at),
        "manuallyApprovesFollowers": account.locked,
        "discoverable": account.discoverable,
        "indexable": account.indexable,
        "memorial": account.memorial,
        "publicKey": {"id": key.id, "owner": account.uri, "publicKeyPem": key.pem},
        "assertionMethod": [_as_multikey(account, each) for each in account.assertion_keys],
        "attachment": [
            *({"type": "PropertyValue", "name": each["name"], "value": each["value"]} for each in account.fields),
            *authorities.as_lines(account),
        ],
    }
    if account.also_known_as:
        document["alsoKnownAs"] = account.also_known_as
    if account.moved_to is not None:
        document["movedTo"] = account.moved_to.uri
    for name in ("icon", "image"):
        if url := getattr(account, f"{name}_url"):
            document[name] = _as_picture(url, getattr(account, f"{name}_description"))
    if account.emojis:
        document["tag"] = objects.as_emojis(account.emojis)
    if account.attribution_domains:
        document["attributionDomains"] = account.attribution_domains
    if (community := membership.of(account)) is not None:
        document |= _as_group(account, community.private, community.moderators_only)
    if account.kind == Kind.APPLICATION:
        document["implements"] = [{"name": name, "href": href} for name, href in CAPABILITIES]
        document["authorities"] = f"{account.uri}/authorities"
    else:
        document |= {
            "followers": account.followers_uri,
            "following": account.following_uri,
            "featured": account.featured_uri,
            "featuredTags": account.featured_tags_uri,
        }
        document["generator"] = {
            "type": "Application",
            "id": site.address("/actor"),
            "implements": [{"name": name, "href": href} for name, href in CAPABILITIES],
        }
        document |= authorities.as_part(account)
    return document


def _as_group(account: Account, private: bool, moderators_only: bool) -> Document:
    """The rules of a community (FEP-1b12); Lemmy reads who moderates it from `attributedTo`."""
    document: Document = {"postingRestrictedToMods": moderators_only, "membersOnly": private}
    return document if private else {**document, "attributedTo": f"{account.uri}/moderators"}


def _as_picture(url: str, description: str) -> Document:
    found = filetypes.BY_EXTENSION.get(url.partition("?")[0].rpartition(".")[2])
    picture: Document = {"type": "Image", "mediaType": found.media_type if found else None, "url": url}
    return {**picture, "name": description} if description else picture


def as_stub(account: Account) -> Document:
    """What anybody may know of an actor when fetches must be signed: enough to check its signatures."""
    whole = as_actor(account)
    kept = ("id", "type", "preferredUsername", "inbox", "publicKey", "assertionMethod", "endpoints")
    return {name: whole[name] for name in kept}


def _as_multikey(account: Account, key: dict[str, str]) -> Document:
    return {"id": key["id"], "type": "Multikey", "controller": account.uri, "publicKeyMultibase": key["multibase"]}


# --- from the wire -------------------------------------------------------------------------------------------------


def store(actor: vocabulary.Actor, domain: str) -> Account:
    """Create or refresh an account of elsewhere from its own document, fetched at its origin or signed by itself.

    `domain` is that of its handle, proven by WebFinger both ways; Refused when the handle belongs to another actor.
    """
    if site.is_here(actor.id):
        raise errors.Refused("An actor of ours does not come from elsewhere.")
    account = accounts.by_uri(actor.id)
    holder = accounts.by_handle(f"{actor.username}@{domain}")
    if holder is not None and holder.uri != actor.id:
        if holder.local:
            raise errors.Refused("That handle is ours.")
        _retire(holder)
    known_before = account is not None
    if account is None:
        account = Account(uri=actor.id, name=actor.username, domain=domain, local=False, url=actor.url)
        account.inbox = actor.inbox
        session.add(account)
    _refresh(account, actor, domain)
    _limit(account, new=not known_before)
    session.flush()
    authorities.note(account, actor)
    _store_keys(account, actor)
    if account.kind == Kind.GROUP:
        _learn_rules(account, actor)
    return account


def _learn_rules(group: Account, actor: vocabulary.Actor) -> None:
    """What a community of elsewhere says of who may read and write there, and where it lists its moderators."""
    only = actor.document.get("postingRestrictedToMods") is True
    private = actor.document.get("membersOnly") is True
    communities.learn(group, private=private, moderators_only=only, moderators_uri=actor.moderators)
    if actor.moderators is not None:
        known.ask_for("moderators", group.uri)


def _retire(holder: Account) -> None:
    """The domain has given this handle to another actor: the old one keeps its posts under a name that is nobody's."""
    holder.name = f"{holder.name}.{holder.id}"
    session.flush()


def _refresh(account: Account, actor: vocabulary.Actor, domain: str) -> None:
    account.name, account.domain, account.kind = actor.username, domain, actor.type
    account.display_name = text.plain(actor.name or "")[:500]
    account.summary = text.clean(actor.summary or "")
    account.url = actor.url
    account.inbox, account.shared_inbox, account.outbox = actor.inbox, actor.shared_inbox, actor.outbox
    account.followers_uri, account.following_uri = actor.followers, actor.following
    account.featured_uri, account.featured_tags_uri = actor.featured, actor.featured_tags
    account.icon_url, account.image_url = actor.icon, actor.image
    account.emojis = [asdict(emoji) for emoji in actor.emojis]
    account.fields = _fields(account, actor)
    account.assertion_keys = [
        {"id": key.id, "multibase": key.multibase}
        for key in actor.assertion_methods
        if key.controller in (None, actor.id)
    ]
    account.also_known_as = list(actor.also_known_as)
    _remember_move(account, actor.moved_to)
    account.locked, account.memorial = actor.locked, actor.memorial
    account.discoverable = actor.discoverable is not False
    account.indexable = actor.indexable is not False
    account.language = actor.language
    if actor.published is not None:
        account.created_at = actor.published
    account.fetched_at = clock.now()


def _limit(account: Account, *, new: bool) -> None:
    """What the rules on its server leave to an account: a stranger from a silenced one is silenced, too."""
    limits = moderation.limits_of(account)
    if new and limits.silenced_since is not None:
        account.silenced_at = limits.silenced_since
    if limits.reject_media:
        account.icon_url = account.image_url = None
        account.emojis = []


def _remember_move(account: Account, moved_to: str | None) -> None:
    """Where an actor says that it lives now; nobody is moved by that, only a Move does it."""
    target = accounts.by_uri(moved_to) if moved_to else None
    just_moved = account.moved_at is not None and clock.now() - account.moved_at < accounts.MOVE_PAUSE
    if moved_to is None and not just_moved:
        account.moved_to_id = None
    elif target is not None and account.uri in target.also_known_as:
        account.moved_to_id = target.id


def _fields(account: Account, actor: vocabulary.Actor) -> list[dict[str, Any]]:
    before = {(each["name"], each["value"]): each for each in account.fields or []}
    made = [(text.plain(each.name)[:255], text.clean(each.value)) for each in actor.fields]
    return [before.get(pair) or {"name": pair[0], "value": pair[1], "verified_at": None} for pair in made]


def _store_keys(account: Account, actor: vocabulary.Actor) -> None:
    """The keys that the actor lists as its own; those it no longer lists are worth nothing from now on."""
    own = {key.id: key.pem for key in actor.keys if key.owner == actor.id and vocabulary.same_origin(key.id, actor.id)}
    for row in session.scalars(sa.select(ActorKey).where(ActorKey.account_id == account.id)).all():
        if row.id not in own:
            session.delete(row)
    for identifier, pem in own.items():
        row = session.get(ActorKey, identifier) or ActorKey(id=identifier, account_id=account.id)
        if row.account_id == account.id:  # a neighbour's key stays the neighbour's
            row.pem = pem
            session.add(row)
    session.flush()


def receive_update(activity: vocabulary.Activity, sender: Account) -> None:
    """Only an actor changes itself; the handle stays the one that was proven."""
    document = activity.object.document if activity.object else None
    if activity.object is None or activity.object.id != sender.uri:
        raise errors.Refused("Only an actor may change itself.")
    try:
        actor = vocabulary.read_actor(document)
    except errors.Invalid:
        actor = None  # a bare id, or a part: the whole is read at its own place
    if actor is None or actor.username != sender.name:
        known.ask_for("account", sender.uri)  # a new name must be proven by WebFinger first
        return
    store(actor, sender.domain)
    if known.is_followed(sender.id):
        known.ask_for("profile", sender.uri)


def receive_delete(activity: vocabulary.Activity, sender: Account) -> None:
    """An actor is gone with all it said."""
    if activity.object is None or activity.object.id != sender.uri:
        raise errors.Refused("Only an actor may delete itself.")
    forget(sender)


def forget(account: Account) -> None:
    """An account of elsewhere is gone, with all it said and did."""
    posts.bury(account.uri, account.uri)
    departures.withdraw_all(account)
    session.delete(account)
    session.flush()


def receive_move(activity: vocabulary.Activity, sender: Account) -> None:
    """Followers of here follow where the account lives now, when the new place says that it is the same."""
    if activity.object is None or activity.object.id != sender.uri or activity.target is None:
        raise errors.Refused("Only an actor may move itself.")
    target = known.account(activity.target.id)
    if sender.uri not in target.also_known_as:
        if target.local:
            raise errors.Refused("The new account does not name the old one as an alias.")
        raise known.Missing(target.uri, "account", target.fetched_at)  # it may have named its alias since
    accounts.move(sender, target)


def receive_add(activity: vocabulary.Activity, sender: Account) -> None:
    """A post is put at the head of its author's profile."""
    if _is_about_tags(activity, sender):
        return
    post = known.post(_featured_id(activity, sender))
    posts.pin(sender, post)


def receive_remove(activity: vocabulary.Activity, sender: Account) -> None:
    """A post stands at the head of its author's profile no longer."""
    if _is_about_tags(activity, sender):
        return
    post = posts.by_uri(_featured_id(activity, sender))
    if post is not None:
        posts.unpin(sender, post)


def _is_about_tags(activity: vocabulary.Activity, sender: Account) -> bool:
    """Featured hashtags of elsewhere are not shown here. Mastodon adds them to `featured`, others to `featuredTags`."""
    named = activity.target.id if activity.target else None
    is_tag = activity.object is not None and activity.object.type == "Hashtag"
    return is_tag or (named is not None and named == sender.featured_tags_uri)


def _featured_id(activity: vocabulary.Activity, sender: Account) -> str:
    target = activity.target.id if activity.target else None
    if target is None or target != sender.featured_uri or activity.object is None or not activity.object.id:
        raise errors.Refused("An actor changes its own collections only.")
    return activity.object.id


# --- sending -------------------------------------------------------------------------------------------------------


def send_update(fact: accounts.AccountUpdated) -> None:
    account = accounts.get(fact.account_id)
    if account.local:
        stamp = int(clock.now().timestamp() * 1000)
        document = outbox.wrap(
            "Update",
            account,
            as_actor(account),
            uri=f"{account.uri}#updates/{stamp}",
            to=[vocabulary.PUBLIC],
            cc=[account.followers_uri or ""],
        )
        outbox.send(document, account, followers=True)


def send_move(fact: accounts.AccountMoved) -> None:
    """Followers hear of the new place, and everybody reads it in the actor."""
    account, target = accounts.get(fact.account_id), accounts.get(fact.target_id)
    if account.local:
        send_update(accounts.AccountUpdated(account.id))
        document = outbox.wrap(
            "Move",
            account,
            account.uri,
            uri=f"{account.uri}#moves/{target.id}",
            to=[account.followers_uri or ""],
            target=target.uri,
        )
        outbox.send(document, account, followers=True)


def as_delete(account: Account) -> Document:
    """An account of here is gone."""
    return outbox.wrap("Delete", account, account.uri, uri=f"{account.uri}#delete", to=[vocabulary.PUBLIC])


def send_delete(fact: accounts.AccountSuspended) -> None:
    """A suspended account of here is gone for whoever has something of it."""
    account = accounts.get(fact.account_id)
    if account.local:
        outbox.send(as_delete(account), account, inboxes=known.inboxes_near(account))


def send_return(fact: accounts.AccountUnsuspended) -> None:
    """An account that is open again tells those who still follow it."""
    send_update(accounts.AccountUpdated(fact.account_id))


def send_add(fact: posts.PostPinned) -> None:
    _send_featured("Add", fact.account_id, fact.post_id)


def send_remove(fact: posts.PostUnpinned) -> None:
    _send_featured("Remove", fact.account_id, fact.post_id)


def _send_featured(kind: str, account_id: int, post_id: int) -> None:
    account = accounts.get(account_id)
    post = posts.by_id(post_id)
    if account.local and post is not None:
        stamp = int(clock.now().timestamp() * 1000)
        document = outbox.wrap(
            kind,
            account,
            post.uri,
            uri=f"{account.uri}#{kind.lower()}/{post.id}/{stamp}",
            to=[account.followers_uri or ""],
            target=account.featured_uri,
        )
        outbox.send(document, account, followers=True)

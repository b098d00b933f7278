"""Quotes on the wire (FEP-044f): QuoteRequest, its Accept or Reject, what says that an author agrees, and its end."""

from typing import Any

from fediterr.accounts.models import Account
from fediterr.activitypub import known, objects, outbox, posts, resolver, vocabulary
from fediterr.core import db, errors, site
from fediterr.social import posts as said
from fediterr.social import quotes
from fediterr.social.models import Post, Quote

# --- from the wire -------------------------------------------------------------------------------------------------


def receive_request(activity: vocabulary.Activity, sender: Account) -> None:
    """Somebody elsewhere asks to show a post of here in one of theirs; what its author says beforehand decides."""
    quoted = said.by_uri((activity.object.id if activity.object else None) or "")
    if quoted is None or not quoted.local or activity.instrument is None or not activity.instrument.id:
        return
    if not vocabulary.same_origin(activity.instrument.id, sender.uri):
        raise errors.Refused("One asks for one's own posts.")
    before = said.by_uri(activity.instrument.id)
    quote = quotes.of(before) if before is not None else None
    revoked = quote is not None and quote.state == quotes.State.REVOKED
    if revoked or quotes.stance_of(sender, quoted) is not quotes.Stance.AUTOMATIC:
        if quote is not None and quote.quoted_id == quoted.id and quote.post.author_id == sender.id and not revoked:
            quotes.refuse(quote)
        _answer("Reject", quoted, sender, activity.id, activity.instrument.id)
        return
    post = before or _asked_with(activity.instrument, activity, sender)
    quote = quotes.of(post)
    if quote is None or quote.quoted_id != quoted.id or post.author_id != sender.id:
        raise errors.Refused("This post is not theirs, or quotes something else.")
    quote.request_uri = activity.id
    if quote.state == quotes.State.ACCEPTED:
        _send_accept(quote)  # they missed it
    else:
        quotes.accept(quote, site.authorization_uri(quote.id))


def _asked_with(instrument: vocabulary.Ref, activity: vocabulary.Activity, sender: Account) -> Post:
    """The post that came with a request, or else is asked for where it lives."""
    document = instrument.document
    if document is None or "type" not in document:
        return known.post(instrument.id)
    obj = vocabulary.read_object(document, activity)
    if obj.attributed_to != sender.uri or said.is_buried(obj.id, sender.uri):
        raise errors.Refused("One asks for one's own posts.")
    return said.publish(sender, objects.as_draft(obj, sender))


def receive_accept(activity: vocabulary.Activity, sender: Account) -> None:
    """Somebody elsewhere agrees that somebody here quotes them: only who was asked may say so."""
    quote, stamp = _asked_of(sender, activity), activity.result.id if activity.result else None
    if quote is None or quote.state == quotes.State.REVOKED:
        return
    if not stamp or not vocabulary.same_origin(stamp, sender.uri):
        raise errors.Refused("This says nowhere that they agree.")
    if not said.is_buried(stamp, sender.uri):
        quotes.accept(quote, stamp)


def receive_reject(activity: vocabulary.Activity, sender: Account) -> None:
    """Somebody elsewhere does not agree to be quoted by somebody here, or no longer."""
    quote = _asked_of(sender, activity)
    if quote is not None:
        quotes.refuse(quote)


def _asked_of(sender: Account, activity: vocabulary.Activity) -> Quote | None:
    """The quote of somebody here that this answers: by the id of the request, or by the post that it was for."""
    inner = activity.object
    quote = quotes.by_request(inner.id) if inner is not None and inner.id else None
    if quote is None and inner is not None and inner.document is not None:
        post = said.by_uri(vocabulary.one_id(inner.document.get("instrument")) or "")
        quote = quotes.of(post) if post is not None else None
    if quote is None or not quote.post.local or quote.quoted is None or quote.quoted.author_id != sender.id:
        return None
    return quote


def receive_revocation(activity: vocabulary.Activity, sender: Account) -> None:
    """Somebody elsewhere takes back that they agreed to be quoted."""
    uri = activity.object.id if activity.object else None
    if not uri or not vocabulary.same_origin(uri, sender.uri):
        raise errors.Refused("Only who agreed may take it back.")
    said.bury(uri, sender.uri)
    for quote in quotes.by_authorization(uri):
        if quote.quoted is not None and quote.quoted.author_id == sender.id:
            quotes.revoke(quote)


def verify(uri: str) -> None:
    """Look where it must be said whether the author of what this post quotes agrees; without it, nothing is shown."""
    post = said.by_uri(uri)
    quote = quotes.of(post) if post is not None else None
    if post is None or quote is None or not post.quote_uri or quote.state != quotes.State.PENDING:
        return
    identifier, stamp, author_uri, quoted_uri = quote.id, quote.authorization_uri, post.author.uri, post.quote_uri
    quoted = said.by_uri(quoted_uri) or resolver.fetch_post(quoted_uri)
    quoted_id, quoted_by = quoted.id, quoted.author.uri
    agreed = quoted_by == author_uri
    if not agreed and stamp and vocabulary.same_origin(stamp, quoted_by):
        agreed = _says(resolver.fetch(stamp), quoted_by, uri, quoted_uri) and not said.is_buried(stamp, quoted_by)
    with db.transaction():
        quote = quotes.get(identifier)
        if quote.state == quotes.State.PENDING and quote.authorization_uri == stamp:
            quote.quoted_id = quoted_id
            if agreed:
                quotes.accept(quote, stamp)


def _says(document: dict[str, Any], author: str, quoting: str, quoted: str) -> bool:
    """Whether a QuoteAuthorization is by this author, for this post, of that one."""
    names = ("attributedTo", "interactingObject", "interactionTarget")
    kinds = vocabulary.many(document.get("type"))
    return "QuoteAuthorization" in kinds and [vocabulary.one_id(document.get(name)) for name in names] == [
        author,
        quoting,
        quoted,
    ]


# --- sending -------------------------------------------------------------------------------------------------------


def as_authorization(quote: Quote) -> outbox.Document:
    """What says to everybody that the author of a post of here agrees to be quoted."""
    assert quote.quoted is not None
    return {
        "id": quote.authorization_uri,
        "type": "QuoteAuthorization",
        "attributedTo": quote.quoted.author.uri,
        "interactingObject": quote.post.uri,
        "interactionTarget": quote.quoted.uri,
    }


def may_fetch(identifier: int) -> Quote:
    """A quote of a post of here that stands; NotFound when it was never agreed to, or no longer is."""
    quote = quotes.get(identifier)
    stands = quote.state == quotes.State.ACCEPTED and quote.quoted is not None and quote.quoted.local
    if not stands or quote.authorization_uri != site.authorization_uri(identifier):
        raise errors.NotFound("There is no such quote.")
    return quote


def send_request(fact: quotes.QuoteMade) -> None:
    """Ask the author of what is quoted, or, when somebody elsewhere quotes, look whether they were asked."""
    quote = quotes.get(fact.quote_id)
    post, quoted = quote.post, quote.quoted
    if post.local and quoted is not None and not quoted.local:
        request = outbox.wrap(
            "QuoteRequest", post.author, quoted.uri, uri=quote.request_uri or "", to=[quoted.author.uri],
            instrument=objects.as_object(post),
        )  # fmt: skip
        outbox.send(request, post.author, to=[quoted.author])
    elif not post.local and post.quote_uri and not site.is_here(post.quote_uri) and _may_be_agreed(quote):
        known.ask_for("quote", post.uri)


def _may_be_agreed(quote: Quote) -> bool:
    """Whether somebody is said to agree, or may be quoting themselves: else there is nothing to look at."""
    own = vocabulary.same_origin(quote.post.quote_uri, quote.post.author.uri)
    return own or quote.authorization_uri is not None


def send_accept(fact: quotes.QuoteAccepted) -> None:
    """Tell who asked; of a post of here that may now be shown, tell its readers."""
    quote = quotes.get(fact.quote_id)
    if quote.quoted is not None and quote.quoted.local and not quote.post.local:
        _send_accept(quote)
    elif quote.quoted is not None and quote.post.local and not quote.quoted.local:
        posts.tell_change(quote.post)


def _send_accept(quote: Quote) -> None:
    if quote.quoted is not None and quote.request_uri:
        stamp = quote.authorization_uri
        _answer("Accept", quote.quoted, quote.post.author, quote.request_uri, quote.post.uri, result=stamp)


def _answer(kind: str, quoted: Post, asker: Account, request_uri: str, post_uri: str, **more: Any) -> None:
    request = outbox.wrap("QuoteRequest", asker, quoted.uri, uri=request_uri, instrument=post_uri)
    uri = f"{quoted.uri}#{kind.lower()}s/{posts.stamp()}"
    outbox.send(outbox.wrap(kind, quoted.author, request, uri=uri, to=[asker.uri], **more), quoted.author, to=[asker])


def send_refused(fact: quotes.QuoteRefused) -> None:
    """What a post of here may not quote, its readers are no longer led to by names that ask nobody."""
    quote = quotes.get(fact.quote_id)
    if quote.post.local:
        posts.tell_change(quote.post)


def send_revocation(fact: quotes.QuoteRevoked) -> None:
    """Tell everybody who may have believed it; of a post of here that quoted, tell its readers."""
    quote = quotes.get(fact.quote_id)
    quoted = quote.quoted
    if quoted is not None and quoted.local and quote.authorization_uri:
        author = quoted.author
        to, cc = [vocabulary.PUBLIC], [author.followers_uri or "", quote.post.author.uri]
        uri = f"{quote.authorization_uri}#delete"
        document = outbox.wrap("Delete", author, as_authorization(quote), uri=uri, to=to, cc=cc)
        outbox.send(document, author, to=[quote.post.author], followers=True)
    if quote.post.local:
        posts.tell_change(quote.post)

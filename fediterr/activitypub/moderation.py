"""Block and Flag on the wire."""

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import known, outbox, vocabulary
from fediterr.core import errors
from fediterr.core.db import session
from fediterr.moderation import service as moderation
from fediterr.moderation.models import Report
from fediterr.social import blocks, posts


def receive_block(activity: vocabulary.Activity, sender: Account) -> None:
    """Somebody elsewhere keeps somebody here away."""
    target = accounts.by_uri((activity.object.id if activity.object else None) or "")
    if target is not None and target.local and not posts.is_buried(activity.id, sender.uri):
        blocks.block(sender, target, uri=activity.id)


def receive_undo_block(activity: vocabulary.Activity, sender: Account) -> None:
    """Somebody elsewhere no longer keeps somebody here away."""
    inner = activity.object
    if inner is None or not inner.id or not vocabulary.same_origin(inner.id, sender.uri):
        raise errors.Refused("One undoes only what one did.")
    posts.bury(inner.id, sender.uri)
    found = blocks.by_uri(inner.id)
    named = vocabulary.one_id(inner.document.get("object")) if inner.document else None
    target = accounts.get(found.target_id) if found else accounts.by_uri(named or "")
    if target is not None:
        blocks.unblock(sender, target)


def receive_flag(activity: vocabulary.Activity, sender: Account) -> None:
    """A report from elsewhere about somebody here and their posts."""
    uris = [each.id for each in activity.objects[:100] if each.id]
    targets = [account for account in known.among(uris) if account.local]
    if not targets:
        authors = {post.author_id: post.author for uri in uris if (post := posts.by_uri(uri)) and post.local}
        targets = list(authors.values())
    for target in targets[:1]:
        moderation.report(sender, target, comment=activity.content or "", post_uris=uris, uri=activity.id)


def send_block(fact: blocks.AccountBlocked) -> None:
    account, target = accounts.get(fact.account_id), accounts.get(fact.target_id)
    if account.local and not target.local:
        outbox.send(outbox.wrap("Block", account, target.uri, uri=fact.uri, to=[target.uri]), account, to=[target])


def send_undo_block(fact: blocks.AccountUnblocked) -> None:
    account, target = accounts.get(fact.account_id), accounts.get(fact.target_id)
    if account.local and not target.local:
        block = outbox.wrap("Block", account, target.uri, uri=fact.uri)
        document = outbox.wrap("Undo", account, block, uri=f"{fact.uri}#undo", to=[target.uri])
        outbox.send(document, account, to=[target])


def send_flag(fact: moderation.AccountReported) -> None:
    """A report of here about somebody elsewhere, passed on in the server's own name: the reporter stays unnamed."""
    report = session.get(Report, fact.report_id)
    if report is None or not report.forward:
        return
    reporter, target = accounts.get(report.reporter_id), accounts.get(report.target_id)
    if reporter.local and not target.local:
        speaker = accounts.instance_actor()
        about = [target.uri, *report.post_uris]
        document = outbox.wrap("Flag", speaker, about, uri=report.uri, to=[target.uri], content=report.comment)
        outbox.send(document, speaker, to=[target])

"""Block and Flag on the wire."""

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.activitypub import known, outbox, vocabulary
from fediterr.core import errors
from fediterr.moderation import reports
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
    """A report from elsewhere about somebody here and their posts, or about answers to them."""
    uris = [each.id for each in activity.objects[:100] if each.id]
    targets = [account for account in known.among(uris) if account.local] or _authors_of(uris)
    if not targets or moderation.limits_of(sender).reject_reports:
        return
    reports.report(sender, targets[0], comment=activity.content or "", post_uris=uris, uri=activity.id)


def _authors_of(uris: list[str]) -> list[Account]:
    """Who wrote these posts: those of here first, then those of elsewhere who answer somebody here."""
    named = [post for uri in uris if (post := posts.by_uri(uri))]
    answered = accounts.many({post.in_reply_to_account_id for post in named if post.in_reply_to_account_id})
    ours = [post.author for post in named if post.local]
    return ours + [post.author for post in named if (to := answered.get(post.in_reply_to_account_id or 0)) and to.local]


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


def send_flag(fact: reports.AccountReported) -> None:
    """A report of here about somebody elsewhere, passed on in the server's own name: the reporter stays unnamed."""
    report = reports.get(fact.report_id)
    if not report.forward or not accounts.get(report.reporter_id).local:
        return
    told = _told_of(report)
    if told:
        speaker = accounts.instance_actor()
        target = accounts.get(report.target_id)
        about = [target.uri, *report.post_uris]
        document = outbox.wrap("Flag", speaker, about, uri=report.uri, to=[target.uri], content=report.comment)
        outbox.send(document, speaker, to=told)


def _told_of(report: Report) -> list[Account]:
    """Whose servers hear of a report: that of the reported account, and of those whom its posts answer, if named."""
    target = accounts.get(report.target_id)
    wanted = set(report.forward_to)
    told = [target] if not wanted or target.domain in wanted else []
    reported = [post for uri in report.post_uris if wanted and (post := posts.by_uri(uri))]
    answered = accounts.many({post.in_reply_to_account_id for post in reported if post.in_reply_to_account_id})
    told += [person for person in answered.values() if person.domain in wanted]
    return [person for person in told if not person.local]

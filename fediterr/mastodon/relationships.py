"""What there is between oneself and others: following, asking, blocking, muting."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Response

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account
from fediterr.core import clock, errors, text
from fediterr.mastodon import accounts as shown
from fediterr.mastodon import entities, pages, routes
from fediterr.mastodon.viewer import Viewer
from fediterr.social import blocks, domains, endorsements, follows, relations
from fediterr.social.models import Follow

MANY = 100


@routes.get("/api/v1/accounts/relationships", "read:follows")
def listed() -> Any:
    return _between(routes.sent().numbers("id")[:MANY])


def _between(identifiers: Sequence[int]) -> list[entities.Entity]:
    return [entities.relationship(each) for each in relations.between(routes.me(), list(dict.fromkeys(identifiers)))]


def _with(target: Account) -> entities.Entity:
    return _between([target.id])[0]


# --- following -----------------------------------------------------------------------------------------------------


@routes.post("/api/v1/accounts/:id/follow", "write:follows")
def follow(identifier: int) -> Any:
    """Follow, or change how one follows; what is not said stays, or is as usual."""
    me, target, sent = routes.me(), shown.seen(identifier), routes.sent()
    if me.id == target.id:
        raise errors.Forbidden("This action is not allowed")
    before = follows.find(me, target)
    boosts, notify = sent.flag("reblogs"), sent.flag("notify")
    languages = _languages(sent.texts("languages")) if "languages" in sent else before.languages if before else None
    follows.ask(
        me,
        target,
        boosts=boosts if boosts is not None else before is None or before.boosts,
        notify=notify if notify is not None else before is not None and before.notify,
        languages=languages,
    )
    return _with(target)


def _languages(wanted: list[str]) -> list[str]:
    """Languages as posts name theirs; what is none is passed over."""
    known = (text.language_tag(each) for each in wanted)
    return list(dict.fromkeys(each for each in known if each))


@routes.post("/api/v1/accounts/:id/note", "write:accounts")
def note(identifier: int) -> Any:
    """Write down something about somebody, for oneself."""
    target = accounts.get(identifier)
    relations.note(routes.me(), target, routes.sent().text("comment") or "")
    return _with(target)


# --- on one's own profile ------------------------------------------------------------------------------------------


@routes.post("/api/v1/accounts/:id/endorse", "write:accounts")
def endorse(identifier: int) -> Any:
    target = shown.seen(identifier)
    endorsements.endorse(routes.me(), target)
    return _with(target)


@routes.post("/api/v1/accounts/:id/unendorse", "write:accounts")
def unendorse(identifier: int) -> Any:
    target = accounts.get(identifier)
    endorsements.end(routes.me(), target)
    return _with(target)


@routes.post("/api/v1/accounts/:id/pin", "write:accounts")
def pin(identifier: int) -> Any:
    """The name of before."""
    return endorse(identifier)


@routes.post("/api/v1/accounts/:id/unpin", "write:accounts")
def unpin(identifier: int) -> Any:
    return unendorse(identifier)


@routes.get("/api/v1/endorsements", "read:accounts")
def endorsed() -> Response:
    return _endorsed(routes.me())


@routes.get("/api/v1/accounts/:id/endorsements", "read:accounts", anyone=True)
def endorsed_by(identifier: int) -> Response:
    return _endorsed(shown.seen(identifier))


def _endorsed(account: Account) -> Response:
    page = pages.wanted(pages.ACCOUNTS)
    found = endorsements.listed(account, page)
    return pages.answer(shown.people([each.target for each in found]), found, page)


@routes.post("/api/v1/accounts/:id/unfollow", "write:follows")
def unfollow(identifier: int) -> Any:
    target = accounts.get(identifier)
    found = follows.find(routes.me(), target)
    if found:
        follows.leave(found)
    return _with(target)


@routes.post("/api/v1/accounts/:id/remove_from_followers", "write:follows")
def remove_from_followers(identifier: int) -> Any:
    follower = accounts.get(identifier)
    found = follows.find(follower, routes.me())
    if found:
        follows.refuse(found)
    return _with(follower)


@routes.get("/api/v1/follow_requests", "read:follows")
def requests() -> Response:
    page = pages.wanted(pages.ACCOUNTS)
    waiting = follows.requests(routes.me(), page)
    return pages.answer(shown.people([each.follower for each in waiting]), waiting, page)


@routes.post("/api/v1/follow_requests/:id/authorize", "write:follows")
def authorize(identifier: int) -> Any:
    follows.accept(_waiting(identifier))
    return _between([identifier])[0]


@routes.post("/api/v1/follow_requests/:id/reject", "write:follows")
def reject(identifier: int) -> Any:
    follows.refuse(_waiting(identifier))
    return _between([identifier])[0]


def _waiting(identifier: int) -> Follow:
    found = follows.find(accounts.get(identifier), routes.me())
    if found is None or found.accepted:
        raise errors.NotFound("Nobody with that id waits for an answer.")
    return found


# --- keeping away --------------------------------------------------------------------------------------------------


@routes.post("/api/v1/accounts/:id/block", "write:blocks")
def block(identifier: int) -> Any:
    target = accounts.get(identifier)
    blocks.block(routes.me(), target)
    return _with(target)


@routes.post("/api/v1/accounts/:id/unblock", "write:blocks")
def unblock(identifier: int) -> Any:
    target = accounts.get(identifier)
    blocks.unblock(routes.me(), target)
    return _with(target)


@routes.post("/api/v1/accounts/:id/mute", "write:mutes")
def mute(identifier: int) -> Any:
    """Mute for `duration` seconds, or (0, or not said) until further notice."""
    target, sent = accounts.get(identifier), routes.sent()
    seconds = min(sent.number("duration") or 0, 10 * 365 * 86400)
    until = clock.now() + timedelta(seconds=seconds) if seconds > 0 else None
    blocks.mute(routes.me(), target, notifications=sent.flag("notifications") is not False, until=until)
    return _with(target)


@routes.post("/api/v1/accounts/:id/unmute", "write:mutes")
def unmute(identifier: int) -> Any:
    target = accounts.get(identifier)
    blocks.unmute(routes.me(), target)
    return _with(target)


@routes.get("/api/v1/blocks", "read:blocks")
def blocked() -> Response:
    page = pages.wanted(pages.ACCOUNTS)
    found = blocks.blocked(routes.me(), page)
    return pages.answer(shown.people([each.target for each in found]), found, page)


@routes.get("/api/v1/mutes", "read:mutes")
def muted() -> Response:
    page = pages.wanted(pages.ACCOUNTS)
    found = blocks.muted(routes.me(), page)
    viewer = Viewer.of(routes.me(), people=[each.target for each in found])
    return pages.answer([entities.muted_account(each, viewer) for each in found], found, page)


@routes.get("/api/v1/domain_blocks", "read:blocks")
def hidden_domains() -> Response:
    page = pages.wanted(MANY)
    found = domains.hidden(routes.me(), page)
    return pages.answer([each.domain for each in found], found, page)


@routes.post("/api/v1/domain_blocks", "write:blocks")
def hide_domain() -> Any:
    domains.hide(routes.me(), routes.sent().text("domain") or "")
    return {}


@routes.delete("/api/v1/domain_blocks", "write:blocks")
def show_domain() -> Any:
    domains.show(routes.me(), routes.sent().text("domain") or "")
    return {}

"""The page of an account, of here or of elsewhere; whom it follows, who follows it; following and keeping away."""

import flask
from flask import Blueprint, Response, request
from flask_babel import gettext as _

from fediterr.accounts import service as accounts
from fediterr.accounts.models import Account, Kind
from fediterr.core import errors, text
from fediterr.social import blocks, follows, posts, timelines
from fediterr.web import rendering, session
from fediterr.web.cards import Cards

blueprint = Blueprint("accounts", __name__, url_prefix="/@<handle>")


def find(handle: str) -> Account:
    """Somebody this server knows; Gone when the account of here is closed."""
    account = accounts.by_handle(handle)
    if account is None or (not account.local and not account.active):
        raise errors.NotFound("There is no such account.")
    if not account.active:
        raise errors.Gone("This account is closed.")
    accounts.require_arrived(account)
    return account


@blueprint.get("")
def profile(handle: str) -> Response:
    account, me = find(handle), session.viewer()
    if account.kind == Kind.APPLICATION and account.local:
        return rendering.lead(flask.url_for("web.search.about"))
    if account.handle != handle:
        return rendering.lead(rendering.address_of(account))
    if me is None and not account.local:
        return rendering.show("outside.html", address=account.url, author=account)
    page = rendering.page()
    pinned = [] if page.max_id else timelines.whole([post.id for post in posts.pinned(account, me)], me)
    listed = timelines.of_account(account, me, page, replies=False)
    return rendering.show(
        "profile.html", account=account, pinned=pinned, listed=listed, cards=Cards.of(me, [*pinned, *listed]),
        follow=follows.find(me, account) if me else None,
        follows_me=bool(me and (back := follows.find(account, me)) and back.accepted),
        blocked=bool(me and blocks.find(me, account)),
        description=text.excerpt(account.summary, 200),
    )  # fmt: skip


@blueprint.get("/abonnes")
def followers(handle: str) -> Response:
    account, me = find(handle), session.require()
    listed = follows.followers(account, rendering.page(), me) if _open_to(me, account) else []
    people = [each.follower for each in listed]
    return rendering.show("people.html", account=account, me=me, listed=listed, people=people, view="followers")


@blueprint.get("/abonnements")
def following(handle: str) -> Response:
    account, me = find(handle), session.require()
    listed = follows.following(account, rendering.page(), me) if _open_to(me, account) else []
    people = [each.target for each in listed]
    return rendering.show("people.html", account=account, me=me, listed=listed, people=people, view="following")


def _open_to(me: Account, account: Account) -> bool:
    return me.id == account.id or not account.hide_collections


# --- gestures ------------------------------------------------------------------------------------------------------


def _back(account: Account) -> Response:
    onward = session.local_path(request.form.get("next"), rendering.address_of(account))
    return rendering.lead(onward)


@blueprint.post("/suivre")
def follow(handle: str) -> Response:
    me, account = session.require(), find(handle)
    if request.form.get("on") == "0":
        found = follows.find(me, account)
        if found:
            follows.leave(found)
        return _back(account)
    if follows.ask(me, account).accepted:
        flask.flash(_("Vous suivez maintenant %(name)s.", name=account.shown_name))
    else:
        flask.flash(_("Votre demande est envoyée à %(name)s.", name=account.shown_name))
    return _back(account)


@blueprint.post("/bloquer")
def block(handle: str) -> Response:
    me, account = session.require(), find(handle)
    if request.form.get("on") == "0":
        blocks.unblock(me, account)
        flask.flash(_("Vous ne bloquez plus %(name)s.", name=account.shown_name))
    else:
        blocks.block(me, account)
        flask.flash(
            _("Vous bloquez %(name)s : plus rien ne passe, dans un sens ni dans l’autre.", name=account.shown_name)
        )
    return _back(account)
